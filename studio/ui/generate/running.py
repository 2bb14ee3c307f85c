"""The running job, big: live preview, step bar, time left, place in line, Cancel; and what became of the last click."""

from __future__ import annotations

import streamlit as st

from studio.jobs import Job, Queue, State
from studio.ui import desk, failures, media
from studio.ui.generate import actions, progress, results, stage
from studio.ui.services import services

POLL_SECONDS = 0.7
_SHOWN = "running.shown"


def show() -> None:
    """The right column. While jobs are active only the running job's part is drawn again, several times a second."""
    parts = services()
    active = parts.queue.active()
    with st.container(key="stage_panel"):
        if active:
            st.session_state[_SHOWN] = [job.id for job in active]
            st.fragment(_live, run_every=POLL_SECONDS)()
        recent = parts.gallery.recent(results.STRIP)
        chosen = results.opened(recent)
        _last_click(parts.queue)
        results.show_undo()
        if chosen and (not active or desk.opened_picture() is not None):
            results.show(chosen)
        elif not active:
            _nothing_yet()
        results.show_strip(recent, chosen)


# Only what changes no widget of the form may stand in the fragment: its buttons draw nothing but itself again.
def _live() -> None:
    queue = services().queue
    active = queue.active()
    if not active or {job.id for job in active} < set(st.session_state[_SHOWN]):
        st.rerun()  # A job has ended: everything on the page may say something new.
    _job(queue, active[0], active)


def _job(queue: Queue, job: Job, active: list[Job]) -> None:
    request = job.request
    has_preview = job.state is State.RUNNING and queue.preview(job.id) is not None
    url = media.preview_url(job.id, job.step) if has_preview else None
    stage.show(url, "Preview of the picture being made", request.width, request.height, stage.map_of(request))
    paused = queue.paused() or queue.paused(job.batch)
    line = progress.words(job, queue.eta([job.id]), queue.position(job.id), paused)
    st.progress(progress.fraction(job), text=line)
    others = len(active) - 1
    with st.container(horizontal=True, vertical_alignment="center", key="job_actions"):
        st.button(
            "Cancel this picture", icon=":material/stop_circle:", key=f"cancel_{job.id}", on_click=actions.cancel,
            args=([job.id],), disabled=job.cancelling, help="Stops within one step. What is finished stays.",
        )  # fmt: skip
        if others:
            eta = queue.eta()
            total = f" · all done in {progress.seconds_text(eta)}" if eta is not None else ""
            st.caption(f"Then {others} more{total}")
    if not any(worker.ready for worker in queue.workers()):
        _no_worker(queue)


def _no_worker(queue: Queue) -> None:
    troubled = [worker for worker in queue.workers() if worker.problem]
    if troubled:
        failures.show("The worker could not start.", troubled[0].problem)
    else:
        st.caption("The worker process is starting; this takes some seconds the first time.")


def _last_click(queue: Queue) -> None:
    """Failures of the pictures asked for last, with a way to try again."""
    newest = queue.recent(1)
    if not newest:
        return
    failed = [job for job in queue.batch(newest[0].batch) if job.state is State.FAILED]
    if not failed:
        return
    failures.show(failed[0].error_message, failed[0].error_hint)
    label = "Try again" if len(failed) == 1 else f"Try all {len(failed)} again"
    st.button(label, icon=":material/refresh:", on_click=actions.retry, args=([job.id for job in failed],), key="retry")


def _nothing_yet() -> None:
    with st.container(key="empty", border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/brush:", text_alignment="center")
        st.markdown(
            "Your pictures appear here. The form is filled in: press **Generate**, or change the words first.",
            text_alignment="center", width=340,
        )  # fmt: skip
