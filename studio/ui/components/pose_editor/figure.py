"""The figure an empty pose begins with, and a new person looks like."""

from __future__ import annotations

from functools import cache

from studio.poses.library import library_pose, pose_names
from studio.poses.values import Pose

STANDING = "standing"


@cache
def standing_figure() -> Pose:
    """One standing person on a canvas of its own: the library's, or the first that has a whole body there."""
    names = pose_names()
    for name in [STANDING, *names] if STANDING in names else names:
        pose = library_pose(name)
        if pose.people and all(pose.people[0].body):
            return pose.model_copy(update={"people": pose.people[:1]})
    return Pose(width=512, height=768)
