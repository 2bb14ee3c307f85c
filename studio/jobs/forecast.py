"""When work will be done: a simulation of how jobs pass through the workers' slots, at measured prices.

Every batch has a fixed number of slots and costs the same full or not, so what counts is when the slots come free.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple


class Kind(NamedTuple):
    """What the price of a unit of work depends on, beside the device."""

    checkpoint: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Price:
    """What work of one kind costs on this machine, in seconds."""

    pace: float
    """Of a unit of work (see ``studio.jobs.work``) in a full batch."""
    slots: int = 1
    start: float = 0.0
    """Of preparing a picture: text, control maps."""
    finish: float = 0.0
    """Of decoding and storing a megapixel."""
    load: float = 0.0
    """Of loading the checkpoint."""


@dataclass(frozen=True, slots=True)
class Item:
    """A picture that is still to be drawn, or half drawn."""

    kind: Kind
    units: float
    """That are left."""
    megapixels: float
    running: bool = False
    wanted: bool = True
    """Whether it is waited for, or only comes before what is."""


def seconds_until(
    items: Iterable[Item], price_of: Callable[[Kind], Price | None], workers: int = 1, loaded: str | None = None
) -> float | None:
    """Seconds until the last wanted one of ``items`` is done; they are in the order in which they will be taken.

    Several workers are taken to be equally fast, and to change to the next kind together.

    Args:
        price_of: None where nothing comparable was ever measured; the answer is None then.
        loaded: the checkpoint that is in memory.
    """
    now = last = 0.0
    for kind, group in groupby(items, key=lambda item: item.kind):
        price, members = price_of(kind), list(group)
        if price is None:
            return None
        if kind.checkpoint != loaded and not members[0].running:
            now += price.load
        loaded = kind.checkpoint
        # While one picture is prepared or stored, the others of its batch stand still.
        beside = min(price.slots, math.ceil(len(members) / workers))
        free = [now] * min(price.slots * workers, len(members))
        for item in members:
            still = item.megapixels * price.finish + (0 if item.running else price.start)
            done = free[0] + item.units * price.slots * price.pace + still * beside
            heapq.heapreplace(free, done)
            last = max(last, done) if item.wanted else last
        now = max(free)
    return last
