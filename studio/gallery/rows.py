"""Writing rows of the gallery. Every function runs inside its caller's transaction."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from studio.gallery.provenance import Provenance
from studio.request import GenerationRequest


@dataclass(frozen=True)
class StoredImage:
    """A picture whose file is on disk and whose row is still to be written."""

    sha256: str
    request: GenerationRequest
    provenance: Provenance
    width: int
    height: int
    created: float
    parent_id: int | None = None


def by_digest(connection: sqlite3.Connection, digest: str) -> sqlite3.Row | None:
    return connection.execute("SELECT * FROM images WHERE digest = ?", (digest,)).fetchone()


def insert_picture(connection: sqlite3.Connection, stored: StoredImage) -> sqlite3.Row:
    cursor = connection.execute(
        """INSERT INTO images (kind, sha256, digest, request, provenance, width, height, seconds, created, parent_id)
        VALUES ('generated', ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            stored.sha256,
            stored.request.digest,
            stored.request.canonical_json(),
            stored.provenance.model_dump_json(),
            stored.width,
            stored.height,
            stored.provenance.seconds,
            stored.created,
            stored.parent_id,
        ),
    )
    connection.execute(
        "INSERT INTO images_text (rowid, prompt, negative_prompt) VALUES (?, ?, ?)",
        (cursor.lastrowid, stored.request.prompt, stored.request.negative_prompt),
    )
    return _row(connection, cursor.lastrowid)


def replace_picture(connection: sqlite3.Connection, id: int, stored: StoredImage) -> sqlite3.Row:
    """Point the picture to a new file of the same request, and show it again."""
    connection.execute(
        """UPDATE images SET sha256 = ?, provenance = ?, width = ?, height = ?, seconds = ?, deleted = NULL, missing = 0
        WHERE id = ?""",
        (
            stored.sha256,
            stored.provenance.model_dump_json(),
            stored.width,
            stored.height,
            stored.provenance.seconds,
            id,
        ),
    )
    return _row(connection, id)


def restore(connection: sqlite3.Connection, id: int) -> sqlite3.Row:
    """Show the picture again, should it be in the trash."""
    connection.execute("UPDATE images SET deleted = NULL, missing = 0 WHERE id = ?", (id,))
    return _row(connection, id)


def insert_upload(connection: sqlite3.Connection, sha256: str, width: int, height: int, created: float) -> None:
    connection.execute(
        """INSERT INTO images (kind, sha256, width, height, created) VALUES ('upload', ?, ?, ?, ?)
        ON CONFLICT (sha256) DO UPDATE SET missing = 0""",
        (sha256, width, height, created),
    )


def search_words(text: str) -> str:
    """An FTS5 query that wants every word of ``text`` or its beginning; no character of it acts as an operator."""
    return " ".join(f'"{word}"*' for word in re.findall(r"[^\W_]+", text))


def _row(connection: sqlite3.Connection, id: int | None) -> sqlite3.Row:
    return connection.execute("SELECT * FROM images WHERE id = ?", (id,)).fetchone()
