"""Puts dots and sticks of a drawn skeleton together to figures.

As OpenPose does with its heat maps: every dot is a candidate for its joint, every stick a vote that two candidates
belong to one figure; the surest votes are counted first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from studio.poses.skeleton_palette import EMPTY, Labels
from studio.poses.skeletons import BODY_DOT_RADIUS, JOINT_COLOURS, LIMBS

Place = tuple[float, float]
_LEAST_STICK = 0.25
"""How much of the way between two joints has to have the stick's colour; the rest may be covered."""
_LEAST_DRAWN = 0.75
"""How much of it must not be background."""


@dataclass
class Figure:
    """Joints that hang together, by index."""

    joints: dict[int, Place] = field(default_factory=dict)
    sticks: int = 0
    """How many of them are tied by a stick that is really to be seen."""
    guessed: set[int] = field(default_factory=set)
    """Joints without a dot of their own, taken to be where a stick ends."""


@dataclass(frozen=True)
class _Link:
    limb: int
    start: int
    """Index among the candidates of the limb's first joint."""
    end: int
    score: float


class Assembly:
    """One picture's candidates, and the figures they make."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._drawn = labels.map != EMPTY
        self.radius = _dot_radius(labels)
        self._sticks = [
            cv2.dilate(labels.limb(k).astype(np.uint8), np.ones((3, 3), np.uint8)) for k in range(len(LIMBS))
        ]
        found = [_dots(labels.joint(joint), self.radius) for joint in range(len(JOINT_COLOURS))]
        self._dots = [[place for place, _ in dots] for dots in found]
        self._real = [len(dots) for dots in self._dots]
        self._round = {(joint, dot) for joint, dots in enumerate(found) for dot, (_, whole) in enumerate(dots) if whole}

    def figures(self) -> tuple[list[Figure], list[tuple[int, Place]]]:
        """All figures in no particular order, and round dots (joint, place) that no stick ties to any of them."""
        links = self._links()
        self._add_hidden(links)
        links = self._links()
        tied = {(LIMBS[link.limb][0], link.start) for link in links} | {
            (LIMBS[link.limb][1], link.end) for link in links
        }
        loose = [(joint, self._dots[joint][dot]) for joint, dot in sorted(self._round - tied)]
        return _joined(self._dots, self._real, links), loose

    def _links(self) -> list[_Link]:
        """The best pairing of candidates for every limb."""
        chosen: list[_Link] = []
        for limb, (first, second) in enumerate(LIMBS):
            votes = [
                _Link(limb, a, b, self._score(limb, start, end))
                for a, start in enumerate(self._dots[first])
                for b, end in enumerate(self._dots[second])
            ]
            used: set[tuple[int, int]] = set()
            for vote in sorted(votes, key=lambda vote: -vote.score):
                if vote.score > 0 and not used & {(0, vote.start), (1, vote.end)}:
                    used |= {(0, vote.start), (1, vote.end)}
                    chosen.append(vote)
        return chosen

    def _score(self, limb: int, start: Place, end: Place) -> float:
        """0-1: how much of a stick is to be seen between two places."""
        length = math.dist(start, end)
        if length <= 2 * self.radius + 1:  # the dots touch: nothing of the stick can be seen
            return 0.05 if length > 0 else 0.0
        way = np.linspace(self.radius / length, 1 - self.radius / length, max(8, int(length)))
        x = np.round(start[0] + way * (end[0] - start[0])).astype(int).clip(0, self._drawn.shape[1] - 1)
        y = np.round(start[1] + way * (end[1] - start[1])).astype(int).clip(0, self._drawn.shape[0] - 1)
        stick = float(self._sticks[limb][y, x].mean())
        if stick < _LEAST_STICK or self._drawn[y, x].mean() < _LEAST_DRAWN:
            return 0.0
        return stick

    def _add_hidden(self, links: list[_Link]) -> None:
        """A candidate wherever a stick of which one dot is known ends under something."""
        for limb, ends in enumerate(LIMBS):
            unexplained = self._unexplained(limb, links)
            used = [
                {link.start for link in links if link.limb == limb},
                {link.end for link in links if link.limb == limb},
            ]
            for side, (near, far) in enumerate(((ends[0], ends[1]), (ends[1], ends[0]))):
                for index, dot in enumerate(list(self._dots[near])):
                    if index not in used[side] and (place := self._stick_end(unexplained, dot)) is not None:
                        self._add(far, place)

    def _unexplained(self, limb: int, links: list[_Link]) -> np.ndarray:
        """The stick's pixels that lie on no chosen link, as places (n, 2)."""
        mask = self._labels.limb(limb).astype(np.uint8)
        first, second = LIMBS[limb]
        for link in links:
            if link.limb == limb:
                start, end = self._dots[first][link.start], self._dots[second][link.end]
                cv2.line(mask, _pixel(start), _pixel(end), 0, max(3, round(3 * self.radius)))
        places = cv2.findNonZero(mask)
        return np.zeros((0, 2)) if places is None else places.reshape(-1, 2).astype(np.float64)

    def _stick_end(self, pixels: np.ndarray, dot: Place) -> Place | None:
        """Where the stick that begins at ``dot`` ends."""
        if len(pixels) < 2 * self.radius:
            return None
        ways = pixels - dot
        lengths = np.hypot(ways[:, 0], ways[:, 1])
        close = lengths <= 3.5 * self.radius
        if close.sum() < self.radius:
            return None
        direction = ways[close].mean(axis=0)
        for _ in range(3):  # from the stick's root outwards, along the line it lies on
            direction = direction / max(np.hypot(*direction), 1e-9)
            along, aside = ways @ direction, np.abs(ways @ np.array([-direction[1], direction[0]]))
            on_line = (along > 0) & (aside <= 1.2 * self.radius + 0.03 * along)
            if not on_line.any():
                return None
            direction = ways[on_line].mean(axis=0)
        direction = direction / np.hypot(*direction)
        reach = float((ways[on_line] @ direction).max()) + 0.8 * self.radius  # a dot covers the very end
        return (dot[0] + direction[0] * reach, dot[1] + direction[1] * reach)

    def _add(self, joint: int, place: Place) -> None:
        if all(math.dist(place, known) > 2.5 * self.radius for known in self._dots[joint]):
            self._dots[joint].append(place)


def _dot_radius(labels: Labels) -> float:
    """Of the body's dots in this picture: 4 pixels, more in thick or enlarged ones."""
    found = []
    for joint in range(len(JOINT_COLOURS)):
        mask = labels.joint(joint).astype(np.uint8)
        if mask.any():
            found.append(float(cv2.distanceTransform(mask, cv2.DIST_L2, 5).max()))
    return max(float(np.median(found)) if found else 0.0, BODY_DOT_RADIUS / 2)


def _dots(mask: np.ndarray, radius: float) -> list[tuple[Place, bool]]:
    """Centres of what may be dots, and whether they are all but whole: others are covered, or something else."""
    x0, y0, width, height = cv2.boundingRect(mask.astype(np.uint8))  # components cost by the area looked at
    part = mask[y0 : y0 + height, x0 : x0 + width].astype(np.uint8)
    if not part.size:
        return []
    count, _, facts, centres = cv2.connectedComponentsWithStats(part, connectivity=8)
    found = []
    for index in range(1, count):
        left, top, wide, high, area = facts[index]
        if area < 0.6 * radius**2 or max(wide, high) > 5 * radius + 2:
            continue
        if max(wide, high) > 2.6 * radius + 2 and area < 2 * radius * max(wide, high) * 0.6:
            continue  # long and thin: a line of a hand
        whole = min(wide, high) >= 1.6 * radius
        x, y = (left + (wide - 1) / 2, top + (high - 1) / 2) if whole else centres[index]
        found.append(((float(x + x0), float(y + y0)), bool(whole and area > 2 * radius**2)))
    return found


def _joined(dots: list[list[Place]], real: list[int], links: list[_Link]) -> list[Figure]:
    """Figures from votes, the surest first; never two candidates of one joint in the same figure.

    Args:
        real: how many candidates of each joint are dots; those after them are ends of sticks.
    """
    groups: dict[tuple[int, int], dict[int, int]] = {}
    sticks: dict[int, int] = {}
    for link in sorted(links, key=lambda link: -link.score):
        first, second = LIMBS[link.limb]
        one = groups.setdefault((first, link.start), {first: link.start})
        other = groups.setdefault((second, link.end), {second: link.end})
        if one is not other:
            if one.keys() & other.keys():
                continue
            one.update(other)
            sticks[id(one)] = sticks.get(id(one), 0) + sticks.pop(id(other), 0)
            for joint, index in other.items():
                groups[joint, index] = one
        sticks[id(one)] = sticks.get(id(one), 0) + (link.score >= _LEAST_STICK)
    apart = {id(group): group for group in groups.values()}
    return [
        Figure(
            {joint: dots[joint][index] for joint, index in group.items()},
            sticks.get(key, 0),
            {joint for joint, index in group.items() if index >= real[joint]},
        )
        for key, group in apart.items()
    ]


def _pixel(place: Place) -> tuple[int, int]:
    return round(place[0]), round(place[1])
