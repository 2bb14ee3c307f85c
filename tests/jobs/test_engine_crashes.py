"""The same as test_crashes, with the real engine and its slower starts."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from studio.database import Database
from studio.jobs import Queue, Supervisor
from studio.jobs.supervisor import WORKER
from studio.settings import Settings
from tests.jobs.killing import kill_studios, shoot_workers
from tests.jobs.processes import assert_each_done_once


@pytest.mark.slow
def test_killed_workers_with_the_real_engine(zoo_settings: Settings):
    queue = Queue(Database(zoo_settings.database))
    with Supervisor(replace(zoo_settings, slots=3), WORKER) as supervisor:
        ids = shoot_workers(supervisor, queue, random.Random(3), shots=8)
    assert sum(job.attempts for job in queue.get(ids)) > 0
    assert_each_done_once(zoo_settings, ids)


@pytest.mark.slow
def test_a_studio_killed_whole_with_the_real_engine(zoo_settings: Settings):
    kill_studios(replace(zoo_settings, slots=3, device="auto"), WORKER, random.Random(5), times=2)
