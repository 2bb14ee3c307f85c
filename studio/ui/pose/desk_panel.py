"""The way to the pose editor: its pose as a control, and any other pose taken there to be changed."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.poses.values import Pose
from studio.ui import desk
from studio.ui.generate import control_sources
from studio.ui.pose import desk as pose_desk

PAGE = "pose.py"
_ASKED = "desk.to_pose_editor"


def show() -> None:
    """For the source "editor"."""
    if pose_desk.current(desk.desk_id()) is None:
        st.caption("The pose editor is empty. What you make there is used here at once.")
    st.button(
        "Open the pose editor", icon=":material/accessibility_new:", key="open_editor", on_click=_ask, width="stretch",
        help="Drag joints, pick gestures, add people. What you make there is used here at once.",
    )  # fmt: skip
    _go()


def show_edit() -> None:
    """For every other source of a pose."""
    st.button(
        "Edit this pose", icon=":material/edit:", key="edit_pose", on_click=_edit, type="tertiary",
        help="Opens the pose in the editor. From then on the picture follows the editor's pose.",
    )  # fmt: skip
    _go()


def show_edit_of(pose: Pose) -> None:
    """For a finished picture that was made with ``pose``."""
    st.button(
        "Edit pose", icon=":material/accessibility_new:", key="edit_picture_pose", on_click=edit, args=(pose,),
        help="Opens the pose of this picture in the editor. From then on the form follows the editor's pose.",
    )  # fmt: skip
    _go()


def edit(pose: Pose) -> None:
    """A callback: put ``pose`` into the editor, let the form follow it, and go there."""
    desk.sync()
    pose_desk.keep(desk.desk_id(), pose)
    desk.put_values(control="editor")
    _ask()


def _edit() -> None:
    try:
        pose = control_sources.pose_of(desk.draft())
    except StudioError:
        pose = None
    if pose is not None:
        edit(pose)
    else:
        _ask()


def _ask() -> None:
    st.session_state[_ASKED] = True


def _go() -> None:
    # The run does it, not the callback: there the pages are not yet known to every caller.
    if st.session_state.pop(_ASKED, False):
        st.switch_page(PAGE)
