"""What drawing a request takes, in units that no machine enters into; multiplied by a measured pace they are seconds.

One unit is one evaluation of the UNet, with and without the prompt, on a picture of one megapixel.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from studio.catalog.samplers import SAMPLERS
from studio.prompts.syntax import comments, composition
from studio.request import GenerationRequest
from studio.trunks import acts, shared_evaluations, trunk_of

CONTROL_SHARE = 0.4
"""What a ControlNet costs beside the UNet that it steers: it is the UNet's first half (measured: 0.35 to 0.45)."""
MEGAPIXEL = 1_000_000
NEIGHBOURS = 8
"""So many earlier requests are looked at for a common start: what lies further back is finished by then."""


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


def works_of(requests: Iterable[GenerationRequest]) -> list[Work]:
    """Of requests drawn in this order: what one of them walks for another (``studio.trunks``) costs but once."""
    before: defaultdict[tuple, deque[GenerationRequest]] = defaultdict(lambda: deque(maxlen=NEIGHBOURS))
    found = []
    for request in requests:
        work, earlier = Work.of(request), before[trunk_of(request)]
        first = _evaluations(request, _passes(request)[0][0])
        shared = max((shared_evaluations(one, request, first) for one in earlier), default=0)
        found.append(replace(work, ticks=(0.0,) * shared + work.ticks[shared:]))
        earlier.append(request)
    return found


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
    count = _evaluations(request, steps)
    plain = _rows(request) / 2 * size[0] * size[1] / MEGAPIXEL
    active = [[acts(unit, tick, count) for unit in request.controls] for tick in range(count)]
    return [plain * (1 + CONTROL_SHARE * sum(units)) for units in active]


def _rows(request: GenerationRequest) -> int:
    """One per part of an ``AND``, and the negative prompt's where it takes part (see ``engine/text.py``)."""
    parts = len(composition.parts(comments.strip(request.prompt)))
    return parts + (request.guidance_scale > 1 or parts > 1)


def _evaluations(request: GenerationRequest, steps: int) -> int:
    sampler = SAMPLERS.get(request.sampler)
    return steps * (sampler.evaluations if sampler else 1)
