"""``library``: the prompt library searched, checked, and a person's own prompts in and out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio.catalog import vocabulary
from studio.catalog.families import FAMILIES
from studio.cli import files
from studio.cli.commands import Commands, add_command, add_group
from studio.cli.console import Reply, table
from studio.database import Database
from studio.errors import NameTaken, StudioError, UnknownName
from studio.gallery import prompt_files
from studio.gallery.prompt_shelf import PromptShelf
from studio.library_check import check_folder
from studio.prompts.library.entries import Entry, Item, Problem
from studio.prompts.library.library import FOLDER, Hit, Library
from studio.settings import Settings

LIMIT = 20


def add_to(commands: Commands) -> None:
    group = add_group(commands, "library", "words and templates to start from, and your own")
    search = add_command(
        group,
        "search",
        "find words and templates; typing errors are forgiven",
        'library search "ponytial" --category hairstyles --limit 5',
        run_search,
    )
    search.add_argument("query", metavar="TEXT", help="words; an empty text lists everything")
    search.add_argument("--category", metavar="C", action="append", default=[], help="only of this category")
    search.add_argument("--family", metavar="F", help=f"only what works for {', '.join(FAMILIES)}")
    search.add_argument("--limit", metavar="N", type=_positive, default=LIMIT, help=f"at most N (default {LIMIT})")
    check = add_command(
        group, "check", "look for mistakes in packs, templates, wildcards and poses", "library check", run_check
    )
    check.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="default: the one of the studio")
    into = add_command(
        group,
        "import",
        "take in styles.csv of A1111, or a pack",
        "library import styles.csv --rename",
        run_import,
    )
    into.add_argument("file", metavar="FILE", type=Path, help="a .csv or .yaml file")
    collision = into.add_mutually_exclusive_group()
    collision.add_argument("--replace", action="store_true", help="put new ones in the place of those of the same name")
    collision.add_argument("--rename", action="store_true", help="give new ones whose name is in use a number")
    out = add_command(
        group,
        "export",
        "write your own prompts to styles.csv for A1111, or to a pack that keeps everything",
        "library export my-styles.csv",
        run_export,
    )
    out.add_argument("file", metavar="FILE", type=Path, help="a name that ends in .csv or .yaml")


def run_search(arguments: argparse.Namespace) -> Reply:
    library = _shelf().library()
    known = _checked(library, arguments.category)
    families, keep = _family(arguments.family)
    found = library.search(arguments.query, known, families, arguments.limit, keep)
    document = {"hits": [_document(hit) for hit in found]}
    if not found:
        return Reply(document, ["Nothing in the library is like that."])
    rows = [(hit.item.id, _words(hit.item), hit.item.category, _kind(hit.item)) for hit in found]
    return Reply(document, table([("id", "text", "category", "kind"), *rows]))


def run_check(arguments: argparse.Namespace) -> Reply:
    checked = check_folder(arguments.folder or FOLDER)
    shelf = checked.shelf
    counts = {
        "entries": len(shelf.entries),
        "templates": len(shelf.templates),
        "categories": len(shelf.categories),
        "wildcards": len(checked.wildcards),
        "poses": checked.poses,
    }
    document = {**counts, "problems": [_problem(problem) for problem in checked.problems]}
    summary = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    verdict = f"{len(checked.problems)} problems" if checked.problems else "no problems"
    lines = [*(str(problem) for problem in checked.problems), f"{summary}: {verdict}"]
    return Reply(document, lines, status=1 if checked.problems else 0)


def run_import(arguments: argparse.Namespace) -> Reply:
    path: Path = arguments.file
    with suppress(OSError):  # the reading says what is wrong with a file that is not there
        prompt_files.check_size(path.stat().st_size, path.name)
    data = files.read_bytes(str(path))
    collision = "replace" if arguments.replace else "rename" if arguments.rename else "refuse"
    try:
        done = prompt_files.import_file(_shelf(), data, path.name, collision)
    except NameTaken as error:
        hint = "Use --replace to put the new ones in their place, or --rename to give them a number."
        raise NameTaken(error.message, hint) from None
    document = {
        "added": [{"name": own.name, "folder": own.folder, "key": own.key} for own in done.added],
        "replaced": done.replaced,
        "known": done.known,
        "problems": [_problem(problem) for problem in done.problems],
    }
    counts = f"{len(done.added)} added ({done.replaced} in another's place), {done.known} already here"
    return Reply(document, [counts, *(f"  {problem}" for problem in done.problems)])


def run_export(arguments: argparse.Namespace) -> Reply:
    path: Path = arguments.file
    write = {".csv": prompt_files.export_styles, ".yaml": prompt_files.export_pack}.get(path.suffix.lower())
    if write is None:
        raise StudioError(f"{path.name} ends neither in .csv nor in .yaml.", "Choose a name such as my-styles.csv.")
    own = _shelf().own()
    if not own:
        raise StudioError("There are no own prompts yet.", "Save some on the Prompts page, or import a file.")
    if path.exists():
        raise StudioError(f"There is a file {path} already.", "Choose another name; nothing is overwritten.")
    files.write(path, write(own))
    return Reply({"file": str(path), "prompts": len(own)}, [f"{len(own)} prompts in {path}"])


def _shelf() -> PromptShelf:
    return PromptShelf(Database(Settings.from_env().database))


def _checked(library: Library, names: list[str]) -> list[str]:
    known = {category.id for category in library.categories}
    for name in names:
        if name not in known:
            raise UnknownName(f"There is no category {name[:60]!r}.", f"There are {', '.join(sorted(known))}.")
    return names


def _family(name: str | None) -> tuple[list[str], Callable[[Item], bool] | None]:
    """What to search for a model family: by what entries say of themselves, or by its own vocabulary."""
    if name is None:
        return [], None
    if name not in FAMILIES:
        raise UnknownName(f"There is no model family {name[:60]!r}.", f"There are {', '.join(FAMILIES)}.")
    if name in vocabulary.CLOSED:
        return [], lambda item: isinstance(item, Entry) and vocabulary.knows(name, item.text) is True
    return [name], None


def _document(hit: Hit) -> dict[str, Any]:
    item = hit.item
    return {
        "kind": _kind(item),
        "id": item.id,
        "title": item.title,
        "text": item.text if isinstance(item, Entry) else item.prompt,
        "category": item.category,
        "score": hit.score,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "message": problem.message, "hint": problem.hint}


def _words(item: Item) -> str:
    text = " ".join((item.text if isinstance(item, Entry) else item.title).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _kind(item: Item) -> str:
    return "entry" if isinstance(item, Entry) else "template"


def _positive(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10,000")
    return int(text)
