"""Kept sweeps: incremental, shared, and never lost."""

from __future__ import annotations

import pytest

from studio.errors import UnknownName
from studio.gallery import Query
from studio.jobs import Queue, State, Supervisor
from studio.jobs.claims import Seat
from studio.jobs.sweeps import CellState, Sweeps
from studio.sweeps.expansion import expand
from studio.sweeps.spec import SweepSpec
from tests.jobs.processes import SCRIPTED, until
from tests.jobs.scripted import draw, request


def spec(steps: str = "4, 5", seeds: str = "1-2") -> SweepSpec:
    axes = [{"axis": "steps", "values": steps}, {"axis": "seed", "values": seeds}]
    return SweepSpec.build(title="Steps", request=request(), axes=axes)


@pytest.fixture
def sweeps(database, queue) -> Sweeps:
    return Sweeps(database, queue)


@pytest.fixture
def seat(database, queue) -> Seat:
    seat = Seat(database, "me", "cpu")
    seat.take()
    return seat


def states(sweeps: Sweeps, id: int) -> list[str]:
    return [cell.state.value for cell in sweeps.cells(id)]


def draw_next(seat, gallery):
    job = seat.claim(lambda request: True, 0)
    assert job is not None
    return draw(seat, gallery, job)


def test_a_sweep_is_kept_and_its_cells_are_followed(sweeps, seat, gallery):
    id = sweeps.create(spec())
    assert states(sweeps, id) == ["new"] * 4
    sweeps.start(id)
    assert states(sweeps, id) == ["queued"] * 4
    picture = draw_next(seat, gallery)
    first = sweeps.cells(id)[0]
    assert (first.state, first.picture_id, first.sha256) == (CellState.DONE, picture.id, picture.sha256)
    assert sweeps.get(id).spec == spec() and sweeps.get(id).title == "Steps"
    with pytest.raises(UnknownName):
        sweeps.get(99)


def test_only_what_is_missing_runs(sweeps, seat, gallery, queue):
    id = sweeps.create(spec())
    sweeps.start(id)
    for _ in range(4):
        draw_next(seat, gallery)
    assert sweeps.start(id) == []
    larger = sweeps.create(spec(steps="4, 5, 6"))
    plan = sweeps.plan(expand(spec(steps="4, 5, 6")))
    assert (plan.cells, plan.done, len(plan.to_run)) == (6, 4, 2)
    assert states(sweeps, larger) == ["done"] * 4 + ["new"] * 2
    assert len(sweeps.start(larger)) == 2


def test_the_same_spec_is_the_same_sweep(sweeps):
    assert sweeps.create(spec()) == sweeps.create(spec()) != sweeps.create(spec(steps="9"))


def test_two_sweeps_share_a_cell_that_waits(sweeps, seat, gallery):
    one, two = sweeps.create(spec(steps="4")), sweeps.create(spec(steps="4, 5"))
    sweeps.start(one)
    assert len(sweeps.start(two)) == 2, "the shared cells wait already"
    draw_next(seat, gallery)
    assert states(sweeps, one) == ["done", "queued"] and states(sweeps, two)[:2] == ["done", "queued"]


def test_a_thrown_away_picture_leaves_a_cell_to_draw(sweeps, seat, gallery):
    id = sweeps.create(spec(steps="4", seeds="1"))
    sweeps.start(id)
    picture = draw_next(seat, gallery)
    gallery.trash([picture.id])
    assert states(sweeps, id) == ["new"] and len(sweeps.start(id)) == 1


def test_cancel_pause_and_go_on(sweeps, queue, seat, gallery):
    id = sweeps.create(spec())
    sweeps.start(id)
    queue.pause(sweeps.get(id).batch)
    assert seat.claim(lambda request: True, 0) is None
    queue.resume(sweeps.get(id).batch)
    draw_next(seat, gallery)
    sweeps.cancel(id)
    assert states(sweeps, id) == ["done"] + ["cancelled"] * 3
    assert len(sweeps.start(id)) == 3


def test_one_cell_is_drawn_again(sweeps, queue, seat, gallery):
    id = sweeps.create(spec(steps="4", seeds="1"))
    sweeps.start(id)
    draw_next(seat, gallery)
    job = sweeps.redraw(id, expand(spec(steps="4", seeds="1")).cells[0].request)
    assert queue.get([job])[0].state is State.QUEUED and states(sweeps, id) == ["queued"]


def test_deleted_sweeps_leave_the_list_and_come_back(sweeps):
    id = sweeps.create(spec())
    sweeps.delete([id])
    assert sweeps.recent() == []
    sweeps.restore([id])
    assert [sweep.id for sweep in sweeps.recent()] == [id]


def test_a_worker_draws_a_sweep_to_its_end(settings, sweeps, gallery):
    id = sweeps.create(spec())
    sweeps.start(id)
    with Supervisor(settings, SCRIPTED):
        until(lambda: set(states(sweeps, id)) == {"done"})
    assert sweeps.remaining(id) == 0
    assert gallery.total(Query(sweep="Steps")) == 4
    assert sweeps.plan(expand(spec(steps="9"))).seconds is not None, "steps were measured"


def test_the_sweeps_jobs_stand_behind_interactive_ones(sweeps, queue: Queue, seat):
    sweeps.start(sweeps.create(spec()))
    urgent = queue.submit([request(77)])[0]
    job = seat.claim(lambda request: True, 0)
    assert job is not None and job.id == urgent
