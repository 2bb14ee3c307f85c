"""The gallery: pictures and uploads, each a file by content hash and a row."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from studio.database import Database
from studio.errors import UnknownName
from studio.gallery import rows, schema, uploads
from studio.gallery.images import ImageFiles
from studio.gallery.metadata import png_texts
from studio.gallery.pictures import SHOWN, Picture, picture_of
from studio.gallery.provenance import Provenance
from studio.gallery.repair import RepairReport, repair
from studio.gallery.rows import StoredImage
from studio.request import GenerationRequest, ImageRef
from studio.settings import Settings


class Gallery:
    """All images of one data folder. Shared by threads and processes."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.files = ImageFiles(settings.home)
        self._database = database
        schema.prepare(database)

    def add(
        self, image: Image.Image, request: GenerationRequest, provenance: Provenance, parent_id: int | None = None
    ) -> Picture:
        """Store a picture with its recipe. A request that already has a picture keeps it, and that one is returned.

        Raises:
            StorageFull: nothing was stored.
        """
        return self.record(self.write(image, request, provenance, parent_id))

    def write(
        self, image: Image.Image, request: GenerationRequest, provenance: Provenance, parent_id: int | None = None
    ) -> StoredImage:
        """The first half of :meth:`add`: the file, complete on disk. Until :meth:`record` it is an orphan."""
        sha256 = self.files.write(image.convert("RGB"), png_texts(request, provenance))
        return StoredImage(sha256, request, provenance, image.width, image.height, time.time(), parent_id)

    def record(self, stored: StoredImage) -> Picture:
        """The second half of :meth:`add`: the row. Joins the caller's transaction, so that both commit or neither."""
        with self._database.transaction() as connection:
            row = rows.by_digest(connection, stored.request.digest)
            if row is None:
                row = rows.insert_picture(connection, stored)
            elif row["sha256"] != stored.sha256 and self.files.file_of(row["sha256"]).exists():
                self.files.remove(stored.sha256)
                row = rows.restore(connection, row["id"])
            else:
                row = rows.replace_picture(connection, row["id"], stored)
            return picture_of(row)

    def find(self, digest: str) -> Picture | None:
        """The picture made by the request of this digest."""
        return self._first(f"SELECT * FROM images WHERE digest = ? AND {SHOWN}", digest)

    def get(self, id: int) -> Picture:
        """The picture of this id, also from the trash.

        Raises:
            UnknownName: there is none.
        """
        picture = self._first("SELECT * FROM images WHERE id = ? AND kind = 'generated'", id)
        if picture is None:
            raise UnknownName(f"The gallery has no picture {id}.", "Look up the numbers in the gallery.")
        return picture

    def recent(self, limit: int = 50, before: int | None = None) -> list[Picture]:
        """The newest pictures first. ``before`` is the id of the last picture of the previous page."""
        older = "" if before is None else "AND (created, id) < (SELECT created, id FROM images WHERE id = :before)"
        return self._all(
            f"SELECT * FROM images WHERE {SHOWN} {older} ORDER BY created DESC, id DESC LIMIT :limit",
            {"before": before, "limit": limit},
        )

    def search(self, text: str, limit: int = 50) -> list[Picture]:
        """Pictures whose prompts hold every word of ``text`` (or its beginning), newest first."""
        words = rows.search_words(text)
        if not words:
            return self.recent(limit)
        return self._all(
            f"""SELECT images.* FROM images_text JOIN images ON images.id = images_text.rowid
            WHERE images_text MATCH :words AND {SHOWN} ORDER BY images_text.rowid DESC LIMIT :limit""",
            {"words": words, "limit": limit},
        )

    def count(self) -> int:
        """How many pictures the gallery shows."""
        return self._database.connection().execute(f"SELECT count(*) FROM images WHERE {SHOWN}").fetchone()[0]

    def trash(self, ids: Iterable[int]) -> None:
        """Put pictures into the trash: they leave lists, search and reuse; their files stay."""
        self._mark_deleted(ids, time.time())

    def restore(self, ids: Iterable[int]) -> None:
        """Take pictures back out of the trash."""
        self._mark_deleted(ids, None)

    def put_upload(self, data: bytes, background: str = "white") -> ImageRef:
        """Store an uploaded picture as plain RGB PNG; the same pixels give the same reference.

        Args:
            background: colour behind transparent pixels (white suits pictures, black control maps).

        Raises:
            UnusableImage: no image, damaged, or beyond the limits. StorageFull: nothing was stored.
        """
        image = uploads.decode(data, background)
        sha256 = self.files.write(image)
        with self._database.transaction() as connection:
            rows.insert_upload(connection, sha256, image.width, image.height, time.time())
        return ImageRef(sha256=sha256)

    def open_image(self, ref: ImageRef) -> Image.Image:
        """The RGB pixels behind a reference.

        Raises:
            UnusableImage: the file is gone or damaged.
        """
        return self.files.open(ref.sha256)

    def file_of(self, sha256: str) -> Path:
        """Path of an image's PNG file."""
        return self.files.file_of(sha256)

    def thumbnail_of(self, sha256: str) -> Path:
        """Path of an image's WebP thumbnail (256 pixels on the long side)."""
        return self.files.thumbnail_of(sha256)

    def repair(self) -> RepairReport:
        """Bring files and rows back into step after a crash or after files were moved by hand. Safe at any time."""
        return repair(self._database, self.files)

    def _mark_deleted(self, ids: Iterable[int], when: float | None) -> None:
        with self._database.transaction() as connection:
            connection.executemany("UPDATE images SET deleted = ? WHERE id = ?", [(when, id) for id in ids])

    def _first(self, query: str, value: str | int) -> Picture | None:
        row = self._database.connection().execute(query, (value,)).fetchone()
        return row and picture_of(row)

    def _all(self, query: str, values: dict) -> list[Picture]:
        return [picture_of(row) for row in self._database.connection().execute(query, values)]
