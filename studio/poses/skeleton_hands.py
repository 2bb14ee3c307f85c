"""Reads the hands of a drawn skeleton: each of the twenty lines has a colour of its own, all dots are blue."""

from __future__ import annotations

import math

import cv2
import numpy as np

from studio.poses.skeleton_palette import JOINT, Labels
from studio.poses.skeletons import HAND_DOT_RADIUS, HAND_EDGE_COLOURS, HAND_JOINT_COLOUR, JOINT_COLOURS

Hand = dict[int, tuple[float, float]]
"""Where a hand's joints are, by their number; the wrist (0) is always there."""
_FINGERS, _BONES = 5, 4
_LEAST_FINGERS, _LEAST_JOINTS = 3, 12
_BLUE = JOINT_COLOURS.index(HAND_JOINT_COLOUR)  # the left knee of the body has the same colour

_Ends = dict[int, list[tuple[int, int]]]
"""By line: the pairs of dots it ties together."""


def read_hands(labels: Labels, radius: float, people: int) -> tuple[list[Hand], bool]:
    """All hands whose dots lie apart, and whether there are others that could not be read.

    Args:
        radius: of the body's dots; those of hands are not larger.
        people: how many left knees may be among the blue dots.
    """
    blue = (labels.map == JOINT + _BLUE).astype(np.uint8)
    count, dots, boxes, centres = cv2.connectedComponentsWithStats(blue, connectivity=4)
    sizes = boxes[:, 2:4].max(axis=1)
    single = sizes <= 2 * min(radius, HAND_DOT_RADIUS * 1.5) + 3  # larger ones are several that touch
    dots[~single[dots]] = 0
    ties = {edge: _tied(labels.hand_edge(edge), dots) for edge in range(len(HAND_EDGE_COLOURS))}
    hands = [hand for wrist in range(1, count) if single[wrist] and (hand := _from_wrist(wrist, ties))]
    found = [{joint: (float(centres[dot][0]), float(centres[dot][1])) for joint, dot in hand.items()} for hand in hands]
    knees = 1.2 * people * math.pi * radius**2
    dot = math.pi * min(radius, HAND_DOT_RADIUS) ** 2
    left_over = int(blue.sum()) - knees - dot * sum(map(len, found))
    return found, left_over > 6 * dot


def _tied(line: np.ndarray, dots: np.ndarray) -> list[tuple[int, int]]:
    """The dots at the two ends of every piece of a line."""
    if not line.any():
        return []
    count, pieces, boxes, _ = cv2.connectedComponentsWithStats(line.astype(np.uint8), connectivity=8)
    pairs = []
    for piece in range(1, count):
        left, top, wide, high, _ = boxes[piece]
        window = (slice(max(top - 2, 0), top + high + 2), slice(max(left - 2, 0), left + wide + 2))
        around = cv2.dilate((pieces[window] == piece).astype(np.uint8), np.ones((3, 3), np.uint8))
        touched = [dot for dot in np.unique(dots[window][around > 0]) if dot]
        if len(touched) == 2:
            pairs.append((int(touched[0]), int(touched[1])))
    return pairs


def _from_wrist(wrist: int, ties: _Ends) -> dict[int, int] | None:
    """The hand that begins at this dot: from it, finger by finger, line by line."""
    hand, fingers = {0: wrist}, 0
    for finger in range(_FINGERS):
        here = wrist
        for bone in range(_BONES):
            following = [pair for pair in ties[finger * _BONES + bone] if here in pair]
            if len(following) != 1:
                break
            here = following[0][0] if following[0][1] == here else following[0][1]
            hand[finger * _BONES + bone + 1] = here
            fingers += bone == 0
    return hand if fingers >= _LEAST_FINGERS and len(hand) >= _LEAST_JOINTS else None
