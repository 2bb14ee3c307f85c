"""``pose render``, ``pose convert`` and ``pose score``; ``pose detect`` and ``pose list`` have modules of their own."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image

from studio.cli import files, pose_detect, pose_list
from studio.cli.commands import Commands, add_command, add_group, size
from studio.cli.console import Reply, table
from studio.errors import StudioError
from studio.poses import library, openpose
from studio.poses.drawing import draw
from studio.poses.score import Score, compare
from studio.request import MAX_SIDE

POSE_HELP = "an OpenPose JSON file, or the name of a pose in the library"


def add_to(commands: Commands) -> None:
    group = add_group(commands, "pose", "draw, convert and compare poses")
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
    render.add_argument(
        "--thick", action="store_true", help="thicker sticks and dots, as xinsir's SDXL ControlNets were trained with"
    )
    convert = add_command(
        group,
        "convert",
        "write a pose of any OpenPose dialect as one plain OpenPose JSON object in pixels",
        "pose convert editor-export.json pose.json",
        run_convert,
    )
    convert.add_argument("pose", metavar="IN.json", help=POSE_HELP)
    convert.add_argument("out", metavar="OUT.json", type=Path, help="the file to write")
    score = add_command(
        group,
        "score",
        "say how well the pose found in a picture obeys the pose it was drawn from",
        "pose score intended.json found.json",
        run_score,
    )
    score.add_argument("intended", metavar="A.json", help=f"the intended pose: {POSE_HELP}")
    score.add_argument("found", metavar="B.json", help="the pose that was found")
    pose_detect.add_to(group)
    pose_list.add_to(group)


def run_render(arguments: argparse.Namespace) -> Reply:
    pose = library.load_pose(arguments.pose)
    width, height = arguments.size or (pose.width, pose.height)
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise StudioError(
            f"A picture of {width} × {height} pixels cannot be drawn.", f"Choose sides from 1 to {MAX_SIDE}."
        )
    buffer = io.BytesIO()
    Image.fromarray(draw(pose, width, height, arguments.thick)).save(buffer, "PNG")
    files.write(arguments.out, buffer.getvalue())
    document = {"path": str(arguments.out), "width": width, "height": height, "people": len(pose.people)}
    return Reply(document, [f"{arguments.out}: {width} × {height}, {_people(len(pose.people))}"])


def run_convert(arguments: argparse.Namespace) -> Reply:
    pose = library.load_pose(arguments.pose)
    files.write_json(arguments.out, openpose.write(pose))
    document = {"path": str(arguments.out), "width": pose.width, "height": pose.height, "people": len(pose.people)}
    return Reply(document, [f"{arguments.out}: canvas {pose.width} × {pose.height}, {_people(len(pose.people))}"])


def run_score(arguments: argparse.Namespace) -> Reply:
    score = compare(library.load_pose(arguments.intended), library.load_pose(arguments.found))
    return Reply(score.to_json(), _score_lines(score))


def _score_lines(score: Score) -> list[str]:
    found = f"{score.people_found} found, {score.people_intended} intended"
    rows = [
        ("OKS", f"{score.oks:.3f}", "likeness of the joints' places, 1 is best"),
        ("PCK@0.2", f"{score.pck:.3f}", "share of the joints in place"),
        ("F1", f"{score.f1:.3f}", "which joints show, wherever they lie"),
        ("People", str(score.count_error), f"too many or too few: {found}"),
    ]
    if score.mean_error is not None:
        rows.append(("Error", f"{score.mean_error:.1f} px", "mean over the joints that were found"))
    several = score.people_intended > 1
    errors = [f"  {_whose(error.person) if several else ''}{error.in_words()}" for error in score.joint_errors]
    return [*table(rows), *errors]


def _whose(person: int) -> str:
    return f"person {person + 1}: "


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
