"""A sweep of 64 cells through queue and worker: what asking for it again costs, and how good its estimate was."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import torch

from benchmarks import models
from benchmarks.arms import mixed_cells
from studio.database import Database
from studio.jobs import Queue, Supervisor
from studio.jobs.sweeps import CellState, Sweeps
from studio.settings import Settings
from studio.sweeps.spec import SweepSpec

AXES = {"steps": "15-30 [4]", "guidance_scale": "5-12 [4]", "control_weight": "0-1 [4]"}
POLL_SECONDS = 0.05


def measure(device: str, dtype: str) -> dict[str, float]:
    """Draw the sweep once with the tiny checkpoint, then ask for it again.

    ``estimate_error``: how far the time left, as told when three cells were done, was off, as a share of the true one.
    ``again_share``: time of asking again (plan, compare, queue nothing) by time of drawing.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        models.build(home / "models", models.SIZES["tiny"], getattr(torch, dtype))
        settings = Settings(home, home / "models", device=device, dtype=dtype, memory_budget_gb=64, offline=True)
        database = Database(settings.database)
        queue = Queue(database)
        sweeps = Sweeps(database, queue)
        request = mixed_cells(models.SIZES["tiny"].side)[0]
        spec = SweepSpec.build(request=request, axes=[{"axis": axis, "values": text} for axis, text in AXES.items()])
        with Supervisor(settings):
            _warm_up(queue, request.with_(seed=99, steps=2))
            began = time.monotonic()
            id = sweeps.create(spec)
            sweeps.start(id)
            told, at = _told_after(sweeps, id, 3)
            _until(lambda: all(cell.state is CellState.DONE for cell in sweeps.cells(id)))
            ended = time.monotonic()
        again = time.monotonic()
        assert sweeps.start(sweeps.create(spec)) == []
        again = time.monotonic() - again
    left = ended - at
    return {
        "seconds": ended - began,
        "told_left": told,
        "true_left": left,
        "estimate_error": (told - left) / left,
        "again_seconds": again,
        "again_share": again / (ended - began),
    }


def lines(found: dict[str, float]) -> list[tuple[str, ...]]:
    return [
        ("sweep of 64 cells, tiny", ""),
        ("drawn in", f"{found['seconds']:.1f} s"),
        ("time left when three cells were done", f"told {found['told_left']:.1f} s, true {found['true_left']:.1f} s"),
        ("estimate off by", f"{found['estimate_error']:+.0%}"),
        ("asking for it again", f"{found['again_seconds']:.3f} s, {found['again_share']:.2%} of the first time"),
    ]


def _warm_up(queue: Queue, request) -> None:
    """Load everything, so that the estimate is judged by drawing alone."""
    ids = queue.submit([request])
    _until(lambda: not any(job.active for job in queue.get(ids)))


def _told_after(sweeps: Sweeps, id: int, cells: int) -> tuple[float, float]:
    _until(lambda: sum(cell.state is CellState.DONE for cell in sweeps.cells(id)) >= cells)
    told = sweeps.remaining(id)
    assert told is not None, "steps were measured"
    return told, time.monotonic()


def _until(condition) -> None:
    while not condition():
        time.sleep(POLL_SECONDS)
