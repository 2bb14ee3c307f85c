"""COCO-WholeBody's 133 keypoints, as RTMW and DWPose find them, to our skeleton and back.

0–16 COCO body, 17–22 feet, 23–90 face (68), 91–111 left hand, 112–132 right hand. The neck lies between the shoulders,
the pupils on the body's eyes; feet have no place in our skeleton.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studio.errors import InvalidPose
from studio.poses.values import Joint, Person

KEYPOINTS = 133
THRESHOLD = 0.3
"""Keypoints a detector is less sure of than this do not show."""
BODY = (0, None, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
"""For each of our body joints its place among the 133 (and among COCO's 17); the neck has none."""
SHOULDERS = (5, 6)
FACE, LEFT_HAND, RIGHT_HAND = slice(23, 91), slice(91, 112), slice(112, 133)

Joints = tuple[Joint | None, ...]


def person_of(points: np.ndarray, scores: np.ndarray, threshold: float = THRESHOLD) -> Person:
    """A person from detected keypoints.

    Args:
        points: float, shape (133, 2) or COCO's (17, 2): x, y in pixels of the picture.
        scores: shape (133,) or (17,): how sure the detector is; beyond 1 counts as 1.
        threshold: what is less sure than this becomes None.

    Raises:
        InvalidPose: arrays of another shape, or numbers that are not finite.
    """
    points, scores = np.asarray(points, float), np.asarray(scores, float)
    if points.shape not in {(KEYPOINTS, 2), (17, 2)} or scores.shape != points.shape[:1]:
        raise InvalidPose(
            f"Keypoints of shape {points.shape} with scores of shape {scores.shape} are no person.",
            "COCO-WholeBody has 133 keypoints, COCO 17, each with x, y and a score.",
        )
    if not (np.isfinite(points).all() and np.isfinite(scores).all()):
        raise InvalidPose("The detector gave keypoints that are not ordinary numbers.", "Try another picture.")
    found = [_joint(x, y, score, threshold) for (x, y), score in zip(points, scores, strict=True)]
    body = tuple(_neck(found) if place is None else found[place] for place in BODY)
    if len(found) == 17:
        return Person(body=body)
    face = (*found[FACE], body[14], body[15]) if any(found[FACE]) else None
    return Person(body=body, left_hand=_some(found[LEFT_HAND]), right_hand=_some(found[RIGHT_HAND]), face=face)


def keypoints_of(person: Person) -> tuple[np.ndarray, np.ndarray]:
    """``person`` as COCO-WholeBody: points of shape (133, 2) and scores of shape (133,), 0 where nothing shows."""
    points, scores = np.zeros((KEYPOINTS, 2)), np.zeros(KEYPOINTS)
    places: list[tuple[int, Joint | None]] = [
        (place, joint) for place, joint in zip(BODY, person.body, strict=True) if place is not None
    ]
    for part, joints in ((FACE, person.face), (LEFT_HAND, person.left_hand), (RIGHT_HAND, person.right_hand)):
        places += list(zip(range(part.start, part.stop), joints or (), strict=False))
    for place, joint in places:
        if joint is not None and joint.visible:
            points[place], scores[place] = (joint.x, joint.y), joint.confidence
    return points, scores


def _joint(x: float, y: float, score: float, threshold: float) -> Joint | None:
    return Joint(float(x), float(y), min(float(score), 1.0)) if score >= threshold and score > 0 else None


def _neck(found: Sequence[Joint | None]) -> Joint | None:
    left, right = (found[place] for place in SHOULDERS)
    return between(left, right)


def between(first: Joint | None, second: Joint | None) -> Joint | None:
    """The middle of two joints, as sure as the less sure one; None when one is absent."""
    if first is None or second is None:
        return None
    return Joint((first.x + second.x) / 2, (first.y + second.y) / 2, min(first.confidence, second.confidence))


def _some(joints: Sequence[Joint | None]) -> Joints | None:
    return tuple(joints) if any(joints) else None
