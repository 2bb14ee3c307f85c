"""Pictures of the prompt library's entries and templates, drawn by the studio itself: one for each checkpoint.

Kept is only which request was made for what; the picture is the gallery's picture of that request. One that goes to the
trash is gone from its card too, and comes back with it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from studio.database import Database
from studio.gallery.prompt_rows import fields_of
from studio.prompts.library.entries import Item

_DRAWN = frozenset({"text", "negative", "prompt", "subject", "negative_prompt", "settings", "pose"})


class Trial(NamedTuple):
    """A picture that was asked for."""

    key: str
    """Of the entry or template."""
    words: str
    """What was drawn, see :func:`words_of`: an own prompt may say something else by now."""
    digest: str
    """Of the request."""
    job: int


class Tried(NamedTuple):
    """A trial and its picture, where there is one by now."""

    trial: Trial
    sha256: str | None
    picture_id: int | None


class PromptPictures:
    """Which pictures stand for what in the library. Shared by threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("prompt_trials", MIGRATIONS)

    def note(self, checkpoint: str, trials: Iterable[Trial]) -> None:
        """Remember what was asked for; what a key had before with this checkpoint is forgotten."""
        rows = [(trial.key, checkpoint, trial.words, trial.digest, trial.job) for trial in trials]
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO prompt_trials VALUES (?, ?, ?, ?, ?)", rows)

    def of(self, items: Collection[Item], checkpoint: str) -> dict[str, Tried]:
        """What was tried of ``items`` with a checkpoint, by key. Of changed prompts nothing."""
        words = {item.key: words_of(item) for item in items}
        rows = self._database.connection().execute(
            "SELECT tried.*, images.sha256, images.id AS picture_id FROM prompt_trials AS tried"
            " LEFT JOIN images ON images.digest = tried.digest AND images.deleted IS NULL AND images.missing = 0"
            " WHERE tried.checkpoint = ? AND tried.key IN (SELECT value FROM json_each(?))",
            (checkpoint, json.dumps(list(words))),
        )
        return {
            row["key"]: Tried(
                Trial(row["key"], row["words"], row["digest"], row["job"]), row["sha256"], row["picture_id"]
            )
            for row in rows
            if row["words"] == words[row["key"]]
        }


def words_of(item: Item) -> str:
    """Changes with everything of ``item`` that a picture shows; not with its name, or what it is found by."""
    says = {name: value for name, value in fields_of(item).items() if name in _DRAWN}
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()[:16]


def _m001_pictures(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE prompt_trials (
            key TEXT NOT NULL,            -- entry:high-ponytail
            checkpoint TEXT NOT NULL,
            words TEXT NOT NULL,
            digest TEXT NOT NULL,         -- of the request, see the gallery's images
            job INTEGER NOT NULL,
            PRIMARY KEY (key, checkpoint)
        ) WITHOUT ROWID
        """
    )


MIGRATIONS = (_m001_pictures,)
