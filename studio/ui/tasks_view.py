"""Tasks on the Activity page: work beside drawing, with progress, cancel and try again."""

from __future__ import annotations

import streamlit as st

from studio.jobs import State, Task
from studio.ui import failures
from studio.ui.failures import plain
from studio.ui.generate import progress
from studio.ui.services import services

SHOWN = 10
POLL_SECONDS = 1.0
LABELS = {
    "pose": "Find the pose in a picture",
    "control_map": "Make a control map",
    "upscale": "Upscale a picture",
    "import": "Import a folder",
    "score": "Measure the pictures of a sweep",
}


def show() -> None:
    """The running and waiting tasks, and those that failed lately. Nothing where there are none."""
    busy = bool(services().tasks.active())
    st.fragment(_active, run_every=POLL_SECONDS if busy else None)()
    for task in services().tasks.recent(limit=SHOWN):
        if task.state is State.FAILED:
            _failed(task)


def label(task: Task) -> str:
    return LABELS.get(task.kind, task.kind)


def fraction(task: Task) -> float:
    """How far it has come, 0–1."""
    return min(task.done / task.total, 1.0) if task.total else 0.0


def words(task: Task) -> str:
    """``Downloading · 40 % · 12 s left``."""
    if task.state is State.QUEUED:
        return "Waiting for the worker"
    parts = [plain(task.status or "Working")]
    if task.total:
        parts.append(f"{100 * task.done // task.total} %")
    if (left := task.seconds_left) is not None:
        parts.append(f"{progress.seconds_text(left)} left")
    return " · ".join(parts)


def _active() -> None:
    active = services().tasks.active()
    if len(active) != st.session_state.get("tasks.shown", 0):
        st.session_state["tasks.shown"] = len(active)
        st.rerun()
    for task in active:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"task_{task.id}"):
            with st.container(width="stretch", gap="xxsmall"):
                st.markdown(label(task))
                st.progress(fraction(task), text=words(task))
            st.button(
                "Cancel", icon=":material/stop_circle:", key=f"cancel_task_{task.id}", disabled=task.cancelling,
                on_click=services().tasks.cancel, args=([task.id],), help="Stops this work; nothing is lost.",
            )  # fmt: skip


def _failed(task: Task) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"failed_task_{task.id}"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(label(task))
            failures.show(task.error_message, task.error_hint)
        st.button(
            "Try again", icon=":material/refresh:", key=f"retry_task_{task.id}", on_click=services().tasks.retry,
            args=([task.id],), help="Starts this work once more.",
        )  # fmt: skip
