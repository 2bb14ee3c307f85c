"""A supersampled canvas with cel-shaded parts, and the few curves everything is built from.

Coordinates are points: the picture is always POINTS wide and high, whatever its size in pixels.
"""

import math

import cv2
import numpy as np

POINTS = 128.0
SIZE = 256  # pixels a side of the pictures that the networks learn and draw
LIGHT = (-0.62, -0.78)  # direction towards the light, upper left
cv2.setNumThreads(1)

_TURN = np.linspace(0, 2 * math.pi, 24, endpoint=False)
_UNIT_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], 1)


def spline(points, n=5, closed=True):
    """Catmull-Rom curve through points (k, 2): n samples per span."""
    p = np.asarray(points, np.float64)
    if closed:
        a, b, c, d = np.roll(p, 1, 0), p, np.roll(p, -1, 0), np.roll(p, -2, 0)
    else:
        q = np.vstack([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
        a, b, c, d = q[:-3], q[1:-2], q[2:-1], q[3:]
    t = (np.arange(n) / n)[None, :, None]
    a, b, c, d = (v[:, None] for v in (a, b, c, d))
    out = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    out = out.reshape(-1, 2)
    return out if closed else np.vstack([out, p[-1:]])


def ellipse(centre, rx, ry, angle=0.0):
    """24-gon; angle in radians."""
    e = _UNIT_CIRCLE * (rx, ry)
    if angle:
        c, s = math.cos(angle), math.sin(angle)
        e = e @ np.array([[c, s], [-s, c]])
    return e + centre


def leaf(root, bend, tip, width, n=7, belly=0.35):
    """A lock of hair: a curved blade from root over bend (quadratic Bezier) to a pointed tip."""
    root, bend, tip = (np.asarray(v, np.float64) for v in (root, bend, tip))
    t = np.linspace(0, 1, n)[:, None]
    mid = (1 - t) ** 2 * root + 2 * t * (1 - t) * bend + t**2 * tip
    tan = np.gradient(mid, axis=0)
    nor = np.stack([-tan[:, 1], tan[:, 0]], 1) / (np.linalg.norm(tan, axis=1, keepdims=True) + 1e-9)
    half = width * (1 - t) ** 0.75 * (1 + belly * np.sin(math.pi * t))
    return np.vstack([mid + nor * half, (mid - nor * half)[::-1]])


def tube(mid, radii):
    """Convex pieces that together cover a limb: circles of the given radii swept along mid (k, 2)."""
    mid, radii = np.asarray(mid, np.float64), np.asarray(radii, np.float64)
    d = np.diff(mid, axis=0)
    turn = np.arctan2(d[:, 1], d[:, 0])
    back = turn[:, None] + np.linspace(0.5, 1.5, 7) * math.pi
    front = turn[:, None] + np.linspace(-0.5, 0.5, 7) * math.pi

    def arc(a, c, r):
        return c[:, None] + np.stack([np.cos(a), np.sin(a)], -1) * r[:, None, None]

    return list(np.concatenate([arc(back, mid[:-1], radii[:-1]), arc(front, mid[1:], radii[1:])], 1))


def hull(*groups):
    """Convex hull of all the given points."""
    p = np.vstack([np.atleast_2d(v) for v in groups]).astype(np.float32)
    return cv2.convexHull(p)[:, 0].astype(np.float64)


class Canvas:
    """RGB picture under construction. size: side in pixels of the finished picture."""

    def __init__(self, size=SIZE):
        self.size = size
        self.over = 4 if size <= 128 else 2
        self.px = size * self.over / POINTS  # canvas pixels per point
        self.im = np.zeros((size * self.over, size * self.over, 3), np.uint8)
        self._soft = cv2.LINE_8 if self.over == 4 else cv2.LINE_AA

    def finish(self):
        """The antialiased picture (size, size, 3) uint8."""
        return cv2.resize(self.im, (self.size, self.size), interpolation=cv2.INTER_AREA)

    def _fix(self, points):
        return np.round(np.asarray(points, np.float64) * (self.px * 16) - 8).astype(np.int32)[:, None]

    def fill(self, points, colour):
        cv2.fillPoly(self.im, [self._fix(points)], colour, self._soft, 4)

    def line(self, points, colour, width, closed=False):
        """A stroke; width in points."""
        cv2.polylines(self.im, [self._fix(points)], closed, colour, max(1, round(width * self.px)), self._soft, 4)

    def box(self, x0, y0, x1, y1, colour):
        cv2.rectangle(
            self.im,
            (round(x0 * self.px), round(y0 * self.px)),
            (round(x1 * self.px) - 1, round(y1 * self.px) - 1),
            colour,
            -1,
        )

    def part(self, pieces, colour, line=None, width=0.0, shade=None, depth=0.0, inside=()):
        """One solid part made of overlapping pieces with a common outline.

        shade, depth: cel shadow, the part minus itself moved depth points towards the light.
        inside: (points, colour) pairs painted within the part only.
        """
        pieces = [pieces] if isinstance(pieces, np.ndarray) else pieces
        fixed = [self._fix(p) for p in pieces]
        if line is not None:
            stroke = max(1, round(2 * width * self.px))
            cv2.polylines(self.im, fixed, True, line, stroke, self._soft, 4)
        for p in fixed:
            cv2.fillPoly(self.im, [p], colour, self._soft, 4)
        if shade is None and not inside:
            return
        window = self._window(fixed)
        if window is None:
            return
        x0, y0, x1, y1 = window
        mask = self._mask(fixed, window)
        view = self.im[y0:y1, x0:x1]
        for points, paint in inside:
            view[(self._mask([self._fix(points)], window) & mask) > 0] = paint
        if shade is not None:
            dx, dy = (round(-v * depth * self.px) for v in LIGHT)
            lit = self._mask([p - np.array([[[dx * 16, dy * 16]]], np.int32) for p in fixed], window)
            view[(mask & ~lit) > 0] = shade

    def _window(self, fixed):
        q = np.vstack(fixed)[:, 0] >> 4
        side = self.im.shape[0]
        x0, y0 = np.clip(q.min(0) - 2, 0, side)
        x1, y1 = np.clip(q.max(0) + 3, 0, side)
        return None if x1 <= x0 or y1 <= y0 else (int(x0), int(y0), int(x1), int(y1))

    def _mask(self, fixed, window):
        x0, y0, x1, y1 = window
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        off = np.array([[[x0 * 16, y0 * 16]]], np.int32)
        for p in fixed:
            cv2.fillPoly(mask, [p - off], 255, cv2.LINE_8, 4)
        return mask

    def gradient(self, y0, y1, top, bottom, x0=0, x1=None):
        """Vertical gradient between two heights in points; x0, x1 in canvas pixels."""
        a, b = max(0, round(y0 * self.px)), min(self.im.shape[0], round(y1 * self.px))
        if b > a:
            t = np.linspace(0, 1, b - a)[:, None, None]
            self.im[a:b, x0:x1] = (np.array(top) * (1 - t) + np.array(bottom) * t).astype(np.uint8)

    def gradient_box(self, x0, y0, x1, y1, top, bottom):
        side = self.im.shape[0]
        self.gradient(y0, y1, top, bottom, *(int(np.clip(round(x * self.px), 0, side)) for x in (x0, x1)))
