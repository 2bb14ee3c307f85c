"""Which pixels of a picture have the colours of a drawn skeleton, and which colour each of them has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.poses.skeletons import FACE_JOINT_COLOUR, HAND_EDGE_COLOURS, JOINT_COLOURS, LIMB_COLOURS, Colour

JOINT, LIMB, HAND, FACE = 0, len(JOINT_COLOURS), len(JOINT_COLOURS) + len(LIMB_COLOURS), 55
"""Where each group of colours begins in the labels: body dots, body sticks, hand lines, face dots."""
EMPTY, OTHER = 255, 254

_COLOURS: tuple[Colour, ...] = (*JOINT_COLOURS, *LIMB_COLOURS, *HAND_EDGE_COLOURS, FACE_JOINT_COLOUR)
_TOLERANCE = 28
"""Per channel: what JPEG does to the middle of a stick."""
_BACKGROUND_TOLERANCE = 40
_LEAST_BACKGROUND = 0.5
_LEAST_ON_PALETTE = 0.5


@dataclass(frozen=True)
class Labels:
    """What is drawn in a picture, as palette entries."""

    map: np.ndarray
    """uint8 of shape (h, w): the picture without the empty space around what is drawn."""
    origin: tuple[int, int]
    """Where the map's left top corner lies in the picture."""
    on_palette: float
    """0-1: how much of what is not background has a colour of the palette."""

    def joint(self, index: int) -> np.ndarray:
        return self.map == JOINT + index

    def limb(self, index: int) -> np.ndarray:
        return self.map == LIMB + index

    def hand_edge(self, index: int) -> np.ndarray:
        mask = self.map == HAND + index
        for joint, colour in enumerate(JOINT_COLOURS):
            if colour == HAND_EDGE_COLOURS[index]:  # red and cyan mean a dot of the body, too
                mask |= self.joint(joint)
        return mask


def labels_of(pixels: np.ndarray) -> Labels | None:
    """The labels of ``pixels`` (H, W, 3; RGB); None where they are plainly no drawn skeleton."""
    height, width = pixels.shape[:2]
    background = np.median(np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]), axis=0)
    if background.max() - background.min() > 16:
        return None
    drawn = np.abs(pixels.astype(np.int16) - background).max(axis=2) > _BACKGROUND_TOLERANCE
    if not 0 < drawn.sum() <= (1 - _LEAST_BACKGROUND) * drawn.size:
        return None
    packed = pixels[drawn].astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    colours, place = np.unique(packed, return_inverse=True)
    kinds = _nearest(np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=1))[place]
    on_palette = float((kinds != OTHER).mean())
    if on_palette < _LEAST_ON_PALETTE:
        return None
    found = np.full((height, width), EMPTY, np.uint8)
    found[drawn] = kinds
    rows, columns = (np.flatnonzero(drawn.any(axis=axis)) for axis in (1, 0))
    top, left = max(rows[0] - 1, 0), max(columns[0] - 1, 0)
    part = found[top : rows[-1] + 2, left : columns[-1] + 2]
    return Labels(np.ascontiguousarray(part), (int(left), int(top)), on_palette)


def _nearest(colours: np.ndarray) -> np.ndarray:
    """The palette entry of each of ``colours`` (n, 3), or OTHER."""
    kinds = np.full(len(colours), OTHER, np.uint8)
    palette = np.array(_COLOURS, np.int16)
    for start in range(0, len(colours), 65536):
        part = colours[start : start + 65536].astype(np.int16)
        apart = np.abs(part[:, None] - palette).max(axis=2)
        nearest = apart.argmin(axis=1)
        close = apart[np.arange(len(part)), nearest] <= _TOLERANCE
        kinds[start : start + 65536][close] = nearest[close]
    return kinds
