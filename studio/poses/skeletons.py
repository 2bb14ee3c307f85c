"""The OpenPose skeleton as ControlNet was trained on it: joint names, limbs, colours. Data only.

Right and left are the figure's own: facing the viewer, its right arm is on the picture's left. Colours are RGB.
"""

from __future__ import annotations

from colorsys import hsv_to_rgb

Colour = tuple[int, int, int]

BODY_NAMES = (
    "nose",
    "neck",
    "right_shoulder",
    "right_elbow",
    "right_wrist",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "right_hip",
    "right_knee",
    "right_ankle",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_eye",
    "left_eye",
    "right_ear",
    "left_ear",
)

JOINT_COLOURS: tuple[Colour, ...] = (
    (255, 0, 0),
    (255, 85, 0),
    (255, 170, 0),
    (255, 255, 0),
    (170, 255, 0),
    (85, 255, 0),
    (0, 255, 0),
    (0, 255, 85),
    (0, 255, 170),
    (0, 255, 255),
    (0, 170, 255),
    (0, 85, 255),
    (0, 0, 255),
    (85, 0, 255),
    (170, 0, 255),
    (255, 0, 255),
    (255, 0, 170),
    (255, 0, 85),
)

LIMBS = (
    (1, 2),
    (1, 5),
    (2, 3),
    (3, 4),
    (5, 6),
    (6, 7),
    (1, 8),
    (8, 9),
    (9, 10),
    (1, 11),
    (11, 12),
    (12, 13),
    (1, 0),
    (0, 14),
    (14, 16),
    (0, 15),
    (15, 17),
)
"""Pairs of body joints, in drawing order."""

LIMB_COLOURS: tuple[Colour, ...] = tuple(
    (int(red * 0.6), int(green * 0.6), int(blue * 0.6)) for red, green, blue in JOINT_COLOURS[: len(LIMBS)]
)
"""Limb k is drawn in the colour of joint k, dimmed to 60 %."""

HAND_EDGES = tuple(
    (0 if step == 0 else finger * 4 + step, finger * 4 + step + 1) for finger in range(5) for step in range(4)
)
"""Thumb to little finger, each from the wrist (0) to its tip."""

HAND_EDGE_COLOURS: tuple[Colour, ...] = tuple(
    tuple(round(channel * 255) for channel in hsv_to_rgb(index / len(HAND_EDGES), 1.0, 1.0))  # type: ignore[misc]
    for index in range(len(HAND_EDGES))
)
HAND_JOINT_COLOUR: Colour = (0, 0, 255)
FACE_JOINT_COLOUR: Colour = (255, 255, 255)

STICK_HALF_WIDTH = 4
BODY_DOT_RADIUS = HAND_DOT_RADIUS = 4
FACE_DOT_RADIUS = 3
HAND_LINE_WIDTH = 2

BODY_25_TO_18 = (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
"""For each of our joints its place in OpenPose's BODY_25 (which adds the hips' middle and the feet)."""
