from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from studio.errors import WorkerLost
from studio.jobs import Queue, State, Supervisor
from studio.jobs import supervisor as supervising
from studio.jobs.recovery import Watch
from studio.jobs.supervisor import devices, environment
from studio.settings import Settings
from tests.jobs.processes import SCRIPTED, done, start_studio, until
from tests.jobs.scripted import request


@pytest.mark.parametrize(
    ("device", "expected"),
    [("cpu", ["cpu"]), ("cuda:0, cuda:1,cuda:0", ["cuda:0", "cuda:1"]), ("auto", ["auto"]), (",", ["auto"])],
)
def test_each_device_gets_a_worker(settings: Settings, monkeypatch, device: str, expected: list[str]):
    monkeypatch.setattr(supervising, "_gpus", lambda: 1)
    assert devices(replace(settings, device=device)) == expected


@pytest.mark.parametrize(("visible", "count"), [("0,1,2", 3), ("", 0), ("-1", 0), ("GPU-1", 1)])
def test_hidden_gpus_do_not_count(settings: Settings, monkeypatch, visible: str, count: int):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    expected = [f"cuda:{number}" for number in range(count)] if count > 1 else ["auto"]
    assert devices(replace(settings, device="auto")) == expected


def test_gpus_are_counted_by_the_driver_tool(settings: Settings, monkeypatch, tmp_path: Path):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'GPU 0: A'\necho 'GPU 1: B'\necho '  MIG 1g'\n")
    tool.chmod(0o755)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert devices(replace(settings, device="auto")) == ["cuda:0", "cuda:1"]


@pytest.mark.parametrize("offline", [True, False])
def test_a_worker_reads_the_settings_of_its_supervisor(settings: Settings, offline: bool):
    changed = replace(settings, offline=offline, slots=3, memory_budget_gb=1.5)
    assert Settings.from_env(environment(changed)) == changed


def test_a_dead_worker_is_replaced_and_its_jobs_are_done(queue: Queue, settings: Settings):
    ids = queue.submit([request(seed, steps=8) for seed in range(6)])
    with Supervisor(settings, SCRIPTED) as supervisor:
        until(lambda: queue.counts()[State.RUNNING] == 2)
        before = supervisor.pids()["cpu"]
        os.kill(before, signal.SIGKILL)
        until(lambda: done(queue) == 6)
        assert supervisor.pids()["cpu"] != before
    assert sum(job.attempts for job in queue.get(ids)) in {1, 2}
    assert supervisor.pids() == {}


def test_a_stop_gives_jobs_back_without_blame_and_a_new_start_finishes_them(queue: Queue, settings: Settings):
    ids = queue.submit([request(seed, steps=20) for seed in range(4)])
    supervisor = Supervisor(settings, SCRIPTED)
    supervisor.start()
    supervisor.start()
    until(lambda: queue.counts()[State.RUNNING] == 2)
    supervisor.stop()
    assert {job.state for job in queue.get(ids)} <= {State.QUEUED, State.DONE}
    assert queue.workers() == [] and queue.counts()[State.QUEUED] >= 2
    supervisor.start()
    until(lambda: done(queue) == 4)
    supervisor.stop()
    assert [job.attempts for job in queue.get(ids)] == [0] * 4


@pytest.mark.parametrize("prompt", ["abort", "exit"])
def test_poison_is_set_aside_and_its_neighbours_are_drawn(queue: Queue, settings: Settings, prompt: str):
    ids = queue.submit([request(seed, prompt=prompt if seed == 1 else "") for seed in range(5)])
    with Supervisor(settings, SCRIPTED):
        until(lambda: not queue.active())
    jobs = queue.get(ids)
    assert [job.state for job in jobs] == [State.DONE, State.FAILED, *[State.DONE] * 3]
    assert isinstance(jobs[1].error, WorkerLost) and jobs[1].attempts == 2


def test_a_worker_that_hangs_is_replaced(queue: Queue, settings: Settings, monkeypatch):
    monkeypatch.setattr(supervising, "CHECK_SECONDS", 0.5)
    monkeypatch.setattr("studio.jobs.recovery.Watch", partial(Watch, patience=4))
    ids = queue.submit([request(seed, steps=8, prompt="slow") for seed in range(2)])
    with Supervisor(settings, SCRIPTED) as supervisor:
        until(lambda: queue.counts()[State.RUNNING] == 2)
        os.kill(supervisor.pids()["cpu"], signal.SIGSTOP)
        until(lambda: done(queue) == 2)
    assert max(job.attempts for job in queue.get(ids)) == 1


def test_a_worker_that_cannot_start_does_not_keep_the_supervisor_from_stopping(queue: Queue, settings: Settings):
    [id] = queue.submit([request(1)])
    errors = settings.home / "logs" / "worker-cpu.stderr"
    with Supervisor(settings, (sys.executable, "-c", "raise SystemExit('no such module')")):
        until(lambda: errors.exists() and errors.read_text().count("no such module") >= 2)
    assert queue.get([id])[0].state is State.QUEUED


def test_when_the_supervisor_disappears_its_worker_ends_in_good_order(queue: Queue, settings: Settings):
    ids = queue.submit([request(seed, steps=100, prompt="slow") for seed in range(3)])
    studio = start_studio(settings)
    until(lambda: queue.counts()[State.RUNNING] == 2)
    [worker] = queue.workers()
    studio.kill()
    studio.wait()
    until(lambda: queue.workers() == [])
    assert [(job.state, job.attempts) for job in queue.get(ids)] == [(State.QUEUED, 0)] * 3
    until(lambda: not Path(f"/proc/{worker.pid}").exists() or "Z" in Path(f"/proc/{worker.pid}/stat").read_text())


def test_the_process_with_the_supervisor_never_loads_torch(queue: Queue, settings: Settings):
    studio = start_studio(settings)
    until(lambda: any(worker.ready for worker in queue.workers()))
    studio.communicate(timeout=60)
    assert studio.returncode == 0
