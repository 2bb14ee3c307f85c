"""``pose detect``: through the same queue and worker as the page."""

from __future__ import annotations

import argparse
from pathlib import Path

from studio.catalog.detectors import DETECTORS, default_detector, find_detector
from studio.cli import console, files, watch
from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.database import Database
from studio.gallery import Gallery
from studio.jobs import Queue, Supervisor, Tasks
from studio.poses import openpose
from studio.poses.values import Pose
from studio.settings import Settings

BEHIND = "#808080"
"""What shows through transparent pixels: pale and dark figures both stand out against it."""


def add_to(group: Commands) -> None:
    """Add ``detect`` to the commands of ``pose``."""
    detect = add_command(
        group,
        "detect",
        "find the pose in a photo, a render, a drawing or a skeleton map",
        "pose detect photo.jpg pose.json",
        run,
    )
    detect.add_argument("image", metavar="IMAGE", help="the picture to look at")
    detect.add_argument("out", metavar="OUT.json", type=Path, help="the OpenPose JSON file to write")
    detect.add_argument(
        "--person", metavar="X,Y,W,H", type=_box, help="look for one person in this box only, in pixels of the picture"
    )
    detect.add_argument("--detector", metavar="NAME", help=f"{', '.join(DETECTORS)} (default: the best that is here)")


def run(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    files.check_target(arguments.out)
    detector = arguments.detector or default_detector(settings)
    find_detector(settings, detector)
    database = Database(settings.database)
    gallery, queue, tasks = Gallery(settings, database), Queue(database), Tasks(database)
    image = gallery.put_upload(files.read_bytes(arguments.image), BEHIND)
    payload: dict = {"image": image.sha256, "detector": detector}
    if arguments.person:
        payload["person"] = arguments.person
    id = tasks.submit("pose", payload)
    with Supervisor(settings):
        result = watch.task(tasks, queue, settings, id).result or {}
    pose = Pose.model_validate(result["pose"])
    files.write_json(arguments.out, openpose.write(pose))
    console.say(result["note"])
    document = {
        "path": str(arguments.out),
        "width": pose.width,
        "height": pose.height,
        "people": len(pose.people),
        **{name: result[name] for name in ("source", "detector", "note")},
    }
    people = "1 person" if len(pose.people) == 1 else f"{len(pose.people)} people"
    return Reply(document, [f"{arguments.out}: canvas {pose.width} × {pose.height}, {people}"])


def _box(text: str) -> list[float]:
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if len(values) != 4:
        raise argparse.ArgumentTypeError(f"{text!r} is no box; write it as X,Y,W,H, for example 40,20,300,500")
    return values
