from __future__ import annotations

import pytest

from studio.database import Database
from studio.errors import UnknownName
from studio.jobs import Priority, Queue
from studio.jobs.claims import Seat
from studio.jobs.waiting import LOOK_AHEAD
from tests.jobs.scripted import request


@pytest.fixture
def seat(queue: Queue, database: Database) -> Seat:
    seat = Seat(database, "w", "cpu")
    seat.take()
    return seat


def checkpoint_is(name: str):
    return lambda request: request.checkpoint == name


def suspect(database: Database, id: int) -> None:
    database.connection().execute("UPDATE jobs SET suspicion = 4 WHERE id = ?", (id,))


def test_what_fits_the_running_batch_passes_what_does_not(queue: Queue, seat: Seat):
    other, *fitting = queue.submit([request(0, checkpoint="b"), request(1, checkpoint="a"), request(2, checkpoint="a")])
    assert [seat.claim(checkpoint_is("a"), 1).id for _ in fitting] == fitting
    assert seat.claim(checkpoint_is("a"), 1) is None
    assert seat.claim(lambda request: True, 0).id == other


def test_a_job_is_passed_by_a_bounded_number_of_others(queue: Queue, seat: Seat):
    queue.submit([request(0, checkpoint="b")])
    queue.submit([request(seed, checkpoint="a") for seed in range(2 * LOOK_AHEAD)])
    passed = 0
    while seat.claim(checkpoint_is("a"), 1) is not None:
        passed += 1
    assert passed == LOOK_AHEAD - 1


def test_sweep_cells_never_pass_an_interactive_job(queue: Queue, seat: Seat):
    queue.submit([request(1, checkpoint="a")], priority=Priority.SWEEP)
    queue.submit([request(2, checkpoint="b")])
    assert seat.claim(checkpoint_is("a"), 1) is None


def test_a_suspect_waits_behind_others_and_runs_without_neighbours(queue: Queue, seat: Seat, database: Database):
    bad, good, late = queue.submit([request(1), request(2), request(3)])
    suspect(database, bad)
    assert seat.claim(lambda request: True, 0).id == good
    assert seat.claim(lambda request: True, 1).id == late
    assert seat.claim(lambda request: True, 2) is None
    seat.cancelled(good)
    seat.cancelled(late)
    assert seat.claim(lambda request: True, 0).id == bad
    queue.submit([request(4)])
    assert seat.claim(lambda request: True, 1) is None


def test_a_request_that_cannot_be_judged_is_taken_so_that_it_fails_with_its_reason(queue: Queue, seat: Seat):
    def gone(request):
        raise UnknownName("There is no such checkpoint.")

    [id] = queue.submit([request(1)])
    assert seat.claim(gone, 1).id == id
