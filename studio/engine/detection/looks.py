"""The ways to look again at a picture in which people are hard to see: clearer, nearer, farther, mirrored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

Window = tuple[int, int, int, int]
"""Left, top, right, bottom; may reach beyond the picture."""

_PADDING = 114
"""The grey that YOLOX was trained to see around a picture."""


def _unchanged(pixels: np.ndarray) -> np.ndarray:
    return pixels


def clearer(pixels: np.ndarray) -> np.ndarray:
    """More local contrast, the colours kept."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    lab[:, :, 0] = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(lab[:, :, 0])
    return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)


def stretched(pixels: np.ndarray) -> np.ndarray:
    """The whole range of tones from black to white, and the middle one in the middle."""
    low, high = np.percentile(pixels, (1, 99))
    if high - low < 1:
        return pixels
    even = np.clip((pixels.astype(np.float32) - low) / (high - low), 0, 1)
    middle = float(np.clip(even.mean(), 0.05, 0.95))
    return np.round(255 * even ** (np.log(0.45) / np.log(middle))).astype(np.uint8)


def mirror(pixels: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(pixels[:, ::-1])


def whole(width: int, height: int) -> list[Window]:
    return [(0, 0, width, height)]


def farther(width: int, height: int) -> list[Window]:
    """Twice the picture's size: a figure that fills it comes to look like those a detector knows."""
    return [(-width // 2, -height // 2, width + width // 2, height + height // 2)]


def nearer(width: int, height: int) -> list[Window]:
    """Four overlapping parts, each two thirds of the picture: small figures come one and a half times as large."""
    wide, high = -(-width * 2 // 3), -(-height * 2 // 3)
    return [
        (left, top, left + wide, top + high)
        for top in dict.fromkeys((0, height - high))
        for left in dict.fromkeys((0, width - wide))
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """One rung of the ladder."""

    words: str
    """What the person waiting is told."""
    pixels: Callable[[np.ndarray], np.ndarray] = _unchanged
    windows: Callable[[int, int], list[Window]] = whole
    mirrored: bool = False


LOOKS = (
    Look("Looking for people"),
    Look("Looking again with more contrast", clearer),
    Look("Looking again with other tones", stretched),
    Look("Looking again from farther away", windows=farther),
    Look("Looking again from nearer", clearer, nearer),
    Look("Looking again in a mirror", clearer, mirrored=True),
)
"""From the cheapest to the most unusual; the first that shows everybody plainly is the last that is tried."""


def cut(pixels: np.ndarray, window: Window) -> np.ndarray:
    """The part of ``pixels`` in ``window``, grey where it reaches beyond the picture."""
    left, top, right, bottom = window
    height, width = pixels.shape[:2]
    part = np.full((bottom - top, right - left, 3), _PADDING, np.uint8)
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    part[y1 - top : y2 - top, x1 - left : x2 - left] = pixels[y1:y2, x1:x2]
    return part


def at_inner_edge(boxes: np.ndarray, window: Window, width: int, height: int) -> np.ndarray:
    """Which boxes (n, 4; in the picture's pixels) were cut off by a window's edge that is not the picture's own."""
    left, top, right, bottom = window
    near = 2.0
    return (
        ((boxes[:, 0] <= left + near) & (left > 0))
        | ((boxes[:, 1] <= top + near) & (top > 0))
        | ((boxes[:, 2] >= right - near) & (right < width))
        | ((boxes[:, 3] >= bottom - near) & (bottom < height))
    )
