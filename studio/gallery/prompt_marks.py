"""Favourites and recently used ones among all prompts, shipped and own, by their keys (``entry:high-ponytail``)."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

from studio.database import Database
from studio.gallery.prompt_rows import MIGRATIONS

KEPT_USES = 500


class PromptMarks:
    """A data folder's marks. A key may outlive what it names; readers pass over those."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("prompts", MIGRATIONS)

    def at_once(self) -> AbstractContextManager[object]:
        """Several changes as one: all of the block or nothing."""
        return self._database.transaction()

    def favourites(self) -> tuple[str, ...]:
        """Keys of the favourites, the latest first."""
        rows = self._database.connection().execute("SELECT key FROM prompt_favourites ORDER BY since DESC, rowid DESC")
        return tuple(row["key"] for row in rows)

    def favour(self, key: str, on: bool = True) -> None:
        """Make an entry or template a favourite, or no longer one."""
        with self._database.transaction() as connection:
            if on:
                connection.execute("INSERT OR IGNORE INTO prompt_favourites VALUES (?, ?)", (key, time.time()))
            else:
                connection.execute("DELETE FROM prompt_favourites WHERE key = ?", (key,))

    def note_use(self, key: str) -> None:
        """Remember that an entry or template was put into a prompt just now."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO prompt_uses VALUES (?, ?, 1)"
                " ON CONFLICT (key) DO UPDATE SET used = excluded.used, times = times + 1",
                (key, time.time()),
            )
            connection.execute(
                "DELETE FROM prompt_uses WHERE key NOT IN (SELECT key FROM prompt_uses ORDER BY used DESC LIMIT ?)",
                (KEPT_USES,),
            )

    def recent(self, limit: int = 24) -> tuple[str, ...]:
        """Keys of what was used, the latest first."""
        rows = self._database.connection().execute(
            "SELECT key FROM prompt_uses ORDER BY used DESC, rowid DESC LIMIT ?", (limit,)
        )
        return tuple(row["key"] for row in rows)
