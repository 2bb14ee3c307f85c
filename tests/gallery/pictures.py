"""Pictures for tests, each with pixels of its own."""

from __future__ import annotations

import io

from PIL import Image

from studio.gallery import Gallery, Picture, Provenance
from studio.request import GenerationRequest


def request(**fields) -> GenerationRequest:
    return GenerationRequest.build(**{"checkpoint": "tiny", "seed": 1, **fields})


def image(number: int = 0, size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    colour = ((37 * number) % 256, (91 * number) % 256, 50, 128)
    return Image.new("RGBA", size, colour).convert(mode)


def put(gallery: Gallery, number: int, parent_id: int | None = None, seconds: float = 1.0, **fields) -> Picture:
    """A picture whose seed and colour are ``number``, of the request's size divided by 8."""
    asked = request(seed=number, **fields)
    small = image(number, (asked.width // 8, asked.height // 8))
    return gallery.add(small, asked, Provenance(seconds=seconds), parent_id)


def file_of(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
