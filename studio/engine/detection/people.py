"""From a network's numbers to people, and what is to be thought of them."""

from __future__ import annotations

import numpy as np

from studio.poses import wholebody
from studio.poses.values import BODY_JOINTS, Joint, Person

VISIBLE = wholebody.THRESHOLD
"""Confidence from which a joint is drawn."""
KEPT = 0.05
"""Confidence from which a joint is in the pose at all: hidden until VISIBLE, to be shown by hand."""
FEWEST_BODY, FEWEST_HAND, FEWEST_FACE = 4, 8, 24
"""How many joints have to be visible for a person, a hand, a face to be believed."""

_Joints = tuple[Joint | None, ...]


def person_of(places: np.ndarray, scores: np.ndarray, full_score: float) -> Person | None:
    """The person at ``places`` (17 or 133 COCO joints, x and y in pixels); None where too little is to be seen.

    Args:
        scores: raw peaks of the network, one per joint.
        full_score: the peak of a joint in plain sight.
    """
    found = wholebody.person_of(places, scores / full_score, KEPT)
    body = _hidden(found.body)
    if _visible(body) < FEWEST_BODY:
        return None
    return Person(
        body=body,
        left_hand=_believed(found.left_hand, FEWEST_HAND),
        right_hand=_believed(found.right_hand, FEWEST_HAND),
        face=_believed(found.face, FEWEST_FACE),
    )


def certainty(person: Person) -> float:
    """0-1: mean confidence of the body joints that are visible."""
    seen = [joint.confidence for joint in person.body if joint is not None and joint.visible]
    return sum(seen) / len(seen) if seen else 0.0


def weight(person: Person) -> float:
    """0-1: how much of a body was found, and how surely."""
    return certainty(person) * _visible(person.body) / BODY_JOINTS


def distinct(people: list[Person]) -> list[Person]:
    """Without those found twice: of two whose joints all but coincide, the surer one stays."""
    kept: list[Person] = []
    for person in sorted(people, key=weight, reverse=True):
        if not any(_same(person, other) for other in kept):
            kept.append(person)
    return kept


def nearest_last(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """In depth order: who is larger in the picture is taken to be nearer."""
    return tuple(sorted(people, key=_extent))


def _hidden(joints: _Joints) -> _Joints:
    return tuple(joint and joint._replace(visible=joint.confidence >= VISIBLE) for joint in joints)


def _believed(joints: _Joints | None, fewest: int) -> _Joints | None:
    shown = joints and _hidden(joints)
    return shown if shown and _visible(shown) >= fewest else None


def _visible(joints: _Joints) -> int:
    return sum(joint is not None and joint.visible for joint in joints)


def _seen(person: Person) -> dict[int, tuple[float, float]]:
    return {index: (joint.x, joint.y) for index, joint in enumerate(person.body) if joint and joint.visible}


def _extent(person: Person) -> float:
    """Diagonal of the visible body, in pixels."""
    places = np.array(list(_seen(person).values()))
    return float(np.hypot(*(places.max(axis=0) - places.min(axis=0)))) if len(places) else 0.0


def _same(one: Person, other: Person) -> bool:
    first, second = _seen(one), _seen(other)
    shared = first.keys() & second.keys()
    if len(shared) < 3:
        return False
    apart = np.mean([np.hypot(first[i][0] - second[i][0], first[i][1] - second[i][1]) for i in shared])
    return bool(apart < 0.08 * max(_extent(one), _extent(other)))
