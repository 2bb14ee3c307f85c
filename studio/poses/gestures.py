"""Hand gestures: 21 points each, made from a small anatomical hand and placed at a figure's wrist.

Hand units: the wrist is (0, 0), x points to the thumb's side, y from the forearm out along the hand; 1 is the length
of an open hand from the wrist to the tip of the middle finger. Gestures are seen as a viewer sees them, thumb and
fingers foreshortened where they bend towards or away from the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from studio.errors import InvalidPose, UnknownName
from studio.poses.skeletons import FOUR_LIMBS, WRISTS
from studio.poses.values import Joint, Person

FOREARM_SHARE, UPPER_ARM_SHARE = 0.74, 0.58
"""Length of a hand as a share of the forearm, and of the upper arm; the longer one counts, as one is foreshortened."""
THUMB_INWARD, THUMB_UP = 1.0, 0.5
"""The thumb is on the side of the hand that looks this much towards the figure's middle and this much upwards."""
SHORTEST = 8.0
"""A hand is never smaller than this, in pixels, so that its points can be taken hold of."""


class Gesture(NamedTuple):
    """A hand in hand units."""

    label: str
    points: tuple[tuple[float, float], ...]


class _Finger(NamedTuple):
    """How a finger bends out of the palm at its three joints, in degrees; 0 is straight. ``spread`` turns it to the
    thumb's side at its knuckle, ``swings`` at the two joints after it."""

    bends: tuple[float, float, float]
    spread: float = 0.0
    swings: tuple[float, float] = (0.0, 0.0)


class _Thumb(NamedTuple):
    """Directions of its three bones in degrees: 0 is along the hand, 90 straight out; ``rise`` out of the palm."""

    ways: tuple[float, float, float]
    rise: float = 0.0


_KNUCKLES = ((0.14, 0.48), (0.03, 0.51), (-0.075, 0.48), (-0.165, 0.43))
_BONES = ((0.21, 0.125, 0.095), (0.235, 0.145, 0.11), (0.21, 0.135, 0.105), (0.165, 0.095, 0.09))
_THUMB_ROOT = (0.12, 0.12)
_THUMB_BONES = (0.2, 0.16, 0.13)

_STRAIGHT = (4, 5, 4)
_CURLED = (78, 96, 50)
_OPEN_THUMB = _Thumb((48, 36, 26), 10)
_TUCKED = _Thumb((24, -26, -74), 20)


def _hand(label: str, thumb: _Thumb, *fingers: _Finger, roll: float = 0.0) -> Gesture:
    """``roll`` turns the hand about the forearm, in degrees: 0 shows palm or back, 90 the thumb's edge."""
    points = [(0.0, 0.0, 0.0), *_thumb_points(thumb)]
    for knuckle, bones, finger in zip(_KNUCKLES, _BONES, fingers, strict=True):
        points += _finger_points(knuckle, bones, finger)
    turn = math.radians(roll)
    seen = ((x * math.cos(turn) + z * math.sin(turn), y) for x, y, z in points)
    return Gesture(label, tuple((round(x, 3) + 0.0, round(y, 3) + 0.0) for x, y in seen))


def _thumb_points(thumb: _Thumb) -> list[tuple[float, float, float]]:
    (x, y), z = _THUMB_ROOT, 0.0
    points = [(x, y, z)]
    rise = math.radians(thumb.rise)
    for way, length in zip(map(math.radians, thumb.ways), _THUMB_BONES, strict=True):
        x += length * math.sin(way) * math.cos(rise)
        y += length * math.cos(way) * math.cos(rise)
        z += length * math.sin(rise)
        points.append((x, y, z))
    return points


def _finger_points(
    knuckle: tuple[float, float], bones: Sequence[float], finger: _Finger
) -> list[tuple[float, float, float]]:
    (x, y), z, bent, way = knuckle, 0.0, 0.0, 0.0
    points = [(x, y, z)]
    for bend, swing, length in zip(finger.bends, (finger.spread, *finger.swings), bones, strict=True):
        bent += math.radians(bend)
        way += math.radians(swing)
        x += length * math.cos(bent) * math.sin(way)
        y += length * math.cos(bent) * math.cos(way)
        z += length * math.sin(bent)
        points.append((x, y, z))
    return points


def _fingers(bends: tuple[float, float, float], *spreads: float) -> list[_Finger]:
    return [_Finger(bends, spread) for spread in spreads]


_FIST = _fingers(_CURLED, 2, 0, -2, -4)

GESTURES: dict[str, Gesture] = {
    "open": _hand("Open", _OPEN_THUMB, *_fingers(_STRAIGHT, 5, 1, -4, -10)),
    "spread": _hand("Spread", _Thumb((62, 54, 48), 5), *_fingers((0, 2, 2), 16, 3, -11, -26)),
    "flat": _hand("Flat", _Thumb((28, 8, 2), 10), *_fingers(_STRAIGHT, -3, 0, 3, 6)),
    "relaxed": _hand(
        "Relaxed", _Thumb((36, 18, 6), 22),
        _Finger((20, 26, 14), 4), _Finger((27, 32, 18), 1), _Finger((33, 38, 20), -3), _Finger((38, 40, 22), -8),
        roll=20,
    ),
    "fist": _hand("Fist", _TUCKED, *_FIST),
    "grip": _hand("Grip", _Thumb((34, -10, -46), 30), *_fingers((62, 78, 40), 3, 0, -3, -6), roll=35),
    "point": _hand("Point", _TUCKED, _Finger(_STRAIGHT, 3), *_FIST[1:]),
    "peace": _hand("Peace", _Thumb((20, -34, -68), 25), _Finger((0, 3, 2), 13), _Finger((0, 3, 2), -9), *_FIST[2:]),
    "three": _hand("Three", _TUCKED, *_fingers((0, 3, 2), 12, 0, -12), _FIST[3]),
    "four": _hand("Four", _Thumb((20, -36, -60), 25), *_fingers((0, 3, 2), 11, 3, -6, -16)),
    "thumbs_up": _hand("Thumbs up", _Thumb((62, 84, 94), 0), *_fingers((70, 92, 58), 2, 0, -2, -4)),
    "ok": _hand(
        "OK", _Thumb((44, 30, 18), 0),
        _Finger((0, 0, 0), 22, (72, 58)), _Finger((12, 12, 6), 0), _Finger((4, 6, 4), -9), _Finger((0, 4, 2), -20),
    ),
    "pinch": _hand(
        "Pinch", _Thumb((40, 14, -4), 32),
        _Finger((46, 50, 24), 4), _Finger((52, 52, 28), 0), _Finger((60, 62, 34), -4), _Finger((66, 66, 36), -8),
        roll=25,
    ),
    "claw": _hand("Claw", _Thumb((64, 34, 4), 20), *_fingers((14, 62, 42), 18, 4, -10, -26)),
    "rock": _hand("Horns", _TUCKED, _Finger((0, 3, 2), 7), _FIST[1], _FIST[2], _Finger((0, 3, 2), -12)),
    "call": _hand("Call me", _Thumb((60, 62, 58), 0), *_FIST[:3], _Finger((0, 3, 2), -30)),
    "finger_gun": _hand("Finger gun", _Thumb((52, 64, 66), 5), _Finger((2, 3, 2), 0), *_FIST[1:]),
}  # fmt: skip


def place(person: Person, side: str, name: str, flip: bool = False) -> Person:
    """``person`` with a gesture at the end of its forearm.

    Args:
        side: ``left`` or ``right``, the figure's own.
        flip: turn the hand over, the thumb to its other side.

    Raises:
        UnknownName: there is no such gesture or side.
        InvalidPose: the figure has no wrist or elbow on that side.
    """
    if name not in GESTURES:
        raise UnknownName(f"There is no gesture called {name[:60]!r}.", f"There are: {', '.join(GESTURES)}.")
    if side not in WRISTS:
        raise UnknownName(f"There is no {side[:60]!r} hand.", "Choose left or right.")
    shoulder, elbow, wrist = (person.body[index] for index in FOUR_LIMBS[f"{side}_arm"])
    if wrist is None or elbow is None:
        raise InvalidPose(f"This figure has no {side} forearm to put a hand on.", "Place its elbow and wrist first.")
    along = _unit(wrist.x - elbow.x, wrist.y - elbow.y) or (0.0, 1.0)
    across = _thumb_side(person, side, along)
    if flip:
        across = (-across[0], -across[1])
    length = _length(shoulder, elbow, wrist)
    hand = tuple(
        Joint(wrist.x + length * (x * across[0] + y * along[0]), wrist.y + length * (x * across[1] + y * along[1]))
        for x, y in GESTURES[name].points
    )
    return Person.model_validate(dict(person) | {f"{side}_hand": hand})


def _length(shoulder: Joint | None, elbow: Joint, wrist: Joint) -> float:
    forearm = math.dist(elbow[:2], wrist[:2])
    upper = math.dist(shoulder[:2], elbow[:2]) if shoulder else 0.0
    return max(forearm * FOREARM_SHARE, upper * UPPER_ARM_SHARE, SHORTEST)


def _thumb_side(person: Person, side: str, along: tuple[float, float]) -> tuple[float, float]:
    """The unit vector across the hand on which its thumb is."""
    inward = _inward(person, side)
    across = (along[1], -along[0])
    agrees = across[0] * inward * THUMB_INWARD - across[1] * THUMB_UP
    return across if agrees >= 0 else (-across[0], -across[1])


def _inward(person: Person, side: str) -> float:
    """1 where the figure's middle is to the right in the picture, seen from its arm on ``side``; −1 where to the left.

    Seen from the side, the middle is where the face looks: there the thumbs of hanging arms point.
    """
    nose, neck, right, left = (person.body[index] for index in (0, 1, 2, 5))
    hip = person.body[8] or person.body[11]
    width = left.x - right.x if left and right else 0.0
    trunk = math.dist(neck[:2], hip[:2]) if neck and hip else abs(width)
    if nose and neck and abs(width) < 0.25 * trunk:
        return 1.0 if nose.x >= neck.x else -1.0
    facing = 1.0 if width >= 0 else -1.0
    return facing if side == "right" else -facing


def _unit(x: float, y: float) -> tuple[float, float] | None:
    length = math.hypot(x, y)
    return (x / length, y / length) if length > 1e-6 else None
