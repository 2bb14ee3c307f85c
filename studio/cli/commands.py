"""How a command is added to the grammar, the same way for all."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from studio.cli.console import Reply

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What commands are added to: argparse has no public name for it."""


def add_command(
    commands: Commands, name: str, summary: str, example: str, run: Callable[[argparse.Namespace], Reply]
) -> argparse.ArgumentParser:
    """Add the command ``name``; ``example`` is what follows ``python -m studio`` in its help."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"example:\n  python -m studio {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document on stdout and nothing else")
    parser.set_defaults(run=run)
    return parser


def add_group(commands: Commands, name: str, summary: str) -> Commands:
    """Add ``name`` as a group of commands."""
    parser = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def size(text: str) -> tuple[int, int]:
    """``512x768`` as (width, height)."""
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) != 2 or not all(part.strip().lstrip("-").isdigit() for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it as WIDTHxHEIGHT, for example 512x768")
    return int(parts[0]), int(parts[1])


def type_and_file(text: str) -> tuple[str, str]:
    """``TYPE=IMAGE`` as a pair."""
    kind, _, path = text.partition("=")
    return _pair(text, kind, path, "TYPE=IMAGE, for example canny=edges.png")


def name_and_weight(text: str) -> tuple[str, float]:
    """``NAME=W`` as a pair; without ``=W`` the weight is 1."""
    name, equals, weight = text.rpartition("=")
    name, weight = _pair(text, name, weight, "NAME=WEIGHT, for example ink=0.8") if equals else (text, "1")
    try:
        return name, float(weight)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{weight!r} is no weight; write a number") from None


def _pair(text: str, left: str, right: str, form: str) -> tuple[str, str]:
    if not left.strip() or not right.strip():
        raise argparse.ArgumentTypeError(f"{text!r} has to be of the form {form}")
    return left.strip(), right.strip()
