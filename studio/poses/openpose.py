"""OpenPose JSON in every dialect met in the wild, and out in the one form that every reader accepts.

Read: one frame or a list of frames (the first with people counts); pixels, fractions of the canvas, or -1…1; 18 or 25
body joints; 68 or 70 face joints; flat numbers or one list per joint; absent parts as null, empty or zeros; real
confidences; the ``keypoints`` lists of the older editors, flat or per person. Whether a file is in pixels is decided
once for the whole file, never part by part.

Written: one object in pixels with ``canvas_width`` and ``canvas_height``, confidences 1 or 0, null for absent parts.
"""

from __future__ import annotations

import json
import math
from typing import Any

from studio.errors import InvalidPose
from studio.poses.openpose_parts import BODY, FACE, LEFT_HAND, RIGHT_HAND, RawPerson, finite, people_of
from studio.poses.values import Joint, Person, Pose

MAX_TEXT = 20_000_000
MAX_PEOPLE = 50
MAX_SIDE = 16384
MAX_COORDINATE = 100_000
DEFAULT_SIDE = 512

_FRACTION, _FAR_FRACTION, _REAL_CANVAS = 1.5, 4.0, 64
_SIGNED_SHARE = 0.2
"""In -1…1 everything left of or above the middle is negative; in fractions only what has left the canvas."""

_NO_POSE = "This is not a pose in OpenPose JSON."
_EXPORT = "Export the pose as OpenPose JSON from your pose editor and try again."


def read(text: str) -> Pose:
    """Read a pose from OpenPose JSON.

    A joint with confidence 0 that still has a place is kept as hidden. Without a canvas in the file, one is inferred.

    Raises:
        InvalidPose: the text is no JSON, holds no pose, or holds numbers that no picture could have.
    """
    document = _decode(text)
    frame = _frame(document)
    people = people_of(frame)
    if len(people) > MAX_PEOPLE:
        raise InvalidPose(
            f"This pose has {len(people)} people.", f"The studio draws up to {MAX_PEOPLE}: remove some and try again."
        )
    places = [place for person in people for joints in person.values() for place in joints if place is not None]
    known = [(x, y) for x, y, confidence in places if confidence > 0] or [(x, y) for x, y, _ in places]
    width, height = _side(frame, "width"), _side(frame, "height")
    scale = _Scale(known, width, height)
    return Pose(width=scale.width, height=scale.height, people=tuple(_person(person, scale) for person in people))


def write(pose: Pose) -> dict[str, Any]:
    """``pose`` as a JSON-able object: pixels, 3 numbers per joint (absent 0, 0, 0; hidden x, y, 0)."""
    return {
        "people": [
            {
                BODY: _flat(person.body),
                FACE: _flat(person.face),
                LEFT_HAND: _flat(person.left_hand),
                RIGHT_HAND: _flat(person.right_hand),
            }
            for person in pose.people
        ],
        "canvas_width": pose.width,
        "canvas_height": pose.height,
    }


class _Scale:
    """From a file's units to pixels."""

    def __init__(self, known: list[tuple[float, float]], width: int | None, height: int | None) -> None:
        numbers = [number for place in known for number in place]
        low, high = min(numbers, default=0.0), max(numbers, default=0.0)
        # Fractions may leave the canvas: a whole figure within two pixels is no drawing, and on a canvas of known size
        # one within four is none either.
        reach = _FAR_FRACTION if min(width or 0, height or 0) >= _REAL_CANVAS else _FRACTION
        self.fractions = bool(numbers) and high <= reach and low >= -reach
        below = sum(number < 0 for number in numbers)
        self.signed = self.fractions and low < -0.25 and high <= 1.0 and below >= _SIGNED_SHARE * len(numbers)
        if self.fractions:
            self.width, self.height = width or DEFAULT_SIDE, height or DEFAULT_SIDE
        else:
            self.width = width or _roomy(max((x for x, _ in known), default=0.0))
            self.height = height or _roomy(max((y for _, y in known), default=0.0))

    def joint(self, x: float, y: float, confidence: float) -> Joint | None:
        if confidence <= 0 and (x, y) in {(0, 0), (-1, -1)}:
            return None
        if self.signed:
            x, y = (x + 1) / 2, (y + 1) / 2
        if self.fractions:
            x, y = x * self.width, y * self.height
        if max(abs(x), abs(y)) > MAX_COORDINATE:
            raise InvalidPose(
                f"A joint of this pose lies at {x:g}, {y:g}, far outside its canvas.",
                f"Coordinates go up to {MAX_COORDINATE:,} pixels. {_EXPORT}",
            )
        return Joint(x, y, min(max(confidence, 0.0), 1.0), confidence > 0)


def _decode(text: str) -> Any:
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_TEXT:
        raise InvalidPose(f"This pose file is longer than {MAX_TEXT:,} characters.", "Export a single frame.")
    for candidate in (text, text.replace("'", '"').replace("None", "null")):  # some tools print a Python dict
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    raise InvalidPose(f"{_NO_POSE} It cannot be read as JSON at all.", _EXPORT)


def _frame(document: Any) -> dict[str, Any]:
    if isinstance(document, dict):
        return document
    frames = [frame for frame in document if isinstance(frame, dict)] if isinstance(document, list) else []
    if not frames:
        raise InvalidPose(_NO_POSE, _EXPORT)
    return next((frame for frame in frames if frame.get("people") or frame.get("keypoints")), frames[0])


def _side(frame: dict[str, Any], name: str) -> int | None:
    value = frame.get(f"canvas_{name}", frame.get(name))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not finite(value):
        raise InvalidPose(f"The canvas {name} of this pose is not a number.", _EXPORT)
    if not 1 <= round(value) <= MAX_SIDE:
        raise InvalidPose(f"The canvas {name} of this pose is {value:g}.", f"It has to be from 1 to {MAX_SIDE} pixels.")
    return round(value)


def _roomy(extent: float) -> int:
    """A canvas side that holds everything up to ``extent``, in the steps pictures are made in."""
    return min(max(DEFAULT_SIDE, math.ceil(extent / 64) * 64), MAX_SIDE)


def _person(raw: RawPerson, scale: _Scale) -> Person:
    parts = {name: tuple(place and scale.joint(*place) for place in joints) for name, joints in raw.items()}
    body = parts[BODY]
    face = parts.get(FACE)
    if face is not None and len(face) == 68:  # detectors leave out the pupils; the eyes are what others put there
        face = (*face, body[14], body[15])
    return Person(
        body=body,
        left_hand=_present(parts.get(LEFT_HAND)),
        right_hand=_present(parts.get(RIGHT_HAND)),
        face=_present(face),
    )


def _present(joints: tuple[Joint | None, ...] | None) -> tuple[Joint | None, ...] | None:
    return joints if joints and any(joints) else None


def _flat(joints: tuple[Joint | None, ...] | None) -> list[float] | None:
    if joints is None:
        return None
    numbers: list[float] = []
    for joint in joints:
        numbers += (joint.x, joint.y, float(joint.visible)) if joint is not None else (0.0, 0.0, 0.0)
    return numbers
