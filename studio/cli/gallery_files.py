"""``gallery export`` and ``gallery import``: pictures out of the gallery and into it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from studio.cli import files
from studio.cli.commands import Commands, add_command
from studio.cli.console import ProgressLine, Reply
from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery, Picture, Query, export, importing
from studio.gallery.importing import Taken
from studio.settings import Settings

AddFilters = Callable[[argparse.ArgumentParser], None]


def add_to(group: Commands, query_of: Callable[[argparse.Namespace], Query], add_filters: AddFilters) -> None:
    out = add_command(
        group,
        "export",
        "write pictures to files, with their recipes inside",
        "gallery export 12 15 --format webp --out chosen.zip",
        lambda arguments: run_export(arguments, query_of),
    )
    out.add_argument("ids", metavar="ID", nargs="*", type=int, help="numbers of pictures; without them, what is found")
    out.add_argument(
        "--out", metavar="PLACE", type=Path, required=True, help="a .zip file, a folder, or a file for one picture"
    )
    out.add_argument("--format", choices=list(export.KINDS), default="png", help="kind of file (default png)")
    out.add_argument(
        "--quality", metavar="N", type=int, default=export.QUALITY, help="of JPEG and WebP, 1 to 100 (default 92)"
    )
    out.add_argument("--search", metavar="TEXT", default="", help="pictures whose prompts hold these words")
    add_filters(out)
    into = add_command(
        group,
        "import",
        "take in pictures of this or another program, with their recipes",
        "gallery import outputs/txt2img-images",
        run_import,
    )
    into.add_argument("places", metavar="PATH", nargs="+", type=Path, help="image files, folders and ZIP archives")


def run_export(arguments: argparse.Namespace, query_of: Callable[[argparse.Namespace], Query]) -> Reply:
    settings = Settings.from_env()
    gallery = Gallery(settings, Database(settings.database))
    if arguments.ids:
        pictures = [gallery.get(id) for id in arguments.ids]
    else:
        pictures = gallery.page(query_of(arguments), arguments.limit, arguments.offset)
    if not pictures:
        raise StudioError("No pictures match.", "Give their numbers, or other filters.")
    written = _written(gallery, pictures, arguments)
    document = {"files": [str(path) for path in written], "pictures": [picture.id for picture in pictures]}
    return Reply(document, [f"{len(pictures)} pictures in {arguments.out}" if len(pictures) > 1 else str(written[0])])


def run_import(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    gallery = Gallery(settings, Database(settings.database))
    total = Taken()
    for place in arguments.places:
        taken = _import(gallery, place)
        total.added += taken.added
        total.known += taken.known
        total.refusals += taken.refusals
        total.refused += taken.refused
    document = total.document()
    counts = f"{len(total.added)} new, {total.known} already here, {total.refusals} refused"
    failed = total.refusals and not total.added and not total.known
    return Reply(document, [counts, *(f"  {line}" for line in total.refused)], status=1 if failed else 0)


def _written(gallery: Gallery, pictures: list[Picture], arguments: argparse.Namespace) -> list[Path]:
    out, kind, quality = arguments.out, arguments.format, arguments.quality
    line = ProgressLine()
    if out.suffix.lower() == ".zip":
        files.check_target(out)
        export.zip_of(gallery, pictures, kind, quality, out, lambda done: line.update(f"{done} of {len(pictures)}"))
        line.clear()
        return [out]
    if len(pictures) == 1 and not out.is_dir():
        files.write(out, export.encode(gallery, pictures[0], kind, quality))
        return [out]
    if not out.is_dir():
        raise StudioError(f"There is no folder {out}.", "Make it first, or give a file name that ends in .zip.")
    paths = []
    for done, picture in enumerate(pictures, 1):
        paths.append(out / export.name_of(picture, kind))
        files.write(paths[-1], export.encode(gallery, picture, kind, quality))
        line.update(f"{done} of {len(pictures)}")
    line.clear()
    return paths


def _import(gallery: Gallery, place: Path) -> Taken:
    line = ProgressLine()

    def report(done: int, total: int, name: str) -> None:
        line.update(f"{done} of {total} {name}")

    try:
        if place.is_dir():
            return importing.import_folder(gallery, place, report)
        if place.suffix.lower() == ".zip":
            return importing.import_zip(gallery, place, report)
    finally:
        line.clear()
    taken = Taken()
    data = files.read_bytes(str(place))
    try:
        picture, is_new = importing.take_in(gallery, data, place.name)
    except StudioError as error:
        taken.refuse(str(place), error.message)
        return taken
    taken.note(picture, is_new)
    return taken
