"""``pose list``: what the library has."""

from __future__ import annotations

import argparse

from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply, table
from studio.errors import UnknownName
from studio.poses import library


def add_to(group: Commands) -> None:
    """Add ``list`` to the commands of ``pose``."""
    shown = add_command(
        group,
        "list",
        "list the poses of the library",
        "pose list --search 'two people'",
        run,
    )
    shown.add_argument("--search", metavar="TEXT", default="", help="words to find; typing errors are forgiven")
    shown.add_argument("--category", metavar="NAME", help=f"one of {', '.join(library.CATEGORIES)}")


def run(arguments: argparse.Namespace) -> Reply:
    found = library.search(arguments.search, _category(arguments.category))
    document = {
        "poses": [
            {
                "name": entry.name,
                "title": entry.label,
                "category": entry.category,
                "tags": list(entry.tags),
                "people": entry.people,
                "width": entry.pose.width,
                "height": entry.pose.height,
            }
            for entry in found
        ]
    }
    lines = table([(entry.name, entry.label, entry.category, ", ".join(entry.tags)) for entry in found])
    return Reply(document, lines if found else ["No pose has these words."])


def _category(name: str | None) -> str | None:
    if name is None:
        return None
    known = {category.casefold(): category for category in library.CATEGORIES}
    if name.strip().casefold() not in known:
        raise UnknownName(
            f"There is no category of poses called {name[:60]!r}.", f"There are: {', '.join(library.CATEGORIES)}."
        )
    return known[name.strip().casefold()]
