"""The pose that a browser has in its editor: the Pose page shows it, Generate can follow it."""

from __future__ import annotations

from studio.poses.values import Pose
from studio.ui.pose.desks import PoseOnDesk
from studio.ui.services import services


def current(desk_id: str) -> Pose | None:
    """The editor's pose; None where nothing has been kept yet."""
    kept = services().pose_desks.load(desk_id)
    return kept and kept.pose


def keep(desk_id: str, pose: Pose) -> None:
    """Put ``pose`` into the editor. What was there before is one step back in the editor's undo."""
    services().pose_desks.save_pose(desk_id, pose)


def background(desk_id: str) -> str | None:
    """sha256 of the photo behind the figures."""
    kept = services().pose_desks.load(desk_id)
    return kept and kept.background


def keep_background(desk_id: str, pose: Pose, sha256: str | None) -> None:
    """Lay a photo behind ``pose``, the one in the editor, or take it away."""
    services().pose_desks.save(desk_id, PoseOnDesk(pose, sha256))
