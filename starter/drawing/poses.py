"""Base poses as joint angles, and random but plausible variations of them.

A limb is (upper out, upper forward, lower out, lower forward) in degrees, each direction absolute in the body's own
frame: "out" turns from straight down away from the body within the frontal plane (180 = straight up, negative = across
the body), "forward" lifts it towards where the chest faces. Legs work the same way.
"""

from dataclasses import dataclass, replace

import numpy as np

STAND, HANG = (4, 1, 3, -2), (9, 0, 5, 9)
ON_HIP, GUARD = (44, -10, -42, 14), (20, 20, 148, 30)


@dataclass(frozen=True)
class Pose:
    """Angles in degrees; yaw > 0 turns to image right, lean > 0 tips to image right, pitch > 0 bows forward."""

    right_arm: tuple = HANG
    left_arm: tuple = HANG
    right_leg: tuple = STAND
    left_leg: tuple = STAND
    yaw: float = 0.0
    spread: float = 20.0  # deviation of the random yaw
    lean: float = 0.0
    pitch: float = 0.0
    nod: float = 0.0  # head looking down (+) or up (-)
    roll: float = 0.0  # head tipping to image right
    hands: tuple = ("relaxed", "relaxed")
    ground: str = "feet"  # feet, air, seat, floor
    prop: str = ""


BASE = {
    "standing": Pose(),
    "relaxed": Pose(right_arm=(12, -4, 4, 12), left_leg=(13, 8, 7, -4), lean=-2, roll=5),
    "hands on hips": Pose(
        right_arm=ON_HIP, left_arm=ON_HIP, hands=("fist", "fist"), right_leg=(10, 0, 8, 0), left_leg=(10, 0, 8, 0)
    ),
    "hand on hip": Pose(right_arm=ON_HIP, hands=("fist", "relaxed"), left_leg=(14, 6, 8, -4), roll=-4),
    "crossed arms": Pose(right_arm=(8, 10, -84, 20), left_arm=(8, 12, -78, 32), spread=12, right_leg=(8, 0, 6, 0)),
    "waving": Pose(left_arm=(82, 5, 163, 12), hands=("relaxed", "open"), roll=6),
    "cheering": Pose(right_arm=(138, 5, 165, 5), left_arm=(138, 5, 165, 5), hands=("fist", "fist"), nod=-8),
    "arms behind head": Pose(right_arm=(124, -14, -130, -16), left_arm=(124, -14, -130, -16), spread=12),
    "walking": Pose((5, -28, 3, -8), (5, 26, 2, 48), (2, 25, 1, 2), (2, -20, 1, -44), yaw=50, spread=14),
    "jogging": Pose(
        (10, -46, 5, 40),
        (10, 28, 3, 98),
        (2, 52, 1, -28),
        (2, -18, 1, -80),
        yaw=55,
        spread=13,
        pitch=8,
        hands=("fist", "fist"),
    ),
    "sprinting": Pose(
        (8, -62, 4, 22),
        (8, 46, 4, 118),
        (2, 74, 1, -8),
        (2, -36, 1, -68),
        yaw=60,
        spread=10,
        pitch=20,
        hands=("fist", "fist"),
    ),
    "jumping": Pose(
        (130, 10, 150, 12),
        (136, 10, 152, 8),
        (16, 22, 6, -52),
        (22, 36, 10, -44),
        hands=("open", "open"),
        ground="air",
        nod=-5,
    ),
    "star jump": Pose(
        (118, 0, 124, 0),
        (118, 0, 124, 0),
        (32, 0, 33, -4),
        (32, 0, 33, -4),
        hands=("open", "open"),
        ground="air",
        spread=10,
    ),
    "sitting": Pose((12, 16, 3, 42), (12, 16, 3, 42), (8, 76, 3, -5), (8, 76, 3, -5), yaw=36, spread=14, ground="seat"),
    "sitting cross-legged": Pose(
        (16, 14, -2, 36), (16, 14, -2, 36), (58, 44, -66, 18), (58, 44, -70, 22), spread=14, ground="floor"
    ),
    "hugging knees": Pose(
        (10, 48, -18, 44),
        (10, 48, -18, 44),
        (168, 52, 2, 14),
        (168, 52, 2, 14),
        yaw=42,
        spread=10,
        ground="floor",
        nod=6,
    ),
    "kneeling": Pose(
        (14, 8, -6, 30), (14, 8, -6, 30), (9, 62, 4, -70), (9, 62, 4, -70), yaw=38, spread=12, ground="floor"
    ),
    "squatting": Pose(
        (14, 44, -8, 42), (14, 44, -8, 42), (36, 58, -6, -24), (36, 58, -6, -24), yaw=22, spread=12, ground="floor"
    ),
    "fighting stance": Pose(
        GUARD, (28, 46, 146, 46), (22, 18, 12, -10), (24, -8, 14, -20), yaw=28, spread=12, hands=("fist", "fist")
    ),
    "punching": Pose(
        (22, -8, 140, 40),
        (86, 26, 88, 22),
        (32, 8, 20, -6),
        (34, 0, 28, -8),
        lean=8,
        yaw=26,
        spread=10,
        hands=("fist", "fist"),
    ),
    "kicking": Pose(
        (46, 0, 120, 30),
        (38, 14, 132, 34),
        (4, 0, 3, -2),
        (90, 14, 94, 10),
        lean=-16,
        yaw=18,
        spread=10,
        hands=("fist", "fist"),
    ),
    "dancing": Pose(
        (110, 6, 142, 10), (62, 6, 40, 22), (6, 0, 3, 0), (28, 16, -12, -38), lean=-4, roll=-8, hands=("open", "open")
    ),
    "ballet": Pose((134, 12, -154, 14), (134, 12, -154, 14), (1, 0, 1, 0), (36, 12, -50, 8), spread=10),
    "arabesque": Pose(
        (96, 14, 98, 10),
        (92, 16, 92, 12),
        (2, 2, 2, 0),
        (8, -66, 5, -72),
        yaw=52,
        spread=8,
        pitch=18,
        hands=("open", "open"),
    ),
    "bowing": Pose((6, 14, 2, 22), (6, 14, 2, 22), yaw=44, spread=12, pitch=42, nod=12),
    "pointing": Pose(left_arm=(84, 16, 87, 14), right_arm=ON_HIP, hands=("fist", "point"), right_leg=(9, 0, 7, 0)),
    "peace sign": Pose(left_arm=(24, 22, 150, 34), hands=("relaxed", "peace"), roll=8),
    "saluting": Pose(right_arm=(78, 8, -126, 22), hands=("flat", "relaxed"), spread=12),
    "thinking": Pose(
        right_arm=(10, 16, -78, 30), left_arm=(10, 22, -148, 32), hands=("relaxed", "fist"), roll=6, nod=4, spread=14
    ),
    "praying": Pose((16, 8, -126, 16), (16, 8, -126, 16), spread=12, nod=8, hands=("flat", "flat")),
    "spread arms": Pose((86, 0, 90, 4), (86, 0, 90, 4), spread=12, hands=("open", "open")),
    "stretching": Pose((160, -4, -164, -4), (160, -4, -164, -4), lean=7, spread=14, nod=-6),
    "arms behind back": Pose((17, -22, -28, -22), (17, -22, -28, -22), spread=16, roll=-5),
    "hands together": Pose((10, 10, -46, 26), (10, 10, -46, 26), spread=12, roll=5),
    "leaning forward": Pose(
        (10, 46, 2, 38), (10, 46, 2, 38), (13, 22, 4, -24), (13, 22, 4, -24), yaw=24, spread=12, pitch=34
    ),
    "raised fist": Pose(
        right_arm=ON_HIP,
        left_arm=(150, 4, 166, 6),
        hands=("fist", "fist"),
        right_leg=(10, 0, 8, 0),
        left_leg=(10, 0, 8, 0),
    ),
    "sword stance": Pose(
        (42, 30, 58, 44),
        (18, 28, -52, 44),
        (24, 16, 12, -8),
        (26, -8, 16, -18),
        yaw=20,
        spread=12,
        hands=("fist", "fist"),
        prop="sword",
    ),
    "casting magic": Pose(
        (86, 24, 88, 28),
        (38, -10, 30, 10),
        (16, 6, 10, -4),
        (20, 0, 14, -8),
        yaw=-18,
        spread=12,
        hands=("open", "open"),
        prop="magic",
    ),
    "reading": Pose((14, 26, -44, 56), (14, 26, -44, 56), spread=14, nod=12, prop="book"),
    "hand on chest": Pose(right_arm=(12, 16, -110, 26), hands=("flat", "relaxed"), roll=4),
    "reaching up": Pose(left_arm=(168, 8, 175, 6), hands=("relaxed", "open"), nod=-10, left_leg=(3, 0, 2, -12), lean=3),
    "reaching out": Pose(left_arm=(36, 46, 32, 62), hands=("relaxed", "open"), pitch=6),
}
NAMES = list(BASE)


def mirrored(p):
    """The pose as a mirror shows it."""
    return replace(
        p,
        right_arm=p.left_arm,
        left_arm=p.right_arm,
        right_leg=p.left_leg,
        left_leg=p.right_leg,
        yaw=-p.yaw,
        lean=-p.lean,
        roll=-p.roll,
        hands=p.hands[::-1],
    )


def blend(a, b, k):
    """Between two poses: k = 0 is a, 1 is b; what cannot be blended comes from a."""

    def mid(u, v):
        return tuple(x + (y - x) * k for x, y in zip(u, v, strict=True))

    return replace(
        a,
        right_arm=mid(a.right_arm, b.right_arm),
        left_arm=mid(a.left_arm, b.left_arm),
        prop="",
        right_leg=mid(a.right_leg, b.right_leg) if a.ground == b.ground else a.right_leg,
        left_leg=mid(a.left_leg, b.left_leg) if a.ground == b.ground else a.left_leg,
    )


def vary(p, rng, amount=1.0):
    """A natural variation: arms move more than planted legs; mirrored half the time."""
    arm, leg = 7 * amount, (6 if p.ground == "air" else 4) * amount

    def jog(limb, s):
        return tuple(float(a + rng.normal(0, s)) for a in limb)

    p = replace(
        p,
        right_arm=jog(p.right_arm, arm),
        left_arm=jog(p.left_arm, arm),
        right_leg=jog(p.right_leg, leg),
        left_leg=jog(p.left_leg, leg),
        yaw=float(np.clip(rng.normal(p.yaw, p.spread * amount), -76, 76)),
        lean=float(rng.normal(p.lean, 2.5 * amount)),
        pitch=float(rng.normal(p.pitch, 3 * amount)),
        nod=float(rng.normal(p.nod, 4)),
        roll=float(rng.normal(p.roll, 5)),
    )
    return mirrored(p) if rng.random() < 0.5 else p
