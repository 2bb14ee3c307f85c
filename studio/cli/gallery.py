"""``gallery list``, ``gallery show`` and ``gallery read``."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from studio.cli.commands import Commands, add_command, add_group
from studio.cli.console import Reply, table
from studio.database import Database
from studio.gallery import Gallery, Picture, read_metadata
from studio.settings import Settings


def add_to(commands: Commands) -> None:
    group = add_group(commands, "gallery", "look at finished pictures and their recipes")
    listing = add_command(group, "list", "the newest pictures", 'gallery list --search "blue hair" --limit 5', run_list)
    listing.add_argument("--limit", metavar="N", type=_positive, default=20, help="at most N pictures (default 20)")
    listing.add_argument("--search", metavar="TEXT", default="", help="only pictures whose prompts hold these words")
    show = add_command(group, "show", "one picture with its whole recipe", "gallery show 12 --json", run_show)
    show.add_argument("id", type=int, help="the picture's number, from gallery list")
    read = add_command(
        group,
        "read",
        "what an image file of this or another tool says about how it was made",
        "gallery read picture.png --json",
        run_read,
    )
    read.add_argument("image", metavar="IMAGE", type=Path, help="a PNG, JPEG or WebP file")


def open_gallery(settings: Settings) -> Gallery:
    """The gallery of ``settings``' data folder."""
    return Gallery(settings, Database(settings.database))


def run_list(arguments: argparse.Namespace) -> Reply:
    gallery = open_gallery(Settings.from_env())
    pictures = gallery.search(arguments.search, arguments.limit)
    document = {"pictures": [_summary(gallery, picture) for picture in pictures], "total": gallery.count()}
    if not pictures:
        return Reply(document, ["No pictures match." if arguments.search else "There are no pictures yet."])
    rows = [(str(p.id), _day(p), f"{p.width}×{p.height}", str(p.request.seed), _short(p)) for p in pictures]
    return Reply(document, table([("id", "made", "size", "seed", "prompt"), *rows]))


def run_show(arguments: argparse.Namespace) -> Reply:
    gallery = open_gallery(Settings.from_env())
    picture = gallery.get(arguments.id)
    request = json.loads(picture.request_json)
    document = {
        **_summary(gallery, picture),
        "request": request,
        "provenance": json.loads(picture.provenance_json),
    }
    lines = [f"{picture.id}: {document['path']}", f"made {_day(picture)} in {picture.seconds:.1f} s", *_fields(request)]
    return Reply(document, lines)


def run_read(arguments: argparse.Namespace) -> Reply:
    found = read_metadata(arguments.image)
    request = json.loads(found.request.canonical_json()) if found.request else None
    document = {"source": found.source, "parameters": found.parameters, "request": request}
    if found.source == "none":
        return Reply(document, [f"{arguments.image} says nothing about how it was made."])
    return Reply(document, [f"{arguments.image}: made by {found.source}", *_fields(request or found.parameters)])


def _summary(gallery: Gallery, picture: Picture) -> dict[str, Any]:
    request = picture.request
    return {
        "id": picture.id,
        "path": str(gallery.file_of(picture.sha256)),
        "digest": picture.digest,
        "sha256": picture.sha256,
        "width": picture.width,
        "height": picture.height,
        "created": picture.created,
        "seconds": picture.seconds,
        "seed": request.seed,
        "checkpoint": request.checkpoint,
        "prompt": request.prompt,
    }


def _fields(fields: dict[str, Any]) -> list[str]:
    return [f"  {name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in fields.items()]


def _day(picture: Picture) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(picture.created))


def _short(picture: Picture) -> str:
    line = " ".join(picture.request.prompt.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _positive(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)
