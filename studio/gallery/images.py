"""Image files by content hash. A file appears under its name complete and flushed to disk, or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.errors import StorageFull, StudioError, UnusableImage

THUMBNAIL_SIDE = 256
_SHA256 = re.compile(r"[0-9a-f]{64}")
# EFBIG is what a file-size limit says; for the person it is the same: no more fits here.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class ImageFiles:
    """``images/ab/<sha256>.png`` and ``thumbnails/ab/<sha256>.webp`` below the data folder."""

    def __init__(self, home: Path) -> None:
        self.images = home / "images"
        self.thumbnails = home / "thumbnails"

    def file_of(self, sha256: str) -> Path:
        """Where the image of this hash lives, whether or not it exists.

        Raises:
            UnusableImage: ``sha256`` is not 64 lower-case hex digits (so no path from outside leads elsewhere).
        """
        if not _SHA256.fullmatch(sha256):
            raise UnusableImage("This is not the name of a stored image.", "Choose the image again.")
        return self.images / sha256[:2] / f"{sha256}.png"

    def thumbnail_of(self, sha256: str) -> Path:
        """The thumbnail's file; it is made now if it got lost."""
        path = self._thumbnail_path(sha256)
        if not path.exists():
            self.write_thumbnail(sha256, self.open(sha256, alpha=True))
        return path

    def write(self, image: Image.Image, texts: PngInfo | None = None) -> str:
        """Store ``image`` as PNG with a thumbnail; returns the sha256 of the file.

        Raises:
            StorageFull: the disk or a quota is full. StudioError: the folder cannot be written.
        """
        buffer = io.BytesIO()
        image.save(buffer, "PNG", pnginfo=texts)
        return self.put(buffer.getvalue(), image)

    def put(self, data: bytes, image: Image.Image) -> str:
        """Store a PNG file as it is, with a thumbnail of its pixels ``image``. Returns and raises as :meth:`write`."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.file_of(sha256)
        if not path.exists():
            write_atomically(path, data)
        if not self._thumbnail_path(sha256).exists():
            self.write_thumbnail(sha256, image)
        return sha256

    def write_thumbnail(self, sha256: str, image: Image.Image) -> None:
        """Store ``image`` scaled to 256 pixels on its long side."""
        small = image.convert("RGBA" if image.has_transparency_data else "RGB")
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=82)
        write_atomically(self._thumbnail_path(sha256), buffer.getvalue())

    def open(self, sha256: str, alpha: bool = False) -> Image.Image:
        """The decoded pixels of a stored image.

        Args:
            alpha: give RGBA where the image is transparent. Otherwise it is always RGB, on white.

        Raises:
            UnusableImage: there is no such image, or its file is damaged.
        """
        path = self.file_of(sha256)
        try:
            with Image.open(path, formats=["PNG"]) as image:
                if not image.has_transparency_data:
                    return image.convert("RGB")
                coloured = image.convert("RGBA")
        except FileNotFoundError:
            raise UnusableImage("This image is no longer in the studio's data folder.", "Add it again.") from None
        except (OSError, SyntaxError, ValueError):
            raise UnusableImage("A stored image is damaged and cannot be read.", "Add it again.") from None
        return coloured if alpha else flattened(coloured)

    def remove(self, sha256: str) -> None:
        """Delete image and thumbnail; absent ones are no error."""
        self.file_of(sha256).unlink(missing_ok=True)
        self._thumbnail_path(sha256).unlink(missing_ok=True)

    def stored(self) -> Iterator[str]:
        """The hashes of all complete image files."""
        for path in self.images.glob("??/*.png"):
            if _SHA256.fullmatch(path.stem):
                yield path.stem

    def unfinished(self) -> Iterator[Path]:
        """Temporary files, of writes under way and of processes that died while writing."""
        yield from self.images.glob("??/.*.tmp")
        yield from self.thumbnails.glob("??/.*.tmp")

    def _thumbnail_path(self, sha256: str) -> Path:
        return self.thumbnails / sha256[:2] / f"{self.file_of(sha256).stem}.webp"


def flattened(coloured: Image.Image, background: str = "white") -> Image.Image:
    """The RGB picture of an RGBA one on ``background``."""
    below = Image.new("RGBA", coloured.size, background)
    return Image.alpha_composite(below, coloured).convert("RGB")


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` so that after any crash ``path`` is either absent or whole.

    Raises:
        StorageFull: the disk or a quota is full. StudioError: the folder cannot be written.
    """
    temporary = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
    except OSError as error:
        raise _explained(error, path.parent.parent.parent) from error


def _flush_folder(folder: Path) -> None:
    """Make a rename durable. Only POSIX systems let a folder be opened for that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explained(error: OSError, home: Path) -> StudioError:
    if error.errno in _FULL:
        return StorageFull(f"The disk that holds {home} is full.", "Free some space; nothing already saved is lost.")
    return StudioError(f"The data folder {home} cannot be written.", "Check its permissions or set STUDIO_HOME.")
