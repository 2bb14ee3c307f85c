"""Turns whatever a person uploads into plain RGB pixels, or says in one sentence why not."""

from __future__ import annotations

import hashlib
import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from studio.errors import UnusableImage
from studio.gallery import texts
from studio.gallery.images import flattened

MAX_BYTES = 64 * 2**20
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_384
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "AVIF")
_USE_ANOTHER = "Use a PNG, JPEG or WebP picture."


def decode(data: bytes, background: str = "white") -> Image.Image:
    """The upright RGB picture in ``data`` (of an animation, the first frame).

    Args:
        data: file bytes, at most 64 MB and 40 megapixels; the size is read from the header before anything is decoded.
        background: colour behind transparent pixels. White suits pictures; control maps want black.

    Raises:
        UnusableImage: no image, damaged, or beyond the limits.
    """
    picture = decode_picture(data)
    return flattened(picture, background) if picture.mode == "RGBA" else picture


def decode_picture(data: bytes) -> Image.Image:
    """As :func:`decode`, but in RGBA where any of the picture is transparent."""
    if not data:
        raise UnusableImage("The file is empty.", "Choose another file, or save the picture again.")
    if len(data) > MAX_BYTES:
        raise UnusableImage(
            f"The file has {len(data) / 2**20:.0f} MB; at most 64 MB are taken.", "Make it smaller first."
        )
    with warnings.catch_warnings():
        # Our own limit, checked below, is stricter than the size Pillow only warns about.
        warnings.simplefilter("ignore")
        image = _opened(data)
        _check_size(*image.size)
        image = _loaded(image)
        return plain(_eight_bit(image) if _is_deep(image) else image)


def plain(image: Image.Image) -> Image.Image:
    """The picture in RGB, or in RGBA where any of it is transparent."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    coloured = image.convert("RGBA")
    opaque = coloured.getchannel("A").getextrema() == (255, 255)
    return coloured.convert("RGB") if opaque else coloured


def pixel_hash(image: Image.Image) -> str:
    """sha256 of the pixels of an RGB or RGBA picture: equal for equal pictures, whatever file they came in."""
    digest = hashlib.sha256(f"{image.mode} {image.width}x{image.height} ".encode())
    digest.update(image.tobytes())
    return digest.hexdigest()


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_large("The picture") from None
    except Image.UnidentifiedImageError:
        kind = "an SVG drawing, which has no pixels" if b"<svg" in data[:2000] else "not a picture the studio can read"
        raise UnusableImage(f"The file is {kind}.", _USE_ANOTHER) from None
    except Exception as error:  # Damaged headers raise anything: struct.error, KeyError, MemoryError …
        raise texts.bomb() if texts.is_bomb(error) else _damaged() from None


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise _damaged()
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise _too_large(f"The picture of {width} × {height} pixels")


def _loaded(image: Image.Image) -> Image.Image:
    try:
        image.load()
        return ImageOps.exif_transpose(image)
    except Exception:  # As above: damaged data may raise anything.
        raise _damaged() from None


def _is_deep(image: Image.Image) -> bool:
    return image.mode in {"I", "F"} or image.mode.startswith("I;16")


def _eight_bit(image: Image.Image) -> Image.Image:
    """Deep greyscale scaled to 0–255. Pillow's own conversion clips it, so that 16-bit depth maps come out white."""
    deep = np.asarray(image, dtype=np.float32)
    low, high = float(deep.min()), float(deep.max())
    if image.mode.startswith("I;16") or (image.mode == "I" and 255 < high <= 65535):
        low, high = 0.0, 65535.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    scaled = (deep - low) * (255.0 / max(high - low, 1e-12))
    return Image.fromarray(np.nan_to_num(scaled).clip(0, 255).round().astype(np.uint8))


def _too_large(what: str) -> UnusableImage:
    return UnusableImage(f"{what} is too large; at most 40 megapixels are taken.", "Scale it down first.")


def _damaged() -> UnusableImage:
    return UnusableImage("The picture is damaged or cut off.", "Save or download it again. " + _USE_ANOTHER)
