"""The recipe inside a picture: written into the files of ours, read back from those of several programs."""

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
from studio.gallery import foreign, infotext, texts
from studio.gallery.provenance import Provenance, recipe_json
from studio.gallery.restoring import restore
from studio.request import GenerationRequest

OWN_KEY = texts.STUDIO
FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "TIFF", "BMP")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a picture says about how it was made."""

    source: str
    """``studio``, ``a1111`` (also Forge and others that write its text), ``comfyui``, ``invokeai``, ``novelai``,
    ``swarmui``, ``fooocus`` or ``none``."""
    parameters: dict[str, str] = field(default_factory=dict)
    """A1111's fields by their names, all as text."""
    request: GenerationRequest | None = None
    """The whole recipe when the studio made the picture, else what could be translated of it."""
    provenance: Provenance | None = None
    text: str = ""
    """A1111's text as it stands in the file, or one put together from another program's fields."""
    notes: tuple[str, ...] = ()
    """What of a foreign recipe the request does not hold, and what was left unread."""


def recipe_texts(request: GenerationRequest, provenance: Provenance) -> dict[str, str]:
    """The texts of a generated picture: ``parameters`` for other tools, ``studio`` for ourselves."""
    return {
        texts.PARAMETERS: infotext.write(request, provenance),
        texts.STUDIO: recipe_json(request, provenance),
    }


def png_texts(request: GenerationRequest, provenance: Provenance) -> PngInfo:
    """The text chunks of a generated PNG."""
    return texts.for_png(recipe_texts(request, provenance))


def read(picture: Path | bytes) -> Metadata:
    """Read a picture's recipe. Only headers are read; pixels are not decoded.

    Raises:
        UnusableImage: this is no picture, or the file cannot be read.
    """
    return understand(*read_texts(picture))


def read_texts(picture: Path | bytes) -> tuple[dict[str, str], int]:
    """(texts by name, length of the longest one that was left out or 0). Raises as :func:`read`."""
    try:
        with warnings.catch_warnings():
            # A warning about many pixels does not matter here: none is decoded.
            warnings.simplefilter("ignore")
            source = io.BytesIO(picture) if isinstance(picture, bytes) else picture
            with Image.open(source, formats=FORMATS) as image:
                return texts.of_image(image)
    except FileNotFoundError:
        raise UnusableImage(f"There is no file {picture}.", "Check the path.") from None
    except Image.DecompressionBombError:
        raise UnusableImage("The picture has far too many pixels.", "Scale it down first.") from None
    except Exception as error:  # Damaged headers raise whatever a decoder trips over.
        if texts.is_bomb(error):
            raise texts.bomb() from None
        raise UnusableImage("The file is no picture, or it is damaged.", "Use a PNG, JPEG or WebP picture.") from None


def understand(found: Mapping[str, str], left_out: int = 0) -> Metadata:
    """What a picture's texts mean."""
    notes = (f"a text of {left_out / 2**20:.0f} MB in the file was left out",) if left_out else ()
    text = found.get(texts.PARAMETERS, "")
    # JSON under the same name is another program's, though it may look like fields.
    parameters = {} if text.lstrip().startswith("{") else infotext.parse(text)
    own = _recipe(found.get(texts.STUDIO, ""))
    if own is not None:
        return Metadata("studio", parameters, *own, text=text, notes=notes)
    source = "a1111"
    if "Steps" not in parameters:
        source, fields = foreign.understand(found)
        if fields:
            text = foreign.as_text(fields)
            parameters = infotext.parse(text)
        else:
            source = "a1111" if parameters else "none"
    restored = restore(parameters)
    if restored is None:
        return Metadata(source, parameters, text=text if parameters else "", notes=notes)
    return Metadata(source, parameters, restored.request, text=text, notes=(*notes, *restored.notes))


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
