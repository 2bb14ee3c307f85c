"""Draws a pose exactly as ControlNet's training pictures were drawn, byte for byte.

Person by person, the last one in front: body sticks at 60 % brightness, full-brightness dots over them, then hands,
then face. Stick widths are in pixels of the generated picture and never scaled with it (except for ``thick``), so a
pose is drawn at the size of the generation and not resized afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from studio.poses import skeletons
from studio.poses.values import Joint, Pose

THICK_STEPS = ((0, 1), (500, 2), (1000, 3), (2000, 4), (3000, 5), (4000, 6), (5000, 7))
"""(longest side in pixels from which it holds, how many times thicker body sticks and dots are) for ``thick``."""
_FAR = 1_000_000
Points = list[tuple[float, float] | None]


def draw(pose: Pose, width: int, height: int, thick: bool = False) -> np.ndarray:
    """The control picture of ``pose``: uint8, shape (height, width, 3), RGB on black.

    A pose made on another canvas is first fitted into this one (aspect kept, centred).

    Args:
        thick: draw body sticks and dots as the xinsir SDXL ControlNets were trained, scaled with the picture's size.
    """
    pose = pose.scaled_to(width, height)
    canvas = np.zeros((height, width, 3), np.uint8)
    scale = _thickness(max(width, height)) if thick else 1
    for person in pose.people:
        _draw_body(canvas, _points(person.body, width, height), scale)
        for hand in (person.left_hand, person.right_hand):
            _draw_hand(canvas, _points(hand or (), width, height))
        _draw_face(canvas, _points(person.face or (), width, height))
    return canvas


def _thickness(longest_side: int) -> int:
    return next(times for side, times in reversed(THICK_STEPS) if longest_side >= side)


def _points(joints: Sequence[Joint | None], width: int, height: int) -> Points:
    """Where the drawn joints are, in pixels; None for those that are absent or hidden."""
    return [
        (_place(joint.x, width), _place(joint.y, height)) if joint is not None and joint.visible else None
        for joint in joints
    ]


def _place(value: float, size: int) -> float:
    # The reference code keeps joints as fractions of the canvas; the same two roundings give the same pixel.
    # What lies a million pixels outside is drawn as lying there: OpenCV counts in 32 bits.
    return min(max(value / size * size, -_FAR), _FAR)


def _draw_body(canvas: np.ndarray, points: Points, scale: int) -> None:
    for (start, end), colour in zip(skeletons.LIMBS, skeletons.LIMB_COLOURS, strict=True):
        first, second = points[start], points[end]
        if first is not None and second is not None:
            cv2.fillConvexPoly(canvas, _stick(first, second, skeletons.STICK_HALF_WIDTH * scale), colour)
    for point, colour in zip(points, skeletons.JOINT_COLOURS, strict=True):
        if point is not None:
            _dot(canvas, point, skeletons.BODY_DOT_RADIUS * scale, colour)


def _stick(first: tuple[float, float], second: tuple[float, float], half_width: int) -> np.ndarray:
    """A limb as a slim ellipse, its corners as int32 of shape (n, 2)."""
    (x1, y1), (x2, y2) = first, second
    length = ((y1 - y2) ** 2 + (x1 - x2) ** 2) ** 0.5
    angle = math.degrees(math.atan2(y1 - y2, x1 - x2))
    middle = (int((x1 + x2) / 2), int((y1 + y2) / 2))
    return np.asarray(cv2.ellipse2Poly(middle, (int(length / 2), half_width), int(angle), 0, 360, 1), np.int32)


def _draw_hand(canvas: np.ndarray, points: Points) -> None:
    if not points:
        return
    shown = [_pixel(point) for point in points]
    for (start, end), colour in zip(skeletons.HAND_EDGES, skeletons.HAND_EDGE_COLOURS, strict=True):
        first, second = shown[start], shown[end]
        if first is not None and second is not None:
            cv2.line(canvas, first, second, colour, thickness=skeletons.HAND_LINE_WIDTH)
    for pixel in shown:
        if pixel is not None:
            _dot(canvas, pixel, skeletons.HAND_DOT_RADIUS, skeletons.HAND_JOINT_COLOUR)


def _draw_face(canvas: np.ndarray, points: Points) -> None:
    for pixel in map(_pixel, points):
        if pixel is not None:
            _dot(canvas, pixel, skeletons.FACE_DOT_RADIUS, skeletons.FACE_JOINT_COLOUR)


def _pixel(point: tuple[float, float] | None) -> tuple[int, int] | None:
    """Hands and faces leave out what lies on the first row or column, or before it: there, 0 means absent."""
    if point is None or int(point[0]) <= 0 or int(point[1]) <= 0:
        return None
    return int(point[0]), int(point[1])


def _dot(canvas: np.ndarray, point: tuple[float, float], radius: int, colour: skeletons.Colour) -> None:
    cv2.circle(canvas, (int(point[0]), int(point[1])), radius, colour, thickness=-1)
