"""Pictures made from pictures: stored beside the one they come from, with its recipe carried on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PIL import Image

from studio.gallery import metadata, texts, uploads
from studio.gallery.pictures import Picture
from studio.gallery.provenance import Provenance
from studio.gallery.rows import StoredImage
from studio.request import GenerationRequest

if TYPE_CHECKING:
    from studio.gallery.store import Gallery


def keep(
    gallery: Gallery, image: Image.Image, parent: Picture, request: GenerationRequest | None, facts: Mapping[str, Any]
) -> Picture:
    """Store ``image``, made from ``parent``; what was known about the parent stays known.

    Args:
        request: the recipe of the new picture; None where none would give it.
        facts: of the work just done (seconds, notes, device …); they go before the parent's.

    Raises:
        StorageFull: nothing was stored.
    """
    provenance = Provenance.from_facts({**parent.provenance.model_dump(mode="json"), **facts})
    if request is not None and parent.kind == "generated":
        return gallery.add(image, request, provenance, parent.id)
    image = uploads.plain(image)
    # What other programs wrote into the parent's file goes into the child's as it is.
    carried, _ = metadata.read_texts(gallery.file_of(parent.sha256))
    carried.pop(texts.STUDIO, None)
    sha256 = gallery.files.write(image, texts.for_png(carried))
    stored = StoredImage(
        sha256, request, provenance, image.width, image.height, time.time(), parent.id,
        pixels=uploads.pixel_hash(image), origin=parent.origin, parameters=parent.parameters,
    )  # fmt: skip
    return gallery.record(stored)
