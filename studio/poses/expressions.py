"""Facial expressions: 70 points each in head units (see ``heads``), placed on a figure's head as it is turned."""

from __future__ import annotations

from typing import NamedTuple

from studio.errors import UnknownName
from studio.poses.heads import NOSE_DOWN, NOSE_OUT, head_of
from studio.poses.skeletons import FACE_MIRROR
from studio.poses.values import FACE_JOINTS, Joint, Person

Point = tuple[float, float, float]


class Expression(NamedTuple):
    """A face in head units."""

    label: str
    points: tuple[Point, ...]


_HALF_FACE: dict[int, Point] = {
    0: (-2.28, 0.05, -2.2), 1: (-2.25, 0.75, -2.1), 2: (-2.13, 1.42, -1.9), 3: (-1.95, 2.05, -1.6),
    4: (-1.64, 2.62, -1.15), 5: (-1.22, 3.06, -0.6), 6: (-0.8, 3.37, -0.1), 7: (-0.4, 3.56, 0.2), 8: (0, 3.62, 0.3),
    17: (-1.75, -0.55, -0.5), 18: (-1.45, -0.82, -0.15), 19: (-1.08, -0.9, 0.05), 20: (-0.72, -0.85, 0.2),
    21: (-0.38, -0.72, 0.28),
    27: (0, 0, 0.35), 28: (0, 0.38, 0.55), 29: (0, 0.75, 0.75), 30: (0, NOSE_DOWN, NOSE_OUT),
    31: (-0.46, 1.36, 0.45), 32: (-0.24, 1.45, 0.6), 33: (0, 1.5, 0.66),
    36: (-1.42, 0.03, -0.2), 37: (-1.18, -0.19, -0.02), 38: (-0.84, -0.19, 0), 39: (-0.58, 0.05, -0.02),
    40: (-0.84, 0.17, 0), 41: (-1.18, 0.18, -0.02),
    48: (-0.86, 2.22, 0.35), 49: (-0.52, 2.06, 0.55), 50: (-0.2, 1.99, 0.64), 51: (0, 2.03, 0.66),
    57: (0, 2.58, 0.6), 58: (-0.22, 2.55, 0.6), 59: (-0.5, 2.45, 0.55),
    60: (-0.74, 2.22, 0.38), 61: (-0.24, 2.19, 0.58), 62: (0, 2.21, 0.6), 66: (0, 2.27, 0.6), 67: (-0.24, 2.26, 0.58),
    68: (-1, 0, 0.02),
}  # fmt: skip
"""The figure's right half, and what lies on the middle line, of a face at rest."""

_UPPER_LIP, _LOWER_LIP = (49, 50, 51, 52, 53, 61, 62, 63), (55, 56, 57, 58, 59, 65, 66, 67)
_CORNERS = {
    48: 1.0,
    60: 0.9,
    49: 0.5,
    59: 0.5,
    54: 1.0,
    64: 0.9,
    53: 0.5,
    55: 0.5,
    50: 0.1,
    52: 0.1,
    56: 0.15,
    58: 0.15,
}
_BROWS = ((17, 18, 19, 20, 21), (26, 25, 24, 23, 22))  # each from its outer end
_EYES = ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47))
_JAW_FOLLOWS = {index: (1 - abs(8 - index) / 6) for index in range(3, 14)}


class _Look(NamedTuple):
    """How a face differs from one at rest; pairs are (its right, its left)."""

    brow_inner: float = 0.0
    brow_outer: float = 0.0
    """Raised by so many head units."""
    eyes: tuple[float, float] = (1.0, 1.0)
    """Opening: 0 closed, 1 at rest."""
    arch: float = 0.0
    """Closed lids curve upwards (laughing) by this; negative: downwards (asleep)."""
    gaze: tuple[float, float] = (0.0, 0.0)
    smile: tuple[float, float] = (0.0, 0.0)
    """Corners of the mouth raised by so many head units."""
    open: float = 0.0
    """The lower lip dropped by so many head units."""
    width: float = 1.0
    """Of the mouth."""


def _face(label: str, look: _Look | None = None) -> Expression:
    points = _at_rest()
    if look is not None:
        _set_brows(points, look)
        for eye, opening, pupil in zip(_EYES, look.eyes, (68, 69), strict=True):
            _set_eye(points, eye, opening, look.arch)
            _shift(points, pupil, *look.gaze)
        _set_mouth(points, look)
    return Expression(label, tuple((round(x, 3) + 0.0, round(y, 3) + 0.0, z) for x, y, z in points))


def _at_rest() -> list[Point]:
    other = {FACE_MIRROR[index]: (-x, y, z) for index, (x, y, z) in _HALF_FACE.items()}
    return [_HALF_FACE.get(index) or other[index] for index in range(FACE_JOINTS)]


def _shift(points: list[Point], index: int, right: float, down: float) -> None:
    x, y, z = points[index]
    points[index] = (x + right, y + down, z)


def _set_brows(points: list[Point], look: _Look) -> None:
    for brow in _BROWS:
        for step, index in enumerate(brow):
            raised = look.brow_outer + (look.brow_inner - look.brow_outer) * step / 4
            _shift(points, index, 0.0, -raised)


def _set_eye(points: list[Point], eye: tuple[int, ...], opening: float, arch: float) -> None:
    shut = 1 - min(opening, 1.0)
    for index in eye:
        x, y, z = points[index]
        corner = index in (36, 39, 42, 45)
        moved = y + shut * max(arch, 0.0) if corner else 0.02 + (y - 0.02) * opening - shut * arch
        points[index] = (x, moved, z)


def _set_mouth(points: list[Point], look: _Look) -> None:
    for index in range(48, 68):
        x, y, z = points[index]
        points[index] = (x * look.width, y, z)
    for index, share in _CORNERS.items():
        lifted = look.smile[0] if points[index][0] < 0 else look.smile[1]
        _shift(points, index, 0.0, -lifted * share)
    for index in _UPPER_LIP:
        _shift(points, index, 0.0, -0.12 * look.open)
    for index in _LOWER_LIP:
        _shift(points, index, 0.0, look.open * (0.75 if index in (55, 59) else 1.0))
    for index in (48, 60, 54, 64):
        _shift(points, index, 0.0, 0.35 * look.open)
    for index, share in _JAW_FOLLOWS.items():
        _shift(points, index, 0.0, 0.6 * look.open * share)


EXPRESSIONS: dict[str, Expression] = {
    "neutral": _face("Neutral"),
    "smile": _face("Smile", _Look(0.05, 0.05, eyes=(0.85, 0.85), smile=(0.24, 0.24), width=1.14)),
    "laugh": _face(
        "Laugh", _Look(0.15, 0.12, eyes=(0.08, 0.08), arch=0.13, smile=(0.3, 0.3), open=0.85, width=1.18)
    ),
    "grin": _face("Grin", _Look(0.04, 0.08, eyes=(0.8, 0.8), smile=(0.32, 0.32), open=0.28, width=1.25)),
    "smirk": _face("Smirk", _Look(-0.05, 0.08, eyes=(0.75, 0.75), smile=(-0.02, 0.3), width=1.02)),
    "angry": _face(
        "Angry", _Look(-0.42, 0.14, eyes=(0.8, 0.8), smile=(-0.18, -0.18), width=0.94)
    ),
    "shout": _face("Shout", _Look(-0.4, 0.16, eyes=(1.15, 1.15), smile=(-0.05, -0.05), open=1.0, width=1.05)),
    "sad": _face("Sad", _Look(0.28, -0.16, eyes=(0.7, 0.7), arch=-0.04, smile=(-0.24, -0.24), width=0.9)),
    "surprised": _face("Surprised", _Look(0.38, 0.34, eyes=(1.55, 1.55), open=0.75, width=0.72)),
    "scared": _face("Scared", _Look(0.42, 0.0, eyes=(1.5, 1.5), smile=(-0.2, -0.2), open=0.35, width=1.1)),
    "wink": _face("Wink", _Look(0.05, 0.06, eyes=(1.0, 0.06), arch=0.1, smile=(0.22, 0.28), width=1.12)),
    "closed_eyes": _face("Eyes closed", _Look(eyes=(0.05, 0.05), arch=-0.1)),
    "sleepy": _face("Sleepy", _Look(0.1, 0.0, eyes=(0.35, 0.35), arch=-0.05, open=0.15, width=0.85)),
    "pout": _face("Pout", _Look(-0.15, 0.05, smile=(-0.12, -0.12), width=0.62)),
    "shy": _face("Shy", _Look(0.18, -0.02, eyes=(0.75, 0.75), gaze=(0.16, 0.08), smile=(0.1, 0.1), width=0.8)),
}  # fmt: skip


def place(person: Person, name: str) -> Person:
    """``person`` with the face of an expression on its head.

    Raises:
        UnknownName: there is no such expression.
        InvalidPose: too little of the head is known.
    """
    if name not in EXPRESSIONS:
        raise UnknownName(f"There is no expression called {name[:60]!r}.", f"There are: {', '.join(EXPRESSIONS)}.")
    head = head_of(person)
    face = tuple(Joint(x, y) for x, y in head.place(EXPRESSIONS[name].points))
    return Person.model_validate(dict(person) | {"face": face})
