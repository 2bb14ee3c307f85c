"""What waiting looks like, told from the queue's rows; no worker process runs here."""

from __future__ import annotations

import threading

import pytest

from studio.cli import watch
from studio.database import Database
from studio.errors import StudioError
from studio.jobs import Queue, State
from studio.jobs.claims import Seat
from studio.request import GenerationRequest


@pytest.fixture
def queue(settings) -> Queue:
    return Queue(Database(settings.database))


@pytest.fixture
def seat(settings, queue) -> Seat:
    seat = Seat(Database(settings.database), "worker", "cpu")
    seat.take()
    return seat


def submit(queue: Queue, count: int) -> list[int]:
    return queue.submit([GenerationRequest.build(checkpoint="any", seed=seed, steps=10) for seed in range(count)])


def test_each_state_has_its_words(settings, queue, seat):
    others, ids = submit(queue, 1), queue.submit([GenerationRequest.build(checkpoint="other", seed=9, steps=10)])
    line = watch._Watch(queue, settings, ids)

    def text() -> str:
        return line._text(queue.get(ids))

    assert text() == "starting the engine"
    seat.ready({})
    assert text() == "waiting behind 1 jobs"
    queue.cancel(others)
    assert text() == "waiting for a free slot"
    queue.pause()
    assert "paused" in text()
    queue.resume()
    job = seat.claim(lambda request: True, 0)
    assert job is not None
    assert text() == "preparing"
    seat.report(job.id, "Loading other …")
    assert text() == "Loading other …"
    seat.progress([(job.id, 3, 10, None)])
    assert text() == "step 3/10"


def test_several_pictures_are_counted(settings, queue, seat):
    ids = submit(queue, 3)
    queue.cancel(ids[:1])
    assert watch._Watch(queue, settings, ids)._text(queue.get(ids)) == "1 of 3 done · starting the engine"


def test_when_no_worker_can_start_waiting_ends_with_the_reason(settings, queue, seat, monkeypatch):
    ids = submit(queue, 1)
    seat.give_up("An old problem.")

    def another_worker_fails() -> None:
        monkeypatch.setattr("os.getpid", lambda: 4_000_000)
        worker = Seat(Database(settings.database), "another", "cpu")
        worker.take()
        worker.give_up("There is no device.")

    threading.Timer(0.3, another_worker_fails).start()
    with pytest.raises(StudioError, match=r"There is no device\."):
        watch.wait(queue, settings, ids)
    assert queue.get(ids)[0].state is State.CANCELLED
