"""The slim line at the bottom of the side bar: device, checkpoint, jobs with a mini bar; a click leads to Activity."""

from __future__ import annotations

import streamlit as st

from studio.jobs import Job, WorkerFacts
from studio.ui.failures import plain
from studio.ui.generate import progress
from studio.ui.services import services

POLL_SECONDS = 2.0
_BUSY = "status.busy"


def show(activity: str) -> None:
    busy = bool(services().queue.active())
    with st.sidebar, st.container(key="status_line"):
        st.fragment(_line, run_every=POLL_SECONDS if busy else None)(activity)


def _line(activity: str) -> None:
    queue = services().queue
    active, workers = queue.active(), queue.workers()
    st.page_link(
        activity, label=plain(summary(active, workers)), icon=":material/monitor_heart:", width="stretch",
        help="Device, loaded checkpoint and jobs. Leads to Activity.",
    )  # fmt: skip
    if active:
        eta = queue.eta()
        left = f"{progress.seconds_text(eta)} left" if eta is not None else ""
        st.progress(sum(map(progress.fraction, active)) / len(active), text=left or None)


def summary(active: list[Job], workers: list[WorkerFacts]) -> str:
    """``cpu · demo · 1 running, 2 waiting``."""
    parts = [", ".join(sorted({worker.device for worker in workers})) or "no worker"]
    if workers and not any(worker.ready for worker in workers):
        parts.append("cannot start" if any(worker.problem for worker in workers) else "starting")
    parts += sorted({str(name) for worker in workers if (name := worker.facts.get("checkpoint"))})
    running = sum(job.state == "running" for job in active)
    waiting = len(active) - running
    if active:
        parts.append(
            ", ".join(f"{count} {word}" for count, word in ((running, "running"), (waiting, "waiting")) if count)
        )
    elif any(worker.ready for worker in workers):
        parts.append("idle")
    return " · ".join(parts)
