"""Reading packs and templates. What is wrong in a file is told with its line; everything else loads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import StudioError
from studio.prompts.library.entries import SLOT, Category, Entry, Problem, Template
from studio.prompts.library.pack_fields import ENTRY, HEAD, LISTS, OWN, TEMPLATE, nearest, read_fields
from studio.prompts.library.yaml_lines import Node, YamlRefused, read

MAX_BYTES = 4_000_000
FOLDERS = ("packs", "templates", "wildcards")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was read, and what could not be."""

    categories: tuple[Category, ...] = ()
    entries: tuple[Entry, ...] = ()
    templates: tuple[Template, ...] = ()
    problems: tuple[Problem, ...] = ()
    lines: tuple[tuple[str, str, int], ...] = ()
    """For each entry and template: its key, its file, the line where it begins."""


def read_folder(folder: Path) -> Shelf:
    """All ``packs/*.yaml`` and ``templates/*.yaml`` of a folder laid out as ``prompt_library``."""
    files = [path for name in FOLDERS[:2] for path in sorted((folder / name).glob("*.y*ml"))]
    return joined(_read_file(path, f"{path.parent.name}/{path.name}") for path in files)


def read_pack(data: bytes, name: str, own: bool = False) -> Shelf:
    """One file of entries, of templates, or of both, as a person gives it.

    Args:
        name: what the file is called in problems.
        own: a person's own prompts, which lie in folders and need not say all that a shipped one does.
    """
    try:
        return _read_document(read(decoded(data)), name, own)
    except YamlRefused as refused:
        return Shelf(problems=(Problem(name, refused.line, refused.message, refused.hint),))
    except StudioError as error:
        return Shelf(problems=(Problem(name, _bad_line(data), error.message, error.hint),))


def joined(shelves: Iterable[Shelf]) -> Shelf:
    """Several files as one shelf. Of two things with one id the first stays, the second is a problem."""
    categories: dict[tuple[str, str], Category] = {}
    items: dict[str, Entry | Template] = {}
    lines: dict[str, tuple[str, str, int]] = {}
    problems: list[Problem] = []
    for shelf in shelves:
        problems.extend(shelf.problems)
        for category in shelf.categories:
            categories.setdefault((category.kind, category.id), category)
        for item, line in zip((*shelf.entries, *shelf.templates), shelf.lines, strict=True):
            if item.key in items:
                problems.append(_twice(item, line, lines[item.key]))
            else:
                items[item.key], lines[item.key] = item, line
    entries = tuple(item for item in items.values() if isinstance(item, Entry))
    templates = tuple(item for item in items.values() if isinstance(item, Template))
    ordered = tuple(lines[item.key] for item in (*entries, *templates))
    return Shelf(tuple(categories.values()), entries, templates, tuple(problems), ordered)


def decoded(data: bytes) -> str:
    """The text of a file.

    Raises:
        StudioError: too large, or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise StudioError("The file is too large.", f"Up to {MAX_BYTES // 10**6} MB are read; split it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StudioError("The file is not UTF-8 text.", "Save it anew with the encoding UTF-8.") from None


def _read_file(path: Path, name: str) -> Shelf:
    try:
        if path.suffix != ".yaml":
            raise StudioError("The file's name does not end in .yaml.", f"Rename it to {path.stem}.yaml.")
        if path.stat().st_size > MAX_BYTES:  # before a byte of it is read
            raise StudioError("The file is too large.", f"Up to {MAX_BYTES // 10**6} MB are read; split it.")
        data = path.read_bytes()
    except StudioError as error:
        return Shelf(problems=(Problem(name, 0, error.message, error.hint),))
    except OSError as error:
        return Shelf(problems=(Problem(name, 0, f"The file cannot be read: {error.strerror}.", "Check its rights."),))
    shelf = read_pack(data, name)
    strays = [category for category in shelf.categories if category.id != path.stem]
    misnamed = tuple(
        Problem(name, 0, f"The category is {category.id}, the file {path.name}.", f"Rename it to {category.id}.yaml.")
        for category in strays[:1]
    )
    return Shelf(shelf.categories, shelf.entries, shelf.templates, (*shelf.problems, *misnamed), shelf.lines)


def _bad_line(data: bytes) -> int:
    """The line of the first byte that is not UTF-8; 0 for a file that was refused for another reason."""
    if len(data) > MAX_BYTES:
        return 0
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 0


def _read_document(document: Node, file: str, own: bool) -> Shelf:
    if not isinstance(document.value, dict):
        hint = "Begin with category, title and entries; prompt_library/README.md shows how."
        return Shelf(problems=(Problem(file, document.line, "This file is no pack.", hint),))
    stray = [key for key in document.value if key not in HEAD and key not in LISTS]
    known = {**HEAD, **dict.fromkeys(LISTS)}
    problems = [
        Problem(file, document.value[key].line, f"A pack has no field {key[:60]!r}.", nearest(key, known))
        for key in stray
    ]
    head = Node(document.line, {key: node for key, node in document.value.items() if key in HEAD})
    values, wrong = read_fields(head, HEAD, ("category", "title"), "The pack", file)
    problems += wrong
    if values is None:
        return Shelf(problems=tuple(problems))
    present = [name for name in LISTS if name in document.value]
    if not present:
        problems.append(Problem(file, document.line, "The pack has no entries.", "Add the line entries: and a list."))
    return _read_lists(document.value, values, present, file, problems, own)


def _read_lists(
    document: dict[str, Node], head: dict[str, Any], present: list[str], file: str, problems: list[Problem], own: bool
) -> Shelf:
    category = head["category"]
    made: dict[str, list[Any]] = {name: [] for name in LISTS}
    lines: dict[str, list[tuple[str, str, int]]] = {name: [] for name in LISTS}
    for name in present:
        node = document[name]
        if not isinstance(node.value, list):
            problems.append(Problem(file, node.line, f"{name} has to be a list.", "Begin each item with a hyphen."))
            continue
        build = _entry if name == "entries" else _template
        for item in node.value:
            thing, wrong = build(item, category, file, own)
            problems += wrong
            if thing is not None:
                made[name].append(thing)
                lines[name].append((thing.key, file, item.line))
    categories = tuple(
        Category(category, head["title"], head.get("description", ""), "entries" if name == "entries" else "templates")
        for name in present
    )
    alone = Shelf(
        categories,
        tuple(made["entries"]),
        tuple(made["templates"]),
        tuple(problems),
        (*lines["entries"], *lines["templates"]),
    )
    return joined([alone])


def _entry(node: Node, category: str, file: str, own: bool) -> tuple[Entry | None, list[Problem]]:
    fields = {**ENTRY, **OWN} if own else ENTRY
    values, problems = read_fields(node, fields, ("id", "text"), _named("entry", node), file)
    if values is None:
        return None, problems
    words = values["text"]
    values["title"] = values.get("title") or words[:1].upper() + words[1:]
    return Entry(category=_category(category, values), **values), problems


def _template(node: Node, category: str, file: str, own: bool) -> tuple[Template | None, list[Problem]]:
    what = _named("template", node)
    required = ("id", "title") if own else ("id", "title", "description", "prompt")
    values, problems = read_fields(node, {**TEMPLATE, **OWN} if own else TEMPLATE, required, what, file)
    if values is None:
        return None, problems
    if SLOT in values.get("prompt", "") and not values.get("subject") and not own:
        hint = f"Say what stands for {SLOT} when nothing is written: subject: a girl with long hair"
        problems.append(Problem(file, node.line, f"{what} has no subject.", hint))
    category = _category(category, values)
    return Template(category=category, **{"description": "", "prompt": "", **values}), problems


def _category(category: str, values: dict[str, Any]) -> str:
    """An own prompt's folder is a category within its pack's."""
    folder = values.pop("folder", "")
    return f"{category}/{folder}" if folder else category


def _named(kind: str, node: Node) -> str:
    """What an item is called in a problem."""
    id = node.value.get("id") if isinstance(node.value, dict) else None
    return f"The {kind} {id.value[:60]}" if id and isinstance(id.value, str) and id.value else f"This {kind}"


def _twice(item: Entry | Template, line: tuple[str, str, int], first: tuple[str, str, int]) -> Problem:
    kind = "entry" if isinstance(item, Entry) else "template"
    return Problem(
        line[1],
        line[2],
        f"The {kind} {item.id} is there twice, first in {first[1]}, line {first[2]}.",
        "Give one of them another id.",
    )
