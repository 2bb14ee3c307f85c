"""``prompt lint``: what is odd in a prompt, and what it is with all safe fixes."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from studio import linting
from studio.catalog import checkpoints
from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.database import Database
from studio.gallery.prompt_shelf import PromptShelf
from studio.poses import library
from studio.prompts.lint.findings import Finding
from studio.prompts.lint.rules import fix_all, lint
from studio.settings import Settings


def add_to(group: Commands) -> None:
    command = add_command(
        group,
        "lint",
        "what is odd in a prompt: contradictions, brackets, unknown words, people against the pose, and how to mend it",
        'prompt lint "1girl, day, night, ((park" --negative "lowres" --pose jogging --fix',
        run,
    )
    command.add_argument("text", metavar="TEXT", help="the prompt")
    command.add_argument("--negative", metavar="T", default="", help="the negative prompt")
    command.add_argument(
        "--checkpoint", metavar="C", help="judge the words by this one's family (else: by the one generate would take)"
    )
    command.add_argument(
        "--pose",
        metavar="NAME|FILE",
        help="a pose of the library or an OpenPose JSON file: are its people in the prompt?",
    )
    command.add_argument("--fix", action="store_true", help="print both prompts with all safe fixes")


def run(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    if arguments.checkpoint is None:
        checkpoint = checkpoints.default_checkpoint(settings)
    else:
        checkpoint = checkpoints.find_checkpoint(settings, arguments.checkpoint)
    around = linting.surroundings(
        settings,
        PromptShelf(Database(settings.database)).library(),
        checkpoint and checkpoint.family,
        pose=library.load_pose(arguments.pose) if arguments.pose is not None else None,
    )
    found = lint(arguments.text, arguments.negative, around)
    document: dict[str, Any] = {"findings": [asdict(finding) for finding in found], "fixed": None}
    lines = [line for finding in found for line in _lines(finding)] or ["Nothing is odd."]
    if arguments.fix:
        prompt, negative_prompt = fix_all(arguments.text, arguments.negative, around)
        document["fixed"] = {"prompt": prompt, "negative_prompt": negative_prompt}
        lines += ["", f"prompt: {prompt}", *([f"negative: {negative_prompt}"] if negative_prompt else [])]
    return Reply(document, lines)


def _lines(finding: Finding) -> list[str]:
    fixes = "; ".join(fix.label for fix in finding.fixes)
    return [f"{finding.severity}: {finding.message} {finding.hint}", *([f"    fixes: {fixes}"] if fixes else [])]
