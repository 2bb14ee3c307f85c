"""Finds the people in a picture, trying harder where the first look shows nobody or shows them dimly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from rtmlib.tools.object_detection.post_processings import nms

from studio.engine.detection import looks, people
from studio.engine.detection.looks import LOOKS, Look
from studio.engine.detection.networks import PersonNetwork, PoseNetwork
from studio.poses.mirror import mirror
from studio.poses.values import Person, Pose

Box = tuple[float, float, float, float]
"""Left, top, width, height in the picture's pixels."""
Report = Callable[[int, int, str], None]

PLAIN = 0.5
"""Nobody less certain than this: no further look is needed."""
GUESS = 0.4
"""How certain a figure has to be when no detector vouches for it and the whole picture was taken for it."""
OVERLAP = 0.45
MOST_PEOPLE = 50
LONGEST_SIDE = 2048
"""Larger pictures are looked at in this size; joints need no more, and every look costs."""


@dataclass(frozen=True)
class Nets:
    """What looks at the picture."""

    pose: PoseNetwork
    person: PersonNetwork | None
    full_score: float


@dataclass(frozen=True)
class Sighting:
    """What a look has shown."""

    people: tuple[Person, ...] = ()
    look: int = 0
    """How many looks it took beyond the first."""
    guessed: bool = False
    """No person was detected; the whole picture was taken for one."""

    @property
    def worth(self) -> float:
        return sum(people.weight(person) for person in self.people)

    @property
    def plain(self) -> bool:
        return bool(self.people) and min(people.certainty(person) for person in self.people) >= PLAIN


def find_people(nets: Nets, pixels: np.ndarray, box: Box | None, report: Report) -> Sighting:
    """Everybody in ``pixels`` (H, W, 3; RGB), the nearest last. Without people where none were found.

    Args:
        box: look for one person here, and nowhere else.
    """
    small, scale = _fitting(pixels)
    best = Sighting()
    if box is not None:
        best = _climb(nets, small, np.array([[box[0], box[1], box[0] + box[2], box[1] + box[3]]]) * scale, report)
    elif nets.person is not None:
        best = _climb(nets, small, None, report)
    if not best.people and box is None:
        best = _climb(nets, small, _everything(small), report)
        sure = tuple(person for person in best.people if people.certainty(person) >= GUESS)
        best = Sighting(sure, best.look, guessed=True)
    found = Pose(width=small.shape[1], height=small.shape[0], people=people.nearest_last(best.people))
    return Sighting(found.scaled_to(pixels.shape[1], pixels.shape[0]).people, best.look, best.guessed)


def _fitting(pixels: np.ndarray) -> tuple[np.ndarray, float]:
    scale = min(1.0, LONGEST_SIDE / max(pixels.shape[:2]))
    if scale == 1.0:
        return np.ascontiguousarray(pixels), 1.0
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), scale


def _everything(pixels: np.ndarray) -> np.ndarray:
    return np.array([[0.0, 0.0, pixels.shape[1], pixels.shape[0]]])


def _climb(nets: Nets, pixels: np.ndarray, fixed: np.ndarray | None, report: Report) -> Sighting:
    """Look after look until everybody is seen plainly; the best sighting."""
    # Where the box is given, looking from nearer or farther shows the pose network the same.
    rungs = [look for look in LOOKS if fixed is None or look.windows is looks.whole]
    best = Sighting()
    for number, look in enumerate(rungs):
        report(number, len(rungs), look.words)
        seen = Sighting(tuple(_look(nets, pixels, fixed, look)), number)
        if seen.worth > best.worth:
            best = seen
        if best.plain:
            break
    return best


def _look(nets: Nets, pixels: np.ndarray, fixed: np.ndarray | None, look: Look) -> list[Person]:
    width = pixels.shape[1]
    changed = look.pixels(pixels)
    if look.mirrored:
        changed = looks.mirror(changed)
    if fixed is None:
        boxes = _boxes(nets, changed, look)
    else:
        boxes = _flipped(fixed, width) if look.mirrored else fixed
    places, scores = nets.pose(changed, boxes)
    read = [people.person_of(*numbers, nets.full_score) for numbers in zip(places, scores, strict=True)]
    found = [person for person in read if person is not None]
    if look.mirrored:
        found = list(mirror(Pose(width=width, height=pixels.shape[0], people=tuple(found))).people)
    return people.distinct(found)


def _boxes(nets: Nets, pixels: np.ndarray, look: Look) -> np.ndarray:
    """People's boxes (n, 4), the surest first."""
    assert nets.person is not None
    height, width = pixels.shape[:2]
    windows = look.windows(width, height)
    boxes, scores = [], []
    for window in windows:
        found, sure = nets.person(looks.cut(pixels, window) if window != (0, 0, width, height) else pixels)
        found = np.clip(found + np.tile(window[:2], 2), 0, [width, height, width, height])
        entire = ~looks.at_inner_edge(found, window, width, height)
        boxes.append(found[entire])
        scores.append(sure[entire])
    every, sure = np.concatenate(boxes), np.concatenate(scores)
    if len(windows) > 1 and len(every):
        every = every[nms(every, sure, OVERLAP)]
    return every[:MOST_PEOPLE]


def _flipped(boxes: np.ndarray, width: int) -> np.ndarray:
    return np.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], axis=1)
