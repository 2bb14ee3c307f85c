"""``prompt expand``: what a random prompt becomes, without drawing a picture."""

from __future__ import annotations

import argparse

from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.prompts.library import wildcards
from studio.prompts.random import expansion
from studio.request import MAX_SEED
from studio.settings import Settings

MAX_EXPANDED = 10_000


def add_to(group: Commands) -> None:
    command = add_command(
        group,
        "expand",
        "what {a|b}, {2$$a|b|c}, __wildcard__ and ${variable} in a prompt become",
        'prompt expand "{red|blue} hair, {2$$hat|scarf|bag}" --count 4 --wildcard-seed 7 --json',
        run,
    )
    command.add_argument("text", metavar="TEXT", help="the random prompt")
    many = command.add_mutually_exclusive_group()
    many.add_argument("--count", metavar="N", type=_number, default=1, help="drawings, with wildcard seeds N, N+1, …")
    many.add_argument("--all", action="store_true", help="all combinations instead of drawings")
    command.add_argument("--limit", metavar="N", type=_number, default=100, help="at most so many with --all (100)")
    command.add_argument("--wildcard-seed", metavar="N", type=seed, default=0, help="what the drawing begins with (0)")


def seed(text: str) -> int:
    """A wildcard seed, for argparse."""
    value = int(text)
    if not 0 <= value <= MAX_SEED:
        raise argparse.ArgumentTypeError(f"has to be from 0 to {MAX_SEED}")
    return value


def _number(text: str) -> int:
    value = int(text)
    if not 1 <= value <= MAX_EXPANDED:
        raise argparse.ArgumentTypeError(f"has to be from 1 to {MAX_EXPANDED}")
    return value


def run(arguments: argparse.Namespace) -> Reply:
    known = wildcards.of_studio(Settings.from_env())
    if not arguments.all:
        prompts = expansion.draws(arguments.text, arguments.wildcard_seed, arguments.count, known)
        document = {"template": arguments.text, "wildcard_seed": arguments.wildcard_seed, "prompts": prompts}
        return Reply(document, prompts)
    prompts = expansion.combinations(arguments.text, known, arguments.limit + 1)
    more, prompts = len(prompts) > arguments.limit, prompts[: arguments.limit]
    lines = [*prompts, f"and more (--limit {arguments.limit})"] if more else prompts
    return Reply({"template": arguments.text, "prompts": prompts, "complete": not more}, lines)
