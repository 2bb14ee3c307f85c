"""The pose that a control follows, by name, and a grid to pick another from: the library's, and one's own."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.gallery.pose_rows import library_key
from studio.poses.library import entries
from studio.poses.values import Pose
from studio.ui import desk, media, problems
from studio.ui.components.pose_picker import Card, pose_picker
from studio.ui.failures import plain
from studio.ui.generate.control_sources import KEPT, Unit
from studio.ui.generate.draft import pose_from
from studio.ui.services import services

THUMBNAIL = 256
OWN = "own:"
FAVOURITES = "Favourites"


def show(unit: Unit) -> None:
    name, widget = desk.value(unit.pose_name), f"picker.{unit.pose_name}"
    popover = st.popover(
        plain(_label(name)), icon=":material/accessibility_new:", width="stretch", key=widget, on_change="rerun",
        help="The poses of the library and your own, with a search field.",
    )  # fmt: skip
    if popover.open:
        with popover:
            pose_picker(_cards(unit), name, key=f"{widget}.grid", on_pick=lambda picked: _pick(unit, widget, picked))


def _label(name: str | None) -> str:
    if name is None:
        return "Choose a pose"
    if name == KEPT:
        return "The pose shown"
    return next((entry.label for entry in entries() if entry.name == name), name)


def _cards(unit: Unit) -> list[Card]:
    shelf, kept = services().pose_shelf, pose_from(desk.value(unit.pose_json))
    cards = [Card(KEPT, _label(KEPT), _thumbnail(kept), "", "In use")] if kept else []
    cards += [
        Card(own.key, own.name, _thumbnail(own.pose), " ".join(own.tags), "Your own")
        for own in shelf.own()
        if own.text != desk.value(unit.pose_json)
    ]
    liked = shelf.favourites()
    library = []
    for entry in entries():
        words = " ".join((entry.name.replace("-", " "), *entry.tags, entry.category))
        group = FAVOURITES if library_key(entry.name) in liked else entry.category
        library.append(Card(entry.name, entry.label, _thumbnail(entry.pose), words, group))
    return [*cards, *sorted(library, key=lambda card: card.group != FAVOURITES)]


def _thumbnail(pose: Pose) -> str:
    scale = THUMBNAIL / max(pose.width, pose.height)
    return media.map_url(pose, max(1, round(pose.width * scale)), max(1, round(pose.height * scale)))


def _pick(unit: Unit, popover: str, name: str) -> None:
    desk.sync()
    st.session_state[popover] = False
    if not name.startswith(OWN):
        desk.put_values(**{unit.pose_name: name})
        return
    try:  # A pose of one's own may be changed or deleted: the form keeps what it was.
        pose = services().pose_shelf.get(int(name.removeprefix(OWN))).pose
    except StudioError as error:
        problems.note(error, "pose")
        return
    desk.put_values(**{unit.pose_name: KEPT, unit.pose_json: pose.model_dump_json()})
