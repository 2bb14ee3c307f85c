"""The OpenPose-18 skeleton map of a picture, by the studio's own code: trained on is what is drawn later."""

import numpy as np

from starter.drawing.canvas import SIZE
from studio.poses.drawing import draw
from studio.poses.skeletons import JOINT_COLOURS as COLOURS
from studio.poses.skeletons import LIMBS
from studio.poses.values import Joint, Person, Pose

__all__ = ["COLOURS", "LIMBS", "draw_skeleton"]


def draw_skeleton(joints, size=SIZE):
    """joints: (18, 2) pixels at this size, nan where unseen. Returns (size, size, 3) uint8 RGB."""
    body = tuple(None if np.isnan(x) else Joint(float(x), float(y)) for x, y in joints)
    return draw(Pose(width=size, height=size, people=(Person(body=body),)), size, size)
