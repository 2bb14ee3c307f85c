"""Whether a folder's wildcards can be drawn from: each told with the line that leads nowhere, or round in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studio.errors import StudioError
from studio.prompts.library.entries import Problem
from studio.prompts.library.pack_fields import ID_HINT, ID_PATTERN
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random import expansion


def wildcard_problems(folder: Path) -> Iterator[Problem]:
    """What is wrong in the ``.txt`` files of ``folder``."""
    wildcards = Wildcards([folder])
    for file in sorted(folder.rglob("*.txt")):
        name = file.relative_to(folder).with_suffix("").as_posix()
        shown = f"{folder.name}/{file.relative_to(folder).as_posix()}"
        if not all(ID_PATTERN.fullmatch(part) for part in name.split("/")):
            yield Problem(shown, 0, f"The name {name[:60]!r} is not in kebab-case.", ID_HINT)
        if name in wildcards:
            yield from _of_file(wildcards, name, file, shown)


def _of_file(wildcards: Wildcards, name: str, file: Path, shown: str) -> Iterator[Problem]:
    try:
        options = wildcards.options(name)
        expansion.draw(f"__{name}__", 0, wildcards)
    except StudioError as error:
        yield Problem(shown, _guilty_line(wildcards, name), error.message, error.hint)
        return
    first = {option.text: option.line for option in options}
    for number, line in enumerate(file.read_text("utf-8-sig").splitlines(), 1):
        text = line.strip()
        if first.get(text, number) != number:
            yield Problem(shown, number, f"{text[:60]!r} stands in line {first[text]} already.", "Delete one of them.")


def _guilty_line(wildcards: Wildcards, name: str) -> int:
    """The first option from which nothing can be drawn; 0 when it is the file as a whole."""
    try:
        options = wildcards.options(name)
    except StudioError:
        return 0
    for option in options:
        try:
            expansion.draw(option.text, 0, wildcards)
        except StudioError:
            return option.line
    return 0
