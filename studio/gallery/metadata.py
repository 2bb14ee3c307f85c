"""The recipe inside a picture: written into PNG text chunks, read back from PNG, JPEG and WebP of several tools."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydantic import ValidationError

from studio.errors import InvalidRequest, UnusableImage
from studio.gallery import infotext
from studio.gallery.provenance import Provenance, recipe_json
from studio.request import GenerationRequest

OWN_KEY = "studio"
MAX_CHUNK = 2**20
"""Longer texts in a picture are ignored, in characters."""
_EXIF_IFD, _USER_COMMENT = 0x8769, 0x9286


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a picture says about how it was made."""

    source: str
    """``studio``, ``a1111`` or ``none``."""
    parameters: dict[str, str] = field(default_factory=dict)
    """A1111's fields by their names, all as text."""
    request: GenerationRequest | None = None
    """The whole recipe, when the studio made the picture."""
    provenance: Provenance | None = None


def png_texts(request: GenerationRequest, provenance: Provenance) -> PngInfo:
    """The text chunks of a generated PNG: ``parameters`` for other tools, ``studio`` for ourselves."""
    texts = PngInfo()
    texts.add_text("parameters", infotext.write(request, provenance))
    texts.add_itxt(OWN_KEY, recipe_json(request, provenance))
    return texts


def read(picture: Path | bytes) -> Metadata:
    """Read a picture's recipe. Only headers are read; pixels are not decoded.

    Raises:
        UnusableImage: this is no picture, or the file cannot be read.
    """
    try:
        with warnings.catch_warnings():
            # A warning about many pixels does not matter here: none is decoded.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as image:
                texts = _texts(image)
    except FileNotFoundError:
        raise UnusableImage(f"There is no file {picture}.", "Check the path.") from None
    except Exception:  # Damaged headers raise whatever a decoder trips over.
        raise UnusableImage("The file is no picture, or it is damaged.", "Use a PNG, JPEG or WebP picture.") from None
    parameters = infotext.parse(texts.get("parameters", ""))
    recipe = _recipe(texts.get(OWN_KEY, ""))
    if recipe is not None:
        return Metadata("studio", parameters, *recipe)
    return Metadata("a1111" if parameters else "none", parameters)


def _texts(image: Image.Image) -> dict[str, str]:
    texts = {
        str(key): str(value) for key, value in image.info.items() if isinstance(value, str) and len(value) <= MAX_CHUNK
    }
    if "parameters" not in texts:
        comment = image.getexif().get_ifd(_EXIF_IFD).get(_USER_COMMENT)
        if isinstance(comment, bytes) and len(comment) <= MAX_CHUNK:
            texts["parameters"] = _user_comment(comment)
    return texts


def _user_comment(comment: bytes) -> str:
    """The text of an Exif UserComment. A1111 writes UTF-16 big-endian; some tools little-endian, or plain UTF-8."""
    code, body = comment[:8], comment[8:]
    if code.rstrip(b"\0") == b"UNICODE":
        little = body.count(b"\0", 1) and body[1::2].count(0) > body[0::2].count(0)
        return body.decode("utf-16-le" if little else "utf-16-be", "replace")
    return (body if code.rstrip(b"\0") == b"ASCII" else comment).decode("utf-8", "replace").strip("\0")


def _recipe(text: str) -> tuple[GenerationRequest, Provenance | None] | None:
    try:
        recipe: Any = json.loads(text)
        if not isinstance(recipe, Mapping):
            return None
        request = GenerationRequest.from_json(json.dumps(recipe.get("request")))
    except (ValueError, RecursionError, InvalidRequest):
        return None
    try:
        return request, Provenance.model_validate(recipe.get("provenance") or {})
    except (ValidationError, RecursionError):
        return request, None
