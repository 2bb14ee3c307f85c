"""Waits for jobs of the queue and says on stderr how they are getting on."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from studio.cli.console import ProgressLine
from studio.errors import StudioError
from studio.jobs import Job, Queue, State, Task, Tasks
from studio.jobs.supervisor import devices
from studio.settings import Settings

POLL_SECONDS = 0.1
ETA_SECONDS = 1.0
CANCEL_PATIENCE = 10.0


def wait(queue: Queue, settings: Settings, ids: Sequence[int]) -> list[Job]:
    """Wait until all of these jobs have ended; returns them as they ended.

    Ctrl+C (or SIGTERM) cancels them and goes on as KeyboardInterrupt.

    Raises:
        StudioError: no worker of this machine can start.
    """
    watch = _Watch(queue, settings, ids)
    with _terminate_as_interrupt():
        try:
            return watch.until_done()
        except KeyboardInterrupt:
            watch.line.clear()
            queue.cancel(ids)
            watch.until_cancelled()
            raise
        finally:
            watch.line.clear()


def task(tasks: Tasks, queue: Queue, settings: Settings, id: int) -> Task:
    """Wait until this task has ended; returns it as it ended.

    Ctrl+C (or SIGTERM) cancels it and goes on as KeyboardInterrupt.

    Raises:
        StudioError: why the task failed, or that no worker of this machine can start.
    """
    watch, line = _Watch(queue, settings, ()), ProgressLine()
    with _terminate_as_interrupt():
        try:
            while (now := tasks.get(id)) is not None and now.active:
                line.update(_working(now))
                watch.check_workers(lambda: tasks.cancel([id]))
                time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            tasks.cancel([id])
            raise
        finally:
            line.clear()
    if now is None or now.state is State.CANCELLED:
        raise StudioError("The work was cancelled.", "Start it again when you like.")
    if now.error is not None:
        raise now.error
    return now


def _working(task: Task) -> str:
    if task.state is not State.RUNNING:
        return "waiting for the worker"
    parts = [task.status or "working"]
    if task.total:
        parts.append(f"{100 * task.done // task.total} %")
    if (left := task.seconds_left) is not None:
        parts.append(f"about {left:.0f} s left")
    return " · ".join(parts)


class _Watch:
    def __init__(self, queue: Queue, settings: Settings, ids: Sequence[int]) -> None:
        self._queue = queue
        self._ids = ids
        self._devices = devices(settings)
        self._old_problems = set(self._problems())
        self._eta: float | None = None
        self._asked = float("-inf")
        self.line = ProgressLine()

    def until_done(self) -> list[Job]:
        while True:
            jobs = self._queue.get(self._ids)
            if not any(job.active for job in jobs):
                return jobs
            self.line.update(self._text(jobs))
            self.check_workers(lambda: self._queue.cancel(self._ids))
            time.sleep(POLL_SECONDS)

    def until_cancelled(self) -> None:
        deadline = time.monotonic() + CANCEL_PATIENCE
        with suppress(KeyboardInterrupt):
            while any(job.active for job in self._queue.get(self._ids)) and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)

    def _text(self, jobs: list[Job]) -> str:
        done = sum(not job.active for job in jobs)
        parts = [f"{done} of {len(jobs)} done"] if len(jobs) > 1 else []
        running = [job for job in jobs if job.state is State.RUNNING]
        parts.append(_running(running[0]) if running else self._waiting(jobs))
        if any(job.steps for job in running) and (left := self._left()) is not None:
            parts.append(f"about {left:.0f} s left")
        return " · ".join(parts)

    def _waiting(self, jobs: list[Job]) -> str:
        if self._queue.paused() or self._queue.paused(jobs[0].batch):
            return "the queue is paused; resume it on the Activity page"
        if not any(worker.ready for worker in self._queue.workers()):
            return "starting the engine"
        ahead = self._queue.position(next(job.id for job in jobs if job.active))
        return f"waiting behind {ahead} jobs" if ahead else "waiting for a free slot"

    def _left(self) -> float | None:
        if time.monotonic() - self._asked >= ETA_SECONDS:
            self._eta, self._asked = self._queue.eta(self._ids), time.monotonic()
        return self._eta

    def check_workers(self, cancel: Callable[[], None]) -> None:
        """A worker that cannot start leaves a note; with one for every device, waiting is in vain."""
        problems = {known: text for known, text in self._problems().items() if known not in self._old_problems}
        if problems and {device for device, _ in problems} >= set(self._devices):
            cancel()
            raise StudioError(next(iter(problems.values())))

    def _problems(self) -> dict[tuple[str, int], str]:
        return {(worker.device, worker.pid): worker.problem for worker in self._queue.workers() if worker.problem}


def _running(job: Job) -> str:
    if job.status:
        return job.status
    return f"step {job.step}/{job.steps}" if job.steps else "preparing"


@contextmanager
def _terminate_as_interrupt() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: Any = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
