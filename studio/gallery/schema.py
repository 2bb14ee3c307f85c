"""The gallery's tables, as numbered migrations."""

from __future__ import annotations

import json
import re
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


def _m002_finding(connection: sqlite3.Connection) -> None:
    """What is filtered and sorted by, in columns; tags, collections and LoRAs as labels; tags in the text search."""
    for column in (
        "origin TEXT NOT NULL DEFAULT 'studio'",  # the program that made it; all but studio were imported
        "parameters TEXT NOT NULL DEFAULT ''",  # A1111 text of an imported picture
        "pixels TEXT",  # sha256 of the decoded pixels; NULL: not computed yet
        "checkpoint TEXT NOT NULL DEFAULT ''",
        "sampler TEXT NOT NULL DEFAULT ''",
        "sweep TEXT NOT NULL DEFAULT ''",
        "has_pose INTEGER NOT NULL DEFAULT 0",
        "rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5)",
        "favourite INTEGER NOT NULL DEFAULT 0",
        "purged INTEGER NOT NULL DEFAULT 0",  # 1: gone for good; the row stays because jobs point to it
    ):
        connection.execute(f"ALTER TABLE images ADD COLUMN {column}")
    connection.execute(
        """
        CREATE TABLE labels (
            kind TEXT NOT NULL CHECK (kind IN ('tag', 'collection', 'lora', 'image')),
            value TEXT NOT NULL,              -- for an image: the sha256 of one that the request uses
            image_id INTEGER NOT NULL REFERENCES images (id),
            PRIMARY KEY (kind, value, image_id)
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE INDEX labels_image ON labels (image_id, kind, value)")
    _index(connection)
    _move_text(connection)
    _fill(connection)


def _index(connection: sqlite3.Connection) -> None:
    """One index per order. Each holds whatever is filtered by, so that no query walks through whole rows."""
    filters = "checkpoint, sampler, width, height, rating, favourite, has_pose, sweep, seconds"
    shown = "kind = 'generated' AND deleted IS NULL AND missing = 0"
    connection.execute("DROP INDEX images_newest")
    connection.execute(f"CREATE INDEX images_newest ON images (created, id, {filters}) WHERE {shown}")
    connection.execute(f"CREATE INDEX images_rating ON images (rating, created, id, {filters}) WHERE {shown}")
    connection.execute(f"CREATE INDEX images_size ON images (width * height, created, id, {filters}) WHERE {shown}")
    connection.execute(f"CREATE INDEX images_seconds ON images (seconds, created, id, {filters}) WHERE {shown}")
    connection.execute("CREATE INDEX images_trash ON images (deleted, id) WHERE deleted IS NOT NULL AND purged = 0")
    connection.execute("CREATE INDEX images_pixels ON images (pixels) WHERE pixels IS NOT NULL")


def _move_text(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE VIRTUAL TABLE pictures_text
        USING fts5 (prompt, negative_prompt, tags, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')
        """
    )
    connection.execute(
        """
        INSERT INTO pictures_text (rowid, prompt, negative_prompt, tags)
        SELECT rowid, prompt, negative_prompt, '' FROM images_text
        """
    )
    connection.execute("DROP TABLE images_text")


def _fill(connection: sqlite3.Connection) -> None:
    # The requests as they were written when this migration was made, so without the request's own code.
    rows = connection.execute("SELECT id, request FROM images WHERE request IS NOT NULL").fetchall()
    for id, text in rows:
        request = json.loads(text)
        controls = request.get("controls", [])
        connection.execute(
            "UPDATE images SET checkpoint = ?, sampler = ?, has_pose = ? WHERE id = ?",
            (
                request.get("checkpoint", ""),
                request.get("sampler", "DPM++ 2M"),
                any(control.get("pose") for control in controls),
                id,
            ),
        )
        images = [part["image"]["sha256"] for part in [*controls, request.get("source") or {}] if part.get("image")]
        tagged = re.findall(r"<(?:lora|lyco):\s*([^<>:]+)", request.get("prompt", ""), re.IGNORECASE)
        loras = {lora["name"] for lora in request.get("loras", [])} | {name.strip() for name in tagged}
        labels = {("lora", name) for name in loras} | {("image", image) for image in images}
        connection.executemany("INSERT INTO labels VALUES (?, ?, ?)", [(*label, id) for label in sorted(labels)])


def _m003_files(connection: sqlite3.Connection) -> None:
    """Hashes of weights files, and which file from outside became which picture."""
    connection.execute(
        """
        CREATE TABLE file_hashes (
            path TEXT NOT NULL,
            kind TEXT NOT NULL,               -- what was hashed: see hashes.py
            size INTEGER NOT NULL,
            modified INTEGER NOT NULL,        -- nanoseconds
            hash TEXT NOT NULL,
            PRIMARY KEY (path, kind)
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE TABLE imports (
            sha256 TEXT PRIMARY KEY,          -- of the file as it came
            image_id INTEGER NOT NULL REFERENCES images (id)
        ) WITHOUT ROWID
        """
    )


def _m004_counts(connection: sqlite3.Connection) -> None:
    """Two numbers that change with what can be found, so that counts are kept as long as they stay; and indices that
    make counting cheap."""
    connection.execute("CREATE TABLE gallery_revision (number INTEGER NOT NULL, facets INTEGER NOT NULL)")
    connection.execute("INSERT INTO gallery_revision VALUES (0, 0)")
    counted = "kind, deleted, missing, purged, checkpoint, sampler, sweep, width, height"
    for name, event, changes in (
        ("images_added", "INSERT ON images", "number = number + 1, facets = facets + 1"),
        ("images_removed", "DELETE ON images", "number = number + 1, facets = facets + 1"),
        ("images_changed", "UPDATE ON images", "number = number + 1"),
        ("images_recounted", f"UPDATE OF {counted} ON images", "facets = facets + 1"),
        ("labels_added", "INSERT ON labels", "number = number + 1, facets = facets + 1"),
        ("labels_removed", "DELETE ON labels", "number = number + 1, facets = facets + 1"),
    ):
        connection.execute(f"CREATE TRIGGER {name} AFTER {event} BEGIN UPDATE gallery_revision SET {changes}; END")
    shown = "kind = 'generated' AND deleted IS NULL AND missing = 0"
    for column in ("checkpoint", "sampler", "sweep"):
        connection.execute(f"CREATE INDEX images_{column} ON images ({column}) WHERE {shown}")
    connection.execute(f"CREATE INDEX images_sides ON images (width, height) WHERE {shown}")
    connection.execute("CREATE INDEX images_hidden ON images (id) WHERE deleted IS NOT NULL OR missing <> 0")


MIGRATIONS = (_m001_images, _m002_finding, _m003_files, _m004_counts)
