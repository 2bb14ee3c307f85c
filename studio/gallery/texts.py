"""The texts inside picture files, by their names: text chunks of PNG, Exif of JPEG, WebP and AVIF.

``parameters`` is A1111's, ``studio`` our own JSON; others (``workflow``, ``Comment`` …) belong to other programs and
are carried along. Exif has no names, so there A1111's text lies where A1111 puts it, and all others, packed, in the
MakerNote.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.errors import UnusableImage

PARAMETERS, STUDIO = "parameters", "studio"
MAX_TEXT = 4 * 2**20
"""Longer texts in a picture are left out, in characters."""
MAX_TEXTS = 64
"""More texts than these are left out."""
_EXIF_IFD, _USER_COMMENT, _MAKER_NOTE = 0x8769, 0x9286, 0x927C
_PACKED = b"studio\0\1"
_UNWANTED = {"exif", "xmp", "icc_profile", "photoshop", "XML:com.adobe.xmp", "Raw profile type exif"}


def of_image(image: Image.Image) -> tuple[dict[str, str], int]:
    """(texts by name, length of the longest one that was left out or 0). Pixels need not be decoded."""
    # A PNG may carry texts behind its pixels, which only ``text`` reads; headers are what matters here.
    found = {str(key): value for key, value in image.info.items() if isinstance(value, str) and key not in _UNWANTED}
    found |= {} if PARAMETERS in found and STUDIO in found else {**_of_exif(image), **found}
    if image.format == "GIF" and isinstance(comment := image.info.get("comment"), bytes):
        found.setdefault(PARAMETERS, comment.decode("utf-8", "replace"))
    kept = {key: _whole(text) for key, text in list(found.items())[:MAX_TEXTS] if len(text) <= MAX_TEXT}
    return kept, max((len(text) for text in found.values() if len(text) > MAX_TEXT), default=0)


def for_png(texts: Mapping[str, str]) -> PngInfo:
    """The texts as PNG chunks: latin ones plain, as A1111 does, others as UTF-8."""
    info = PngInfo()
    for key, text in texts.items():
        if _is_keyword(key):
            info.add_itxt(key, text) if key == STUDIO else info.add_text(key, text)
    return info


def for_exif(texts: Mapping[str, str], limit: int | None = None) -> bytes | None:
    """The texts as Exif, at most ``limit`` bytes of it: first texts of other programs are dropped, then A1111's.

    None: not even our own recipe fits.
    """
    own = {key: text for key, text in texts.items() if key == STUDIO}
    others = {key: text for key, text in texts.items() if key not in {STUDIO, PARAMETERS}}
    parameters = texts.get(PARAMETERS, "")
    for comment, packed in ((parameters, own | others), (parameters, own), ("", own)):
        exif = _exif(comment, packed)
        if limit is None or len(exif) <= limit:
            return exif if exif or not texts else None
    return None


def is_bomb(error: Exception) -> bool:
    """Whether a reader refused a picture for its packed texts, which unpack to megabytes."""
    return isinstance(error, ValueError) and ("MAX_TEXT_CHUNK" in str(error) or "MAX_TEXT_MEMORY" in str(error))


def bomb() -> UnusableImage:
    """What to say about such a picture."""
    return UnusableImage(
        "The picture carries packed texts that unpack to more than a megabyte.",
        "Save it again without its metadata; the pixels stay as they are.",
    )


def _exif(comment: str, packed: Mapping[str, str]) -> bytes:
    exif = Image.Exif()
    inner = exif.get_ifd(_EXIF_IFD)
    if comment:
        inner[_USER_COMMENT] = b"UNICODE\0" + comment.encode("utf-16-be", "replace")
    if packed:
        inner[_MAKER_NOTE] = _PACKED + zlib.compress(json.dumps(packed).encode(), 9)
    return exif.tobytes() if comment or packed else b""


def _of_exif(image: Image.Image) -> dict[str, str]:
    try:
        inner = image.getexif().get_ifd(_EXIF_IFD)
    except Exception:  # Broken Exif raises whatever its reader trips over; the picture itself may be whole.
        return {}
    found = _unpacked(inner.get(_MAKER_NOTE))
    comment = inner.get(_USER_COMMENT)
    if isinstance(comment, bytes) and comment:
        found[PARAMETERS] = _user_comment(comment)
    elif isinstance(comment, str):
        found[PARAMETERS] = comment
    return found


def _unpacked(note: object) -> dict[str, str]:
    if not isinstance(note, bytes) or not note.startswith(_PACKED):
        return {}
    try:
        inflater = zlib.decompressobj()
        data = inflater.decompress(note.removeprefix(_PACKED), 2 * MAX_TEXT)
        texts = json.loads(data)
    except (zlib.error, ValueError, RecursionError):
        return {}
    return {k: v for k, v in texts.items() if isinstance(v, str)} if isinstance(texts, dict) else {}


def _user_comment(comment: bytes) -> str:
    """The text of an Exif UserComment. A1111 writes UTF-16 big-endian; some tools little-endian, or plain UTF-8."""
    code, body = comment[:8], comment[8:]
    if code.rstrip(b"\0") == b"UNICODE":
        text, swapped = body.decode("utf-16-be", "replace"), body.decode("utf-16-le", "replace")
        little = body.startswith((b"\xff\xfe", b"{\0")) or ("Steps: " in swapped and "Steps: " not in text)
        return (swapped if little else text).removeprefix("\ufeff")
    return (body if code.rstrip(b"\0") == b"ASCII" else comment).decode("utf-8", "replace").strip("\0")


def _whole(text: str) -> str:
    """Without halves of characters, which could not be stored."""
    return text.encode("utf-8", "replace").decode()


def _is_keyword(key: str) -> bool:
    try:
        return 0 < len(key.encode("latin-1")) < 80 and "\0" not in key
    except UnicodeEncodeError:
        return False
