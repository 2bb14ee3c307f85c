"""What a browser sends, checked: a pose, and perhaps something Python is to do with it."""

from __future__ import annotations

from pydantic import ValidationError

from studio.errors import InvalidPose, UnknownName
from studio.poses import expressions, gestures, openpose, proportions
from studio.poses.values import Person, Pose

_HINT = "The pose stays as it was before. Undo, or reload the page if it happens again."


def read(sent: object) -> Pose:
    """The pose in ``sent``, plain data as :meth:`Pose.model_dump` gives it.

    Raises:
        InvalidPose: wrong lengths, something that is no number, or coordinates that no picture could have.
    """
    try:
        pose = Pose.model_validate(sent)
    except (ValidationError, RecursionError):
        raise InvalidPose("The editor sent something that is no pose.", _HINT) from None
    for person in pose.people:
        for joints in (person.body, person.left_hand or (), person.right_hand or (), person.face or ()):
            if any(joint and max(abs(joint.x), abs(joint.y)) > openpose.MAX_COORDINATE for joint in joints):
                raise InvalidPose("A joint was put far outside its canvas.", _HINT)
    return pose


def obey(pose: Pose, command: object) -> Pose:
    """``pose`` with one of its people given a gesture, an expression or other proportions.

    Raises:
        UnknownName: there is no such command, gesture, expression or proportions.
        InvalidPose: the person lacks the joints it takes.
    """
    if command is None:
        return pose
    name, value, side, index = _parts(command)
    if not 0 <= index < len(pose.people):
        raise InvalidPose("This pose has no such person.", _HINT)
    changed = _applied(pose.people[index], name, value, side)
    people = tuple(changed if at == index else person for at, person in enumerate(pose.people))
    return pose.model_copy(update={"people": people})


def _parts(command: object) -> tuple[str, str, str, int]:
    fields = command if isinstance(command, dict) else {}
    index = fields.get("person")
    if not isinstance(index, int) or isinstance(index, bool):
        index = -1
    return str(fields.get("name")), str(fields.get("value")), str(fields.get("side")), index


def _applied(person: Person, name: str, value: str, side: str) -> Person:
    if name == "gesture":
        return gestures.place(person, side, value)
    if name == "expression":
        return expressions.place(person, value)
    if name == "proportions":
        return proportions.retarget_person(person, value)
    raise UnknownName(f"The editor asked for something unknown: {name[:60]!r}.", _HINT)
