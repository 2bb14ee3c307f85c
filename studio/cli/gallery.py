"""``gallery``: finding finished pictures, their recipes, and what image files say about themselves."""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from studio.cli import gallery_files, gallery_trash
from studio.cli.commands import Commands, add_command, add_group, size
from studio.cli.console import Reply, table
from studio.database import Database
from studio.gallery import Gallery, Picture, Query, read_metadata
from studio.gallery.query import ORDERS
from studio.settings import Settings


def add_to(commands: Commands) -> None:
    group = add_group(commands, "gallery", "look at finished pictures and their recipes")
    listing = add_command(group, "list", "the newest pictures", "gallery list --rating 4 --limit 5", run_list)
    listing.add_argument("--search", metavar="TEXT", default="", help="only pictures whose prompts hold these words")
    _add_filters(listing)
    search = add_command(
        group,
        "search",
        "pictures by the words of their prompts and tags",
        'gallery search "blue hair -rain" --tag keep',
        run_list,
    )
    search.add_argument("search", metavar="TEXT", help="words that all occur; -word must not occur")
    _add_filters(search)
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
    gallery_files.add_to(group, query_of, _add_filters)
    gallery_trash.add_to(group)


def open_gallery(settings: Settings) -> Gallery:
    """The gallery of ``settings``' data folder."""
    return Gallery(settings, Database(settings.database))


def query_of(arguments: argparse.Namespace, trashed: bool = False) -> Query:
    """The filters of a command line."""
    return Query(
        text=arguments.search or "",
        checkpoint=arguments.checkpoint,
        sampler=arguments.sampler,
        lora=arguments.lora,
        size=arguments.size,
        rating_at_least=arguments.rating,
        favourite=True if arguments.favourite else None,
        tag=arguments.tag,
        collection=arguments.collection,
        since=arguments.since,
        until=arguments.until,
        has_pose=True if arguments.has_pose else None,
        trashed=trashed,
        sort=arguments.sort,
    )


def run_list(arguments: argparse.Namespace) -> Reply:
    gallery = open_gallery(Settings.from_env())
    query = query_of(arguments)
    pictures = gallery.page(query, arguments.limit, arguments.offset)
    document = {
        "pictures": [summary(gallery, picture) for picture in pictures],
        "found": gallery.total(query),
        "total": gallery.total(),
    }
    if not pictures:
        return Reply(document, ["No pictures match." if document["total"] else "There are no pictures yet."])
    return Reply(document, listed(pictures))


def run_show(arguments: argparse.Namespace) -> Reply:
    gallery = open_gallery(Settings.from_env())
    picture = gallery.get(arguments.id)
    request = json.loads(picture.request_json) if picture.has_recipe else None
    lineage = gallery.lineage(picture.id)
    document = {
        **summary(gallery, picture),
        "request": request,
        "provenance": json.loads(picture.provenance_json),
        "parameters": picture.parameters,
        "parents": [parent.id for parent in lineage.parents],
        "children": [child.id for child in lineage.children],
    }
    lines = [
        f"{picture.id}: {document['path']}",
        f"made {day(picture)} in {picture.seconds:.1f} s",
        *_fields(request or {"parameters": picture.parameters or "not known"}),
    ]
    return Reply(document, lines)


def run_read(arguments: argparse.Namespace) -> Reply:
    found = read_metadata(arguments.image)
    request = json.loads(found.request.canonical_json()) if found.request else None
    document = {"source": found.source, "parameters": found.parameters, "request": request}
    if found.notes:
        document["notes"] = list(found.notes)
    if found.source == "none":
        return Reply(document, [f"{arguments.image} says nothing about how it was made.", *found.notes])
    shown = request if request and found.source == "studio" else found.parameters
    return Reply(document, [f"{arguments.image}: made by {found.source}", *_fields(shown), *found.notes])


def summary(gallery: Gallery, picture: Picture) -> dict[str, Any]:
    """What a list tells of a picture."""
    request = picture.request if picture.has_recipe else None
    return {
        "id": picture.id,
        "path": str(gallery.file_of(picture.sha256)),
        "digest": picture.digest,
        "sha256": picture.sha256,
        "width": picture.width,
        "height": picture.height,
        "created": picture.created,
        "seconds": picture.seconds,
        "kind": picture.kind,
        "origin": picture.origin,
        "parent": picture.parent_id,
        "rating": picture.rating,
        "favourite": picture.favourite,
        "tags": list(picture.tags),
        "collections": list(picture.collections),
        "seed": request and request.seed,
        "checkpoint": request and request.checkpoint,
        "prompt": request.prompt if request else picture.words,
    }


def listed(pictures: list[Picture]) -> list[str]:
    """A table of pictures for people."""
    rows = [(str(p.id), day(p), f"{p.width}×{p.height}", _seed(p), "★" * p.rating, _short(p)) for p in pictures]
    return table([("id", "made", "size", "seed", "stars", "prompt"), *rows])


def day(picture: Picture) -> str:
    """When it was made, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(picture.created))


def _add_filters(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--limit", metavar="N", type=_positive, default=20, help="at most N pictures (default 20)")
    add("--offset", metavar="N", type=int, default=0, help="skip the first N")
    add("--sort", choices=list(ORDERS), default="newest", help="order (default newest)")
    add("--checkpoint", metavar="NAME", help="only of this checkpoint")
    add("--sampler", metavar="NAME", help="only of this sampler")
    add("--lora", metavar="NAME", help="only with this LoRA")
    add("--size", metavar="WxH", type=size, help="only of this size in pixels")
    add("--rating", metavar="N", type=int, default=0, choices=range(6), help="only with N stars or more")
    add("--favourite", action="store_true", help="only favourites")
    add("--has-pose", action="store_true", help="only drawn with a pose")
    add("--tag", metavar="TAG", help="only with this tag")
    add("--collection", metavar="NAME", help="only of this collection")
    add("--since", metavar="DATE", type=_date, help="made on this day or later, for example 2026-08-01")
    add("--until", metavar="DATE", type=_date, help="made before this day")


def _fields(fields: dict[str, Any]) -> list[str]:
    return [f"  {name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in fields.items()]


def _seed(picture: Picture) -> str:
    return str(picture.request.seed) if picture.has_recipe else "–"


def _short(picture: Picture) -> str:
    line = " ".join(picture.words.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _positive(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)


def _date(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-08-01") from None
