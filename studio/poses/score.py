"""How well a found pose obeys an intended one: OKS, PCK@0.2, visible-joint F1, people-count error, error per joint.

Scored are COCO's 17 body joints; the neck is left out, as detectors make it up from the shoulders. The intended pose is
first fitted into the found one's canvas, the way it is when a picture is drawn from it: errors are in that picture's
pixels. People are matched so that the sum of their OKS is greatest.

OKS: mean over the intended joints of exp(-d² / (2 · area · (2σ)²)) with COCO's σ; a joint that was not found counts 0.
Drawn figures have no segment, so the area is 0.53 of the box around the intended joints, as usual without segments.
PCK@0.2: share of the intended joints found within 0.2 of the reference length, which is the intended torso from the
middle of the shoulders to the middle of the hips, and at least a quarter of the box's longer side.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from studio.poses.skeletons import BODY_NAMES
from studio.poses.values import Joint, Person, Pose

SIGMAS = {
    "nose": 0.026,
    "right_eye": 0.025, "left_eye": 0.025,
    "right_ear": 0.035, "left_ear": 0.035,
    "right_shoulder": 0.079, "left_shoulder": 0.079,
    "right_elbow": 0.072, "left_elbow": 0.072,
    "right_wrist": 0.062, "left_wrist": 0.062,
    "right_hip": 0.107, "left_hip": 0.107,
    "right_knee": 0.087, "left_knee": 0.087,
    "right_ankle": 0.089, "left_ankle": 0.089,
}  # fmt: skip
"""COCO's standard deviations of human annotation, per joint."""
PCK_SHARE = 0.2
AREA_SHARE = 0.53
_SCORED = tuple(index for index, name in enumerate(BODY_NAMES) if name in SIGMAS)
_VARIANCES = np.array([(2 * SIGMAS[BODY_NAMES[index]]) ** 2 for index in _SCORED])


@dataclass(frozen=True, slots=True)
class JointError:
    """One intended joint. ``person`` counts from 0 in the intended pose."""

    person: int
    joint: str
    pixels: float | None
    """Distance in the found pose's pixels; None: it was not found."""
    share: float | None
    """The same as a share of the reference length; up to 0.2 counts as right in PCK."""

    def in_words(self) -> str:
        """For instance ``left wrist 12 px off``."""
        name = self.joint.replace("_", " ")
        return f"{name} not found" if self.pixels is None else f"{name} {self.pixels:.0f} px off"


@dataclass(frozen=True, slots=True)
class PersonScore:
    """One intended person. ``person`` and ``found`` are places in the two poses; nobody found: None."""

    person: int
    found: int | None
    oks: float
    pck: float


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1, 1 is best. Where nobody was intended, 1 if nobody was found and else 0."""

    oks: float
    """Mean over the intended people; one who was not found counts 0."""
    pck: float
    """Over all intended joints."""
    f1: float
    """Of which joints show: 1 when exactly the intended ones were found, wherever they lie."""
    count_error: int
    """How many people too many or too few."""
    people_intended: int
    people_found: int
    mean_error: float | None
    """Mean distance of the found joints in pixels; None when none was found."""
    people: tuple[PersonScore, ...] = ()
    joint_errors: tuple[JointError, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All of it as a JSON-able object."""
        return asdict(self)


def compare(intended: Pose, found: Pose) -> Score:
    """Score ``found`` against ``intended``. People without any visible scored joint are not there."""
    wanted, seen = _people(intended.scaled_to(found.width, found.height)), _people(found)
    pairs = _best_pairs(wanted, seen)
    people, errors = [], []
    for place, (person, points) in enumerate(wanted):
        partner = pairs.get(place)
        other = np.full_like(points, np.nan) if partner is None else seen[partner][1]
        joint_errors = _joint_errors(person, points, other)
        right = sum(error.share is not None and error.share <= PCK_SHARE for error in joint_errors)
        found_at = None if partner is None else seen[partner][0]
        people.append(PersonScore(person, found_at, _oks(points, other), right / len(joint_errors)))
        errors += joint_errors
    distances = [error.pixels for error in errors if error.pixels is not None]
    empty = float(not seen)
    return Score(
        oks=sum(one.oks for one in people) / len(people) if people else empty,
        pck=sum(e.share is not None and e.share <= PCK_SHARE for e in errors) / len(errors) if errors else empty,
        f1=_f1(wanted, seen, pairs),
        count_error=abs(len(wanted) - len(seen)),
        people_intended=len(wanted),
        people_found=len(seen),
        mean_error=sum(distances) / len(distances) if distances else None,
        people=tuple(people),
        joint_errors=tuple(errors),
    )


Figure = tuple[int, np.ndarray]
"""A person's place in its pose and its joints: (17, 2) in pixels, NaN where nothing shows."""


def _people(pose: Pose) -> list[Figure]:
    figures = [(place, _points(person)) for place, person in enumerate(pose.people)]
    return [(place, points) for place, points in figures if not np.isnan(points).all()]


def _points(person: Person) -> np.ndarray:
    def place(joint: Joint | None) -> tuple[float, float]:
        return (joint.x, joint.y) if joint is not None and joint.visible else (math.nan, math.nan)

    return np.array([place(person.body[index]) for index in _SCORED])


def _box(points: np.ndarray) -> tuple[float, float]:
    """Width and height of the box around the joints that show."""
    width, height = np.nanmax(points, axis=0) - np.nanmin(points, axis=0)
    return float(width), float(height)


def _oks(points: np.ndarray, other: np.ndarray) -> float:
    width, height = _box(points)
    # A figure in profile, or one single joint, has hardly a box: its longer side then stands for the shorter one.
    area = max(AREA_SHARE * width * height, (max(width, height) / 4) ** 2, 1.0)
    squares = ((points - other) ** 2).sum(axis=1)
    likeness = np.nan_to_num(np.exp(-squares / (2 * area * _VARIANCES)), nan=0.0)
    return float(likeness[~np.isnan(points[:, 0])].mean())


def _reference(points: np.ndarray) -> float:
    """The length PCK is measured by, in pixels."""
    at = {BODY_NAMES[index]: point for index, point in zip(_SCORED, points, strict=True)}
    shoulders = (at["left_shoulder"] + at["right_shoulder"]) / 2
    torso = float(np.linalg.norm(shoulders - (at["left_hip"] + at["right_hip"]) / 2))
    return max(0.0 if math.isnan(torso) else torso, max(_box(points)) / 4, 1.0)


def _joint_errors(person: int, points: np.ndarray, other: np.ndarray) -> list[JointError]:
    reference = _reference(points)
    distances = np.linalg.norm(points - other, axis=1)
    errors = []
    for index, point, distance in zip(_SCORED, points, distances.tolist(), strict=True):
        if not np.isnan(point[0]):
            missing = math.isnan(distance)
            errors.append(
                JointError(
                    person,
                    BODY_NAMES[index],
                    None if missing else round(distance, 2),
                    None if missing else round(distance / reference, 4),
                )
            )
    return errors


def _best_pairs(wanted: list[Figure], seen: list[Figure]) -> dict[int, int]:
    """Which of ``seen`` stands for which of ``wanted``."""
    if not wanted or not seen:
        return {}
    from scipy.optimize import linear_sum_assignment

    costs = np.array([[_cost(points, other) for _, other in seen] for _, points in wanted])
    rows, columns = linear_sum_assignment(costs)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def _cost(points: np.ndarray, other: np.ndarray) -> float:
    # Where OKS is 0 for everyone, the nearest one is still the likeliest.
    away = float(np.linalg.norm(np.nanmean(points, axis=0) - np.nanmean(other, axis=0)))
    return 1 - _oks(points, other) + 1e-3 * away / (away + max(*_box(points), 1.0))


def _f1(wanted: list[Figure], seen: list[Figure], pairs: dict[int, int]) -> float:
    shown = sum(int((~np.isnan(points[:, 0])).sum()) for _, points in wanted)
    found = sum(int((~np.isnan(points[:, 0])).sum()) for _, points in seen)
    both = sum(
        int((~np.isnan(wanted[place][1][:, 0]) & ~np.isnan(seen[partner][1][:, 0])).sum())
        for place, partner in pairs.items()
    )
    return 2 * both / (shown + found) if shown + found else 1.0
