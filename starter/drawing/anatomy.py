"""From a pose to a body: forward kinematics in three dimensions, then an orthographic camera."""

import math
from dataclasses import dataclass, field

import numpy as np

CAMERA = math.radians(9)  # looking slightly down, so that what comes forward also comes lower
HEAD_YAW = 46  # degrees; beyond it the drawn face stops turning


@dataclass(frozen=True)
class Build:
    """Proportions as parts of the standing height."""

    head: float = 0.098  # half the width of the skull
    shoulder: float = 0.084
    hip: float = 0.045
    torso: float = 0.245
    upper_arm: float = 0.142
    forearm: float = 0.128
    thigh: float = 0.232
    shin: float = 0.222
    girth: float = 1.0
    waist: float = 0.82


@dataclass
class Body:
    """A posed body. at: joint index -> (x, y, depth); after project() x and y are points, depth > 0 is nearer."""

    at: np.ndarray
    toes: np.ndarray  # (2, 3) right, left: a foot's length from the ankle
    head: np.ndarray  # (3,) centre of the skull
    side: np.ndarray  # (3,) unit vector from the body's right to its left
    build: Build
    yaw: float  # of the chest, degrees
    head_yaw: float
    nod: float
    roll: float  # radians, of the head in the picture
    behind: bool  # seen from behind
    scale: float = 1.0  # points per standing height
    shift: np.ndarray = field(default_factory=lambda: np.zeros(2))

    def project(self, scale, shift):
        self.scale, self.shift = scale, np.asarray(shift, float)
        for a in (self.at, self.toes):
            a[:, :2] = a[:, :2] * scale + self.shift
            a[:, 2] *= scale
        self.head = np.append(self.head[:2] * scale + self.shift, self.head[2] * scale)

    def p(self, i):
        return self.at[i, :2]


def direction(out, forward, side):
    """Unit vector of a limb; side -1 for the body's right, +1 for its left."""
    o, f = math.radians(out), math.radians(forward)
    return np.array([side * math.sin(o) * math.cos(f), math.cos(o) * math.cos(f), math.sin(f)])


def _turn(yaw, lean, pitch):
    """Rotation matrices (body, upper body) for row vectors."""
    c, s = math.cos(yaw), math.sin(yaw)
    about_y = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    c, s = math.cos(pitch), math.sin(pitch)
    bow = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    c, s = math.cos(lean), math.sin(lean)
    tip = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    return about_y, bow, tip


def assemble(pose, build, behind=False):
    """Body in units of standing height, neck at the origin."""
    yaw = pose.yaw + (180 if behind else 0)
    about_y, bow, tip = _turn(math.radians(yaw), math.radians(pose.lean), math.radians(pose.pitch))
    upper = bow @ about_y @ tip
    at = np.zeros((18, 3))
    at[2], at[5] = (np.array([s * build.shoulder, 0.012, 0]) for s in (-1, 1))
    for s, j, limb in ((-1, 2, pose.right_arm), (1, 5, pose.left_arm)):
        at[j + 1] = at[j] + direction(limb[0], limb[1], s) * build.upper_arm
        at[j + 2] = at[j + 1] + direction(limb[2], limb[3], s) * build.forearm
    at[1:8] = at[1:8] @ upper
    hips = np.array([0, build.torso, 0]) @ upper
    toes = np.zeros((2, 3))
    for n, (s, j, limb) in enumerate(((-1, 8, pose.right_leg), (1, 11, pose.left_leg))):
        at[j] = hips + np.array([s * build.hip, 0, 0]) @ about_y
        at[j + 1] = at[j] + direction(limb[0], limb[1], s) @ about_y * build.thigh
        shin = direction(limb[2], limb[3], s)
        at[j + 2] = at[j + 1] + shin @ about_y * build.shin
        toes[n] = at[j + 2] + _foot(shin, s, pose.ground) @ about_y * 0.085
    head_yaw = float(np.clip(pose.yaw * 0.72, -HEAD_YAW, HEAD_YAW))
    tilt = math.radians(pose.lean * 0.7 + pose.roll)
    stem = np.array([0, -0.036, 0.01]) @ upper
    up = np.array([math.sin(tilt), -math.cos(tilt), 0.0])
    bent = math.radians(pose.pitch * 0.55) * (-1 if behind else 1)
    head = (
        stem
        + up * build.head * 0.99
        + np.array([math.sin(math.radians(head_yaw)) * math.sin(bent), 0.25 * abs(math.sin(bent)), 0]) * build.head
    )
    body = Body(
        at,
        toes,
        head,
        np.array([1.0, 0, 0]) @ about_y,
        build,
        pose.yaw,
        head_yaw,
        pose.nod + 14 * math.sin(bent),
        tilt,
        behind,
    )
    _look_down(body)
    return body


def _foot(shin, side, ground):
    """Where the toes point: forward and a little outward, never bent back along the shin."""
    d = np.array([side * 0.32, 0.0, 0.95])
    if ground == "air" or shin[1] < 0.75:
        d = d * 0.6 + shin * 0.8
    return d / np.linalg.norm(d)


def _look_down(body):
    """Tilt everything for a camera slightly above."""
    for a in (body.at, body.toes, body.head[None]):
        a[:, 1] += a[:, 2] * math.sin(CAMERA)


def place_face(body, head):
    """Write nose, eyes and ears where the drawn head has them; what the head hides is nan."""
    features = {0: (0, 0.36), 14: (-0.42, 0.1), 15: (0.42, 0.1)}
    for j, (x, y) in features.items():
        body.at[j, :2] = np.nan if body.behind else head.on(x, y)
    flip = -1 if body.behind else 1
    for j, s in ((16, -1), (17, 1)):
        hidden = not body.behind and s * body.head_yaw > 34
        body.at[j, :2] = np.nan if hidden else head.off(s * flip * 0.97, 0.06)
