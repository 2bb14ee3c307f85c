"""The queue and the devices: progress, cancel, retry, pause, and what each worker says about itself."""

from __future__ import annotations

import time

import streamlit as st

from studio.jobs import Job, Queue, State, WorkerFacts
from studio.ui import failures, media, tasks_view
from studio.ui.failures import plain
from studio.ui.generate import actions, progress
from studio.ui.services import services
from studio.ui.shelves_view import size_text

POLL_SECONDS = 1.0
SHOWN = 30
ENDED = {
    State.DONE: (":material/check_circle:", "Done"),
    State.FAILED: (":material/error:", "Failed"),
    State.CANCELLED: (":material/cancel:", "Cancelled"),
}


def show() -> None:
    busy = bool(services().queue.active())
    st.fragment(_queue, run_every=POLL_SECONDS if busy else None)()
    tasks_view.show()
    _ended(services().queue)
    _devices(services().queue.workers())


def _queue() -> None:
    queue = services().queue
    active = queue.active()
    shown = st.session_state.setdefault("activity.shown", [])
    gone = set(shown) - {job.id for job in active}
    st.session_state["activity.shown"] = [job.id for job in active]
    if gone:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Running and waiting", anchor=False)
        paused = queue.paused()
        st.button(
            "Resume the queue" if paused else "Pause the queue",
            icon=":material/play_arrow:" if paused else ":material/pause:",
            on_click=queue.resume if paused else queue.pause, key="pause",
            help="Paused, no further job starts; what runs is finished.",
        )  # fmt: skip
        st.button(
            "Cancel all", icon=":material/stop_circle:", on_click=actions.cancel, args=([job.id for job in active],),
            disabled=not active, key="cancel_everything", help="Cancels everything that runs or waits.",
        )  # fmt: skip
    if not active:
        st.caption("Nothing runs. Pictures asked for on the Generate page are listed here while they are made.")
    for place, job in enumerate(active[:SHOWN]):
        _active(queue, job, place)
    if len(active) > SHOWN:
        st.caption(f"And {len(active) - SHOWN} more.")


def _active(queue: Queue, job: Job, place: int) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"active_{job.id}"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(title(job))
            eta = queue.eta([job.id]) if place < 5 else None
            st.progress(progress.fraction(job), text=progress.words(job, eta, queue.position(job.id), queue.paused()))
        st.button(
            "Cancel", icon=":material/stop_circle:", key=f"activity_cancel_{job.id}", on_click=actions.cancel,
            args=([job.id],), disabled=job.cancelling,
        )  # fmt: skip


def _ended(queue: Queue) -> None:
    ended = [job for job in queue.recent(SHOWN) if not job.active]
    st.subheader("Ended", anchor=False)
    if not ended:
        st.caption("What is done, failed or cancelled is listed here.")
    for job in ended:
        _one_ended(job)


def _one_ended(job: Job) -> None:
    icon, word = ENDED[job.state]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"ended_{job.id}"):
        if job.picture_id is not None:
            _thumbnail(job)
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(title(job))
            st.caption(f"{icon} {word} · {ago(job.finished)}{took(job)}")
            if job.state is State.FAILED:
                failures.show(job.error_message, job.error_hint)
        if job.state in (State.FAILED, State.CANCELLED):
            st.button(
                "Try again", icon=":material/refresh:", key=f"retry_{job.id}", on_click=actions.retry, args=([job.id],),
                help="Queues it again with the same seed.",
            )  # fmt: skip


def _thumbnail(job: Job) -> None:
    found = services().gallery.find(job.digest)
    if found:
        st.image(media.thumbnail_url(found.sha256), width=56, alt="The finished picture")


def title(job: Job) -> str:
    request = job.request
    words = " ".join(request.prompt.split())
    return f"{plain(words[:90])}{'…' if len(words) > 90 else ''} · seed {request.seed}"


def took(job: Job) -> str:
    if job.state is not State.DONE or job.started is None or job.finished is None:
        return ""
    return f" · took {progress.seconds_text(job.finished - job.started)}"


def ago(when: float | None) -> str:
    """``just now``, ``5 min ago``."""
    seconds = time.time() - (when or time.time())
    return "just now" if seconds < 60 else f"{progress.seconds_text(seconds - seconds % 60).removesuffix(' 0 s')} ago"


def _devices(workers: list[WorkerFacts]) -> None:
    st.subheader("Devices", anchor=False)
    if not workers:
        st.caption("No worker process runs. It starts with the studio; if this stays, look into the log.")
    for worker in workers:
        with st.container(border=True):
            state = "ready" if worker.ready else ("cannot start" if worker.problem else "starting")
            st.markdown(f"**{plain(worker.device)}** · {state}")
            if worker.problem:
                failures.show("This worker could not start.", worker.problem)
            facts = described(worker.facts)
            if facts:
                st.table({"Fact": list(facts), "Value": list(facts.values())}, border="horizontal")


def described(facts: dict) -> dict[str, str]:
    """An engine's facts in words; what is unknown is left out."""
    told = {
        "Device": facts.get("name"),
        "Number format": facts.get("dtype"),
        "Memory": size(facts.get("memory_bytes")),
        "For models": size(facts.get("budget_bytes")),
        "Pictures at a time": facts.get("slots"),
        "Loaded": ", ".join(map(str, facts.get("loaded") or [])),
        "Versions": ", ".join(f"{name} {version}" for name, version in (facts.get("versions") or {}).items()),
    }
    return {name: str(value) for name, value in told.items() if value}


def size(count: int | None) -> str:
    return size_text(count) if count else ""
