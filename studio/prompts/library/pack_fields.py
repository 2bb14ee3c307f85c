"""The schema of packs and templates: which fields there are and what may stand in them.

``prompt_library/README.md`` says the same for people.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from studio.prompts.library.entries import Problem
from studio.prompts.library.yaml_lines import Node
from studio.request import MAX_PROMPT

MAX_TITLE, MAX_TEXT = 120, 2000
MAX_LIST, MAX_ITEM = 60, 200
ID_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ID_HINT = "Use lower case letters and digits, joined by hyphens: high-ponytail."
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
SETTINGS: dict[str, type] = {
    "steps": int,
    "guidance_scale": float,
    "sampler": str,
    "width": int,
    "height": int,
    "control_weight": float,
    "clip_skip": int,
}
"""What a template may recommend; the names are the request's."""


class Refused(Exception):
    """A value that does not fit its field."""

    def __init__(self, message: str, hint: str, line: int) -> None:
        super().__init__(message)
        self.message, self.hint, self.line = message, hint, line


Reader: TypeAlias = Callable[[str, Node], Any]


def identifier(name: str, node: Node) -> str:
    value = line_of_text(name, node)
    if not ID_PATTERN.fullmatch(value) or len(value) > MAX_TITLE:
        raise Refused(f"{name} {value[:60]!r} is not in kebab-case.", ID_HINT, node.line)
    return value


def line_of_text(name: str, node: Node) -> str:
    """A title, a tag: one line."""
    value = _text(name, node, MAX_TITLE)
    if "\n" in value:
        raise Refused(f"{name} has several lines.", "Write it in one line.", node.line)
    return value


def text(name: str, node: Node) -> str:
    return _text(name, node, MAX_TEXT)


def prompt(name: str, node: Node) -> str:
    return _text(name, node, MAX_PROMPT)


def texts(name: str, node: Node) -> tuple[str, ...]:
    if node.value is None:
        return ()
    if not isinstance(node.value, list):
        raise Refused(f"{name} has to be a list.", f"Write it as {name}: [first, second].", node.line)
    if len(node.value) > MAX_LIST:
        raise Refused(f"{name} has {len(node.value)} items.", f"Keep at most {MAX_LIST}.", node.line)
    found = [_text(f"an item of {name}", item, MAX_ITEM) for item in node.value]
    if "" in found:
        raise Refused(f"{name} has an empty item.", "Take it out, or write the word.", node.line)
    return tuple(dict.fromkeys(found))


def families(name: str, node: Node) -> tuple[str, ...]:
    named = texts(name, node)
    if "starter" in named:
        hint = "Take it out: what the starter understands is known from its vocabulary."
        raise Refused("families names the starter.", hint, node.line)
    return named


def count(name: str, node: Node) -> int | None:
    return None if node.value is None else _number(name, node, int, 0, 100)


def pose(name: str, node: Node) -> str | None:
    return None if node.value is None else identifier(name, node)


def settings(name: str, node: Node) -> dict[str, int | float | str]:
    if node.value is None:
        return {}
    if not isinstance(node.value, dict):
        raise Refused(f"{name} has to be a list of key: value.", "For example steps: 28.", node.line)
    found: dict[str, int | float | str] = {}
    for key, value in node.value.items():
        if key not in SETTINGS:
            raise Refused(f"{name} has no {key[:60]!r}.", nearest(key, SETTINGS), value.line)
        kind = SETTINGS[key]
        found[key] = line_of_text(key, value) if kind is str else _number(key, value, kind, 0, 100_000)
    return found


ENTRY: dict[str, Reader] = {
    "id": identifier,
    "text": text,
    "title": line_of_text,
    "aliases": texts,
    "implies": texts,
    "conflicts": texts,
    "families": families,
    "note": text,
    "negative": text,
    "problem": line_of_text,
    "group": line_of_text,
    "count": count,
}
TEMPLATE: dict[str, Reader] = {
    "id": identifier,
    "title": line_of_text,
    "description": text,
    "prompt": prompt,
    "subject": text,
    "negative_prompt": prompt,
    "settings": settings,
    "pose": pose,
    "tags": texts,
    "families": families,
}
OWN: dict[str, Reader] = {"folder": line_of_text}
"""What only files of own prompts have: the folder an item lies in."""
HEAD: dict[str, Reader] = {"category": identifier, "title": line_of_text, "description": text}
LISTS = ("entries", "templates")


def read_fields(
    node: Node, fields: Mapping[str, Reader], required: tuple[str, ...], what: str, file: str
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The fields of a mapping; None when one that it cannot do without is missing or wrong."""
    if not isinstance(node.value, dict):
        return None, [Problem(file, node.line, f"{what} has to be a list of key: value.", "Check the indents.")]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in node.value.items():
        if key not in fields:
            problems.append(Problem(file, value.line, f"{what} has no field {key[:60]!r}.", nearest(key, fields)))
            continue
        try:
            values[key] = fields[key](key, value)
        except Refused as refused:
            problems.append(Problem(file, refused.line, f"{what}: {refused.message}", refused.hint))
    broken = {key for key in node.value if key in fields and key not in values}
    for key in required:
        if values.get(key) in (None, "") and key not in broken:
            problems.append(Problem(file, node.line, f"{what} has no {key}.", f"Add the line {key}: …"))
    whole = all(values.get(key) not in (None, "") for key in required)
    return (values if whole else None), problems


def nearest(name: str, known: Mapping[str, Any]) -> str:
    """A hint: the name that was probably meant, or all there are."""
    near = difflib.get_close_matches(name.lower(), list(known), n=1)
    return f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."


def _text(name: str, node: Node, longest: int) -> str:
    if node.value is None:
        return ""
    if not isinstance(node.value, str):
        raise Refused(f"{name} has to be text.", "Put it in quotes when it has brackets or a colon.", node.line)
    value = node.value.strip()
    if len(value) > longest:
        raise Refused(f"{name} has {len(value)} signs.", f"At most {longest} are allowed.", node.line)
    if _UNKEPT.search(value):
        raise Refused(f"{name} has signs that cannot be kept.", "Take out null characters and half emoji.", node.line)
    return value


def _number(name: str, node: Node, kind: type, low: float, high: float) -> Any:
    try:
        value = kind(node.value)
    except (TypeError, ValueError):
        whole = "a whole number" if kind is int else "a number"
        raise Refused(f"{name} has to be {whole}.", f"For example {name}: 1.", node.line) from None
    if not low <= value <= high:
        raise Refused(f"{name} is {value}.", f"It has to be from {low:g} to {high:g}.", node.line)
    return value
