from __future__ import annotations

import pytest

from studio.database import Database
from studio.errors import StudioError, UnusableWeights
from studio.gallery import Gallery, Provenance
from studio.jobs import Priority, Queue, State
from studio.jobs.claims import Seat
from tests.jobs.scripted import draw, picture, request


@pytest.fixture
def seat(queue: Queue, database: Database) -> Seat:
    seat = Seat(database, "w1", "cpu")
    seat.take()
    return seat


def claim(seat: Seat):
    return seat.claim(lambda request: True, 0)


def test_jobs_come_back_as_they_were_submitted(queue: Queue):
    requests = [request(seed) for seed in range(3)]
    ids = queue.submit(requests)
    jobs = queue.get([*reversed(ids), 999])
    assert [job.id for job in jobs] == ids[::-1]
    assert [job.request for job in jobs] == requests[::-1]
    assert {job.state for job in jobs} == {State.QUEUED}
    assert len({job.batch for job in jobs}) == 1
    assert queue.batch(jobs[0].batch) == jobs[::-1]
    assert queue.recent(2) == jobs[:2]
    assert queue.counts()[State.QUEUED] == 3
    assert queue.submit([]) == []


def test_a_submission_is_queued_whole_or_not_at_all(queue: Queue):
    with pytest.raises(AttributeError):
        queue.submit([request(1), "no request"])  # type: ignore[list-item]
    assert queue.recent() == []


def test_interactive_jobs_go_before_sweep_cells(queue: Queue, seat: Seat):
    sweep = queue.submit([request(1), request(2)], priority=Priority.SWEEP)
    mine = queue.submit([request(3)])
    assert [job.id for job in queue.active()] == [*mine, *sweep]
    assert [queue.position(id) for id in (*mine, *sweep)] == [0, 1, 2]
    assert claim(seat).id == mine[0]
    assert queue.position(mine[0]) is None
    assert [job.id for job in queue.active()] == [*mine, *sweep]


def test_what_the_gallery_has_is_done_at_once(queue: Queue, gallery: Gallery, seat: Seat):
    known = gallery.add(picture(1), request(1), Provenance())
    reused, fresh = queue.get([*queue.submit([request(1)]), *queue.submit([request(1)], reuse=False)])
    assert (reused.state, reused.picture_id) == (State.DONE, known.id)
    assert fresh.state is State.QUEUED
    gallery.trash([known.id])
    assert queue.get(queue.submit([request(1)]))[0].state is State.QUEUED


def test_a_picture_that_appears_while_a_job_waits_ends_it(queue: Queue, gallery: Gallery, seat: Seat):
    [id] = queue.submit([request(1)])
    known = gallery.add(picture(1), request(1), Provenance())
    assert claim(seat) is None
    assert queue.get([id])[0].picture_id == known.id


def test_equal_requests_run_once_and_finish_together(queue: Queue, gallery: Gallery, seat: Seat):
    ids = queue.submit([request(1), request(1)]) + queue.submit([request(1)], reuse=False)
    job = claim(seat)
    assert claim(seat) is None
    drawn = draw(seat, gallery, job)
    assert [(job.state, job.picture_id) for job in queue.get(ids)] == [(State.DONE, drawn.id)] * 3


def test_equal_requests_fail_together_and_each_can_be_retried(queue: Queue, seat: Seat):
    ids = queue.submit([request(1), request(1)])
    assert seat.fail(claim(seat), UnusableWeights("Broken.", "Mend it."))
    for job in queue.get(ids):
        assert (job.state, type(job.error)) == (State.FAILED, UnusableWeights)
        assert (job.error.message, job.error.hint) == ("Broken.", "Mend it.")
    queue.retry(ids)
    assert [(job.state, job.error, job.error_message) for job in queue.get(ids)] == [(State.QUEUED, None, "")] * 2
    assert claim(seat).request.seed == 1


def test_cancelling_one_of_two_equal_jobs_lets_the_other_run(queue: Queue, seat: Seat):
    first, second = queue.submit([request(1), request(1)])
    claim(seat)
    queue.cancel([first])
    assert seat.cancelling() == [first]
    seat.cancelled(first)
    assert claim(seat).id == second


def test_cancel_acts_by_state(queue: Queue, gallery: Gallery, seat: Seat):
    done, running, waiting = queue.submit([request(1), request(2), request(3)])
    draw(seat, gallery, claim(seat))
    claim(seat)
    queue.cancel([done, running, waiting, 999])
    states = {job.id: (job.state, job.cancelling) for job in queue.get([done, running, waiting])}
    assert states == {
        done: (State.DONE, False),
        running: (State.RUNNING, True),
        waiting: (State.CANCELLED, False),
    }
    queue.retry([done, running, waiting])
    assert [job.state for job in queue.get([done, running, waiting])] == [State.DONE, State.RUNNING, State.QUEUED]


def test_a_paused_queue_or_batch_starts_nothing_new(queue: Queue, seat: Seat):
    queue.submit([request(1)], batch="a")
    queue.submit([request(2)], batch="b")
    queue.pause()
    assert queue.paused() and claim(seat) is None
    queue.resume()
    queue.pause("a")
    assert queue.paused("a") and not queue.paused()
    assert claim(seat).batch == "b"
    assert claim(seat) is None
    queue.resume("a")
    assert claim(seat).batch == "a"


def test_the_latest_preview_shows_while_a_job_runs(queue: Queue, gallery: Gallery, seat: Seat):
    [id] = queue.submit([request(1)])
    job = claim(seat)
    assert queue.preview(id) is None
    seat.report(id, "Loading tiny")
    assert queue.get([id])[0].status == "Loading tiny"
    assert seat.progress([(id, 1, 4, b"one")]) == []
    assert seat.progress([(id, 2, 4, None)]) == []
    now = queue.get([id])[0]
    assert (now.step, now.steps, now.status, queue.preview(id)) == (2, 4, "", b"one")
    draw(seat, gallery, job)
    assert queue.preview(id) is None
    assert queue.get([id])[0].step == 4


def test_workers_and_their_problems_are_listed(queue: Queue, seat: Seat, database: Database):
    seat.ready({"device": "cpu", "slots": 2})
    other = Seat(database, "w2", "cuda:7")
    other.take()
    other.give_up("There is no such device.")
    broken, fine = sorted(queue.workers(), key=lambda worker: worker.ready)
    assert (broken.device, broken.problem) == ("cuda:7", "There is no such device.")
    assert (fine.ready, fine.facts) == (True, {"device": "cpu", "slots": 2})
    Seat(database, "w3", "cuda:7").take()
    assert not any(worker.problem for worker in queue.workers())


def test_an_unknown_kind_of_error_is_still_a_studio_error(queue: Queue, seat: Seat, database: Database):
    [id] = queue.submit([request(1)])
    seat.fail(claim(seat), StudioError("Hm.", "Wait."))
    database.connection().execute("UPDATE jobs SET error_kind = 'FromTheFuture'")
    assert type(queue.get([id])[0].error) is StudioError
    database.connection().execute("UPDATE jobs SET error_kind = 'os'")
    assert type(queue.get([id])[0].error) is StudioError
