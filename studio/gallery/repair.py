"""Brings files and rows back into step: after a crash between the two, or after files were moved by hand."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PIL import Image

from studio.database import Database
from studio.errors import UnusableImage
from studio.gallery import arrivals, metadata, rows, uploads
from studio.gallery.images import ImageFiles

ABANDONED_SECONDS = 600.0
"""A temporary file this old belongs to a dead process: a live one renames it within a second."""


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair found and did."""

    missing: int = 0
    """Rows whose file is gone; they are hidden until it comes back."""
    returned: int = 0
    """Rows whose file came back."""
    adopted: int = 0
    """Files without a row that got one, from the recipe inside them."""
    removed: int = 0
    """Temporary, damaged and superfluous files that were deleted."""


def repair(database: Database, files: ImageFiles) -> RepairReport:
    """Repair. Safe while workers write: files they have not recorded yet are adopted, and recording finds the row."""
    removed = _remove_abandoned(files)
    stored = set(files.stored())
    query = "SELECT id, sha256, missing FROM images"
    known = {row["sha256"]: row for row in database.connection().execute(query)}
    gone = [row["id"] for sha256, row in known.items() if sha256 not in stored and not row["missing"]]
    back = [row["id"] for sha256, row in known.items() if sha256 in stored and row["missing"]]
    with database.transaction() as connection:
        connection.executemany("UPDATE images SET missing = 1 WHERE id = ?", [(id,) for id in gone])
        connection.executemany("UPDATE images SET missing = 0 WHERE id = ?", [(id,) for id in back])
    orphans = sorted(stored - set(known))
    adopted = sum(_adopt(database, files, sha256) for sha256 in orphans)
    return RepairReport(len(gone), len(back), adopted, removed + len(orphans) - adopted)


def _remove_abandoned(files: ImageFiles) -> int:
    removed = 0
    for path in list(files.unfinished()):
        try:
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # Its writer just finished it.
    return removed


def _adopt(database: Database, files: ImageFiles, sha256: str) -> bool:
    """Give an orphan a row; False when there was nothing to adopt and the file was removed."""
    path = files.file_of(sha256)
    try:
        created = path.stat().st_mtime
        with Image.open(path, formats=["PNG"]) as image:
            picture = uploads.plain(image)
        found = metadata.read(path)
    except (OSError, SyntaxError, ValueError, UnusableImage):
        files.remove(sha256)
        return False
    with database.transaction() as connection:
        if connection.execute("SELECT 1 FROM images WHERE sha256 = ?", (sha256,)).fetchone() is not None:
            return True  # A worker recorded it in the meantime.
        if found.source == "none":
            rows.insert_upload(connection, sha256, picture.width, picture.height, created)
            return True
        stored = arrivals.stored_image(sha256, picture, found, created)
        row = rows.by_digest(connection, stored.digest)
        if row is None:
            rows.insert_picture(connection, stored)
        elif not files.file_of(row["sha256"]).exists():
            rows.replace_picture(connection, row["id"], stored)
        else:
            files.remove(sha256)
            return False
    return True
