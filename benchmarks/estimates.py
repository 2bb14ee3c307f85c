"""How good the time left is that a sweep tells: its error when 3 cells, a quarter and half of them are done.

    OMP_NUM_THREADS=1 python -m benchmarks.estimates --size tiny --runs 8

Every run is a sweep of 64 cells whose costs differ (steps 6–12, control weights with 0 among them, windows), through
the real queue, worker loop and engine. Runs alternate between two clocks: the wall's, where whatever else the machine
does enters into both what is told and what comes, and the process's own CPU time, which shows the error of the
reckoning alone. Give the CPU clock one thread.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks import models
from benchmarks.arms import mixed_cells
from studio.cli.console import table
from studio.database import Database
from studio.engine.engine import Engine
from studio.gallery import Gallery
from studio.jobs import Queue
from studio.jobs.claims import Seat
from studio.jobs.loop import WorkerLoop
from studio.jobs.stopwatch import Stopwatch
from studio.jobs.sweeps import Sweeps
from studio.settings import Settings
from studio.sweeps.expansion import expand
from studio.sweeps.spec import SweepSpec

CLOCKS: dict[str, Callable[[], float]] = {"wall": time.monotonic, "cpu": time.process_time}
SWEEPS = (
    {"steps": "6-12 [4]", "guidance_scale": "5-12 [4]", "control_weight": "0-1 [4]"},
    {"control_weight": "0-1 [4]", "steps": "6-12 [4]", "guidance_scale": "5-12 [4]"},
    {"control_end": "0.25-1 [4]", "guidance_scale": "5-12 [4]", "steps": "12-6 [4]"},
    {"seed": "1-64"},
)
"""The cheap cells come mixed, first, or last; or all cost the same."""
TOLD_AT = (0, 3, 16, 32)
"""Cells done; 0 is the plan, before anything runs."""


class Told:
    """What the sweep told along the way, and when. Stands where the worker's ``stop`` does."""

    def __init__(self, queue: Queue, ids: list[int], clock: Callable[[], float]) -> None:
        self._queue, self._ids, self._clock = queue, ids, clock
        self.finished = 0
        self.told: dict[int, tuple[float, float]] = {}

    def note(self) -> None:
        if self.finished in TOLD_AT and self.finished not in self.told:
            left = self._queue.eta(self._ids)
            if left is not None:
                self.told[self.finished] = self._clock(), left

    def errors(self) -> dict[int, float]:
        """By cells done: told against true, as a share of the true time left."""
        end = self._clock()
        return {done: (left - (end - at)) / (end - at) for done, (at, left) in self.told.items()}


class Done(threading.Event):
    """Ends the worker's loop when nothing is left to do."""

    def __init__(self, queue: Queue) -> None:
        super().__init__()
        self._queue = queue

    def wait(self, timeout: float | None = None) -> bool:
        if not self._queue.active():
            self.set()
        return self.is_set()


class Machine:
    """Queue, gallery and engine of one data folder, in this process. What one clock measured, another never sees."""

    def __init__(self, home: Path, weights: Path, slots: int) -> None:
        self.settings = Settings(
            home, weights, device="cpu", dtype="float32", slots=slots, memory_budget_gb=64, offline=True
        )
        self.database = Database(self.settings.database)
        self.queue = Queue(self.database)
        self.sweeps = Sweeps(self.database, self.queue)
        self.gallery = Gallery(self.settings, self.database)
        self.engine = Engine(self.settings, "cpu", self.gallery.open_image)
        self.seat = Seat(self.database, "bench", "cpu")
        self.seat.take()
        self.seat.ready(self.engine.facts())

    def run(self, spec: SweepSpec, clock: Callable[[], float]) -> dict[int, float]:
        """Draw a sweep; returns the errors of what was told, by cells done."""
        ids = self.sweeps.start(self.sweeps.create(spec, expand(spec)))
        told = Told(self.queue, ids, clock)
        told.note()
        loop = WorkerLoop(self.seat, self.engine, self.gallery, Done(self.queue), Stopwatch(clock))
        finish = self.seat.finish

        def finished(*arguments: Any) -> bool:
            done = finish(*arguments)
            told.finished += 1
            told.note()
            return done

        self.seat.finish = finished  # type: ignore[method-assign]
        loop.run()
        del self.seat.finish
        return told.errors()


def measure(size: str, runs: int, slots: int) -> dict[str, dict[int, list[float]]]:
    """Errors by clock, then by cells done; ``runs`` sweeps on each clock, alternating."""
    found: dict[str, dict[int, list[float]]] = {clock: {done: [] for done in TOLD_AT} for clock in CLOCKS}
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "models"
        models.build(weights, models.SIZES[size], torch.float32)
        machines = {name: Machine(Path(folder) / name, weights, slots) for name in CLOCKS}
        base = mixed_cells(models.SIZES[size].side)[0]
        base = base.with_(controls=[{**dict(base.controls[0]), "weight": 1.0}])
        for run in range(runs):
            axes = [{"axis": name, "values": values} for name, values in SWEEPS[run % len(SWEEPS)].items()]
            spec = SweepSpec.build(request=base.with_(prompt=f"run {run}, {base.prompt}"), axes=axes)
            for name, clock in CLOCKS.items():
                errors = machines[name].run(spec, clock)
                for done, error in errors.items():
                    found[name][done].append(error)
                told = ", ".join(f"{done}: {error:+.0%}" for done, error in errors.items())
                print(f"run {run + 1} by {name} clock, error when so many cells are done: {told}", flush=True)
    return found


def lines(found: dict[str, dict[int, list[float]]]) -> list[tuple[str, ...]]:
    """A printable table."""
    rows = [("clock", "cells done", "median error", "largest", "within 25 %")]
    for clock, by_done in found.items():
        for done, errors in by_done.items():
            if errors:
                sizes = [abs(error) for error in errors]
                inside = sum(size <= 0.25 for size in sizes)
                rows.append((clock, f"{done}", f"{statistics.median(sizes):.0%}", f"{max(sizes):.0%}",
                             f"{inside} of {len(sizes)}"))  # fmt: skip
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.estimates", description=__doc__)
    parser.add_argument("--size", choices=list(models.SIZES), default="tiny")
    parser.add_argument("--runs", type=int, default=8, help="sweeps on each clock (default 8)")
    parser.add_argument("--slots", type=int, default=0, help="default: what the engine chooses")
    arguments = parser.parse_args()
    print("\n".join(table(lines(measure(arguments.size, arguments.runs, arguments.slots)))))


if __name__ == "__main__":
    main()
