"""Where a worker's time goes: every second it is busy is put down to loading, preparing, stepping or finishing.

Nothing falls between: a lap ends where the next begins. So work that is left, times these prices, is time by the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from studio.jobs.forecast import Kind
from studio.jobs.work import Work
from studio.request import GenerationRequest

SAMPLE_SECONDS = 0.25
"""Steps are put together to samples of at least so long; a slow machine's step is a sample of its own."""


class Part(StrEnum):
    """What the time was spent on; its amount is measured in …"""

    LOAD = "load"  # loads
    START = "start"  # pictures
    STEP = "step"  # units of work
    FINISH = "finish"  # megapixels


@dataclass(frozen=True, slots=True)
class Sample:
    """A measurement: ``amount`` of a part took ``seconds``."""

    part: Part
    kind: Kind
    amount: float
    seconds: float
    slots: int


def kind_of(request: GenerationRequest) -> Kind:
    """With a hires pass, a request is of the kind of its drawn size, as that pass costs most."""
    return Kind(request.checkpoint, *request.drawn_size)


@dataclass(slots=True)
class _Cell:
    kind: Kind
    work: Work
    ticks: int = 0
    finishing: float = 0.0
    """Seconds beyond its steps: decoding, enlarging."""


@dataclass(slots=True)
class Stopwatch:
    """Of one worker's loop.

    Args:
        clock: seconds that only grow.
    """

    clock: Callable[[], float] = time.monotonic
    slots: int = 1
    _lap: float = 0.0
    _cells: dict[str, _Cell] = field(default_factory=dict)
    _samples: list[Sample] = field(default_factory=list)
    _amount: float = 0.0
    _seconds: float = 0.0
    _kind: Kind | None = None
    _pace: float | None = None
    _warm: bool = False
    """The first steps after a load are slow and say nothing about later ones."""

    def rest(self) -> None:
        """What passed since the last lap was idle."""
        self._lap = self.clock()

    def admitted(self, cell: str, request: GenerationRequest, loaded: bool) -> None:
        """A cell was given a slot; ``loaded``: its checkpoint had to be fetched into memory."""
        one = self._cells[cell] = _Cell(kind_of(request), Work.of(request))
        if one.kind != self._kind:
            self._gather()
            self._kind, self._pace = one.kind, None
        self._warm = self._warm and not loaded
        self._put(Part.LOAD if loaded else Part.START, one.kind, 1, self._round())

    def ticked(self, stepped: Iterable[str], ending: Iterable[str]) -> None:
        """A tick is over: cells took a step, or were decoded or enlarged (or both)."""
        seconds, ending = self._round(), [cell for cell in ending if cell in self._cells]
        units = [self._step(self._cells[cell]) for cell in stepped if cell in self._cells]
        if not self._warm:
            self._warm = True
            return
        amount = sum(units) * max(1.0, self.slots / len(units)) if units else 0.0
        if ending and (not amount or self._pace is not None):
            beyond = max(0.0, seconds - amount * (self._pace or 0.0))
            seconds -= beyond
            for cell in ending:
                self._cells[cell].finishing += beyond / len(ending)
        if amount:
            self._amount += amount
            self._seconds += seconds
            self._pace = self._pace if ending else seconds / amount
        if self._seconds >= SAMPLE_SECONDS:
            self._gather()

    def spared(self, cell: str, share: float) -> None:
        """Another cell walked that share of a cell's steps for it: nothing that was measured is due to them."""
        if cell in self._cells:
            one = self._cells[cell]
            one.ticks = round(share * len(one.work.ticks))

    def stored(self, cell: str) -> None:
        """A cell's picture was written down."""
        one, seconds = self._cells.pop(cell), self._round()
        self._put(Part.FINISH, one.kind, one.work.megapixels, seconds + one.finishing)

    def dropped(self, cell: str) -> None:
        """A cell left its slot."""
        self._cells.pop(cell, None)

    def drain(self) -> list[Sample]:
        """The measurements since the last call."""
        self._gather()
        samples, self._samples = self._samples, []
        return samples

    def _step(self, cell: _Cell) -> float:
        ticks = cell.work.ticks
        cell.ticks += 1
        return ticks[min(cell.ticks, len(ticks)) - 1]

    def _gather(self) -> None:
        """Make a sample of the steps so far."""
        if self._amount and self._kind:
            self._put(Part.STEP, self._kind, self._amount, self._seconds)
        self._amount = self._seconds = 0.0

    def _put(self, part: Part, kind: Kind, amount: float, seconds: float) -> None:
        self._samples.append(Sample(part, kind, amount, seconds, self.slots))

    def _round(self) -> float:
        now = self.clock()
        seconds, self._lap = now - self._lap, now
        return seconds
