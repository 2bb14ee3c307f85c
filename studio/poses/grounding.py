"""Keeps a figure standing where it stood after its bones were made longer or shorter."""

from __future__ import annotations

import math
from collections.abc import Mapping

Point = tuple[float, float]
Places = Mapping[int, Point]

_LEGS = ((8, 9, 10), (11, 12, 13))
NEAR_GROUND = 0.025
"""A foot stands when it is no higher above the lowest joint than this share of the figure's height."""
STANDING = 0.5
"""A leg carries when it is this upright: its height over its length."""


def on_the_ground(before: Places, after: Places) -> dict[int, Point]:
    """``after`` moved so that the feet that stood are exactly as high as ``before``, around the same middle.

    The length of a standing leg is trimmed, never its direction. Without standing feet, the lowest height stays.
    """
    moved = dict(after)
    feet = _standing(before)
    ground = feet or list(before)
    across, down = _middle(before) - _middle(moved), _lowest(before, ground) - _lowest(moved, ground)
    for index, (x, y) in moved.items():
        moved[index] = (x + across, y + down)
    for hip, knee, ankle in _LEGS:
        if ankle in feet:
            _trim(moved, hip, knee, ankle, before[ankle][1])
    return moved


def _standing(places: Places) -> list[int]:
    ys = [y for _, y in places.values()]
    near = NEAR_GROUND * (max(ys) - min(ys))
    feet = [ankle for _, _, ankle in _LEGS if ankle in places and places[ankle][1] >= max(ys) - near]
    # A kneeling figure's feet are near the ground, but its knees carry it.
    return feet if any(places[foot][1] == max(ys) for foot in feet) else []


def _middle(places: Places) -> float:
    """The x a figure is centred on: between its ankles, or else between all of its joints."""
    xs = [places[index][0] for _, _, index in _LEGS if index in places]
    xs = xs if len(xs) == 2 else [x for x, _ in places.values()]
    return sum(xs) / len(xs)


def _lowest(places: Places, indices: list[int]) -> float:
    return max(places[index][1] for index in indices)


def _trim(places: dict[int, Point], hip: int, knee: int, ankle: int, ground: float) -> None:
    """Stretch a whole leg a little so that its ankle comes to the height of ``ground``."""
    if not all(index in places for index in (hip, knee, ankle)):
        return
    start, bend, end = places[hip], places[knee], places[ankle]
    height = end[1] - start[1]
    if height <= 0 or height < STANDING * (math.dist(start, bend) + math.dist(bend, end)):
        return
    factor = (ground - start[1]) / height
    for index, (x, y) in ((knee, bend), (ankle, end)):
        places[index] = (start[0] + (x - start[0]) * factor, start[1] + (y - start[1]) * factor)
