"""Poses in and out as OpenPose JSON, and the photo behind the figures. What cannot be read changes nothing."""

from __future__ import annotations

import json
from functools import partial

import streamlit as st

from studio.errors import InvalidPose, StudioError
from studio.poses import openpose
from studio.ui import desk, media
from studio.ui.pose import desk as pose_desk
from studio.ui.pose import page
from studio.ui.services import services
from studio.ui.uploads import TYPES

_TURN = "pose_page.turn"
JSON, PHOTO = "json", "photo"


def show_json() -> None:
    """The uploader and the download of the pose."""
    st.file_uploader(
        "Import OpenPose JSON", ["json"], key=_widget(JSON), on_change=_take_json,
        help="From the studio, A1111, ComfyUI, OpenPose and most editors; the first frame with people counts. "
        "Example: pose.json. The pose of now is one undo away.",
    )  # fmt: skip
    page.show_problem(JSON)
    st.download_button(
        "Export OpenPose JSON", partial(_written, desk.desk_id()), "pose.json", "application/json",
        icon=":material/download:", on_click="ignore", key="export_pose",
        help="The pose in pixels, with hands and faces, in the one form that all readers accept.",
    )  # fmt: skip


def show_photo() -> None:
    """The uploader of the photo behind the figures, or the way to take it away."""
    sha256 = pose_desk.background(desk.desk_id())
    if sha256:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.image(media.thumbnail_url(sha256), alt="The photo behind the figures", width=140)
            st.button(
                "Remove the photo", icon=":material/close:", key="remove_background", on_click=_lay, args=(None,),
                help="Takes the photo away from behind the figures. The pose stays as it is.",
            )  # fmt: skip
        st.caption("Opacity, zoom and place are set beside the canvas, under Photo.")
    st.file_uploader(
        "Photo behind the figures", TYPES, key=_widget(PHOTO), on_change=_take_photo,
        help="A picture to trace: it only lies behind the figures and is never part of the control map. "
        "Example: a photo of the movement you want.",
    )  # fmt: skip
    page.show_problem(PHOTO)


def _widget(name: str) -> str:
    return f"pose_page.{name}@{st.session_state.setdefault(_TURN, 0)}"


def _uploaded(name: str) -> bytes | None:
    """The file, once; a new key gives an empty uploader, as the file is taken or refused."""
    file = st.session_state[_widget(name)]
    if file is None:
        return None
    page.clear_problem()
    st.session_state[_TURN] += 1
    return file.getvalue()


def _take_json() -> None:
    data = _uploaded(JSON)
    if data is None:
        return
    try:
        pose = openpose.read(_text(data))
        if not pose.people:
            raise InvalidPose("This pose holds nobody.", "Export a pose with at least one person and try again.")
    except StudioError as error:
        page.note_problem(error, JSON)
        return
    page.put(pose)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidPose("This is not a text file.", "Choose an OpenPose JSON file.") from None


def _written(desk_id: str) -> bytes:
    # Called when the file is asked for, by a thread that knows no session.
    pose = pose_desk.current(desk_id)
    return json.dumps(openpose.write(pose)).encode() if pose else b""


def _take_photo() -> None:
    data = _uploaded(PHOTO)
    if data is None:
        return
    try:
        _lay(services().gallery.put_upload(data, "white").sha256)
    except StudioError as error:
        page.note_problem(error, PHOTO)


def _lay(sha256: str | None) -> None:
    pose_desk.keep_background(desk.desk_id(), page.current(), sha256)
