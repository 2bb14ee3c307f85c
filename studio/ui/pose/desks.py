"""Where the editor's poses are kept: one row per browser, so that a change of page or a reload loses nothing."""

from __future__ import annotations

import sqlite3
import time
from typing import NamedTuple

from studio.database import Database
from studio.poses.values import Pose

KEPT = 200
"""Browsers whose poses are kept; the longest unused go first."""


def _pose_desks(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE pose_desks (desk TEXT PRIMARY KEY, pose TEXT NOT NULL, background TEXT, saved REAL NOT NULL)"
    )


class PoseOnDesk(NamedTuple):
    """What lies on one browser's desk."""

    pose: Pose
    background: str | None
    """sha256 of the upload that lies behind the figures."""


class PoseDesks:
    """Poses by desk, the random id of a browser."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("pose_desks", [_pose_desks])

    def load(self, desk: str) -> PoseOnDesk | None:
        """What was kept; None for a browser that was never here, or a row no version of the studio wrote."""
        row = self._database.connection().execute("SELECT * FROM pose_desks WHERE desk = ?", (desk,)).fetchone()
        try:
            return PoseOnDesk(Pose.model_validate_json(row["pose"]), row["background"]) if row else None
        except ValueError:
            return None

    def save_pose(self, desk: str, pose: Pose) -> None:
        """Keep another pose; the photo stays where it is."""
        with self._database.transaction():
            kept = self.load(desk)
            self.save(desk, PoseOnDesk(pose, kept.background if kept else None))

    def save(self, desk: str, kept: PoseOnDesk) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO pose_desks VALUES (?, ?, ?, ?) ON CONFLICT (desk) DO UPDATE SET "
                "pose = excluded.pose, background = excluded.background, saved = excluded.saved",
                (desk, kept.pose.model_dump_json(), kept.background, time.time()),
            )
            connection.execute(
                "DELETE FROM pose_desks WHERE desk NOT IN (SELECT desk FROM pose_desks ORDER BY saved DESC LIMIT ?)",
                (KEPT,),
            )
