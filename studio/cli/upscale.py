"""``upscale``: enlarge picture files or pictures of the gallery, through the same queue as everything else."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from studio.catalog.upscalers import default_upscaler, find_upscaler, list_upscalers
from studio.cli import files, watch
from studio.cli.commands import Commands, add_command, size
from studio.cli.console import Reply, say
from studio.cli.gallery import open_gallery
from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery, Picture
from studio.gallery.importing import import_file
from studio.jobs import Queue, Supervisor, Tasks
from studio.request import UpscalePass
from studio.settings import Settings

DEFAULT_SIDE = 1024


def add_to(commands: Commands) -> None:
    upscale = add_command(
        commands, "upscale", "enlarge pictures with a network that sharpens", "upscale picture.png --to 1024", run
    )
    add = upscale.add_argument
    add("pictures", metavar="IN", nargs="*", help="picture files, or numbers from gallery list")
    target = upscale.add_mutually_exclusive_group()
    target.add_argument("--to", metavar="PIXELS", type=int, help=f"of the longest side (default {DEFAULT_SIDE})")
    target.add_argument("--scale", metavar="F", type=float, help="how many times larger, for example 2")
    target.add_argument("--size", metavar="WxH", type=size, help="exact size in pixels")
    add("--shortest", action="store_true", help="with --to: of the shortest side")
    add("--upscaler", metavar="NAME", help="see --list (default: the best one installed, else Lanczos)")
    add("--fast", action="store_true", help="blend the seams of tiles instead of computing them exactly")
    add("--out", metavar="PATH", type=Path, help="PNG file for one picture, folder for several")
    add("--list", action="store_true", help="show the upscalers and end")


def run(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    if arguments.list:
        return _listing(settings)
    target = _target(arguments, settings)
    if not arguments.pictures:
        raise StudioError("There is nothing to upscale.", "Name picture files, or numbers from gallery list.")
    _check_out(arguments.out, len(arguments.pictures))
    gallery = open_gallery(settings)
    database = Database(settings.database)
    parents = [_picture(name, gallery) for name in arguments.pictures]
    for parent in parents:
        target.checked_size(parent.width, parent.height)
    tasks, queue = Tasks(database), Queue(database)
    id = tasks.submit("upscale", {"pictures": [parent.id for parent in parents], **target.model_dump(mode="json")})
    with Supervisor(settings):
        result = watch.task(tasks, queue, settings, id).result or {}
    for note in result.get("notes", []):
        say(f"Note: {note}")
    made = dict(zip(dict.fromkeys(parent.id for parent in parents), result["pictures"], strict=True))
    names = zip(arguments.pictures, parents, strict=True)
    images = [_image(name, gallery.get(made[parent.id]), gallery, arguments.out) for name, parent in names]
    lines = [f"{image['path']}  {image['width']}×{image['height']}  {image['seconds']:.1f} s" for image in images]
    return Reply({"images": images, "upscaler": result["upscaler"], "notes": result.get("notes", [])}, lines)


def _listing(settings: Settings) -> Reply:
    found = list_upscalers(settings)
    document = {
        "upscalers": [
            {"name": each.name, "installed": each.installed, "problem": each.problem, "about": each.explanation}
            for each in found
        ],
        "default": default_upscaler(settings).name,
    }
    return Reply(document, [f"{each.label}: {each.problem or each.explanation}" for each in found])


def _target(arguments: argparse.Namespace, settings: Settings) -> UpscalePass:
    upscaler = find_upscaler(settings, arguments.upscaler) if arguments.upscaler else default_upscaler(settings)
    fields: dict[str, Any] = {"upscaler": upscaler.name, "fast": arguments.fast}
    if arguments.scale is not None:
        fields["scale"] = arguments.scale
    elif arguments.size is not None:
        fields["width"], fields["height"] = arguments.size
    else:
        fields["side"] = DEFAULT_SIDE if arguments.to is None else arguments.to
    if arguments.shortest:
        fields["edge"] = "shortest"
    if not upscaler.is_network and arguments.upscaler is None:
        say("No upscaling network is installed, so Lanczos resamples; --list shows which ones can be had.")
    return UpscalePass.build(**fields)


def _check_out(out: Path | None, count: int) -> None:
    if out is None:
        return
    if count > 1 and not out.is_dir():
        raise StudioError(f"{out} is no folder.", "For several pictures, --out has to be a folder that exists.")
    if not out.is_dir():
        if out.suffix.lower() != ".png":
            raise StudioError(f"{out} does not end in .png.", "The enlarged picture is written as PNG.")
        files.check_target(out)


def _picture(name: str, gallery: Gallery) -> Picture:
    """A picture of the gallery; a file is taken into it first, with whatever it says about how it was made."""
    if name.isdigit() and not Path(name).exists():
        return gallery.get(int(name))
    return import_file(gallery, files.read_bytes(name), Path(name).name)


def _image(name: str, picture: Picture, gallery: Gallery, out: Path | None) -> dict[str, Any]:
    stored = gallery.file_of(picture.sha256)
    path = stored
    if out is not None:
        path = out / f"{Path(name).stem}-{picture.width}x{picture.height}.png" if out.is_dir() else out
        files.write(path, files.read_bytes(str(stored)))
    return {
        "path": str(path),
        "id": picture.id,
        "parent_id": picture.parent_id,
        "width": picture.width,
        "height": picture.height,
        "seconds": picture.seconds,
        "from": name,
    }
