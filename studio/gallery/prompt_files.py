"""Own prompts out to files and in from files: a YAML pack, which keeps everything, and A1111's ``styles.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

import yaml

from studio.errors import NameTaken, StudioError
from studio.gallery.prompt_naming import MAX_NAME, checked, checked_folder, folded
from studio.gallery.prompt_rows import OWN, OwnPrompt, data_of, fields_of, kind_of
from studio.gallery.prompt_shelf import PromptShelf
from studio.prompts.library import styles_csv
from studio.prompts.library.entries import Entry, Item, Problem, Template
from studio.prompts.library.packs import MAX_BYTES as MAX_PACK_BYTES
from studio.prompts.library.packs import read_pack
from studio.prompts.library.styles_csv import Style

Collision = Literal["refuse", "replace", "rename", "skip"]
"""What becomes of a name in use: nothing is imported at all; the old one makes room; the new one gets a number; the new
one is left out."""
State = Literal["new", "taken", "known"]
"""Of a prompt in a file: not here yet; its name is in use by another; here already, word by word."""


_FOREIGN_BREAKS = frozenset("\x85\u2028\u2029\ufeff")


class _Dumper(yaml.SafeDumper):
    """Several lines as several lines, and line breaks of other worlds escaped: in single quotes they would be lost."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = '"' if _FOREIGN_BREAKS & set(text) else "|" if "\n" in text else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _Dumper.represent_text)


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: tuple[OwnPrompt, ...]
    replaced: int
    """Of those added, how many took another's place."""
    known: int
    """What was there already, word by word."""
    problems: tuple[Problem, ...]
    """What was left out, and why."""
    skipped: int = 0
    """Whose names were in use, and which were left out for that."""


class Found(NamedTuple):
    """A prompt in a file."""

    item: Item
    folder: str
    line: int


class Preview(NamedTuple):
    """What an import would do."""

    found: tuple[tuple[Found, State], ...]
    problems: tuple[Problem, ...]
    """What will be left out, and why."""


def look_through(shelf: PromptShelf, data: bytes, name: str) -> Preview:
    """What is in a file and what :func:`import_file` would do with it; nothing is changed.

    Raises:
        StudioError: the file cannot be read at all, or nothing in it can be used.
    """
    found, problems = _usable(data, name)
    states: list[tuple[Found, State]] = []
    first: dict[str, Item] = {}
    for each in found:
        own = shelf.named(each.item.title)
        same = own.item if own else first.get(folded(each.item.title))
        first.setdefault(folded(each.item.title), each.item)
        states.append((each, "new" if same is None else "known" if _equal(same, each.item) else "taken"))
    return Preview(tuple(states), tuple(problems))


def import_file(shelf: PromptShelf, data: bytes, name: str, collision: Collision = "refuse") -> Imported:
    """Take in a pack (``.yaml``) or a ``styles.csv``. All or nothing, except for rows that are broken themselves.

    Args:
        name: the file's name; it tells the kind.

    Raises:
        NameTaken: names are in use and ``collision`` is ``refuse``; nothing was added.
        StudioError: the file cannot be read at all, or holds more than the shelf.
    """
    found, problems = _usable(data, name)
    return _take(shelf, found, problems, PurePath(name).name, collision)


def check_size(size: int, name: str) -> None:
    """Refuse a file by its size, before any of it is read.

    Raises:
        StudioError: it is too large.
    """
    if _is_csv(name):
        styles_csv.check_size(size, PurePath(name).name)
    elif size > MAX_PACK_BYTES:
        hint = f"Up to {MAX_PACK_BYTES // 10**6} MB are read; split it."
        raise StudioError(f"{PurePath(name).name} has {size / 1e6:.0f} MB.", hint)


def export_styles(own: Sequence[OwnPrompt]) -> bytes:
    """A ``styles.csv`` for A1111 and its relatives. Settings, poses and what is known about words stay behind."""
    return styles_csv.write_styles(_style(prompt) for prompt in own)


def export_pack(own: Sequence[OwnPrompt]) -> bytes:
    """A YAML pack that :func:`import_file` reads back with everything in it."""
    document: dict[str, Any] = {"category": OWN, "title": "Own prompts", "description": "Saved in the studio."}
    document["entries"] = [_document(prompt) for prompt in own if prompt.kind == "entry"]
    document["templates"] = [_document(prompt) for prompt in own if prompt.kind == "template"]
    kept = {key: value for key, value in document.items() if value}
    return yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120).encode()


def _usable(data: bytes, name: str) -> tuple[list[Found], list[Problem]]:
    """The prompts of a file that may be saved, and what is wrong with the others."""
    name = PurePath(name).name
    found, problems = _read(data, name)
    fitting = []
    for each in found:
        try:
            fitting.append(each._replace(item=checked(each.item), folder=checked_folder(each.folder)))
        except StudioError as error:
            problems.append(Problem(name, each.line, error.message, error.hint))
    if not fitting and problems:
        first = problems[0]
        raise StudioError(f"{first.file}, line {first.line}: {first.message}", f"{first.hint} Nothing was added.")
    return fitting, problems


def _equal(one: Item, other: Item) -> bool:
    return (kind_of(one), data_of(one)) == (kind_of(other), data_of(other))


def _take(shelf: PromptShelf, found: list[Found], problems: list[Problem], name: str, collision: Collision) -> Imported:
    added, replaced, known, skipped = [], 0, 0, 0
    taken: list[str] = []
    with shelf.at_once():
        for each in found:
            same = shelf.named(each.item.title)
            if same and _equal(same.item, each.item):
                known += 1
                continue
            if same and collision == "skip":
                skipped += 1
                continue
            if same and collision == "refuse":
                taken.append(f"“{same.name}” (line {each.line})")
                continue
            if same and collision == "rename":
                each = each._replace(item=replace(each.item, title=shelf.free_name(each.item.title)))
            elif same:
                replaced += 1
            added.append(shelf.put(each.item, each.folder, replace=True))
        if taken:
            more = f" and {len(taken) - 3} more" if len(taken) > 3 else ""
            raise NameTaken(
                f"{name}: {len(taken)} {'name is' if len(taken) == 1 else 'names are'} in use: "
                f"{', '.join(taken[:3])}{more}. Nothing was added.",
                "Choose whether the new ones replace the old ones, or get a number after their names.",
            )
        shelf.check_room(0)
    return Imported(tuple(added), replaced, known, tuple(problems), skipped)


def _read(data: bytes, name: str) -> tuple[list[Found], list[Problem]]:
    check_size(len(data), name)
    if _is_csv(name):
        file = styles_csv.read_styles(data, name)
        return [Found(_template(style), style.folder, style.line) for style in file.styles], list(file.problems)
    if not name.lower().endswith((".yaml", ".yml")):
        raise StudioError(f"{name} is neither a pack nor a styles.csv.", "Choose a file ending in .yaml or .csv.")
    shelf = read_pack(data, name, own=True)
    titles = {category.id: category.title for category in shelf.categories}
    lines = {key: line for key, _, line in shelf.lines}
    found = [
        Found(item, _folder(item.category, titles), lines[item.key]) for item in (*shelf.entries, *shelf.templates)
    ]
    return found, list(shelf.problems)


def _folder(category: str, titles: dict[str, str]) -> str:
    """Own prompts go back into their folders, a pack of somebody else into one with the pack's title."""
    if category == OWN or category.startswith(f"{OWN}/"):
        return category.removeprefix(OWN).removeprefix("/")
    return titles.get(category, category)


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def _template(style: Style) -> Template:
    # Longer names are cut rather than lost; numbers keep them apart.
    return Template("", style.name[:MAX_NAME], OWN, "", style.prompt, negative_prompt=style.negative_prompt)


def _style(own: OwnPrompt) -> Style:
    item = own.item
    if isinstance(item, Entry):
        return Style(own.name, item.text, item.negative, own.folder)
    return Style(own.name, item.prompt, item.negative_prompt, own.folder)


def _document(own: OwnPrompt) -> dict[str, Any]:
    fields = {name: value for name, value in fields_of(own.item).items() if name != "category"}
    return {**fields, "folder": own.folder} if own.folder else fields


def chosen(shelf: PromptShelf, ids: Iterable[int] | None) -> list[OwnPrompt]:
    """The prompts of ``ids``; None: all."""
    return shelf.own() if ids is None else [shelf.get(id) for id in ids]
