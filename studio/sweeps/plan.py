"""What a sweep will cost, before anything runs: cells, loads, steps, time, disk; and in which order to run it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from studio.request import GenerationRequest
from studio.sweeps.expansion import Expanded
from studio.trunks import trunk_of

BYTES_PER_PIXEL = 3
"""What a pixel takes without any compression; a PNG takes less."""
Seconds = Callable[[Sequence[GenerationRequest]], float | None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Above these a person is asked to look twice."""

    cells: int = 500
    seconds: float = 2 * 3600
    bytes: int = 5_000_000_000


@dataclass(frozen=True)
class Plan:
    """What is going to happen."""

    cells: int
    unique: int
    """Different pictures among them."""
    done: int
    """Of those, the ones the gallery has already."""
    to_run: tuple[GenerationRequest, ...]
    """In the order in which they are to be queued."""
    groups: tuple[tuple[GenerationRequest, int], ...]
    """In the order of execution: one request of each group that shares weights and size, and how many cells it has."""
    steps: int
    """Denoising steps of what is to run."""
    seconds: float | None
    """Estimated; None while nothing comparable was ever measured here."""
    bytes: int
    """Disk space they take at most."""
    warnings: tuple[str, ...]

    @property
    def loads(self) -> int:
        """How often weights or the picture's size change on the way, the first time included."""
        return len(self.groups)


def plan(expanded: Expanded, done: Collection[str], seconds: Seconds, steps: Callable[[GenerationRequest], int],
         limits: Limits | None = None) -> Plan:  # fmt: skip
    """Plan a sweep.

    Args:
        done: digests of the cells that have a picture already.
        seconds: what drawing these requests, in this order, takes on this machine; None where that is not known.
        steps: how many steps a request takes (img2img takes fewer than it asks for).
    """
    unique = {cell.request.digest: cell.request for cell in expanded.cells}
    waiting = in_order([request for digest, request in unique.items() if digest not in done])
    total = seconds(waiting) if waiting else 0.0
    size = sum(request.width * request.height for request in waiting) * BYTES_PER_PIXEL
    return Plan(
        cells=len(expanded.cells),
        unique=len(unique),
        done=len(unique) - len(waiting),
        to_run=tuple(waiting),
        groups=tuple(_counted(list(group)) for _, group in groupby(waiting, key=batch_of)),
        steps=sum(map(steps, waiting)),
        seconds=total,
        bytes=size,
        warnings=tuple(_warnings(len(waiting), total, size, limits or Limits())),
    )


def in_order(requests: Sequence[GenerationRequest]) -> list[GenerationRequest]:
    """The requests so that each checkpoint, then VAE and LoRA set, then ControlNets, then size is loaded once.

    Within one batch those that start alike follow each other, as one walks their first steps for all; else the order
    stays, and groups come in the order in which they first appear.
    """
    first: dict[tuple, int] = {}
    for request in requests:
        for part in _prefixes(request):
            first.setdefault(part, len(first))
    return sorted(requests, key=lambda request: [first[part] for part in _prefixes(request)])


def _counted(group: list[GenerationRequest]) -> tuple[GenerationRequest, int]:
    return group[0], len(group)


def _prefixes(request: GenerationRequest) -> list[tuple]:
    key = (*batch_of(request), trunk_of(request))
    return [key[:length] for length in range(1, len(key) + 1)]


def batch_of(request: GenerationRequest) -> tuple:
    """What has to be equal for two cells to run together, the costliest first."""
    return (
        request.checkpoint,
        (request.vae, request.loras),
        tuple((unit.type, unit.model) for unit in request.controls),
        (request.width, request.height),
    )


def _warnings(cells: int, seconds: float | None, size: int, limits: Limits) -> list[str]:
    found = []
    if cells > limits.cells:
        found.append(f"{cells:,} pictures are to be drawn; you wanted to be warned above {limits.cells:,}.")
    if seconds is not None and seconds > limits.seconds:
        found.append(f"It will take about {seconds / 3600:.1f} hours.")
    if size > limits.bytes:
        found.append(f"The pictures may take up to {size / 1e9:.1f} GB of disk.")
    return found
