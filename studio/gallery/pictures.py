"""The picture value and how it is read from the database."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cached_property

from studio.gallery.provenance import Provenance
from studio.request import GenerationRequest

SHOWN = "kind = 'generated' AND deleted IS NULL AND missing = 0"
"""The condition under which a row of ``images`` is a picture of the gallery."""


@dataclass(frozen=True)
class Picture:
    """One generated picture of the gallery."""

    id: int
    sha256: str
    """Names its file; ``ImageRef(sha256=…)`` points to its pixels."""
    digest: str
    """Of the request that made it."""
    request_json: str
    provenance_json: str
    width: int
    """In pixels."""
    height: int
    created: float
    """Unix time."""
    seconds: float
    """How long it took to make."""
    parent_id: int | None = None
    """The picture it was made from."""
    owner: str = ""

    # Read when first asked for: a page of thumbnails needs neither.
    @cached_property
    def request(self) -> GenerationRequest:
        return GenerationRequest.from_json(self.request_json)

    @cached_property
    def provenance(self) -> Provenance:
        return Provenance.model_validate_json(self.provenance_json)


def picture_of(row: sqlite3.Row) -> Picture:
    return Picture(
        id=row["id"],
        sha256=row["sha256"],
        digest=row["digest"],
        request_json=row["request"],
        provenance_json=row["provenance"],
        width=row["width"],
        height=row["height"],
        created=row["created"],
        seconds=row["seconds"],
        parent_id=row["parent_id"],
        owner=row["owner"],
    )


def picture_id_of(connection: sqlite3.Connection, digest: str) -> int | None:
    """The id of the shown picture made by the request of this digest."""
    row = connection.execute(f"SELECT id FROM images WHERE digest = ? AND {SHOWN}", (digest,)).fetchone()
    return row and row["id"]
