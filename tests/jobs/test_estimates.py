from __future__ import annotations

import pytest

from studio.database import Database
from studio.gallery import Gallery
from studio.jobs import Queue
from studio.jobs.claims import Seat
from studio.jobs.estimates import Cost, cost_of, planned_steps, remember
from studio.request import ImageRef, SourceImage
from tests.jobs.scripted import draw, request


@pytest.fixture
def seat(queue: Queue, database: Database) -> Seat:
    seat = Seat(database, "w", "cpu")
    seat.take()
    seat.ready({})
    return seat


def measured(database: Database, cost: Cost, **fields) -> None:
    with database.transaction() as connection:
        remember(connection, "cpu", request(**fields), cost)


def kind(**fields) -> dict:
    return {"checkpoint": "tiny-sd15", "width": 64, "height": 64, "controls": 0, **fields}


def test_nothing_measured_means_no_estimate(queue: Queue):
    assert queue.eta() == 0
    ids = queue.submit([request(1)])
    assert queue.eta() is None and queue.eta(ids) is None


def test_a_hires_pass_counts_its_steps_and_its_size(queue: Queue, database: Database):
    assert planned_steps(request(1, steps=10, hires={"strength": 0.45})) == 10 + 4
    assert planned_steps(request(1, steps=10, hires={"strength": 0.5, "steps": 30}, upscale={"scale": 2})) == 10 + 15
    measured(database, Cost(8, 8), hires={"scale": 2})
    assert cost_of(database.connection(), kind(width=128, height=128)) == Cost(8, 8)
    assert cost_of(database.connection(), kind()) == Cost(2, 2)
    database.connection().execute("DELETE FROM step_costs")
    measured(database, Cost(1, 1))
    ids = queue.submit([request(1, steps=10, hires={"scale": 2, "strength": 0.5})])
    assert queue.eta(ids) == 15 * 4


def test_the_median_of_the_latest_counts(queue: Queue, database: Database):
    for _ in range(25):
        measured(database, Cost(9, 9))
    for wall in [1.0] * 12 + [50.0] + [2.0] * 7:
        measured(database, Cost(wall, wall / 2))
    assert cost_of(database.connection(), kind()) == Cost(1.0, 0.5)


def test_the_closest_kind_counts_scaled_by_pixels(queue: Queue, database: Database):
    measured(database, Cost(1, 1))
    assert cost_of(database.connection(), kind(width=128)) == Cost(2, 2)
    measured(database, Cost(5, 5), width=128)
    assert cost_of(database.connection(), kind(width=128)) == Cost(5, 5)
    assert cost_of(database.connection(), kind(checkpoint="other", height=32)) == Cost(0.875, 0.875)


def test_a_job_waits_for_those_before_it(queue: Queue, seat: Seat, database: Database):
    measured(database, Cost(wall=2, share=1))
    first, second, third = queue.submit([request(seed, steps=10) for seed in range(3)])
    assert [queue.eta([id]) for id in (first, second, third)] == [20, 20, 30]
    assert queue.eta() == 30
    seat.claim(lambda request: True, 0)
    seat.progress([(first, 6, 10, None)])
    assert queue.eta([first]) == 8
    assert queue.eta([third]) == 24


def test_equal_requests_cost_once_and_two_workers_share(queue: Queue, seat: Seat, database: Database):
    measured(database, Cost(1, 1))
    queue.submit([request(1, steps=10), request(1, steps=10), request(2, steps=10)])
    assert queue.eta() == 20
    other = Seat(database, "w2", "cuda:0")
    other.take()
    other.ready({})
    assert queue.eta() == 10


def test_finished_jobs_take_no_time_and_paused_ones_no_known_time(
    queue: Queue, seat: Seat, database: Database, gallery: Gallery
):
    measured(database, Cost(1, 1))
    done, waiting = queue.submit([request(1), request(2)])
    draw(seat, gallery, seat.claim(lambda request: True, 0))
    assert (queue.eta([done]), queue.eta([waiting])) == (0, 4)
    queue.pause()
    assert (queue.eta([done]), queue.eta([waiting])) == (0, None)


def test_an_image_to_start_from_saves_steps():
    source = SourceImage(image=ImageRef(sha256="0" * 64), strength=0.5)
    assert planned_steps(request(steps=21)) == 21
    assert planned_steps(request(steps=21, source=source)) == 10
    assert planned_steps(request(steps=1, source=source)) == 1


def test_finishing_a_job_leaves_a_measurement(queue: Queue, seat: Seat, gallery: Gallery, database: Database):
    queue.submit([request(1)])
    job = seat.claim(lambda request: True, 0)
    from studio.gallery import Provenance
    from tests.jobs.scripted import picture

    stored = gallery.write(picture(1), job.request, Provenance())
    seat.finish(job, lambda: gallery.record(stored), Cost(0.5, 0.25))
    assert cost_of(database.connection(), kind()) == Cost(0.5, 0.25)
