"""From measurements in the table to seconds."""

from __future__ import annotations

import pytest

from studio.database import Database
from studio.gallery import Gallery
from studio.jobs import Queue
from studio.jobs.claims import Seat
from studio.jobs.estimates import KEPT, prices, remember, total
from studio.jobs.forecast import Kind, Price
from studio.jobs.stopwatch import Part, Sample, Stopwatch, kind_of
from studio.jobs.work import Work
from tests.jobs.scripted import draw, request

STEP = Work.of(request(steps=1)).units
MP = 64 * 64 / 1e6
KIND = Kind("tiny-sd15", 64, 64)


@pytest.fixture
def seat(queue: Queue, database: Database) -> Seat:
    seat = Seat(database, "w", "cpu")
    seat.take()
    seat.ready({"checkpoint": "tiny-sd15"})
    return seat


def measured(database: Database, seconds: float, part=Part.STEP, device="cpu", slots=1, times=1, **fields) -> None:
    """A step (or other part) of this request took so long."""
    one = request(**{"steps": 1, **fields})
    amount = {Part.STEP: Work.of(one).units * slots, Part.FINISH: Work.of(one).megapixels}.get(part, 1.0)
    with database.transaction() as connection:
        remember(connection, device, [Sample(part, kind_of(one), amount, seconds, slots)] * times)


def price(database: Database, kind: Kind = KIND) -> Price:
    found = prices(database.connection())(kind)
    assert found is not None
    return found


def test_nothing_measured_means_no_estimate(queue: Queue, database: Database):
    assert queue.eta() == 0
    ids = queue.submit([request(1)])
    assert queue.eta() is None and queue.eta(ids) is None
    assert total(database.connection(), [request(1)]) is None and total(database.connection(), []) == 0


def test_steps_left_at_the_measured_pace(queue: Queue, seat: Seat, database: Database):
    measured(database, 2.0)
    first, second = queue.submit([request(seed, steps=10) for seed in range(2)])
    assert [queue.eta([id]) for id in (first, second)] == pytest.approx([20, 40])
    assert queue.eta() == pytest.approx(40)
    seat.claim(lambda request: True, 0)
    seat.progress([(first, 6, 10, None)])
    assert queue.eta([first]) == pytest.approx(8) and queue.eta([second]) == pytest.approx(28)


def test_batches_are_filled(queue: Queue, seat: Seat, database: Database):
    measured(database, 2.0, slots=2)
    queue.submit([request(seed, steps=10) for seed in range(3)])
    assert queue.eta() == pytest.approx(40)


def test_a_finished_sweep_costs_every_part(queue: Queue, seat: Seat, database: Database):
    measured(database, 1.0)
    measured(database, 0.5, Part.START)
    measured(database, 0.25, Part.FINISH)
    measured(database, 30.0, Part.LOAD)
    assert total(database.connection(), [request(steps=4), request(steps=6)]) == pytest.approx(10 + 2 * 0.75)
    other = request(checkpoint="other", steps=4)
    assert total(database.connection(), [request(steps=4), other]) == pytest.approx(4 + 4 + 2 * 0.75 + 30)


def test_the_plan_knows_controls_guidance_and_hires(seat: Seat, database: Database):
    measured(database, 1.0)
    takes = lambda **fields: total(database.connection(), [request(steps=10, **fields)])  # noqa: E731
    assert takes() == pytest.approx(10) and takes(guidance_scale=1) == pytest.approx(5)
    assert takes(hires={"scale": 2, "strength": 0.5}) == pytest.approx(10 + 5 * 4)


def test_the_closest_kind_on_this_device_counts(seat: Seat, database: Database):
    measured(database, 1.0)
    measured(database, 8.0, checkpoint="other")
    measured(database, 100.0, device="cuda:0")
    assert price(database).pace == pytest.approx(1 / STEP)
    assert price(database, Kind("tiny-sd15", 128, 64)).pace == pytest.approx(1 / STEP)
    assert price(database, Kind("other", 128, 64)).pace == pytest.approx(8 / STEP)
    measured(database, 3.0, width=128)
    assert price(database, Kind("tiny-sd15", 128, 64)).pace == pytest.approx(1.5 / STEP)
    assert 1 / STEP < price(database, Kind("third", 64, 64)).pace < 8 / STEP, "from all that was measured here"


def test_without_a_worker_the_device_measured_last_counts(database: Database, queue: Queue):
    measured(database, 1.0, device="cpu")
    measured(database, 5.0, device="cuda:0", times=3)
    assert price(database).pace == pytest.approx(5 / STEP)


def test_a_slow_first_step_does_not_mislead(seat: Seat, database: Database):
    measured(database, 50.0)
    measured(database, 1.0, times=30)
    assert price(database).pace == pytest.approx(1 / STEP)
    measured(database, 9.0, Part.START)
    measured(database, 1.0, Part.START, times=2)
    assert price(database).start == 1.0


def test_three_pictures_of_a_batch_speak_for_it(queue: Queue, seat: Seat, database: Database, gallery: Gallery):
    measured(database, 9.0, times=50)
    database.connection().execute("UPDATE work_costs SET made = made - 60")
    queue.submit([request(seed, steps=10) for seed in range(6)], batch="mine")
    for drawn in range(3):
        assert price(database).pace == pytest.approx(9 / STEP), drawn
        draw(seat, gallery, seat.claim(lambda request: True, 0))
    measured(database, 1.0)
    assert seat.claim(lambda request: True, 0)
    assert price(database).pace == pytest.approx(1 / STEP) and queue.eta() == pytest.approx(30)
    assert price(database, Kind("other", 64, 64)).pace == pytest.approx(1 / STEP)


def test_old_measurements_leave(seat: Seat, database: Database):
    measured(database, 1.0, times=KEPT + 10)
    assert database.connection().execute("SELECT count(*) FROM work_costs").fetchone()[0] == KEPT


def test_equal_requests_cost_once_and_two_workers_share(queue: Queue, seat: Seat, database: Database):
    measured(database, 1.0)
    queue.submit([request(1, steps=10), request(1, steps=10), request(2, steps=10)])
    assert queue.eta() == pytest.approx(20)
    other = Seat(database, "w2", "cuda:0")
    other.take()
    other.ready({})
    assert queue.eta() == pytest.approx(10)


def test_finished_jobs_take_no_time_and_paused_ones_no_known_time(
    queue: Queue, seat: Seat, database: Database, gallery: Gallery
):
    measured(database, 1.0)
    done, waiting = queue.submit([request(1), request(2)])
    draw(seat, gallery, seat.claim(lambda request: True, 0))
    assert (queue.eta([done]), queue.eta([waiting])) == (0, pytest.approx(4))
    queue.pause()
    assert (queue.eta([done]), queue.eta([waiting])) == (0, None)


@pytest.mark.parametrize("slots", [1, 4])
def test_an_even_machine_is_foretold_after_three_cells(queue: Queue, seat: Seat, database: Database, slots: int):
    """A scripted run of 40 mixed pictures: after three of them, the time left is told to within a few percent."""
    now = [0.0]
    watch = Stopwatch(lambda: now[0], slots)
    requests = [request(n, steps=15 + n % 4 * 5, guidance_scale=5 + n % 3) for n in range(40)]
    ids = queue.submit(requests)
    steps, running, waiting, done, told = {}, [], list(range(40)), 0, 0.0
    watch.rest()
    while waiting or running:
        while waiting and len(running) < slots:
            now[0] += 3.0 if len(waiting) == 40 else 0.2
            watch.admitted(str(waiting[0]), requests[waiting[0]], loaded=len(waiting) == 40)
            running.append(waiting.pop(0))
            seat.claim(lambda request: True, 0)
            steps[running[-1]] = 0
        now[0] += 0.1
        for n in running:
            steps[n] += 1
        ended = [n for n in running if steps[n] == requests[n].steps]
        now[0] += 0.4 * len(ended)
        watch.ticked([str(n) for n in running], [str(n) for n in ended])
        seat.progress([(ids[n], steps[n], requests[n].steps, None) for n in running], watch.drain())
        for n in ended:
            running.remove(n)
            now[0] += 0.05
            watch.stored(str(n))
            queue_done(database, ids[n])
        before, done = done, done + len(ended)
        if before < 3 <= done:
            told = now[0] + (queue.eta(ids) or 0)
    assert told == pytest.approx(now[0], rel=0.06)


def queue_done(database: Database, id: int) -> None:
    """Out of the queue, without a picture: only the times matter here."""
    with database.transaction() as connection:
        connection.execute("UPDATE jobs SET state = 'cancelled', worker = NULL WHERE id = ?", (id,))
