"""The own pose whose pen was clicked: its name, its tags, and its fate."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from studio.errors import InvalidPose, StudioError
from studio.gallery.pose_files import Described, file_name, written
from studio.gallery.pose_naming import MAX_NAME
from studio.gallery.pose_rows import OwnPose
from studio.gallery.poses import PoseShelf
from studio.poses.values import Pose
from studio.ui import media
from studio.ui.pose import library_notes

Current = Callable[[], Pose | None]
TAGS_HELP = "Words to find it by, with commas between them. Example: standing, cafe, two people."
SIDE = 384
"""Of the picture in the dialog, in pixels; it is shown at half its size."""
_EDITED = "poses.edited"


def show(shelf: PoseShelf, current: Current) -> None:
    """The name, tags and fate of the pose whose pen was clicked, in a dialog."""
    if _edited(shelf):
        _dialog(shelf, current)


def _close() -> None:
    st.session_state[_EDITED] = None


@st.dialog("Your pose", icon=":material/edit:", on_dismiss=_close)
def _dialog(shelf: PoseShelf, current: Current) -> None:
    own = _edited(shelf)
    if own is None:
        st.rerun()
    with st.container(horizontal_alignment="center"):
        st.image(media.map_url(own.pose, SIDE, SIDE), alt=f"The pose {own.name}", width=SIDE // 2)
    with st.form(f"poses.form.{own.id}", border=False):
        name, tags = f"poses.name_of.{own.id}", f"poses.tags_of.{own.id}"
        st.text_input("Name", own.name, MAX_NAME, key=name, help="What the pose is called. Example: Leaning on a wall.")
        st.text_input("Tags", ", ".join(own.tags), key=tags, help=TAGS_HELP)
        st.form_submit_button(
            "Save changes", icon=":material/check:", on_click=_rename, args=(shelf, own, name, tags),
            help="Keeps this name and these tags.",
        )  # fmt: skip
    library_notes.show_problem(_EDITED)
    with st.container(horizontal=True):
        st.download_button(
            "Export", written(Described(own.name, own.tags, own.pose)), f"{file_name(own.name)}.json",
            "application/json", icon=":material/download:", on_click="ignore", key="poses.export_one",
            help="This pose as OpenPose JSON.",
        )  # fmt: skip
        st.button(
            "Put the editor's pose here", icon=":material/sync:", on_click=_replace, args=(shelf, own, current),
            help="Keeps the pose of the editor under this name instead. It can be undone.",
        )  # fmt: skip
        st.button(
            "Delete", icon=":material/delete:", type="tertiary", on_click=_delete, args=(shelf, own),
            help="Takes the pose off the list. It can be undone.",
        )  # fmt: skip


def toggle(id: int) -> None:
    """Open a pose's name and tags; a second time closes them."""
    st.session_state[_EDITED] = None if st.session_state.get(_EDITED) == id else id


def pose_of(current: Current) -> Pose:
    """The pose to save.

    Raises:
        InvalidPose: there is none.
    """
    pose = current()
    if pose is None:
        raise InvalidPose("There is no pose in the editor yet.", "Draw one, or take one from the library first.")
    return pose


def _rename(shelf: PoseShelf, own: OwnPose, name: str, tags: str) -> None:
    library_notes.clear()
    try:
        shelf.describe(own.id, st.session_state[name], st.session_state[tags].split(","))
    except StudioError as error:
        library_notes.problem(error, _EDITED)
        return
    _close()


def _replace(shelf: PoseShelf, own: OwnPose, current: Current) -> None:
    library_notes.clear()
    try:
        saved = shelf.save(own.name, pose_of(current), own.tags, replace=True)
    except StudioError as error:
        library_notes.problem(error, _EDITED)
        return
    library_notes.replaced(own.name, saved.id, own.id)
    _close()


def _delete(shelf: PoseShelf, own: OwnPose) -> None:
    library_notes.clear()
    shelf.delete([own.id])
    library_notes.deleted(own.name, own.id)
    _close()


def _edited(shelf: PoseShelf) -> OwnPose | None:
    try:
        id: int | None = st.session_state.get(_EDITED)
        return shelf.get(id) if id is not None else None
    except StudioError:
        return None
