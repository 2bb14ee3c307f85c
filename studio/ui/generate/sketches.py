"""The strokes behind control maps that were drawn here, so that a finished picture gives back an editable drawing."""

from __future__ import annotations

import sqlite3

from studio.database import Database


def _sketches(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE sketches (sha256 TEXT PRIMARY KEY, strokes TEXT NOT NULL)")


class Sketches:
    """Drawings, as JSON, by the sha256 of the control map made from them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("sketches", [_sketches])

    def remember(self, sha256: str, strokes: str) -> None:
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO sketches VALUES (?, ?)", (sha256, strokes))

    def find(self, sha256: str) -> str | None:
        row = self._database.connection().execute("SELECT strokes FROM sketches WHERE sha256 = ?", (sha256,)).fetchone()
        return row and row["strokes"]
