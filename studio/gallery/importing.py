"""Pictures from outside: files, folders and ZIP archives, with whatever recipe they carry."""

from __future__ import annotations

import hashlib
import io
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from PIL import Image

from studio.crafting import Bench
from studio.errors import StorageFull, StudioError, UnusableImage
from studio.gallery import arrivals, metadata, texts, uploads
from studio.gallery.pictures import Picture
from studio.gallery.store import Gallery

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"})
MAX_REFUSED = 200
"""At most so many refusals are told one by one."""
Report = Callable[[int, int, str], None]


@dataclass
class Taken:
    """What an import came to."""

    added: list[int] = field(default_factory=list)
    """Ids of the pictures that are new."""
    known: int = 0
    """Files whose picture was in the gallery already."""
    refused: list[str] = field(default_factory=list)
    """``name: reason`` of the files that were not taken; the first 200."""
    refusals: int = 0

    def note(self, picture: Picture, is_new: bool) -> None:
        if is_new:
            self.added.append(picture.id)
        else:
            self.known += 1

    def refuse(self, name: str, reason: str) -> None:
        self.refusals += 1
        if len(self.refused) < MAX_REFUSED:
            self.refused.append(f"{name}: {reason}")

    def document(self) -> dict:
        """As JSON."""
        counts = {"added": len(self.added), "known": self.known, "refusals": self.refusals}
        return {**counts, "refused": self.refused, "pictures": self.added[:1000]}


def import_file(gallery: Gallery, data: bytes, name: str) -> Picture:
    """Take a picture in, with its recipe as far as it is understood. One that is here already is returned as it is.

    Args:
        name: the file's name; only its last part is kept, as a note.

    Raises:
        UnusableImage: no image, damaged, or beyond the limits. StorageFull: nothing was stored.
    """
    return take_in(gallery, data, name)[0]


def take_in(gallery: Gallery, data: bytes, name: str, created: float | None = None) -> tuple[Picture, bool]:
    """As :func:`import_file`; also tells whether the picture is new. ``created``: Unix time the file was made."""
    came_as = hashlib.sha256(data).hexdigest()
    known = gallery.imported_as(came_as)
    if known is not None:
        return known, False
    image = uploads.decode_picture(data)
    carried, left_out = metadata.read_texts(data)
    told = metadata.understand(carried, left_out)
    same = gallery.same_pixels(uploads.pixel_hash(image))
    if same is not None and (same.parameters or not told.text):
        gallery.note_import(came_as, same.id)
        return same, False
    original = data if not left_out and _is_kept_as_it_is(data, image) else None
    if original:
        sha256 = gallery.files.put(original, image)
    else:
        sha256 = gallery.files.write(image, texts.for_png(carried))
    now = time.time()
    stored = arrivals.stored_image(sha256, image, told, now if created is None else min(created, now), name)
    picture = gallery.record(stored, came_as)
    return picture, picture.sha256 == sha256


def import_folder(gallery: Gallery, folder: Path, report: Report) -> Taken:
    """Take in all pictures in ``folder`` and below it, oldest first. Links are not followed.

    Args:
        report: called with (files done, files in all, name of the file at hand).

    Raises:
        StudioError: there is no such folder, or it may not be read. StorageFull: the disk is full; what was taken in
            before stays.
    """
    files = sorted(_files(folder))
    taken = Taken()
    for done, (made, path) in enumerate(files):
        name = path.relative_to(folder).as_posix()
        report(done, len(files), name)
        try:
            if path.stat().st_size > uploads.MAX_BYTES:
                raise UnusableImage("The file is larger than 64 MB.")
            taken.note(*take_in(gallery, path.read_bytes(), path.name, made))
        except StorageFull:
            raise
        except StudioError as error:
            taken.refuse(name, error.message)
        except OSError as error:
            taken.refuse(name, f"The file cannot be read ({error.strerror or 'no reason given'}).")
    report(len(files), len(files), "")
    return taken


def import_zip(gallery: Gallery, archive: Path | bytes, report: Report) -> Taken:
    """Take in all pictures of a ZIP archive. Nothing is unpacked to disk; names inside it are never used as paths.

    Raises:
        StudioError: this is no ZIP archive.
    """
    taken = Taken()
    try:
        with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as file:
            members = [member for member in file.infolist() if not member.is_dir()]
            for done, member in enumerate(members):
                report(done, len(members), member.filename[-100:])
                if PurePosixPath(member.filename).suffix.lower() in ENDINGS:
                    _take_member(gallery, file, member, taken)
            report(len(members), len(members), "")
    except (zipfile.BadZipFile, OSError) as error:
        raise StudioError("The file is no ZIP archive, or it is damaged.", "Pack it again.") from error
    return taken


def run(payload: dict, bench: Bench) -> dict:
    """The craft ``import``: ``{"folder": path}`` (or the path of a ZIP archive) → :meth:`Taken.document`."""
    place = Path(str(payload.get("folder", ""))).expanduser()
    take = import_zip if place.is_file() else import_folder
    return take(bench.gallery, place, bench.report).document()


def _take_member(gallery: Gallery, file: zipfile.ZipFile, member: zipfile.ZipInfo, taken: Taken) -> None:
    name = member.filename.replace("\\", "/")
    try:
        if name.startswith("/") or ".." in PurePosixPath(name).parts or ":" in name:
            raise UnusableImage("Its name leads out of the archive.")
        if member.flag_bits & 1:
            raise UnusableImage("It is encrypted.")
        with file.open(member) as packed:
            data = packed.read(uploads.MAX_BYTES + 1)
        taken.note(*take_in(gallery, data, name))
    except StorageFull:
        raise
    except StudioError as error:
        taken.refuse(name[-200:], error.message)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
        taken.refuse(name[-200:], "It is damaged, or packed in a way that is not understood.")


def _files(folder: Path) -> Iterator[tuple[float, Path]]:
    if not folder.is_dir():
        raise StudioError(f"There is no folder {folder}.", "Check the path; it is one on the studio's machine.")
    try:
        next(iter(folder.iterdir()), None)
    except OSError:
        raise StudioError(f"The folder {folder} may not be read.", "Check its permissions.") from None
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if path.suffix.lower() in ENDINGS and not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path.stat().st_mtime, path


def _is_kept_as_it_is(data: bytes, image: Image.Image) -> bool:
    """Whether the file itself can be the stored PNG: nothing in it is lost then, known or not."""
    with Image.open(io.BytesIO(data)) as opened:
        still = getattr(opened, "n_frames", 1) == 1
        return opened.format == "PNG" and still and opened.mode == image.mode and opened.getexif().get(0x0112, 1) == 1
