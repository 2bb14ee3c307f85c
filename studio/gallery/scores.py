"""What was measured of pictures: one value for each metric, or the reason why there is none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from studio.database import Database


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of one picture."""

    value: float | None
    reason: str = ""
    """Why it could not be computed; empty where it could."""


class PictureScores:
    """The scores of one data folder's pictures."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("scores", MIGRATIONS)

    def put(self, picture_id: int, found: dict[str, Measured]) -> None:
        """Keep the scores of a picture, in place of earlier ones of the same metrics."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO picture_scores VALUES (?, ?, ?, ?)",
                [(picture_id, metric, one.value, one.reason) for metric, one in found.items()],
            )

    def of(self, picture_ids: Iterable[int]) -> dict[int, dict[str, Measured]]:
        """By picture id, then by metric; pictures that were never measured are left out."""
        query = "SELECT * FROM picture_scores WHERE picture_id IN (SELECT value FROM json_each(?))"
        scores: dict[int, dict[str, Measured]] = {}
        for row in self._database.connection().execute(query, (json.dumps(list(picture_ids)),)):
            scores.setdefault(row["picture_id"], {})[row["metric"]] = Measured(row["value"], row["reason"])
        return scores


def _m001_scores(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE picture_scores (
            picture_id INTEGER NOT NULL,
            metric TEXT NOT NULL,
            value REAL,
            reason TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (picture_id, metric)
        ) WITHOUT ROWID
        """
    )


MIGRATIONS = (_m001_scores,)
