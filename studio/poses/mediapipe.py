"""MediaPipe's landmarks to our skeleton: pose (33), hands (21) and face mesh (468, or 478 with pupils)."""

from __future__ import annotations

from collections.abc import Sequence

from studio.errors import InvalidPose
from studio.poses.openpose_parts import finite
from studio.poses.values import Joint, Person
from studio.poses.wholebody import between

LANDMARKS = 33
THRESHOLD = 0.5
"""Landmarks that are less likely to be visible than this do not show."""
BODY = (0, None, 12, 14, 16, 11, 13, 15, 24, 26, 28, 23, 25, 27, 5, 2, 8, 7)
"""For each of our body joints its place among the 33; the neck lies between 11 and 12, the shoulders."""
SHOULDERS = (11, 12)
MESH, MESH_WITH_PUPILS = 468, 478
FACE = (
    127, 234, 93, (132, 58), (58, 172), 136, 150, 176, 152, 400, 379, 365, (397, 288), 361, 323, 454, 356,
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
    (168, 6), (197, 195), 5, 4, 75, 97, 2, 326, 305,
    33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,
    61, 39, 37, 0, 267, 269, 291, 321, 314, 17, 84, 91, 78, 82, 13, 312, 308, 317, 14, 87,
)  # fmt: skip
"""For each of the 68 face joints its place in the mesh; of two, the middle."""
PUPILS = (468, 473)

Landmark = Sequence[float]
"""x, y as fractions of the picture, and where known a visibility from 0 to 1."""


def person_of(landmarks: Sequence[Landmark], width: int, height: int, threshold: float = THRESHOLD) -> Person:
    """A person from MediaPipe Pose.

    Args:
        landmarks: 33 of (x, y, visibility); x and y are fractions of the picture. Without visibility a landmark shows.
        width, height: of the picture in pixels.

    Raises:
        InvalidPose: another number of landmarks, or numbers that are not finite.
    """
    _check(landmarks, (LANDMARKS,), "pose")
    found = [_joint(landmark, width, height, threshold) for landmark in landmarks]
    neck = between(found[SHOULDERS[0]], found[SHOULDERS[1]])
    return Person(body=tuple(neck if place is None else found[place] for place in BODY))


def landmarks_of(person: Person, width: int, height: int) -> list[tuple[float, float, float]]:
    """``person`` as MediaPipe Pose: 33 of (x, y, visibility); what our skeleton does not have is (0, 0, 0)."""
    landmarks = [(0.0, 0.0, 0.0)] * LANDMARKS
    for place, joint in zip(BODY, person.body, strict=True):
        if place is not None and joint is not None and joint.visible:
            landmarks[place] = (joint.x / width, joint.y / height, joint.confidence)
    return landmarks


def with_hand(person: Person, landmarks: Sequence[Landmark], width: int, height: int) -> Person:
    """``person`` with a hand of MediaPipe Hands (21 landmarks, in our order) on the nearest wrist.

    MediaPipe's own left and right are those of a selfie and wrong for photographs; the wrist decides. A person
    without wrists takes it as the right hand.

    Raises:
        InvalidPose: as :func:`person_of`.
    """
    _check(landmarks, (21,), "hand")
    hand = tuple(_joint(landmark, width, height, 0.0) for landmark in landmarks)
    wrist = hand[0]
    side = "right"
    if wrist is not None:
        near = {
            name: (joint.x - wrist.x) ** 2 + (joint.y - wrist.y) ** 2
            for name, joint in (("right", person.body[4]), ("left", person.body[7]))
            if joint is not None
        }
        side = min(near, key=lambda name: near[name], default="right")
    return Person.model_validate(dict(person) | {f"{side}_hand": hand})


def with_face(person: Person, landmarks: Sequence[Landmark], width: int, height: int) -> Person:
    """``person`` with the face of a mesh of 468 landmarks, or 478 with pupils; else the body's eyes stand for them.

    Raises:
        InvalidPose: as :func:`person_of`.
    """
    _check(landmarks, (MESH, MESH_WITH_PUPILS), "face")
    mesh = [_joint(landmark, width, height, 0.0) for landmark in landmarks]
    face = [between(mesh[at[0]], mesh[at[1]]) if isinstance(at, tuple) else mesh[at] for at in FACE]
    pupils = [mesh[at] for at in PUPILS] if len(mesh) == MESH_WITH_PUPILS else [person.body[14], person.body[15]]
    return Person.model_validate(dict(person) | {"face": (*face, *pupils)})


def _check(landmarks: Sequence[Landmark], counts: tuple[int, ...], what: str) -> None:
    if len(landmarks) not in counts:
        raise InvalidPose(
            f"{len(landmarks)} landmarks are no {what} of MediaPipe.", f"It has {' or '.join(map(str, counts))}."
        )
    if not all(len(landmark) >= 2 and all(finite(number) for number in landmark) for landmark in landmarks):
        raise InvalidPose(f"A landmark of this {what} is not a list of ordinary numbers.", "Try another picture.")


def _joint(landmark: Landmark, width: int, height: int, threshold: float) -> Joint | None:
    x, y, *rest = landmark
    sure = min(max(float(rest[-1]), 0.0), 1.0) if rest else 1.0
    return Joint(x * width, y * height, sure) if sure >= threshold else None
