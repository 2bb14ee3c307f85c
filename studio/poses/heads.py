"""How a figure's head is turned, found from nose, eyes and ears, and where a point of a face then lies.

Head units: the origin is the middle between the eyes, x points to the figure's left, y to the chin, z out of the face;
1 is half the distance between the eyes. A head is seen without perspective: nodded by ``pitch`` about the line through
the ears, then turned by ``yaw`` about the picture's vertical, then tilted by ``roll`` in the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from studio.errors import InvalidPose
from studio.poses.values import Joint, Person

NOSE_DOWN, NOSE_OUT = 1.1, 0.9
"""The nose in head units: (0, NOSE_DOWN, NOSE_OUT)."""
EAR_OUT, EAR_DOWN, EAR_BACK = 2.2, 0.5, 2.0
"""The ears: (±EAR_OUT, EAR_DOWN, −EAR_BACK)."""
PROFILE_YAW = math.radians(70)
"""A head of which only one eye is known is seen from the side."""
NECK_SHARE = 0.26
"""Half the distance between the eyes as a share of the distance from neck to nose."""
_NOSE, _NECK, _RIGHT_EYE, _LEFT_EYE, _RIGHT_EAR, _LEFT_EAR = 0, 1, 14, 15, 16, 17


class Head(NamedTuple):
    """Where a head is and how it is turned. Angles in radians; ``scale`` in pixels per head unit."""

    x: float
    y: float
    scale: float
    roll: float = 0.0
    pitch: float = 0.0
    """Positive: it nods down."""
    yaw: float = 0.0
    """Positive: it is turned to its own left, the viewer's right."""

    def place(self, points: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
        """Points in head units as pixels of the canvas."""
        cos_roll, sin_roll = math.cos(self.roll), math.sin(self.roll)
        placed = []
        for x, y, z in points:
            across, down = self._seen(x, y, z)
            placed.append(
                (
                    self.x + self.scale * (across * cos_roll - down * sin_roll),
                    self.y + self.scale * (across * sin_roll + down * cos_roll),
                )
            )
        return placed

    def _seen(self, x: float, y: float, z: float) -> tuple[float, float]:
        forward = z * math.cos(self.pitch) - y * math.sin(self.pitch)
        down = y * math.cos(self.pitch) + z * math.sin(self.pitch)
        return x * math.cos(self.yaw) + forward * math.sin(self.yaw), down


def head_of(person: Person) -> Head:
    """The head of a figure: from nose and eyes exactly; from nose, one eye and an ear, or nose and neck, by estimate.

    Raises:
        InvalidPose: there is no nose, or neither an eye nor the neck.
    """
    nose, neck = person.body[_NOSE], person.body[_NECK]
    right, left = person.body[_RIGHT_EYE], person.body[_LEFT_EYE]
    if nose is not None:
        if right and left and math.dist(right[:2], left[:2]) + math.dist(right[:2], nose[:2]) > 1:
            return _from_eyes(nose, right, left, neck)
        eye, ear, side = (left, person.body[_LEFT_EAR], 1) if left else (right, person.body[_RIGHT_EAR], -1)
        if eye and math.dist(eye[:2], nose[:2]) > 1:
            return _from_profile(nose, eye, ear, side)
        if neck and math.dist(neck[:2], nose[:2]) > 1:
            return _from_neck(nose, neck)
    raise InvalidPose(
        "This figure shows too little of its head to put a face on it.", "Place its nose and both eyes first."
    )


def _from_eyes(nose: Joint, right: Joint, left: Joint, neck: Joint | None) -> Head:
    middle = ((right.x + left.x) / 2, (right.y + left.y) / 2)
    roll = math.atan2(left.y - right.y, left.x - right.x)
    below = neck or nose
    if -(below.x - middle[0]) * math.sin(roll) + (below.y - middle[1]) * math.cos(roll) < 0:
        roll += math.pi  # the eyes are seen through the back of the head
    half = ((left.x - right.x) * math.cos(roll) + (left.y - right.y) * math.sin(roll)) / 2
    aside, down = _turned(nose.x - middle[0], nose.y - middle[1], -roll)
    scale, pitch, yaw = _rigid(half, aside, down)
    return Head(middle[0], middle[1], scale, _wrapped(roll), pitch, yaw)


def _rigid(half: float, aside: float, down: float) -> tuple[float, float, float]:
    """Scale, pitch and yaw that put an eye at ``half`` and the nose at (``aside``, ``down``), all in pixels.

    half = s·cos(yaw); down = s·N·sin(pitch + a); aside = s·N·cos(pitch + a)·sin(yaw), with N and a the nose's distance
    and angle: one quadratic in s².
    """
    reach, angle = math.hypot(NOSE_DOWN, NOSE_OUT), math.atan2(NOSE_DOWN, NOSE_OUT)
    b = down**2 + aside**2 + (reach * half) ** 2
    square = (b + math.sqrt(max(b**2 - (2 * reach * half * down) ** 2, 0.0))) / (2 * reach**2)
    scale = math.sqrt(square)
    pitch = math.asin(min(max(down / (scale * reach), -1.0), 1.0)) - angle
    yaw = math.copysign(math.acos(min(max(half / scale, -1.0), 1.0)), aside)
    return scale, pitch, yaw


def _from_profile(nose: Joint, eye: Joint, ear: Joint | None, side: int) -> Head:
    """``side`` is 1 when the left eye is the one that shows, −1 for the right: the head looks the other way."""
    unit = Head(0, 0, 1, yaw=-side * PROFILE_YAW)
    far = ear if ear and math.dist(ear[:2], nose[:2]) > 1 else eye
    own = (side * EAR_OUT, EAR_DOWN, -EAR_BACK) if far is ear else (float(side), 0.0, 0.0)
    (nose_x, nose_y), (far_x, far_y) = unit.place([(0, NOSE_DOWN, NOSE_OUT), own])
    scale = math.dist(far[:2], nose[:2]) / math.hypot(far_x - nose_x, far_y - nose_y)
    roll = math.atan2(far.y - nose.y, far.x - nose.x) - math.atan2(far_y - nose_y, far_x - nose_x)
    x, y = _turned(nose_x * scale, nose_y * scale, roll)
    return Head(nose.x - x, nose.y - y, scale, _wrapped(roll), yaw=unit.yaw)


def _from_neck(nose: Joint, neck: Joint) -> Head:
    scale = math.dist(neck[:2], nose[:2]) * NECK_SHARE
    roll = math.atan2(-(neck.x - nose.x), neck.y - nose.y)
    x, y = _turned(0.0, NOSE_DOWN * scale, roll)
    return Head(nose.x - x, nose.y - y, scale, roll)


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def _wrapped(angle: float) -> float:
    return math.remainder(angle, 2 * math.pi)
