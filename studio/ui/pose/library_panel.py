"""The pose library as a panel: poses of the studio, favourites and own ones, with search, categories and thumbnails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from studio.errors import StudioError
from studio.gallery.pose_rows import OwnPose, library_key
from studio.gallery.poses import PoseShelf
from studio.poses import finding, library
from studio.poses.library import PoseEntry
from studio.poses.values import Pose
from studio.ui import desk, media
from studio.ui.components.pose_grid import Card, pose_grid
from studio.ui.failures import plain
from studio.ui.pose import desk as pose_desk
from studio.ui.pose import library_edit, library_notes, library_own
from studio.ui.services import services

THUMBNAIL = 384
"""Side of a thumbnail in pixels. Sticks are 8 pixels thick in it, so that they still show at a third of the size."""
MOST = 240
"""Cards that are shown at once; a search finds the others."""
SECTIONS = {"library": "Library", "favourites": "Favourites", "own": "Yours"}

OnPick = Callable[[Pose, str], None]
_SECTION, _TEXT, _CATEGORY, _CHOSEN, _PICKED, _TOLD = (
    f"poses.{name}" for name in ("section", "text", "category", "chosen", "picked", "told")
)


def show(on_pick: OnPick, current: Callable[[], Pose | None] | None = None) -> None:
    """The panel. Searching and marking draw only the panel again, a pick the whole page.

    Args:
        on_pick: called with a pose and what it is called, in a callback, before the page is drawn again.
        current: the pose that Save keeps; without it, the one in the editor.
    """
    _panel(on_pick, current or (lambda: pose_desk.current(desk.desk_id())))


@st.fragment
def _panel(on_pick: OnPick, current: Callable[[], Pose | None]) -> None:
    _draw_page_after_pick()
    shelf = services().pose_shelf
    own, favourites = shelf.own(), shelf.favourites()
    section = _sections(own, favourites)
    library_own.show(shelf, own, current)
    library_edit.show(shelf, current)
    text = _search()
    category = _categories() if section == "library" else None
    cards = _cards(section, text, category, own, favourites)
    if not cards:
        _show_empty(section, text)
        return
    _count(cards)
    pose_grid(
        cards[:MOST], st.session_state.get(_CHOSEN), key="poses.grid",
        on_act=lambda kind, key: _act(shelf, on_pick, kind, key),
    )  # fmt: skip


def _draw_page_after_pick() -> None:
    """A click draws the panel alone; the editor is outside of it, and perhaps out of sight: so the pick is told."""
    if _PICKED in st.session_state:
        st.session_state[_TOLD] = st.session_state.pop(_PICKED)
        st.rerun()
    if _TOLD in st.session_state:
        label = plain(st.session_state.pop(_TOLD))
        st.toast(f"“{label}” is in the editor; Undo there brings back what was.", icon=":material/check:")


def _sections(own: list[OwnPose], favourites: frozenset[str]) -> str:
    known = {library_key(name) for name in library.pose_names()} | {mine.key for mine in own}
    counts = {"library": len(library.entries()), "favourites": len(favourites & known), "own": len(own)}
    # A default would clash with sections that a callback chooses.
    st.session_state.setdefault(_SECTION, "library")
    chosen: Any = st.segmented_control(
        "Poses", list(SECTIONS), key=_SECTION, required=True, label_visibility="collapsed",
        format_func=lambda name: f"{SECTIONS[name]} · {counts[name]}", width="stretch", persist_state="session",
        help="The studio's poses, those you marked with a star, and those you saved.",
    )  # fmt: skip
    return chosen or "library"


def _search() -> str:
    text = st.text_input(
        "Search poses", key=_TEXT, placeholder="For example: sitting, sword, two people", icon=":material/search:",
        live=True, persist_state="session", label_visibility="collapsed",
        help="Looks in names and tags; typing errors are forgiven. Example: katana.",
    )  # fmt: skip
    return text or ""


def _categories() -> str | None:
    present = {entry.category for entry in library.entries()}
    offered = [category for category in (*library.CATEGORIES, library.OTHER) if category in present]
    return st.pills(
        "Category", offered, key=_CATEGORY, label_visibility="collapsed", persist_state="session",
        help="Shows one kind of pose only. Click it again to see all.",
    )  # fmt: skip


def _cards(section: str, text: str, category: str | None, own: list[OwnPose], favourites: frozenset[str]) -> list[Card]:
    entries = library.entries() if section != "own" else ()
    things: list[PoseEntry | OwnPose] = [*(own if section != "library" else ()), *entries]
    if section == "favourites":
        things = [thing for thing in things if _key(thing) in favourites]
    if category:
        things = [thing for thing in things if isinstance(thing, PoseEntry) and thing.category == category]
    return [_card(thing, favourites) for thing in finding.best(text, things, _words)[: MOST + 1]]


def _key(thing: PoseEntry | OwnPose) -> str:
    return library_key(thing.name) if isinstance(thing, PoseEntry) else thing.key


def _words(thing: PoseEntry | OwnPose) -> finding.Words:
    if isinstance(thing, PoseEntry):
        return finding.Words((thing.name, thing.label), thing.tags, thing.category)
    return finding.Words((thing.name,), thing.tags)


def _card(thing: PoseEntry | OwnPose, favourites: frozenset[str]) -> Card:
    url = media.map_url(thing.pose, THUMBNAIL, THUMBNAIL)
    about, key = ", ".join(thing.tags), _key(thing)
    if isinstance(thing, PoseEntry):
        return Card(key, thing.label, url, about, key in favourites)
    return Card(key, thing.name, url, about, key in favourites, own=True)


def _count(cards: list[Card]) -> None:
    if len(cards) > MOST:
        st.caption(f"The first {MOST} poses. A search finds the others.")
        return
    st.caption(f"{len(cards)} {'pose' if len(cards) == 1 else 'poses'}. A click takes one into the editor.")


def _show_empty(section: str, text: str) -> None:
    if text.strip():
        st.info(f"No pose has these words: {plain(text)}", icon=":material/search_off:")
        st.button(
            "Clear the search", icon=":material/close:", on_click=_put, kwargs={_TEXT: ""}, help="Shows all poses."
        )
    elif section == "favourites":
        st.info("Poses that you mark with their star will be here.", icon=":material/star:")
        st.button(
            "Look through the library", on_click=_put, kwargs={_SECTION: "library"}, help="Goes to the studio's poses."
        )
    elif section == "own":
        st.info("Poses that you save or import will be here.", icon=":material/bookmark_add:")
    else:
        st.info("There is no pose in this category.", icon=":material/search_off:")


def _put(**values: Any) -> None:
    st.session_state.update(values)


def _act(shelf: PoseShelf, on_pick: OnPick, kind: str, key: str) -> None:
    origin, _, name = key.partition(":")
    try:
        if kind in ("star", "unstar"):
            shelf.favour(key, on=kind == "star")
        elif kind == "edit":
            library_edit.toggle(int(name))
        elif kind == "pick":
            label, pose = _of_library(name) if origin == "library" else _of_own(shelf, int(name))
            on_pick(pose, label)
            st.session_state[_CHOSEN], st.session_state[_PICKED] = key, label
    except StudioError as error:
        library_notes.problem(error)


def _of_library(name: str) -> tuple[str, Pose]:
    label = next((entry.label for entry in library.entries() if entry.name == name), name)
    return label, library.library_pose(name)


def _of_own(shelf: PoseShelf, id: int) -> tuple[str, Pose]:
    own = shelf.get(id)
    return own.name, own.pose
