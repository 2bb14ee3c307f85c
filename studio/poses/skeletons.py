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

PARENTS = (1, None, 1, 2, 3, 1, 5, 6, 1, 8, 9, 1, 11, 12, 0, 0, 14, 15)
"""The bone tree: for each body joint the one it hangs on; the neck is the root."""

BODY_PAIRS = ((2, 5), (3, 6), (4, 7), (8, 11), (9, 12), (10, 13), (14, 15), (16, 17))
"""(right, left) of the joints that come twice."""

FOUR_LIMBS = {
    "right_arm": (2, 3, 4),
    "left_arm": (5, 6, 7),
    "right_leg": (8, 9, 10),
    "left_leg": (11, 12, 13),
}
"""Chains of two bones for inverse kinematics: root, middle, end."""

WRISTS = {"left": 7, "right": 4}

FINGERS = {name: tuple(range(4 * index + 1, 4 * index + 5)) for index, name in enumerate(
    ("thumb", "index", "middle", "ring", "little")
)}  # fmt: skip
"""The joints of each finger of a hand, knuckle to tip; joint 0 is the wrist."""

FACE_CONTOURS: dict[str, tuple[tuple[int, ...], bool]] = {
    "jaw": (tuple(range(17)), False),
    "right_brow": (tuple(range(17, 22)), False),
    "left_brow": (tuple(range(22, 27)), False),
    "nose_bridge": (tuple(range(27, 31)), False),
    "nostrils": (tuple(range(31, 36)), False),
    "right_eye": (tuple(range(36, 42)), True),
    "left_eye": (tuple(range(42, 48)), True),
    "outer_lip": (tuple(range(48, 60)), True),
    "inner_lip": (tuple(range(60, 68)), True),
    "right_pupil": ((68,), False),
    "left_pupil": ((69,), False),
}
"""The face's joints by feature, and whether it closes on itself. Drawn are dots; the lines are for editors."""

FACE_MIRROR = (
    *range(16, -1, -1),
    *range(26, 16, -1),
    *range(27, 31),
    *range(35, 30, -1),
    *(45, 44, 43, 42, 47, 46),
    *(39, 38, 37, 36, 41, 40),
    *range(54, 47, -1),
    *range(59, 54, -1),
    *range(64, 59, -1),
    *range(67, 64, -1),
    *(69, 68),
)
"""For each face joint the one that is in its place when the face is seen in a mirror."""

BODY_25_TO_18 = (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
"""For each of our joints its place in OpenPose's BODY_25 (which adds the hips' middle and the feet)."""
