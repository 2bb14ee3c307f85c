"""The worker's loop around a scripted engine, in this process and step by step."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable

import pytest

from studio.database import Database
from studio.errors import StorageFull, UnusableWeights
from studio.gallery import Gallery
from studio.gallery import images as gallery_images
from studio.jobs import Priority, Queue, State
from studio.jobs.claims import Seat
from studio.jobs.loop import WorkerLoop
from tests.jobs.scripted import ScriptedEngine, request


class Stop(threading.Event):
    """Set when the queue holds nothing active any more, or by ``at_tick``."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self.queue = queue

    def wait(self, timeout: float | None = None) -> bool:
        if not self.queue.active():
            self.set()
        return self.is_set()


class Rig:
    """A worker's loop with everything around it; ``at_tick`` hooks run before the tick of that number."""

    def __init__(self, queue: Queue, gallery: Gallery, database: Database) -> None:
        self.queue, self.gallery = queue, gallery
        self.engine = ScriptedEngine(slots=2)
        self.seat = Seat(database, "w", "cpu")
        self.seat.take()
        self.stop = Stop(queue)
        self.at_tick: dict[int, Callable[[], object]] = {}
        tick = self.engine.tick

        def hooked_tick():
            self.at_tick.get(len(self.engine.batches), lambda: None)()
            return tick()

        self.engine.tick = hooked_tick

    def run(self) -> None:
        WorkerLoop(self.seat, self.engine, self.gallery, self.stop).run()

    def states(self, ids: list[int]) -> list[State]:
        return [job.state for job in self.queue.get(ids)]


@pytest.fixture
def rig(queue: Queue, gallery: Gallery, database: Database) -> Rig:
    return Rig(queue, gallery, database)


def test_jobs_become_pictures_in_a_rolling_batch(rig: Rig):
    ids = rig.queue.submit([request(1, steps=2), request(2, steps=6), request(3, steps=2), request(4, steps=2)])
    rig.run()
    assert rig.states(ids) == [State.DONE] * 4
    names = [str(id) for id in ids]
    assert rig.engine.batches == [names[:2]] * 2 + [[names[1], names[2]]] * 2 + [[names[1], names[3]]] * 2
    for job in rig.queue.get(ids):
        picture = rig.gallery.get(job.picture_id)
        assert picture.request == job.request
        assert picture.provenance.worker == "w" and picture.provenance.slots == 2
        assert (job.step, job.steps) == (job.request.steps, job.request.steps)
    assert rig.queue.eta() == 0


def test_what_a_worker_has_loaded_is_announced(rig: Rig):
    rig.queue.submit([request(1, checkpoint="moon"), request(2, checkpoint="sun")])
    seen = []
    rig.at_tick = {number: lambda: seen.extend(rig.queue.workers()[0].facts["loaded"]) for number in range(8)}
    rig.run()
    assert list(dict.fromkeys(seen)) == ["moon", "sun"]


def test_first_and_last_steps_are_always_written_and_previews_are_not_lost(rig: Rig, monkeypatch):
    rig.queue.submit([request(1, steps=30)])
    written, progress = [], rig.seat.progress
    monkeypatch.setattr(rig.seat, "progress", lambda steps, samples: (written.extend(steps), progress(steps))[1])
    monkeypatch.setattr("studio.jobs.loop.WRITE_SECONDS", 3600)
    rig.run()
    assert [step for _, step, _, _ in written] == [1, 30]
    assert [preview for *_, preview in written] == [b"preview 1", b"preview 29"]


def test_cancel_takes_effect_before_the_next_step(rig: Rig):
    cancelled, kept = rig.queue.submit([request(1, steps=50), request(2, steps=5)])
    rig.at_tick[3] = lambda: rig.queue.cancel([cancelled])
    rig.run()
    assert rig.states([cancelled, kept]) == [State.CANCELLED, State.DONE]
    assert sum(str(cancelled) in batch for batch in rig.engine.batches) == 4
    assert rig.engine.cancelled == [str(cancelled)]


def test_an_interactive_job_goes_before_waiting_sweep_cells(rig: Rig):
    sweep = rig.queue.submit([request(seed) for seed in range(6)], priority=Priority.SWEEP)
    rig.at_tick[1] = lambda: rig.queue.submit([request(99)])
    rig.run()
    order = list(dict.fromkeys(cell for batch in rig.engine.batches for cell in batch))
    assert order.index(str(sweep[-1] + 1)) == 2


@pytest.mark.parametrize("prompt", ["unusable", "surprise", "fails", "breaks"])
def test_one_failure_does_not_end_the_queue(rig: Rig, prompt: str):
    bad, good = rig.queue.submit([request(1, prompt=prompt, checkpoint="a"), request(2, checkpoint="b")])
    rig.run()
    assert rig.states([bad, good]) == [State.FAILED, State.DONE]
    error = rig.queue.get([bad])[0].error
    assert error is not None and error.message and error.hint
    assert "Traceback" not in error.message and "nobody expected" not in error.message
    assert isinstance(error, UnusableWeights) == (prompt == "unusable")
    assert rig.engine.cells == {}


def test_a_tick_that_raises_fails_its_cells_and_the_rest_goes_on(rig: Rig):
    ids = rig.queue.submit([request(1), request(2, prompt="breaks"), request(3), request(4)])
    rig.run()
    assert rig.states(ids) == [State.FAILED, State.FAILED, State.DONE, State.DONE]
    rig.queue.retry(ids[:1])
    rig.stop.clear()
    rig.run()
    assert rig.states(ids[:1]) == [State.DONE]


def test_a_full_disk_fails_one_job_and_the_next_one_runs(rig: Rig, monkeypatch):
    first, second = rig.queue.submit([request(1, steps=2), request(2, steps=4)])
    flush = os.fsync

    def full(_descriptor: int) -> None:
        monkeypatch.setattr(gallery_images.os, "fsync", flush)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(gallery_images.os, "fsync", full)
    rig.run()
    assert rig.states([first, second]) == [State.FAILED, State.DONE]
    assert isinstance(rig.queue.get([first])[0].error, StorageFull)
    assert len(rig.gallery.recent()) == 1
    rig.queue.retry([first])
    rig.stop.clear()
    rig.run()
    assert rig.states([first]) == [State.DONE]


def test_when_not_even_the_failure_can_be_written_it_is_tried_until_it_can(rig: Rig, monkeypatch):
    [id] = rig.queue.submit([request(1, prompt="fails")])
    fail, refused = rig.seat.fail, []

    def full_twice(job, error):
        if len(refused) < 2:
            refused.append(job)
            raise StorageFull("The disk is full.")
        return fail(job, error)

    monkeypatch.setattr(rig.seat, "fail", full_twice)
    rig.run()
    assert len(refused) == 2
    assert rig.states([id]) == [State.FAILED]


def test_a_claim_that_cannot_be_written_is_tried_again(rig: Rig, monkeypatch):
    [id] = rig.queue.submit([request(1)])
    claim, refused = rig.seat.claim, []

    def full_once(*arguments):
        if not refused:
            refused.append(arguments)
            raise StorageFull("The disk is full.")
        return claim(*arguments)

    monkeypatch.setattr(rig.seat, "claim", full_once)
    rig.run()
    assert rig.states([id]) == [State.DONE]


def test_progress_that_cannot_be_written_does_not_stop_the_picture(rig: Rig, monkeypatch):
    [id] = rig.queue.submit([request(1)])

    def full(_steps, _samples):
        raise StorageFull("The disk is full.")

    monkeypatch.setattr(rig.seat, "progress", full)
    rig.run()
    assert rig.states([id]) == [State.DONE]


def test_stopping_finishes_the_step_and_takes_nothing_new(rig: Rig):
    ids = rig.queue.submit([request(seed, steps=9) for seed in range(4)])
    rig.at_tick[2] = rig.stop.set
    rig.run()
    assert len(rig.engine.batches) == 3
    assert rig.states(ids) == [State.RUNNING] * 2 + [State.QUEUED] * 2


def test_pausing_lets_running_jobs_finish(rig: Rig):
    ids = rig.queue.submit([request(seed) for seed in range(4)])
    rig.at_tick[1] = rig.queue.pause
    rig.at_tick[4] = lambda: pytest.fail("something ran although the queue was paused")
    rig.stop.wait = lambda timeout=None: rig.stop.set() or True
    rig.run()
    assert rig.states(ids) == [State.DONE] * 2 + [State.QUEUED] * 2
