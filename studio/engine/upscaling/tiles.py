"""Cutting a picture into tiles: which pixels each one gives, and which it has to see for that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

ALIGN = 4
"""Tiles begin and end at multiples of this, so that networks that fold pixels into channels fold them as untiled."""
FAST_OVERLAP = 32
"""Pixels a tile sees beyond its own in fast mode; over half of them it is blended with its neighbour."""


@dataclass(frozen=True, slots=True)
class Box:
    """Left and top inside, right and bottom outside, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def pixels(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    def grown(self, by: int, width: int, height: int, align: int = 1) -> Box:
        """This box with ``by`` more pixels on each side, widened to multiples of ``align``, inside the picture."""
        return Box(
            max(0, (self.left - by) // align * align),
            max(0, (self.top - by) // align * align),
            min(width, -(-(self.right + by) // align) * align),
            min(height, -(-(self.bottom + by) // align) * align),
        )

    def scaled(self, by: int) -> Box:
        return Box(self.left * by, self.top * by, self.right * by, self.bottom * by)

    def inside(self, other: Box) -> tuple[slice, slice]:
        """Rows and columns of this box within the array of ``other``."""
        return (
            slice(self.top - other.top, self.bottom - other.top),
            slice(self.left - other.left, self.right - other.left),
        )

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of this box within the whole picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Tile:
    """``own`` pixels are this tile's alone; ``kept`` are written (more, where tiles blend); ``seen`` go in."""

    own: Box
    kept: Box
    seen: Box


def plan(width: int, height: int, side: int, radius: int | None, align: int = ALIGN) -> list[Tile]:
    """Tiles over a picture, row by row, about equally large.

    Args:
        side: most pixels a tile gives in each direction; a picture that fits is one tile.
        radius: receptive radius of the network, for exact seams; None blends the seams instead.
    """
    beyond, blended = (radius, 0) if radius is not None else (FAST_OVERLAP, FAST_OVERLAP // 2)
    tiles = []
    for top, bottom in _spans(height, side):
        for left, right in _spans(width, side):
            own = Box(left, top, right, bottom)
            tiles.append(
                Tile(own, own.grown(blended, width, height), own.grown(beyond, width, height, math.lcm(ALIGN, align)))
            )
    return tiles


def _spans(length: int, side: int) -> list[tuple[int, int]]:
    count = math.ceil(length / side)
    edges = [length * number // count for number in range(count + 1)]
    return list(pairwise(edges))


def blend(below: np.ndarray, above: np.ndarray, tile: Tile, scale: int) -> np.ndarray:
    """The pixels of ``tile.kept``: those already there fade into the tile's own towards its inside.

    ``below`` and ``above`` are uint8 (h, w, 3). Tiles come row by row, so to the left and above something is there.
    """
    weight = np.ones(above.shape[:2], np.float32)
    for axis, overlap in ((1, tile.own.left - tile.kept.left), (0, tile.own.top - tile.kept.top)):
        if overlap:
            length = 2 * overlap * scale
            ramp = np.ones(above.shape[axis], np.float32)
            ramp[:length] = (np.arange(min(length, len(ramp)), dtype=np.float32) + 0.5) / length
            weight *= ramp[None, :] if axis else ramp[:, None]
    mixed = below + (above.astype(np.float32) - below) * weight[..., None]
    return mixed.round().astype(np.uint8)
