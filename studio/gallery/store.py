"""The gallery: pictures and uploads, each a file by content hash and a row."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from studio.database import Database
from studio.gallery import children, rows, schema, uploads
from studio.gallery.browsing import Browsing
from studio.gallery.counting import Counts
from studio.gallery.hashes import WeightsHashes
from studio.gallery.images import ImageFiles
from studio.gallery.marks import Marks
from studio.gallery.metadata import png_texts
from studio.gallery.pictures import Picture, picture_of
from studio.gallery.provenance import Provenance
from studio.gallery.repair import RepairReport, repair
from studio.gallery.rows import StoredImage
from studio.gallery.templates import PromptTemplates
from studio.request import GenerationRequest, ImageRef
from studio.settings import Settings


class Gallery(Browsing, Marks):
    """All images of one data folder. Shared by threads and processes."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.files = ImageFiles(settings.home)
        self._database = database
        self._counts = Counts()
        schema.prepare(database)
        self.hashes = WeightsHashes(settings, database)
        self.templates = PromptTemplates(database)

    def add(
        self, image: Image.Image, request: GenerationRequest, provenance: Provenance, parent_id: int | None = None
    ) -> Picture:
        """Store a picture with its recipe. A request that already has a picture keeps it, and that one is returned.

        Args:
            image: in RGB; of any other mode only transparency is kept beside it.

        Raises:
            StorageFull: nothing was stored.
        """
        return self.record(self.write(image, request, provenance, parent_id))

    def write(
        self, image: Image.Image, request: GenerationRequest, provenance: Provenance, parent_id: int | None = None
    ) -> StoredImage:
        """The first half of :meth:`add`: the file, complete on disk. Until :meth:`record` it is an orphan.

        For workers: the weights files that ``request`` names are hashed here, when they are new.
        """
        image = uploads.plain(image)
        provenance = self.templates.complete(request, self.hashes.complete(request, provenance))
        sha256 = self.files.write(image, png_texts(request, provenance))
        return StoredImage(
            sha256,
            request,
            provenance,
            image.width,
            image.height,
            time.time(),
            parent_id,
            pixels=uploads.pixel_hash(image),
        )

    def record(self, stored: StoredImage, came_as: str | None = None) -> Picture:
        """The second half of :meth:`add`: the row. Joins the caller's transaction, so that both commit or neither.

        Args:
            came_as: sha256 of the file that was imported, to know it again.
        """
        with self._database.transaction() as connection:
            row = rows.by_digest(connection, stored.digest)
            if row is None:
                row = rows.insert_picture(connection, stored)
            elif row["sha256"] != stored.sha256 and self.files.file_of(row["sha256"]).exists():
                self.files.remove(stored.sha256)
                row = rows.restore(connection, row["id"])
            else:
                row = rows.replace_picture(connection, row["id"], stored)
            if came_as is not None:
                rows.note_import(connection, came_as, row["id"])
            return picture_of(row)

    def add_child(
        self, image: Image.Image, parent: Picture, request: GenerationRequest | None, facts: Mapping[str, Any]
    ) -> Picture:
        """Store a picture made from ``parent``; see :func:`studio.gallery.children.keep`."""
        return children.keep(self, image, parent, request, facts)

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

    def open_picture(self, sha256: str) -> Image.Image:
        """The pixels of a stored image, in RGBA where it is transparent. Raises as :meth:`open_image`."""
        return self.files.open(sha256, alpha=True)

    def file_of(self, sha256: str) -> Path:
        """Path of an image's PNG file."""
        return self.files.file_of(sha256)

    def thumbnail_of(self, sha256: str) -> Path:
        """Path of an image's WebP thumbnail (256 pixels on the long side)."""
        return self.files.thumbnail_of(sha256)

    def repair(self) -> RepairReport:
        """Bring files and rows back into step after a crash or after files were moved by hand. Safe at any time."""
        return repair(self._database, self.files)
