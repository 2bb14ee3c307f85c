"""A pose as OpenPose JSON: a file or pasted text. What cannot be read changes nothing."""

from __future__ import annotations

import streamlit as st

from studio.errors import InvalidPose, StudioError
from studio.poses import openpose
from studio.ui import desk, problems
from studio.ui.words import HELP

_TURN = "pose_json.turn"
_IN_THE_POPOVER = "pose_json.text"


def show() -> None:
    turn = st.session_state.setdefault(_TURN, 0)
    upload, text = f"pose_json.file@{turn}", f"pose_json.text@{turn}"
    st.file_uploader(
        "OpenPose JSON", ["json"], key=upload, help=HELP["pasted_pose"], on_change=_take_file, args=(upload,)
    )
    with st.popover("Paste text", icon=":material/content_paste:", width="stretch", key=f"pose_json.paste@{turn}"):
        st.text_area(
            "OpenPose JSON as text",
            height=160,
            key=text,
            help=HELP["pasted_pose"],
            placeholder='{"people": [{"pose_keypoints_2d": […]}]}',
        )
        st.button(
            "Use this pose", icon=":material/check:", on_click=_take_text, args=(text,), key="use_pasted_pose",
            help="Reads the text. A text that holds no pose changes nothing.",
        )  # fmt: skip
        problems.show(_IN_THE_POPOVER)


def _take_file(widget: str) -> None:
    file = st.session_state.get(widget)
    if file is not None:
        _take(file.getvalue(), "pose")
        st.session_state[_TURN] += 1  # A new key gives an empty uploader: the file was taken, or refused.


def _take_text(widget: str) -> None:
    if _take(str(st.session_state.get(widget) or "").encode("utf-8", "replace"), _IN_THE_POPOVER):
        st.session_state[_TURN] += 1


def _take(data: bytes, place: str) -> bool:
    problems.clear()
    try:
        pose = openpose.read(_text(data))
        if not pose.people:
            raise InvalidPose("This pose holds nobody.", "Export a pose with at least one person and try again.")
    except StudioError as error:
        problems.note(error, place)
        return False
    desk.put_values(pasted_pose=pose.model_dump_json())
    return True


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidPose("This is not a text file.", "Choose an OpenPose JSON file.") from None
