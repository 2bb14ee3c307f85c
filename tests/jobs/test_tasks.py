"""Tasks: rows that survive crashes, written only by the worker that holds them."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from studio.database import Database
from studio.errors import UnusableWeights, WorkerLost
from studio.gallery import Gallery
from studio.jobs import State, Supervisor, Task, Tasks, bench, crafts
from studio.jobs.bench import TaskSeat
from studio.jobs.claims import Seat
from studio.jobs.recovery import End, recover
from studio.settings import Settings
from tests.jobs import scripted
from tests.jobs.processes import SCRIPTED, until


@pytest.fixture
def tasks(database: Database) -> Tasks:
    return Tasks(database)


@pytest.fixture
def seat(database: Database, tasks: Tasks) -> TaskSeat:
    Seat(database, "me", "cpu").take()
    return TaskSeat(database, "me")


@pytest.fixture
def crafts_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crafts, "CRAFTS", {})
    scripted.learn()


def known(tasks: Tasks, id: int) -> Task:
    task = tasks.get(id)
    assert task is not None
    return task


def run_all(settings: Settings, database: Database, gallery: Gallery, tasks: Tasks) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=bench.work, args=(settings, database, gallery, "me", "cpu", stop))
    thread.start()
    try:
        until(lambda: not tasks.active())
    finally:
        stop.set()
        thread.join()


def test_a_task_runs_to_its_result(settings, database, gallery, tasks, seat, crafts_learnt):
    ids = [tasks.submit("count", {"to": number}) for number in (1, 5)]
    assert [task.id for task in tasks.active()] == ids
    run_all(settings, database, gallery, tasks)
    assert [known(tasks, id).result for id in ids] == [{"counted": 1}, {"counted": 5}]
    assert [task.id for task in tasks.recent("count")] == ids[::-1] and tasks.recent("other") == []


def test_a_failure_is_kept_with_its_reason(settings, database, gallery, tasks, seat, crafts_learnt):
    fails, unknown = tasks.submit("count", {"to": 2, "fails": True}), tasks.submit("broken", {})
    run_all(settings, database, gallery, tasks)
    error = known(tasks, fails).error
    assert isinstance(error, UnusableWeights) and error.hint == "Try another one."
    assert known(tasks, unknown).state is State.FAILED


def test_waiting_and_running_tasks_are_cancelled(settings, database, gallery, tasks, seat, crafts_learnt):
    running, waiting = tasks.submit("count", {"to": 10_000}), tasks.submit("count", {"to": 1})
    tasks.cancel([waiting])
    assert known(tasks, waiting).state is State.CANCELLED
    stop = threading.Event()
    thread = threading.Thread(target=bench.work, args=(settings, database, gallery, "me", "cpu", stop))
    thread.start()
    until(lambda: known(tasks, running).done > 0)
    assert known(tasks, running).seconds_left is not None
    tasks.cancel([running])
    until(lambda: known(tasks, running).state is State.CANCELLED)
    stop.set()
    thread.join()
    tasks.retry([running])
    assert known(tasks, running).state is State.QUEUED and known(tasks, running).done == 0


def test_only_the_holder_writes(database, tasks, seat):
    id = tasks.submit("count", {"to": 1})
    assert seat.claim() is not None and seat.claim() is None
    stranger = TaskSeat(database, "stranger")
    assert not stranger.progress(id, 1, 2, "")
    stranger.finish(id, {"mine": True})
    assert known(tasks, id).state is State.RUNNING
    tasks.submit("count", {"to": 1})
    assert stranger.claim() is None, "a worker that is not known gets nothing"


def test_an_orderly_stop_gives_the_task_back(database, tasks, seat):
    id = tasks.submit("count", {"to": 1})
    seat.claim()
    recover(database, "me", End.ORDERLY)
    assert known(tasks, id).state is State.QUEUED and known(tasks, id).attempts == 0


def test_a_task_that_meets_two_deaths_is_failed(database, tasks, seat):
    id = tasks.submit("count", {"to": 1})
    for _ in range(2):
        Seat(database, "me", "cpu").beat() or Seat(database, "me", "cpu").take()
        seat.claim()
        recover(database, "me", End.CRASH)
    assert isinstance(known(tasks, id).error, WorkerLost)


def test_a_task_cancelled_while_its_worker_died_is_cancelled(database, tasks, seat):
    id = tasks.submit("count", {"to": 1})
    seat.claim()
    tasks.cancel([id])
    recover(database, "me", End.CRASH)
    assert known(tasks, id).state is State.CANCELLED


def test_a_real_worker_takes_tasks_beside_its_jobs(settings, database, tasks):
    poison, good = tasks.submit("count", {"to": 10, "die": True}), tasks.submit("count", {"to": 10})
    with Supervisor(replace(settings, slots=2), SCRIPTED):
        until(lambda: not tasks.active())
    assert isinstance(known(tasks, poison).error, WorkerLost)
    assert known(tasks, good).result == {"counted": 10}
