"""How well does this image obey: a picture's pose, found by the worker, measured against the one in the editor."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from studio.errors import StudioError
from studio.jobs import Task
from studio.poses.values import Pose
from studio.ui import failures, media, tasks_view
from studio.ui.failures import plain
from studio.ui.pose import page, score_panel
from studio.ui.services import services
from studio.ui.uploads import TYPES

OFFERED = 12
POLL_SECONDS = 0.7
_TASK, _TURN = "pose_page.score_task", "pose_page.score_turn"
PLACE = "score"


def show() -> None:
    """Choose a picture; then its score, or how far the search has come."""
    recent = services().gallery.recent(OFFERED)
    st.caption("Choose a picture. Its pose is found and compared with the one in the editor.")
    if recent:
        with st.container(key="score_pictures"), st.grid(6, gap="small", min_column_width=88):
            for picture in recent:
                with st.container(gap="xxsmall"):
                    st.image(media.thumbnail_url(picture.sha256), alt=f"Picture {picture.id}", width="stretch")
                    st.button(
                        "Measure", key=f"measure_{picture.id}", on_click=_measure, args=(picture.sha256,),
                        type="tertiary", width="stretch", help="How well this picture obeys the pose in the editor.",
                    )  # fmt: skip
    st.file_uploader(
        "Another picture", TYPES, key=_widget(), on_change=_take,
        help="A picture from elsewhere that was to have this pose. Example: a PNG from another program.",
    )  # fmt: skip
    page.show_problem(PLACE)
    task = services().tasks.get(st.session_state.get(_TASK, 0))
    if task is not None:
        _followed(task)


def _widget() -> str:
    return f"pose_page.score@{st.session_state.setdefault(_TURN, 0)}"


def _take() -> None:
    file = st.session_state[_widget()]
    if file is None:
        return
    st.session_state[_TURN] += 1
    page.clear_problem()
    try:
        _measure(services().gallery.put_upload(file.getvalue(), "white").sha256)
    except StudioError as error:
        page.note_problem(error, PLACE)


def _measure(sha256: str) -> None:
    st.session_state[_TASK] = services().tasks.submit("pose", {"image": sha256})


def _followed(task: Task) -> None:
    if task.active:
        st.fragment(_progress, run_every=POLL_SECONDS)(task.id)
        return
    picture, said = st.columns([1, 4])
    with picture:
        st.image(media.thumbnail_url(str(task.payload.get("image"))), alt="The measured picture", width="stretch")
    with said:
        if task.error is not None:
            failures.show(task.error.message, task.error.hint)
            st.button(
                "Try again", icon=":material/refresh:", key="measure_again", on_click=services().tasks.retry,
                args=([task.id],), help="Looks for the pose once more.",
            )  # fmt: skip
        else:
            _scored(task.result or {})


def _progress(id: int) -> None:
    task = services().tasks.get(id)
    if task is None or not task.active:
        st.rerun()
    st.progress(tasks_view.fraction(task), text=tasks_view.words(task))


def _scored(result: dict) -> None:
    if result.get("note"):
        st.caption(plain(str(result["note"])))
    try:
        found = Pose.model_validate(result.get("pose"))
    except ValidationError:
        return
    intended = page.current()
    score_panel.show(intended, found.scaled_to(intended.width, intended.height))
