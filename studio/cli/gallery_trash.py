"""``gallery trash`` and ``gallery restore``: throwing pictures away, and thinking better of it."""

from __future__ import annotations

import argparse

from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery, Query
from studio.settings import Settings


def add_to(group: Commands) -> None:
    trash = add_command(group, "trash", "put pictures into the trash, or empty it", "gallery trash 12 15", run_trash)
    trash.add_argument(
        "ids", metavar="ID", nargs="*", type=int, help="numbers of pictures; without them, what is in it"
    )
    trash.add_argument("--empty", action="store_true", help="delete for good what is in the trash (or only these IDs)")
    restore = add_command(group, "restore", "take pictures back out of the trash", "gallery restore 12", run_restore)
    restore.add_argument("ids", metavar="ID", nargs="+", type=int, help="numbers of pictures in the trash")


def run_trash(arguments: argparse.Namespace) -> Reply:
    gallery = _open()
    ids = list(dict.fromkeys(arguments.ids))
    if arguments.empty:
        count = gallery.empty_trash(ids or None)
        return Reply({"deleted": count}, [f"{count} pictures deleted for good."])
    if not ids:
        pictures = gallery.page(Query(trashed=True), limit=1000)
        document = {"trash": [picture.id for picture in pictures], "total": gallery.total(Query(trashed=True))}
        lines = [f"{picture.id}: {' '.join(picture.words.split())[:60]}" for picture in pictures]
        return Reply(document, lines or ["The trash is empty."])
    _check(gallery, ids)
    gallery.trash(ids)
    back = " ".join(map(str, ids))
    return Reply({"trashed": ids}, [f"{len(ids)} in the trash. Undo: python -m studio gallery restore {back}"])


def run_restore(arguments: argparse.Namespace) -> Reply:
    gallery = _open()
    ids = list(dict.fromkeys(arguments.ids))
    kept = [picture.id for picture in gallery.pick(ids) if not picture.trashed]
    if kept:
        raise StudioError(f"Picture {kept[0]} is not in the trash.", "See: python -m studio gallery trash")
    _check(gallery, ids)
    gallery.restore(ids)
    return Reply({"restored": ids}, [f"{len(ids)} back in the gallery."])


def _check(gallery: Gallery, ids: list[int]) -> None:
    """Refuse all when one does not exist, before anything changes."""
    for id in ids:
        gallery.get(id)


def _open() -> Gallery:
    settings = Settings.from_env()
    return Gallery(settings, Database(settings.database))
