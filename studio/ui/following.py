"""A task followed from a form: started when there is something to do, shown while it runs, tried again if it failed."""

from __future__ import annotations

import streamlit as st

from studio.jobs import State, Task
from studio.ui import desk, failures, tasks_view
from studio.ui.services import services

POLL_SECONDS = 0.7


def follow(field: str, kind: str, payload: dict, clears: str, ask: str = "") -> Task | None:
    """The finished task for ``payload``; None while it runs or after it failed, which is then shown.

    Args:
        field: the draft's field that holds the task's id, so that a reload finds it again.
        clears: the draft's field with the result, which is emptied where it belongs to another payload.
        ask: what a button says that has to be clicked first; empty starts at once.
    """
    tasks = services().tasks
    task = tasks.get(desk.value(field) or 0)
    if task is None or (task.kind, task.payload) != (kind, payload):
        desk.put_values(**{clears: None})
        if ask:
            st.button(
                ask, icon=":material/download:", key=f"start_{field}", on_click=_start, args=(field, kind, payload),
                help="Fetches what is needed from its official place, once, and starts.",
            )  # fmt: skip
            return None
        _start(field, kind, payload)
        task = tasks.get(desk.value(field))
    if task is None or task.state is State.DONE:
        return task
    if task.active:
        st.fragment(_progress, run_every=POLL_SECONDS)(task.id)
        st.button(
            "Cancel", icon=":material/stop_circle:", key=f"cancel_{field}", on_click=tasks.cancel, args=([task.id],),
            disabled=task.cancelling, help="Stops this work; nothing is lost.",
        )  # fmt: skip
        return None
    if task.error:
        failures.show(task.error.message, task.error.hint)
    else:
        st.caption("Cancelled.")
    st.button(
        "Try again", icon=":material/refresh:", key=f"retry_{field}", on_click=tasks.retry, args=([task.id],),
        help="Starts this work once more.",
    )  # fmt: skip
    return None


def _start(field: str, kind: str, payload: dict) -> None:
    id = services().tasks.submit(kind, payload)
    desk.put_values(**{field: id})


def _progress(id: int) -> None:
    task = services().tasks.get(id)
    if task is None or not task.active:
        st.rerun()
    st.progress(tasks_view.fraction(task), text=tasks_view.words(task))
