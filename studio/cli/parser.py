"""The command line's grammar. Each module of ``COMMANDS`` adds its own commands."""

from __future__ import annotations

import argparse

import studio
from studio.cli import assist, doctor, gallery, generate, library, models, pose, prompt, serve, sweep, upscale

COMMANDS = (generate, upscale, models, gallery, pose, prompt, library, assist, sweep, doctor, serve)


def build_parser() -> argparse.ArgumentParser:
    """The parser of ``python -m studio``; every command sets ``run`` and ``json``."""
    parser = argparse.ArgumentParser(
        prog="python -m studio",
        description="PoseAnimeFlow Studio: anime characters in exact poses, on your own machine.",
        epilog="python -m studio COMMAND --help shows a command's options and an example.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"PoseAnimeFlow Studio {studio.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser
