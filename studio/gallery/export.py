"""Pictures as files for elsewhere: PNG, JPEG and WebP with their recipe inside, and many of them in one ZIP."""

from __future__ import annotations

import errno
import io
import re
import secrets
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from studio.errors import StorageFull, StudioError, UnusableImage
from studio.gallery import metadata, texts, uploads
from studio.gallery.images import flattened
from studio.gallery.pictures import Picture
from studio.gallery.store import Gallery

Kind = Literal["png", "jpeg", "webp"]
KINDS: dict[str, str] = {"png": "png", "jpeg": "jpg", "webp": "webp"}
"""Kind of file → its ending."""
QUALITY = 92
MAX_EXIF = 65_000
"""A JPEG takes no more Exif, in bytes."""
_KEPT_SECONDS = 86_400.0
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BLOCK = 2**20


def encode(gallery: Gallery, picture: Picture, kind: str = "png", quality: int = QUALITY) -> bytes:
    """The picture as a file. PNG is the stored file itself; JPEG and WebP carry the same texts in their Exif data.

    Args:
        kind: ``png``, ``jpeg`` or ``webp``.
        quality: 1 to 100, of JPEG and WebP.

    Raises:
        UnusableImage: the stored file is gone or damaged. StudioError: the recipe does not fit into a JPEG.
    """
    try:
        data = gallery.file_of(picture.sha256).read_bytes()
    except OSError:
        raise UnusableImage("This picture's file is no longer in the studio's data folder.", "Add it again.") from None
    return data if _known(kind) == "png" else convert(data, kind, quality)


def convert(data: bytes, kind: str, quality: int = QUALITY) -> bytes:
    """An image file as another kind of file, its texts (recipes of any program) carried along.

    JPEG has no transparency: it gets a white background. Arguments and errors as :func:`encode`.
    """
    carried, _ = metadata.read_texts(data)
    image = uploads.decode_picture(data)
    buffer = io.BytesIO()
    if _known(kind) == "png":
        image.save(buffer, "PNG", pnginfo=texts.for_png(carried))
        return buffer.getvalue()
    quality = min(max(int(quality), 1), 100)
    if kind == "webp":
        image.save(buffer, "WEBP", quality=quality, exif=texts.for_exif(carried) or b"", exact=True)
        return buffer.getvalue()
    exif = texts.for_exif(carried, MAX_EXIF)
    if exif is None:
        raise StudioError("The recipe of this picture is too long for a JPEG file.", "Use PNG or WebP.")
    opaque = flattened(image) if image.mode == "RGBA" else image
    opaque.save(buffer, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2, exif=exif)
    return buffer.getvalue()


def zip_of(
    gallery: Gallery,
    pictures: Iterable[Picture],
    kind: str = "png",
    quality: int = QUALITY,
    target: Path | None = None,
    report: Callable[[int], object] = lambda done: None,
) -> Path:
    """Write the pictures into one ZIP file, one after the other; returns its path.

    Args:
        target: where to write; without it, a file in the data folder that is deleted after a day.
        report: called with the number of pictures done.

    Raises:
        StorageFull: the disk is full. StudioError: the target cannot be written, or a picture cannot be read.
    """
    path = target or _place(gallery)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            with zipfile.ZipFile(temporary, "x", zipfile.ZIP_STORED) as archive:
                for done, picture in enumerate(pictures, 1):
                    _add(archive, gallery, picture, kind, quality)
                    report(done)
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                f"The disk that holds {path.parent} is full.", "Free some space, or choose fewer pictures."
            ) from None
        raise StudioError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from None
    return path


def name_of(picture: Picture, kind: str = "png") -> str:
    """A file name for the picture, unique in its gallery: its number and the first words of its prompt, in ASCII."""
    plain = unicodedata.normalize("NFKD", picture.words[:200]).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:48].strip("-")
    return f"{picture.id:06d}{f'-{slug}' if slug else ''}.{KINDS[_known(kind)]}"


def _add(archive: zipfile.ZipFile, gallery: Gallery, picture: Picture, kind: str, quality: int) -> None:
    made = time.localtime(max(picture.created, 315_532_800.0 + 86_400))  # A ZIP knows no time before 1980.
    member = zipfile.ZipInfo(name_of(picture, kind), date_time=made[:6])
    member.external_attr = 0o644 << 16
    with archive.open(member, "w") as file:
        data = memoryview(encode(gallery, picture, kind, quality))
        for start in range(0, len(data), _BLOCK):
            file.write(data[start : start + _BLOCK])


def _place(gallery: Gallery) -> Path:
    folder = gallery.files.images.parent / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
                old.unlink()
    return folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}.zip"


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise StudioError(f"Pictures cannot be written as {kind[:20]!r}.", f"Choose {', '.join(KINDS)}.")
    return kind
