"""The OpenPose-18 skeleton map, drawn by ControlNet's own rule at the resolution it is used at."""

import math

import cv2
import numpy as np

JOINTS = (
    "nose",
    "neck",
    "r_shoulder",
    "r_elbow",
    "r_wrist",
    "l_shoulder",
    "l_elbow",
    "l_wrist",
    "r_hip",
    "r_knee",
    "r_ankle",
    "l_hip",
    "l_knee",
    "l_ankle",
    "r_eye",
    "l_eye",
    "r_ear",
    "l_ear",
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
COLOURS = (
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
STICK = 4  # pixels, whatever the size of the map


def draw_skeleton(joints, size=128):
    """joints: (18, 2) pixels at this size, nan where unseen. Returns (size, size, 3) uint8 RGB."""
    im = np.zeros((size, size, 3), np.uint8)
    seen = ~np.isnan(joints[:, 0])
    for (a, b), colour in zip(LIMBS, COLOURS, strict=False):
        if not (seen[a] and seen[b]):
            continue
        (x0, y0), (x1, y1) = joints[a], joints[b]
        length = math.hypot(x0 - x1, y0 - y1)
        angle = math.degrees(math.atan2(y0 - y1, x0 - x1))
        centre = (int((x0 + x1) / 2), int((y0 + y1) / 2))
        stick = cv2.ellipse2Poly(centre, (int(length / 2), STICK), int(angle), 0, 360, 1)
        cv2.fillConvexPoly(im, stick, [int(v * 0.6) for v in colour])
    for i, colour in enumerate(COLOURS):
        if seen[i]:
            cv2.circle(im, (int(joints[i, 0]), int(joints[i, 1])), STICK, colour, thickness=-1)
    return im
