"""The Pose page's own state: the pose on this browser's desk, and everything that puts another one there."""

from __future__ import annotations

import streamlit as st

from studio.catalog.additions import find_controlnet
from studio.catalog.families import FAMILIES
from studio.errors import StudioError
from studio.poses.values import Pose
from studio.request import MAX_SIDE, ControlUnit
from studio.ui import desk, failures, media
from studio.ui.components.pose_editor import pose_editor
from studio.ui.components.pose_editor.figure import standing_figure
from studio.ui.generate import first_visit
from studio.ui.models import shelves
from studio.ui.pose import desk as pose_desk
from studio.ui.services import services

HEIGHT = 660
KEY = "pose_editor"
_SHOWN, _THICK, _PROBLEM = "pose_page.shown", "pose_page.thick", "pose_page.problem"


def begin() -> None:
    """Call first on the page: the form of Generate is at hand, and an empty desk gets a standing figure."""
    parts = services()
    desk.begin(parts.drafts, first=first_visit.draft(shelves(parts.settings)))
    st.session_state[_THICK] = _wants_thick_sticks()
    if pose_desk.current(desk.desk_id()) is None:
        pose_desk.keep(desk.desk_id(), standing_figure().scaled_to(*canvas_of_form()))


def _wants_thick_sticks() -> bool:
    """Whether the ControlNet that the form leads to does."""
    settings, draft = services().settings, desk.draft()
    checkpoint = shelves(settings).checkpoint(draft.checkpoint)
    if checkpoint is None or not checkpoint.family:
        return False
    unit = ControlUnit(type="openpose", model=draft.control_model, pose=standing_figure())
    try:
        return find_controlnet(settings, unit, checkpoint.family, checkpoint.name).thick
    except StudioError:
        return False


def current() -> Pose:
    """The pose in the editor."""
    return pose_desk.current(desk.desk_id()) or standing_figure()


def put(pose: Pose) -> None:
    """Show another pose in the editor; the former one is a step back in its undo. For callbacks and panels."""
    if max(pose.width, pose.height) > MAX_SIDE:
        scale = MAX_SIDE / max(pose.width, pose.height)
        pose = pose.scaled_to(max(1, round(pose.width * scale)), max(1, round(pose.height * scale)))
    pose_desk.keep(desk.desk_id(), pose)
    clear_problem()


def pick(pose: Pose, _name: str) -> None:
    """A pose of the library was chosen."""
    put(pose)


def found(pose: Pose, image: str | None) -> None:
    """A pose was found in a picture, whose sha256 is ``image``: it lies behind the figures from now on."""
    put(pose)
    if image:
        pose_desk.keep_background(desk.desk_id(), current(), image)


def end() -> None:
    """Call last on the page: a panel that has put a pose while it was drawn needs the editor drawn again."""
    if st.session_state[_SHOWN] != _on_desk():
        st.rerun()


def _on_desk() -> tuple[Pose, str | None]:
    return current(), pose_desk.background(desk.desk_id())


def canvas_of_form() -> tuple[int, int]:
    """The picture's size as Generate has it, or a usual one where that is out of range."""
    width, height = desk.value("width"), desk.value("height")
    return (width, height) if min(width, height) >= 64 and max(width, height) <= MAX_SIDE else (512, 768)


def sizes() -> list[tuple[int, int]]:
    """Canvas sizes to offer: the form's first, then what checkpoints paint best."""
    presets = [size for family in FAMILIES.values() for size in family.size_presets]
    return list(dict.fromkeys([canvas_of_form(), *presets]))


@st.fragment
def show_editor() -> None:
    """The editor. An edit draws only this part of the page again."""
    pose, background = st.session_state[_SHOWN] = _on_desk()
    pose_editor(
        pose, key=KEY, background_url=background and media.picture_url(background), height=HEIGHT, sizes=sizes(),
        thick=st.session_state[_THICK], on_change=_edited,
    )  # fmt: skip


def _edited(pose: Pose, former: Pose) -> None:
    # Another pose put by a click in the same moment was meant to replace this edit, whichever callback runs first.
    if current() == former:
        pose_desk.keep(desk.desk_id(), pose)


def note_problem(error: StudioError, place: str) -> None:
    """Remember what went wrong at ``place`` until the next try."""
    st.session_state[_PROBLEM] = (place, error.message, error.hint)


def clear_problem() -> None:
    st.session_state.pop(_PROBLEM, None)


def show_problem(place: str) -> None:
    noted = st.session_state.get(_PROBLEM)
    if noted and noted[0] == place:
        failures.show(noted[1], noted[2])
