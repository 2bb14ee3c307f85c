"""Workers and whole studios are killed at random moments: every job is done exactly once, no half file, no lost row."""

from __future__ import annotations

import random
from dataclasses import replace

from studio.database import Database
from studio.jobs import Queue, Supervisor
from studio.settings import Settings
from tests.jobs.killing import CELLS, cells, kill_studios, shoot_workers
from tests.jobs.processes import SCRIPTED, assert_each_done_once, done, kill_group, start_studio, until


def test_twenty_killed_workers_lose_and_double_nothing(settings: Settings):
    queue = Queue(Database(settings.database))
    with Supervisor(replace(settings, slots=4), SCRIPTED) as supervisor:
        ids = shoot_workers(supervisor, queue, random.Random(1), shots=20)
    assert len(ids) == CELLS
    assert sum(job.attempts for job in queue.get(ids)) > 0
    assert_each_done_once(settings, ids)


def test_a_studio_killed_whole_goes_on_where_it_was(settings: Settings):
    kill_studios(replace(settings, slots=2), SCRIPTED, random.Random(4), times=6)


def test_two_studios_share_a_queue_and_draw_nothing_twice(settings: Settings):
    queue = Queue(Database(settings.database))
    first, second = start_studio(settings), start_studio(settings)
    ids = queue.submit(cells(random.Random(6)))
    until(lambda: done(queue) >= 5)
    kill_group(first)
    until(lambda: not queue.active())
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert_each_done_once(settings, ids)
