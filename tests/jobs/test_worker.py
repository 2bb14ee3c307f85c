"""The worker process: when it starts working, when it ends, and what it leaves behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.database import Database
from studio.jobs import Queue, State
from studio.jobs.recovery import End, recover
from studio.settings import Settings
from tests.jobs.processes import done, start_worker, until
from tests.jobs.scripted import request


@pytest.fixture
def workers(settings: Settings) -> Iterator[list[subprocess.Popen]]:
    started: list[subprocess.Popen] = []
    yield started
    for worker in started:
        worker.kill()
        worker.wait()


def running(queue: Queue) -> int:
    return queue.counts()[State.RUNNING]


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "end of input"])
def test_an_orderly_end_gives_the_jobs_back_without_blame(queue: Queue, settings: Settings, workers: list, how: str):
    ids = queue.submit([request(seed, steps=100, prompt="slow") for seed in range(3)])
    worker = start_worker(settings)
    workers.append(worker)
    until(lambda: running(queue) == 2)
    if how == "end of input":
        worker.stdin.close()
    else:
        worker.send_signal(getattr(signal, how))
    assert worker.wait(60) == 0
    assert [(job.state, job.attempts) for job in queue.get(ids)] == [(State.QUEUED, 0)] * 3
    assert queue.workers() == []


def test_a_second_worker_stands_by_and_takes_over(queue: Queue, settings: Settings, workers: list, database: Database):
    first = start_worker(settings)
    workers.append(first)
    until(lambda: any(worker.ready for worker in queue.workers()))
    second = start_worker(settings)
    workers.append(second)
    ids = queue.submit([request(seed, steps=3 + seed, prompt="slow") for seed in range(4)])
    until(lambda: running(queue) == 2)
    assert [worker.pid for worker in queue.workers()] == [first.pid]
    first.kill()
    until(lambda: done(queue) == 4)
    assert [worker.pid for worker in queue.workers()] == [second.pid]
    assert sorted(job.attempts for job in queue.get(ids))[-1] == 1


def test_a_worker_that_was_taken_for_dead_ends_itself(
    queue: Queue, settings: Settings, workers: list, database: Database
):
    [id] = queue.submit([request(1, steps=100, prompt="slow")])
    worker = start_worker(settings)
    workers.append(worker)
    until(lambda: running(queue) == 1)
    queue.pause()
    token = database.connection().execute("SELECT token FROM workers").fetchone()[0]
    recover(database, token, End.UNEXPLAINED)
    assert worker.wait(60) == 0
    assert queue.get([id])[0].state is State.QUEUED


def test_cancelling_stops_a_running_job(queue: Queue, settings: Settings, workers: list):
    [id] = queue.submit([request(1, steps=150, prompt="slow")])
    workers.append(start_worker(settings))
    until(lambda: queue.get([id])[0].step > 1)
    assert queue.preview(id)
    queue.cancel([id])
    until(lambda: not queue.active())
    job = queue.get([id])[0]
    assert job.state is State.CANCELLED and job.step < 100


def test_the_log_holds_what_the_message_hides(queue: Queue, settings: Settings, workers: list):
    [id] = queue.submit([request(1, prompt="surprise")])
    workers.append(start_worker(settings))
    until(lambda: not queue.active())
    job = queue.get([id])[0]
    assert job.error is not None and "KeyError" not in job.error.message + job.error.hint
    assert "KeyError: 'nobody expected this'" in (settings.home / "logs" / "worker-cpu.log").read_text()


def test_without_its_device_it_leaves_a_note_and_the_jobs_wait(queue: Queue, settings: Settings, workers: list):
    ids = queue.submit([request(1)])
    worker = start_worker(replace(settings, device="cuda:99"), (sys.executable, "-m", "studio.jobs.worker"))
    workers.append(worker)
    assert worker.wait(120) == 3
    [note] = queue.workers()
    assert not note.ready and "cuda:99" in note.problem
    assert queue.get(ids)[0].state is State.QUEUED
