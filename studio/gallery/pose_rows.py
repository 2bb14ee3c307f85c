"""The tables of saved poses and favourites, and what a row of them stands for."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property

from studio.poses.values import Pose


def _m001_poses(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE own_poses (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,        -- the name as it is compared
            tags TEXT NOT NULL,          -- JSON list
            pose TEXT NOT NULL,          -- JSON of the pose
            created REAL NOT NULL,       -- Unix time
            changed REAL NOT NULL,
            deleted REAL
        )
        """
    )
    connection.execute("CREATE UNIQUE INDEX own_poses_name ON own_poses (folded) WHERE deleted IS NULL")
    connection.execute("CREATE TABLE pose_favourites (key TEXT PRIMARY KEY, since REAL NOT NULL)")


MIGRATIONS = (_m001_poses,)


@dataclass(frozen=True)
class OwnPose:
    """A pose that was saved by a person."""

    id: int
    name: str
    tags: tuple[str, ...]
    text: str
    """The pose as JSON."""
    created: float
    changed: float

    @property
    def key(self) -> str:
        """What it is called among the favourites."""
        return f"own:{self.id}"

    @cached_property
    def pose(self) -> Pose:
        return Pose.model_validate_json(self.text)


def library_key(name: str) -> str:
    """What a pose of the library is called among the favourites."""
    return f"library:{name}"


def own_pose(row: sqlite3.Row) -> OwnPose:
    return OwnPose(row["id"], row["name"], tuple(json.loads(row["tags"])), row["pose"], row["created"], row["changed"])
