"""Where drafts are kept: one row per browser, so that a reload or a second tab finds the form as it was left."""

from __future__ import annotations

import sqlite3
import time

from studio.database import Database
from studio.ui.generate.draft import Draft

KEPT = 200
"""Browsers whose drafts are kept; the longest unused go first."""


def _drafts(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE drafts (desk TEXT PRIMARY KEY, draft TEXT NOT NULL, saved REAL NOT NULL)")


class Drafts:
    """Drafts by desk, the random id of a browser."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("drafts", [_drafts])

    def load(self, desk: str) -> Draft | None:
        row = self._database.connection().execute("SELECT draft FROM drafts WHERE desk = ?", (desk,)).fetchone()
        return Draft.from_json(row["draft"]) if row else None

    def save(self, desk: str, draft: Draft) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO drafts VALUES (?, ?, ?) "
                "ON CONFLICT (desk) DO UPDATE SET draft = excluded.draft, saved = excluded.saved",
                (desk, draft.to_json(), time.time()),
            )
            connection.execute(
                "DELETE FROM drafts WHERE desk NOT IN (SELECT desk FROM drafts ORDER BY saved DESC LIMIT ?)", (KEPT,)
            )
