from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery, Provenance
from studio.jobs import Queue, State
from studio.jobs.claims import Seat
from studio.jobs.recovery import End, recover
from studio.settings import PROJECT_ROOT, Settings
from tests.jobs.scripted import draw, picture, request

CLAIMER = """
import sys
from pathlib import Path
from studio.database import Database
from studio.jobs.claims import Seat
seat = Seat(Database(Path(sys.argv[1])), sys.argv[2], "cpu")
seat.take()
sys.stdin.readline()
while (job := seat.claim(lambda request: True, 0)) is not None:
    print(job.id)
"""


def seat_of(database: Database, token: str) -> Seat:
    seat = Seat(database, token, "cpu")
    seat.take()
    return seat


def test_processes_that_claim_at_once_never_get_the_same_job(queue: Queue, settings: Settings):
    ids = queue.submit([request(seed) for seed in range(120)])
    command = [sys.executable, "-c", CLAIMER, str(settings.database)]
    claimers = [
        subprocess.Popen([*command, f"w{number}"], cwd=PROJECT_ROOT, text=True, stdin=-1, stdout=-1)
        for number in range(3)
    ]
    for claimer in claimers:
        claimer.stdin.write("go\n")  # type: ignore[union-attr]
        claimer.stdin.flush()  # type: ignore[union-attr]
    claimed = [line for claimer in claimers for line in claimer.communicate(timeout=60)[0].split()]
    assert Counter(map(int, claimed)) == Counter(ids)


@pytest.fixture
def lost(queue: Queue, database: Database) -> tuple[Seat, object]:
    """A worker that holds a job and was taken for dead."""
    queue.submit([request(1)])
    seat = seat_of(database, "slow")
    job = seat.claim(lambda request: True, 0)
    recover(database, "slow", End.UNEXPLAINED)
    return seat, job


def test_a_worker_taken_for_dead_can_do_nothing_any_more(lost, queue: Queue, gallery: Gallery):
    seat, job = lost
    stored = gallery.write(picture(1), job.request, Provenance())
    assert seat.progress([(job.id, 3, 4, b"preview")]) == [job.id]
    assert not seat.finish(job, lambda: gallery.record(stored))
    assert not seat.fail(job, StudioError("Late."))
    assert not seat.beat()
    seat.cancelled(job.id)
    seat.report(job.id, "late")
    assert seat.claim(lambda request: True, 0) is None
    now = queue.get([job.id])[0]
    assert (now.state, now.step, now.status, now.attempts) == (State.QUEUED, 0, "", 1)
    assert gallery.recent() == [] and queue.preview(job.id) is None


def test_it_cannot_disturb_the_worker_that_took_over(lost, queue: Queue, gallery: Gallery, database: Database):
    late, job = lost
    second = seat_of(database, "second")
    again = second.claim(lambda request: True, 0)
    assert again.id == job.id
    assert not late.finish(job, lambda: pytest.fail("recorded a picture of a job it does not hold"))
    assert not late.fail(job, StudioError("Late."))
    drawn = draw(second, gallery, again)
    assert queue.get([job.id])[0].picture_id == drawn.id
    assert not late.finish(job, lambda: pytest.fail("finished twice"))


def test_picture_and_done_are_one_transaction(queue: Queue, gallery: Gallery, database: Database):
    queue.submit([request(1)])
    seat = seat_of(database, "w")
    job = seat.claim(lambda request: True, 0)
    stored = gallery.write(picture(1), job.request, Provenance())

    def record():
        gallery.record(stored)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        seat.finish(job, record)
    assert gallery.recent() == []
    assert queue.get([job.id])[0].state is State.RUNNING


operations = st.lists(
    st.tuples(
        st.sampled_from(
            ["submit", "claim", "finish", "fail", "cancel", "retry", "die", "crash", "stop", "pause", "resume"]
        ),
        st.integers(0, 2),
        st.integers(0, 4),
    ),
    max_size=40,
)


@given(operations)
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_events_loses_or_doubles_a_job(tmp_path_factory, operations):
    """Three workers and a person do things in any order; then everything is let run: each job ends exactly once."""
    home: Path = tmp_path_factory.mktemp("queue")
    settings = Settings(home=home, models=home)
    database = Database(settings.database)
    queue, gallery = Queue(database), Gallery(settings, database)
    lives, seats, held = 0, {}, {}
    done_before: dict[int, int | None] = {}
    for what, worker, number in operations:
        if worker not in seats:
            lives += 1
            seats[worker], held[worker] = seat_of(database, f"life{lives}"), []
        seat, jobs = seats[worker], held[worker]
        if what == "submit":
            queue.submit([request(number)], reuse=number % 2 == 0)
        elif what == "claim":
            job = seat.claim(lambda request: True, len(jobs))
            if job is not None:
                assert not any(job.id == other.id for others in held.values() for other in others)
                assert not any(job.digest == other.digest for others in held.values() for other in others)
                jobs.append(job)
        elif what in {"finish", "fail"} and jobs:
            job = jobs.pop()
            if what == "finish":
                draw(seat, gallery, job)
            else:
                assert seat.fail(job, StudioError("No."))
        elif what == "cancel":
            queue.cancel([number + 1])
            for job in [job for job in jobs if job.id in seat.cancelling()]:
                jobs.remove(job)
                seat.cancelled(job.id)
        elif what == "retry":
            queue.retry([number + 1])
        elif what in {"die", "crash", "stop"}:
            recover(database, seat.token, {"die": End.UNEXPLAINED, "crash": End.CRASH, "stop": End.ORDERLY}[what])
            del seats[worker], held[worker]
        elif what == "pause":
            queue.pause()
        elif what == "resume":
            queue.resume()
        for id, picture_id in done_before.items():
            assert queue.get([id])[0].picture_id == picture_id
        done_before = {job.id: job.picture_id for job in queue.recent(1000) if job.state is State.DONE}
        running = {job.id for job in queue.recent(1000) if job.state is State.RUNNING}
        assert running == {job.id for jobs in held.values() for job in jobs}
    queue.resume()
    for seat in seats.values():
        recover(database, seat.token, End.ORDERLY)
    last = seat_of(database, "last")
    while (job := last.claim(lambda request: True, 0)) is not None:
        draw(last, gallery, job)
    jobs = queue.recent(1000)
    assert not [job for job in jobs if job.active]
    pictures = gallery.recent(1000)
    assert len({picture.digest for picture in pictures}) == len(pictures)
    for job in jobs:
        if job.state is State.DONE:
            assert gallery.get(job.picture_id).digest == job.digest
    database.close()
