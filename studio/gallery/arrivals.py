"""The row of a picture that comes as a file: imported, or left behind without a row."""

from __future__ import annotations

from pathlib import PurePosixPath

from PIL import Image

from studio.gallery import uploads
from studio.gallery.metadata import Metadata
from studio.gallery.provenance import Provenance
from studio.gallery.rows import StoredImage


def stored_image(sha256: str, image: Image.Image, told: Metadata, created: float, name: str = "") -> StoredImage:
    """What is to be recorded of the file ``sha256``.

    Args:
        image: its pixels, in RGB or RGBA.
        told: what the file says about itself.
        created: Unix time.
        name: of the file it came as; only its last part is kept, as a note.
    """
    size = (image.width, image.height)
    pixels = uploads.pixel_hash(image)
    if told.source == "studio" and told.request is not None:
        provenance = told.provenance or Provenance()
        return StoredImage(sha256, told.request, provenance, *size, created, pixels=pixels)
    last = PurePosixPath(name.replace("\\", "/")).name[:200]
    notes = {key: value for key, value in (("file", last), ("notes", list(told.notes))) if value}
    return StoredImage(
        sha256,
        told.request,
        Provenance.from_facts(notes),
        *size,
        created,
        pixels=pixels,
        origin="unknown" if told.source == "none" else told.source,
        parameters=told.text,
    )
