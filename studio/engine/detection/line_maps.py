"""Control maps that need no network: edges, lines and strokes with OpenCV.

uint8 (H, W, 3) in and out, white on black.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np


def canny(pixels: np.ndarray) -> np.ndarray:
    return _grey(cv2.Canny(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 100, 200))


def scribble(pixels: np.ndarray) -> np.ndarray:
    """Strokes where a fine and a coarse blur differ (a thresholded difference of Gaussians, as XDoG draws)."""
    picture = pixels.astype(np.float32)
    fine, coarse = cv2.GaussianBlur(picture, (0, 0), 0.5), cv2.GaussianBlur(picture, (0, 0), 5.0)
    dark = (coarse - fine).min(axis=2)
    return _grey(np.where(2 * dark > 32, 255, 0).astype(np.uint8))


def lineart(pixels: np.ndarray) -> np.ndarray:
    """Lines that are darker than what surrounds them, in every channel, brought to an even strength."""
    picture = pixels.astype(np.float32)
    darker = (cv2.GaussianBlur(picture, (0, 0), 6.0) - picture).min(axis=2).clip(0, 255)
    lines = darker[darker > 8]
    strength = max(16.0, float(np.median(lines))) if lines.size else 16.0
    return _grey((darker * (127 / strength)).clip(0, 255).astype(np.uint8))


def inverted(pixels: np.ndarray) -> np.ndarray:
    return _grey(255 - cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def soft_edges(pixels: np.ndarray) -> np.ndarray:
    """How quickly tones change, strongest channel first, without the grain."""
    smooth = cv2.GaussianBlur(cv2.bilateralFilter(pixels, 7, 40, 7), (0, 0), 1.2).astype(np.float32)
    slope = np.hypot(cv2.Scharr(smooth, cv2.CV_32F, 1, 0), cv2.Scharr(smooth, cv2.CV_32F, 0, 1)).max(axis=2)
    full = max(float(np.percentile(slope, 99.5)), 64.0)
    return _grey((255 * np.clip(slope / full, 0, 1) ** 0.8).astype(np.uint8))


def unchanged(pixels: np.ndarray) -> np.ndarray:
    return pixels


LINE_MAPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "canny": canny,
    "scribble": scribble,
    "lineart_simple": lineart,
    "lineart_invert": inverted,
    "softedge_simple": soft_edges,
    "tile": unchanged,
}


def _grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[:, :, None], 3, axis=2)
