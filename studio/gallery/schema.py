"""The gallery's tables, as numbered migrations."""

from __future__ import annotations

import sqlite3

from studio.database import Database


def prepare(database: Database) -> None:
    """Bring the gallery's tables up to date."""
    database.migrate("gallery", MIGRATIONS)


def _m001_images(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE images (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('generated', 'upload')),
            sha256 TEXT NOT NULL UNIQUE,
            digest TEXT UNIQUE,               -- of the request; NULL for uploads
            request TEXT,                     -- canonical JSON; NULL for uploads
            provenance TEXT NOT NULL DEFAULT '{}',
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            seconds REAL NOT NULL DEFAULT 0,
            created REAL NOT NULL,            -- Unix time
            parent_id INTEGER REFERENCES images (id),
            owner TEXT NOT NULL DEFAULT '',
            deleted REAL,                     -- when it went to the trash
            missing INTEGER NOT NULL DEFAULT 0 -- 1: its file was not there at the last repair
        )
        """
    )
    connection.execute(
        """
        CREATE INDEX images_newest ON images (created, id)
        WHERE kind = 'generated' AND deleted IS NULL AND missing = 0
        """
    )
    connection.execute("CREATE INDEX images_parent ON images (parent_id) WHERE parent_id IS NOT NULL")
    # Underscores separate words for unicode61, so that blue_hair is found by "blue hair" and the other way round.
    connection.execute(
        """
        CREATE VIRTUAL TABLE images_text
        USING fts5 (prompt, negative_prompt, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')
        """
    )


MIGRATIONS = (_m001_images,)
