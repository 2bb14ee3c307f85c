from __future__ import annotations

import random

import pytest

from studio.database import Database
from studio.errors import WorkerLost
from studio.gallery import Gallery
from studio.jobs import Job, Queue, State
from studio.jobs.claims import Seat
from studio.jobs.recovery import End, Watch, others, recover
from tests.jobs.scripted import draw, request


class Workers:
    """Workers that live one after another, each with some slots."""

    def __init__(self, queue: Queue, gallery: Gallery, database: Database, slots: int) -> None:
        self.queue, self.gallery, self.database, self.slots = queue, gallery, database, slots
        self.lives = 0
        self.held: list[Job] = []
        self.start()

    def start(self) -> None:
        self.lives += 1
        self.seat = Seat(self.database, f"life{self.lives}", "cpu")
        self.seat.take()

    def fill(self) -> list[Job]:
        while len(self.held) < self.slots:
            job = self.seat.claim(lambda request: True, len(self.held))
            if job is None:
                break
            self.held.append(job)
        return self.held

    def finish(self, job: Job) -> None:
        self.held.remove(job)
        draw(self.seat, self.gallery, job)

    def end(self, how: End) -> None:
        recover(self.database, self.seat.token, how)
        self.held = []
        self.start()


@pytest.fixture
def workers(queue: Queue, gallery: Gallery, database: Database) -> Workers:
    return Workers(queue, gallery, database, slots=4)


def test_an_orderly_stop_leaves_no_trace(queue: Queue, workers: Workers):
    ids = queue.submit([request(seed) for seed in range(3)])
    workers.fill()
    workers.end(End.ORDERLY)
    assert [(job.state, job.attempts, job.started) for job in queue.get(ids)] == [(State.QUEUED, 0, None)] * 3
    assert [job.id for job in workers.fill()] == ids


def test_a_job_that_crashes_its_worker_twice_is_failed(queue: Queue, workers: Workers):
    [id] = queue.submit([request(1)])
    for attempts in range(2):
        assert (queue.get([id])[0].state, queue.get([id])[0].attempts) == (State.QUEUED, attempts)
        workers.fill()
        workers.end(End.CRASH)
    job = queue.get([id])[0]
    assert job.state is State.FAILED and isinstance(job.error, WorkerLost)
    assert "twice" in job.error.message and job.error.hint
    queue.retry([id])
    queue.submit([request(2), request(3)])
    assert len(workers.fill()) == 2, "a retried worker killer waits behind others"


def test_poison_is_found_and_its_neighbours_are_not_blamed(queue: Queue, workers: Workers):
    ids = queue.submit([request(seed, prompt="poison" if seed == 2 else "") for seed in range(8)])
    deaths = 0
    while workers.fill():
        if any(job.request.prompt for job in workers.held):
            workers.end(End.CRASH)
            deaths += 1
        else:
            workers.finish(workers.held[0])
    states = {job.request.seed: job.state for job in queue.get(ids)}
    assert states == {seed: State.FAILED if seed == 2 else State.DONE for seed in range(8)}
    assert deaths == 2


def test_poison_that_takes_the_whole_studio_down_is_found_in_the_end(queue: Queue, workers: Workers):
    ids = queue.submit([request(seed, prompt="poison" if seed == 0 else "") for seed in range(6)])
    deaths = 0
    while workers.fill():
        if any(job.request.prompt for job in workers.held):
            workers.end(End.UNEXPLAINED)
            deaths += 1
        else:
            workers.finish(workers.held[0])
    assert [job.state for job in queue.get(ids)] == [State.FAILED, *[State.DONE] * 5]
    assert deaths == 12


@pytest.mark.parametrize("seed", [2, 13, 21])
@pytest.mark.parametrize("slots", [1, 4])
def test_somebody_who_shoots_workers_at_random_gets_no_job_condemned(
    queue: Queue, gallery: Gallery, database: Database, seed: int, slots: int
):
    dice = random.Random(seed)
    workers = Workers(queue, gallery, database, slots)
    ids = queue.submit([request(number) for number in range(30)])
    kills = sorted(dice.sample(range(50), 20))
    for moment in range(1000):
        if not workers.fill():
            break
        if moment in kills:
            workers.end(End.UNEXPLAINED)
        else:
            workers.finish(dice.choice(workers.held))
    assert {job.state for job in queue.get(ids)} == {State.DONE}


def test_what_was_to_be_cancelled_is_cancelled_not_queued_again(queue: Queue, workers: Workers):
    [id] = queue.submit([request(1)])
    workers.fill()
    queue.cancel([id])
    workers.end(End.CRASH)
    assert queue.get([id])[0].state is State.CANCELLED


def test_recovering_twice_is_harmless(queue: Queue, workers: Workers, database: Database):
    [id] = queue.submit([request(1)])
    workers.fill()
    assert recover(database, workers.seat.token, End.CRASH) == 1
    assert recover(database, workers.seat.token, End.CRASH) == 0
    assert queue.get([id])[0].attempts == 1


def test_only_workers_of_the_same_device_are_known_to_be_dead(queue: Queue, database: Database):
    for token, device in (("a", "cpu"), ("b", "cpu"), ("c", "cuda:0"), ("d", "cpu")):
        Seat(database, token, device).take()
    Seat(database, "d", "cpu").give_up("no engine")
    assert others(database, "a", "cpu") == ["b"]


def test_the_watch_notices_hearts_that_stand_still(queue: Queue, database: Database, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("studio.jobs.recovery.time.monotonic", lambda: clock[0])
    alive, hung = Seat(database, "alive", "cpu"), Seat(database, "hung", "cuda:0")
    alive.take()
    hung.take()
    watch = Watch(database, patience=60)
    assert watch.stale() == []
    for _ in range(3):
        clock[0] += 25
        alive.beat()
        stale = watch.stale()
    assert stale == ["hung"]
    hung.beat()
    assert watch.stale() == []
