"""Writing rows of the gallery. Every function runs inside its caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from studio.errors import InvalidRequest
from studio.gallery import infotext
from studio.gallery.pictures import COLUMNS
from studio.gallery.provenance import Provenance
from studio.prompts.syntax import loras
from studio.request import GenerationRequest


@dataclass(frozen=True)
class StoredImage:
    """A picture whose file is on disk and whose row is still to be written."""

    sha256: str
    request: GenerationRequest | None
    """None: an imported picture whose recipe is not known."""
    provenance: Provenance
    width: int
    height: int
    created: float
    parent_id: int | None = None
    pixels: str | None = None
    """sha256 of the decoded pixels."""
    origin: str = "studio"
    parameters: str = ""
    """A1111 text of an imported picture."""

    @property
    def digest(self) -> str | None:
        """Of the request; None for pictures of other programs: the same request would give another picture here."""
        return self.request.digest if self.request is not None and self.origin == "studio" else None


def by_digest(connection: sqlite3.Connection, digest: str | None) -> sqlite3.Row | None:
    return connection.execute("SELECT * FROM images WHERE digest = ?", (digest,)).fetchone()


def by_sha256(connection: sqlite3.Connection, sha256: str) -> sqlite3.Row | None:
    return connection.execute("SELECT * FROM images WHERE sha256 = ?", (sha256,)).fetchone()


def insert_picture(connection: sqlite3.Connection, stored: StoredImage) -> sqlite3.Row:
    """A new picture; an upload of the same file becomes it."""
    values = {**_file_columns(stored), **_recipe_columns(stored), "created": stored.created, "kind": "generated"}
    if stored.parent_id is None:
        values["parent_id"] = _started_from(connection, stored.request)
    upload = by_sha256(connection, stored.sha256)
    if upload is None:
        marks = ", ".join(f":{name}" for name in values)
        id = connection.execute(f"INSERT INTO images ({', '.join(values)}) VALUES ({marks})", values).lastrowid
    else:
        id = upload["id"]
        _update(connection, id, values)
    assert id is not None
    _describe(connection, id, stored)
    return picture_row(connection, id)


def _started_from(connection: sqlite3.Connection, request: GenerationRequest | None) -> int | None:
    """The gallery's picture that ``request`` begins from."""
    found = by_sha256(connection, request.source.image.sha256) if request and request.source else None
    return found["id"] if found and found["kind"] == "generated" else None


def replace_picture(connection: sqlite3.Connection, id: int, stored: StoredImage) -> sqlite3.Row:
    """Point the picture to a new file of the same request, and show it again."""
    _update(connection, id, {**_file_columns(stored), "deleted": None, "missing": 0})
    return picture_row(connection, id)


def learn_recipe(connection: sqlite3.Connection, id: int, stored: StoredImage) -> sqlite3.Row:
    """Give a picture the recipe it came without."""
    _update(connection, id, _recipe_columns(stored))
    _describe(connection, id, stored)
    return picture_row(connection, id)


def restore(connection: sqlite3.Connection, id: int) -> sqlite3.Row:
    """Show the picture again, should it be in the trash."""
    _update(connection, id, {"deleted": None, "missing": 0})
    return picture_row(connection, id)


def insert_upload(connection: sqlite3.Connection, sha256: str, width: int, height: int, created: float) -> None:
    connection.execute(
        """INSERT INTO images (kind, sha256, width, height, created) VALUES ('upload', ?, ?, ?, ?)
        ON CONFLICT (sha256) DO UPDATE SET missing = 0""",
        (sha256, width, height, created),
    )


def note_import(connection: sqlite3.Connection, came_as: str, id: int) -> None:
    """Remember which picture a file from outside became."""
    connection.execute("INSERT OR REPLACE INTO imports VALUES (?, ?)", (came_as, id))


def purge(connection: sqlite3.Connection, id: int, keep_as_upload: bool) -> None:
    """Let a picture go for good. Its row stays, empty, because finished jobs point to it."""
    sha256 = connection.execute("SELECT sha256 FROM images WHERE id = ?", (id,)).fetchone()["sha256"]
    empty = {"sha256": f"purged {id}", "digest": None, "request": None, "provenance": "{}", "parameters": ""}
    _update(connection, id, {**empty, "pixels": None, "purged": 1, "missing": 1})
    connection.execute("DELETE FROM labels WHERE image_id = ?", (id,))
    connection.execute("DELETE FROM imports WHERE image_id = ?", (id,))
    connection.execute("DELETE FROM pictures_text WHERE rowid = ?", (id,))
    if keep_as_upload:
        connection.execute(
            """INSERT INTO images (kind, sha256, width, height, created)
            SELECT 'upload', ?, width, height, created FROM images WHERE id = ?""",
            (sha256, id),
        )


def is_used(connection: sqlite3.Connection, sha256: str, but_not_by: int) -> bool:
    """Whether the recipe of another picture points to this image."""
    query = "SELECT 1 FROM labels WHERE kind = 'image' AND value = ? AND image_id <> ?"
    return connection.execute(query, (sha256, but_not_by)).fetchone() is not None


def add_label(connection: sqlite3.Connection, kind: str, value: str, ids: Iterable[int]) -> None:
    connection.executemany(
        """INSERT OR IGNORE INTO labels (kind, value, image_id)
        SELECT ?, ?, id FROM images WHERE id = ? AND kind = 'generated' AND purged = 0""",
        [(kind, value, id) for id in ids],
    )


def remove_label(connection: sqlite3.Connection, kind: str, value: str, ids: Iterable[int]) -> None:
    connection.executemany(
        "DELETE FROM labels WHERE kind = ? AND value = ? AND image_id = ?", [(kind, value, id) for id in ids]
    )


def update_tag_text(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Let the search know the tags of these pictures."""
    connection.executemany(
        """UPDATE pictures_text SET tags = coalesce(
            (SELECT group_concat(value, ', ') FROM labels WHERE kind = 'tag' AND image_id = pictures_text.rowid), '')
        WHERE rowid = ?""",
        [(id,) for id in ids],
    )


def picture_row(connection: sqlite3.Connection, id: int) -> sqlite3.Row:
    """The row of a picture as ``picture_of`` wants it."""
    return connection.execute(f"SELECT {COLUMNS} FROM images WHERE id = ?", (id,)).fetchone()


def _update(connection: sqlite3.Connection, id: int, values: dict[str, object]) -> None:
    settings = ", ".join(f"{name} = :{name}" for name in values)
    connection.execute(f"UPDATE images SET {settings} WHERE id = :row_id", {**values, "row_id": id})


def _file_columns(stored: StoredImage) -> dict[str, object]:
    return {
        "sha256": stored.sha256,
        "provenance": stored.provenance.model_dump_json(),
        "width": stored.width,
        "height": stored.height,
        "seconds": stored.provenance.seconds,
        "pixels": stored.pixels,
    }


def _recipe_columns(stored: StoredImage) -> dict[str, object]:
    request = stored.request
    known = infotext.parse(stored.parameters) if request is None else {}
    return {
        "digest": stored.digest,
        "request": request and request.canonical_json(),
        "parent_id": stored.parent_id,
        "origin": stored.origin,
        "parameters": stored.parameters,
        "checkpoint": request.checkpoint if request else known.get("Model", ""),
        "sampler": request.sampler if request else known.get("Sampler", ""),
        "has_pose": request is not None and any(control.pose for control in request.controls),
        "sweep": stored.provenance.sweep,
    }


def _describe(connection: sqlite3.Connection, id: int, stored: StoredImage) -> None:
    """The picture's words and labels."""
    if stored.request is not None:
        texts = stored.request.prompt, stored.request.negative_prompt
        for kind, value in _labels(stored.request):
            add_label(connection, kind, value, [id])
    else:
        known = infotext.parse(stored.parameters)
        texts = known.get("Prompt", stored.parameters), known.get("Negative prompt", "")
    connection.execute("DELETE FROM pictures_text WHERE rowid = ?", (id,))
    connection.execute(
        "INSERT INTO pictures_text (rowid, prompt, negative_prompt, tags) VALUES (?, ?, ?, '')", (id, *texts)
    )
    update_tag_text(connection, [id])


def _labels(request: GenerationRequest) -> set[tuple[str, str]]:
    try:
        named = loras.of_request(request)
    except InvalidRequest:  # A tag in a foreign prompt that the studio would refuse to draw.
        named = request.loras
    images = [unit.image for unit in (*request.controls, request.source) if unit is not None and unit.image]
    return {("lora", lora.name) for lora in named} | {("image", image.sha256) for image in images}
