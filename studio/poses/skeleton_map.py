"""Reads a drawn skeleton back into joints, by the colours that only such pictures have.

A skeleton picture that is given to a detector comes out empty. So an upload is first looked at here: are there sticks
and dots of the ControlNet palette on an even background, and do they hang together as figures? Then the joints are
where the dots are; where a dot is covered (by a hand, a face, somebody in front), where its stick ends.

Hands are read where their dots can be told apart. Faces are not: all their dots look alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from studio.poses.skeleton_figures import Assembly, Figure, Place
from studio.poses.skeleton_hands import Hand, read_hands
from studio.poses.skeleton_palette import FACE, labels_of
from studio.poses.skeletons import HAND_JOINT_COLOUR, JOINT_COLOURS, WRISTS
from studio.poses.values import BODY_JOINTS, HAND_JOINTS, Joint, Person, Pose

_LEAST_STICKS, _LEAST_JOINTS = 2, 3
_MOST_PEOPLE = 50
_NECK = 1
_HAND_BLUE = JOINT_COLOURS.index(HAND_JOINT_COLOUR)
"""The left knee: alone, such a dot may as well be a hand's."""


@dataclass(frozen=True)
class SkeletonMap:
    """What a skeleton picture says."""

    pose: Pose
    has_face: bool
    """Face dots are in the picture; they are not in the pose."""
    lost_hands: bool
    """There are lines of hands that could not be told apart."""


def read(pixels: np.ndarray) -> SkeletonMap | None:
    """The pose drawn in ``pixels`` (H, W, 3; uint8, RGB); None where they are no skeleton picture."""
    labels = labels_of(pixels)
    if labels is None:
        return None
    assembly = Assembly(labels)
    figures, loose = assembly.figures()
    figures = _gathered(figures, loose)
    believed = [figure for figure in figures if figure.sticks >= _LEAST_STICKS and len(figure.joints) >= _LEAST_JOINTS]
    if not believed:
        return None
    hands, lost = read_hands(labels, assembly.radius, len(believed))
    people = _people(believed[:_MOST_PEOPLE], hands, assembly.radius, labels.origin)
    pose = Pose(width=pixels.shape[1], height=pixels.shape[0], people=tuple(people))
    has_face = int((labels.map == FACE).sum()) > 40
    return SkeletonMap(pose, has_face, lost)


def _gathered(figures: list[Figure], loose: list[tuple[int, Place]]) -> list[Figure]:
    """Parts without a neck, and dots without a stick, go to the nearest figure that lacks just them."""
    ordered = sorted(figures, key=lambda figure: -len(figure.joints))
    whole = [figure for figure in ordered if _NECK in figure.joints.keys() - figure.guessed]
    for part in ordered:
        if part in whole or part.sticks == 0:  # dots that merely touch prove nothing
            continue
        sure = part.joints.keys() - part.guessed
        near = [figure for figure in whole if not figure.joints.keys() & sure and _close(figure, part)]
        if near:
            home = min(near, key=lambda figure: _gap(figure, part))
            home.joints = part.joints | home.joints
            home.sticks += part.sticks
        else:
            whole.append(part)
    for joint, place in loose:
        dot = Figure({joint: place})
        near = [figure for figure in whole if joint not in figure.joints and _close(figure, dot)]
        if near and joint != _HAND_BLUE:
            min(near, key=lambda figure: _gap(figure, dot)).joints[joint] = place
    return whole


def _close(one: Figure, other: Figure) -> bool:
    return _gap(one, other) <= max(_size(one), _size(other))


def _gap(one: Figure, other: Figure) -> float:
    return min(math.dist(a, b) for a in one.joints.values() for b in other.joints.values())


def _size(figure: Figure) -> float:
    places = np.array(list(figure.joints.values()))
    return float(np.hypot(*(places.max(axis=0) - places.min(axis=0))))


def _people(figures: list[Figure], hands: list[Hand], radius: float, origin: tuple[int, int]) -> list[Person]:
    """Figures as people, each hand at the wrist it begins at. Larger figures come last, as if they were nearer."""
    ordered = sorted(figures, key=_size)
    owners: dict[tuple[int, str], Hand] = {}
    for hand in hands:
        root = hand[0]
        places = [
            (math.dist(root, figure.joints[wrist]), (index, side))
            for index, figure in enumerate(ordered)
            for side, wrist in WRISTS.items()
            if wrist in figure.joints and (index, side) not in owners
        ]
        if places and min(places)[0] <= 8 * radius:
            owners[min(places)[1]] = hand
    return [
        Person(
            body=tuple(_joint(figure.joints.get(joint), origin) for joint in range(BODY_JOINTS)),
            left_hand=_hand(owners.get((index, "left")), origin),
            right_hand=_hand(owners.get((index, "right")), origin),
        )
        for index, figure in enumerate(ordered)
    ]


def _hand(hand: Hand | None, origin: tuple[int, int]) -> tuple[Joint | None, ...] | None:
    return tuple(_joint(hand.get(joint), origin) for joint in range(HAND_JOINTS)) if hand else None


def _joint(place: Place | None, origin: tuple[int, int]) -> Joint | None:
    # A dot's middle pixel holds everything from its corner on; the middle of that is the best guess.
    return place and Joint(float(place[0]) + origin[0] + 0.5, float(place[1]) + origin[1] + 0.5)
