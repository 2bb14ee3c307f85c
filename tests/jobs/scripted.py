"""A scripted stand-in for the engine, for tests of the queue around it: steps that cost nothing, deaths on command.

Prompts are its script: ``abort`` and ``exit`` kill the process at the second step, ``unusable`` fails when admitted,
``breaks`` makes a whole tick raise, ``slow`` takes a tenth of a second per step.
"""

from __future__ import annotations

import os
import sys
import time

from PIL import Image

from studio.crafting import Bench
from studio.engine.events import Failed, Finished, Progress
from studio.errors import StudioError, UnusableWeights
from studio.gallery import Gallery, Picture, Provenance
from studio.jobs import crafts
from studio.jobs.claims import Seat
from studio.jobs.states import Job
from studio.request import GenerationRequest


def request(seed: int = 1, **fields) -> GenerationRequest:
    return GenerationRequest.build(
        **{"checkpoint": "tiny-sd15", "seed": seed, "steps": 4, "width": 64, "height": 64, **fields}
    )


def picture(seed: int) -> Image.Image:
    return Image.new("RGB", (64, 64), (seed % 256, seed // 256 % 256, 7))


def draw(seat: Seat, gallery: Gallery, job: Job) -> Picture:
    """Finish a claimed job as a worker would."""
    stored = gallery.write(picture(job.request.seed), job.request, Provenance())
    assert seat.finish(job, lambda: gallery.record(stored))
    found = gallery.find(job.digest)
    assert found is not None
    return found


class ScriptedEngine:
    """Keeps the contract of ``studio.engine.engine.Engine``; one checkpoint at a time, ``slots`` cells."""

    def __init__(self, slots: int = 2, step_seconds: float = 0.0) -> None:
        self.slots = slots
        self.step_seconds = step_seconds
        self.cells: dict[str, list] = {}
        self.cancelled: list[str] = []
        self.batches: list[list[str]] = []
        self.loaded: list[str] = []

    def facts(self) -> dict:
        return {"device": "scripted", "slots": self.slots, "loaded": list(self.loaded)}

    def accepts(self, request: GenerationRequest) -> bool:
        checkpoints = {running.checkpoint for running, _ in self.cells.values()}
        return len(self.cells) < self.slots and checkpoints <= {request.checkpoint}

    def admit(self, cell: str, request: GenerationRequest) -> None:
        if request.prompt == "unusable":
            raise UnusableWeights("The weights are cut off.", "Download them again.")
        if request.prompt == "surprise":
            raise KeyError("nobody expected this")
        self.cells[cell] = [request, 0]
        self.loaded = [request.checkpoint]

    def cancel(self, cell: str) -> None:
        if self.cells.pop(cell, None):
            self.cancelled.append(cell)

    def tick(self) -> list:
        self.batches.append(list(self.cells))
        time.sleep(0.1 if any(request.prompt == "slow" for request, _ in self.cells.values()) else self.step_seconds)
        if any(request.prompt == "breaks" for request, _ in self.cells.values()):
            raise RuntimeError("the whole tick")
        return [event for cell in list(self.cells) for event in self._step(cell)]

    def _step(self, cell: str) -> list:
        self.cells[cell][1] += 1
        request, step = self.cells[cell]
        if step == 2 and request.prompt in {"abort", "exit"}:
            os.abort() if request.prompt == "abort" else os._exit(5)
        progress = Progress(cell, step, request.steps, b"preview %d" % step if step % 2 else None)
        if step < request.steps:
            return [progress]
        del self.cells[cell]
        if request.prompt == "fails":
            return [progress, Failed(cell, StudioError("It came to nothing.", "Try another seed."))]
        return [progress, Finished(cell, picture(request.seed), {"device": "scripted", "slots": self.slots})]


def count(payload: dict, bench: Bench) -> dict:
    """A scripted craft: counts to ``to``, a hundredth of a second each; ``die`` kills the process half-way."""
    for number in range(payload["to"]):
        bench.report(number, payload["to"], "counting")
        if number == payload["to"] // 2 and payload.get("die"):
            os.abort()
        if number == payload["to"] // 2 and payload.get("fails"):
            raise UnusableWeights("It came to nothing.", "Try another one.")
        time.sleep(0.01)
    return {"counted": payload["to"]}


def learn() -> None:
    """Teach this process the scripted crafts."""
    crafts.CRAFTS["count"] = "tests.jobs.scripted:count"
    crafts.CRAFTS["broken"] = "tests.jobs.scripted:nowhere"


if __name__ == "__main__":
    from studio.jobs import worker

    learn()

    sys.exit(worker.main(make_engine=lambda settings, *_: ScriptedEngine(settings.slots or 4, step_seconds=0.02)))
