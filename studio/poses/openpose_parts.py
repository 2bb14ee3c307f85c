"""The people in a frame of OpenPose JSON as lists of (x, y, confidence), still in the file's units."""

from __future__ import annotations

import math
from typing import Any

from studio.errors import InvalidPose
from studio.poses.skeletons import BODY_25_TO_18
from studio.poses.values import BODY_JOINTS

BODY, FACE = "pose_keypoints_2d", "face_keypoints_2d"
LEFT_HAND, RIGHT_HAND = "hand_left_keypoints_2d", "hand_right_keypoints_2d"

Place = tuple[float, float, float]
RawPerson = dict[str, list[Place | None]]

_PARTS = {  # allowed numbers of joints, and what to call the part
    BODY: ((18, 25), "body"),
    FACE: ((68, 70), "face"),
    LEFT_HAND: ((21,), "left hand"),
    RIGHT_HAND: ((21,), "right hand"),
}
_HINT = "Export the pose as OpenPose JSON from your pose editor and try again."


def people_of(frame: dict[str, Any]) -> list[RawPerson]:
    """Everyone in ``frame``; each has a body (18 entries), other parts only where the file has them.

    Raises:
        InvalidPose: no list of people, a list of the wrong length, or something that is no finite number.
    """
    if isinstance(frame.get("keypoints"), list):
        return _editor_people(frame["keypoints"])
    people = frame.get("people")
    if not isinstance(people, list):
        raise InvalidPose("This is not a pose in OpenPose JSON: it has no list of people.", _HINT)
    return [_person(person, number) for number, person in enumerate(people, start=1)]


def _person(person: Any, number: int) -> RawPerson:
    if not isinstance(person, dict) or not any(_old_or_new(person, part) for part in _PARTS):
        raise InvalidPose(f"Person {number} of this pose has no keypoints.", _HINT)
    parts: RawPerson = {BODY: [None] * BODY_JOINTS}
    for part, (counts, label) in _PARTS.items():
        numbers = person.get(_old_or_new(person, part))
        if numbers:
            joints = _triples(numbers, counts, f"the {label} of person {number}")
            parts[part] = [joints[index] for index in BODY_25_TO_18] if len(joints) == 25 else joints
    return parts


def _old_or_new(person: dict[str, Any], part: str) -> str:
    """The key of ``part`` in this file; OpenPose 1.0 wrote it without the ``_2d``. Empty if there is none."""
    return next((key for key in (part, part.removesuffix("_2d")) if key in person), "")


def _triples(numbers: Any, counts: tuple[int, ...], where: str) -> list[Place | None]:
    if not isinstance(numbers, list):
        raise InvalidPose(f"{where.capitalize()} is not a list of numbers in this pose.", _HINT)
    if all(isinstance(joint, list) and len(joint) == 3 for joint in numbers):  # one list per joint
        numbers = [number for joint in numbers for number in joint]
    if len(numbers) not in {count * 3 for count in counts}:
        wanted = " or ".join(f"{count * 3} ({count} joints)" for count in counts)
        raise InvalidPose(f"{where.capitalize()} has {len(numbers)} numbers in this pose.", f"It has to have {wanted}.")
    return [_place(numbers[start : start + 3], where) for start in range(0, len(numbers), 3)]


def _place(values: list[Any], where: str) -> Place | None:
    if all(value is None for value in values):
        return None
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float) or not finite(value):
            raise InvalidPose(f"A coordinate in {where} is not an ordinary number.", _HINT)
    x, y, confidence = values
    return float(x), float(y), float(confidence)


def finite(value: float) -> bool:
    """Whether ``value`` is a number that fits a float."""
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number with hundreds of digits
        return False


def _editor_people(keypoints: list[Any]) -> list[RawPerson]:
    """The older editors' form: [x, y] per joint, 18 per person, flat or one list per person."""
    nested = any(isinstance(item, list) and any(isinstance(point, list) for point in item) for item in keypoints)
    groups = keypoints if nested else [keypoints[start : start + 18] for start in range(0, len(keypoints), 18)]
    return [{BODY: _pairs(group, number)} for number, group in enumerate(groups, start=1)]


def _pairs(points: Any, number: int) -> list[Place | None]:
    where = f"the body of person {number}"
    if not isinstance(points, list) or len(points) != BODY_JOINTS:
        found = len(points) if isinstance(points, list) else "no"
        raise InvalidPose(f"{where.capitalize()} has {found} joints in this pose.", "It has to have 18.")
    joints: list[Place | None] = []
    for point in points:
        if point is not None and (not isinstance(point, list) or len(point) not in (2, 3)):
            raise InvalidPose(f"A joint in {where} is not a pair of numbers.", _HINT)
        joints.append(_place([*point[:2], 1.0], where) if point else None)
    return joints
