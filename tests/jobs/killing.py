"""Killing workers and whole studios at random moments, with whatever engine."""

from __future__ import annotations

import os
import random
import signal
import time

from studio.database import Database
from studio.jobs import Queue, State, Supervisor
from studio.jobs.sweeps import Sweeps
from studio.request import GenerationRequest
from studio.settings import Settings
from studio.sweeps.spec import SweepSpec
from tests.jobs.processes import assert_each_done_once, done, kill_group, start_studio, until
from tests.jobs.scripted import request

CELLS = 30


def cells(dice: random.Random) -> list[GenerationRequest]:
    """Requests that differ in seed, steps, guidance and sampler."""
    return [
        request(
            seed,
            prompt=f"girl, pose {seed}",
            steps=dice.randint(8, 30),
            guidance_scale=dice.choice([5, 7.5, 12]),
            sampler=dice.choice(["Euler a", "DPM++ 2M", "DDIM"]),
        )
        for seed in range(CELLS)
    ]


def thirty_cells() -> SweepSpec:
    axes = [{"axis": "steps", "values": "8-22"}, {"axis": "sampler", "values": "Euler a, DDIM"}]
    return SweepSpec.build(request=request(), axes=axes)


def shoot_workers(supervisor: Supervisor, queue: Queue, dice: random.Random, shots: int) -> list[int]:
    """Kill the worker ``shots`` times: every third time at work, else at any moment of its life. Returns the jobs' ids.

    The cells come little by little, so that a fast worker does not run out of them before the last shot.
    """
    waiting = cells(dice)
    first = CELLS - shots
    ids = queue.submit(waiting[:first])
    for number in range(shots):
        ids += queue.submit(waiting[first + number : first + number + 1])
        until(supervisor.pids)
        if number % 3 == 1:
            until(lambda: queue.counts()[State.RUNNING] or not queue.active())
            time.sleep(dice.uniform(0, 0.3))
        else:
            time.sleep(dice.uniform(0, 2))
        for pid in supervisor.pids().values():
            os.kill(pid, signal.SIGKILL)
    until(lambda: not queue.active())
    return ids


def kill_studios(settings: Settings, command: tuple[str, ...], dice: random.Random, times: int) -> None:
    """Kill the whole studio again and again while it draws a sweep of 30 cells; asking for the sweep anew adds none."""
    database = Database(settings.database)
    queue = Queue(database)
    sweeps = Sweeps(database, queue)
    sweep = sweeps.create(thirty_cells())
    ids = sweeps.start(sweep)
    assert len(ids) == CELLS
    for number in range(times):
        studio = start_studio(settings, command)
        until(lambda number=number: queue.counts()[State.RUNNING] and done(queue) >= 2 * number)
        time.sleep(dice.uniform(0, 0.3))
        kill_group(studio)
        assert done(queue) < CELLS
        assert sweeps.start(sweep) == []
    studio = start_studio(settings, command)
    until(lambda: not queue.active())
    studio.communicate(timeout=60)
    assert studio.returncode == 0
    assert sum(job.attempts for job in queue.get(ids)) > 0
    assert {cell.state for cell in sweeps.cells(sweep)} == {"done"}
    assert_each_done_once(settings, ids)
