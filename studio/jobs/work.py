"""What drawing a request takes, in units that no machine enters into; multiplied by a measured pace they are seconds.

One unit is one evaluation of the UNet, with and without the prompt, on a picture of one megapixel.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.catalog.samplers import SAMPLERS
from studio.request import ControlUnit, GenerationRequest

CONTROL_SHARE = 0.4
"""What a ControlNet costs beside the UNet that it steers: it is the UNet's first half (measured: 0.35 to 0.45)."""
MEGAPIXEL = 1_000_000


@dataclass(frozen=True, slots=True)
class Work:
    """Of one request."""

    ticks: tuple[float, ...]
    """The units of every evaluation, in order, through all passes."""
    megapixels: float
    """Of the finished picture: what decoding, enlarging and storing go by."""

    @classmethod
    def of(cls, request: GenerationRequest) -> Work:
        width, height = request.final_size
        ticks = [units for steps, size in _passes(request) for units in _ticks(request, steps, size)]
        return cls(tuple(ticks), width * height / MEGAPIXEL)

    @property
    def units(self) -> float:
        """All denoising together."""
        return sum(self.ticks)


def planned_steps(request: GenerationRequest) -> int:
    """Steps the request will take in all passes. An img2img request takes only the ``strength`` part of them."""
    return sum(steps for steps, _ in _passes(request))


def _passes(request: GenerationRequest) -> list[tuple[int, tuple[int, int]]]:
    """Steps and size of each pass."""
    steps = request.steps if request.source is None else max(1, int(request.steps * request.source.strength))
    found = [(steps, (request.width, request.height))]
    if request.hires:
        found.append((request.hires.steps_of(request.steps), request.drawn_size))
    return found


def _ticks(request: GenerationRequest, steps: int, size: tuple[int, int]) -> list[float]:
    sampler = SAMPLERS.get(request.sampler)
    count = steps * (sampler.evaluations if sampler else 1)
    plain = (1.0 if request.guidance_scale > 1 else 0.5) * size[0] * size[1] / MEGAPIXEL
    active = [[_takes_part(unit, tick, count) for unit in request.controls] for tick in range(count)]
    return [plain * (1 + CONTROL_SHARE * sum(units)) for units in active]


def _takes_part(unit: ControlUnit, tick: int, count: int) -> bool:
    """A ControlNet of weight 0 is skipped, and so are the steps outside its window."""
    return unit.weight > 0 and unit.start <= tick / count and (tick + 1) / count <= unit.end
