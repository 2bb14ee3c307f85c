"""``pose render`` and ``pose convert``."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image

from studio.cli import files
from studio.cli.commands import Commands, add_command, add_group, size
from studio.cli.console import Reply
from studio.errors import StudioError
from studio.poses import library, openpose
from studio.poses.drawing import draw
from studio.poses.values import Pose
from studio.request import MAX_SIDE

POSE_HELP = "an OpenPose JSON file, or the name of a pose in the library"


def add_to(commands: Commands) -> None:
    group = add_group(commands, "pose", "draw poses and convert pose files")
    render = add_command(
        group,
        "render",
        "draw a pose as the picture a ControlNet reads",
        "pose render jump.json jump.png --size 512x768",
        run_render,
    )
    render.add_argument("pose", metavar="IN.json", help=POSE_HELP)
    render.add_argument("out", metavar="OUT.png", type=Path, help="the picture to write")
    render.add_argument("--size", metavar="WxH", type=size, help="size of the picture (default: the pose's canvas)")
    convert = add_command(
        group,
        "convert",
        "write a pose of any OpenPose dialect as one plain OpenPose JSON object in pixels",
        "pose convert editor-export.json pose.json",
        run_convert,
    )
    convert.add_argument("pose", metavar="IN.json", help=POSE_HELP)
    convert.add_argument("out", metavar="OUT.json", type=Path, help="the file to write")


def run_render(arguments: argparse.Namespace) -> Reply:
    pose = library.load_pose(arguments.pose)
    width, height = arguments.size or (pose.width, pose.height)
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise StudioError(
            f"A picture of {width} × {height} pixels cannot be drawn.", f"Choose sides from 1 to {MAX_SIDE}."
        )
    buffer = io.BytesIO()
    Image.fromarray(draw(pose, width, height)).save(buffer, "PNG")
    files.write(arguments.out, buffer.getvalue())
    document = {"path": str(arguments.out), "width": width, "height": height, "people": len(pose.people)}
    return Reply(document, [f"{arguments.out}: {width} × {height}, {_people(pose)}"])


def run_convert(arguments: argparse.Namespace) -> Reply:
    pose = library.load_pose(arguments.pose)
    files.write_json(arguments.out, openpose.write(pose))
    document = {"path": str(arguments.out), "width": pose.width, "height": pose.height, "people": len(pose.people)}
    return Reply(document, [f"{arguments.out}: canvas {pose.width} × {pose.height}, {_people(pose)}"])


def _people(pose: Pose) -> str:
    return "1 person" if len(pose.people) == 1 else f"{len(pose.people)} people"
