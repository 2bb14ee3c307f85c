"""Mirror images of figures, and one half of a figure copied onto the other."""

from __future__ import annotations

import math
from collections.abc import Callable

from studio.errors import InvalidPose, UnknownName
from studio.poses.skeletons import BODY_PAIRS, FACE_MIRROR, FOUR_LIMBS, WRISTS
from studio.poses.values import Joint, Person, Pose

Joints = tuple[Joint | None, ...]
Move = Callable[[Joint], Joint]

_BODY_MIRROR = list(range(18))
for _right, _left in BODY_PAIRS:
    _BODY_MIRROR[_right], _BODY_MIRROR[_left] = _left, _right


def mirror(pose: Pose) -> Pose:
    """The whole picture seen in a mirror: a raised right arm becomes a raised left arm. Twice is the identity."""
    return pose.model_copy(update={"people": tuple(_mirrored(person, pose.width) for person in pose.people)})


def mirror_person(person: Person) -> Person:
    """One figure seen in a mirror, on the place where it stands. Twice is the identity."""
    xs = [joint.x for joints in _parts(person) for joint in joints if joint is not None]
    return _mirrored(person, min(xs) + max(xs)) if xs else person


def symmetric(person: Person, side: str) -> Person:
    """The figure with the arm, leg and hand of its ``side`` (left or right) copied onto its other side.

    The axis runs through the neck and the middle of the hips; without hips it is upright. Head and face stay.

    Raises:
        UnknownName: there is no such side.
        InvalidPose: the figure has no neck and no pair of shoulders or hips to say where its middle is.
    """
    if side not in WRISTS:
        raise UnknownName(f"There is no {side[:60]!r} side.", "Choose left or right.")
    other = "right" if side == "left" else "left"
    reflect = _reflection(person)
    body = list(person.body)
    for limb in ("arm", "leg"):
        for source, target in zip(FOUR_LIMBS[f"{side}_{limb}"], FOUR_LIMBS[f"{other}_{limb}"], strict=True):
            joint = body[source]
            body[target] = joint and reflect(joint)
    hand = _each(getattr(person, f"{side}_hand"), reflect)
    return Person.model_validate(dict(person) | {"body": tuple(body), f"{other}_hand": hand})


def _mirrored(person: Person, width: float) -> Person:
    """Seen in a mirror at ``width`` / 2."""

    def across(joint: Joint) -> Joint:
        return joint._replace(x=width - joint.x)

    body, face = _each(person.body, across), _each(person.face, across)
    assert body is not None
    return Person(
        body=tuple(body[index] for index in _BODY_MIRROR),
        left_hand=_each(person.right_hand, across),
        right_hand=_each(person.left_hand, across),
        face=face and tuple(face[index] for index in FACE_MIRROR),
    )


def _parts(person: Person) -> list[Joints]:
    parts = (person.body, person.left_hand, person.right_hand, person.face)
    return [joints for joints in parts if joints is not None]


def _each(joints: Joints | None, move: Move) -> Joints | None:
    return joints and tuple(joint and move(joint) for joint in joints)


def _reflection(person: Person) -> Move:
    """The reflection across the figure's middle line."""
    neck = person.body[1]
    shoulders, hips = _middle(person, 2, 5), _middle(person, 8, 11)
    top = (neck.x, neck.y) if neck else shoulders
    if top is None and hips is None:
        raise InvalidPose(
            "This figure has no neck, shoulders or hips to tell its middle.",
            "Place its neck or both of its hips first.",
        )
    x, y = top or hips or (0.0, 0.0)
    if top and hips and math.dist(top, hips) > 1:
        angle = math.atan2(hips[1] - y, hips[0] - x)
    else:
        angle = math.pi / 2
    cos, sin = math.cos(2 * angle), math.sin(2 * angle)

    def reflect(joint: Joint) -> Joint:
        dx, dy = joint.x - x, joint.y - y
        return joint._replace(x=x + dx * cos + dy * sin, y=y + dx * sin - dy * cos)

    return reflect


def _middle(person: Person, right: int, left: int) -> tuple[float, float] | None:
    first, second = person.body[right], person.body[left]
    return ((first.x + second.x) / 2, (first.y + second.y) / 2) if first and second else None
