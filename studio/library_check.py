"""Whether a prompt library is sound: its files one by one, and what they say about each other, poses and samplers.

The loader skips what it cannot read; here everything is looked at that a program can see, with file, line and remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.catalog.families import FAMILIES
from studio.catalog.samplers import SAMPLERS
from studio.errors import StudioError
from studio.poses import library as pose_library
from studio.poses import openpose
from studio.poses.values import Pose
from studio.prompts.library.entries import Entry, Problem, Template
from studio.prompts.library.packs import FOLDERS, Shelf, read_folder
from studio.prompts.library.wildcard_check import wildcard_problems
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random import expansion
from studio.prompts.spelling import folded
from studio.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class Checked:
    """What a library holds, and everything that is wrong with it."""

    shelf: Shelf
    wildcards: tuple[str, ...]
    poses: int
    problems: tuple[Problem, ...]


def check_folder(folder: Path) -> Checked:
    """Check all files of a folder laid out as ``prompt_library``.

    Raises:
        StudioError: it is not laid out so.
    """
    if not any((folder / name).is_dir() for name in (*FOLDERS, "poses")):
        raise StudioError(
            f"There is no prompt library in {folder}.", "It has a folder packs, templates, wildcards or poses."
        )
    shelf = read_folder(folder)
    wildcards = Wildcards([folder / "wildcards"])
    poses, pose_problems = _poses(folder)
    crossed = _Crossed(shelf, wildcards, poses)
    problems = [*shelf.problems, *crossed.problems(), *wildcard_problems(folder / "wildcards"), *pose_problems]
    problems.sort(key=lambda problem: (problem.file, problem.line))
    return Checked(shelf, wildcards.names(), len(poses), tuple(problems))


class _Crossed:
    """What entries and templates say about each other and about things outside their files."""

    def __init__(self, shelf: Shelf, wildcards: Wildcards, poses: frozenset[str]) -> None:
        self._shelf, self._wildcards, self._poses = shelf, wildcards, poses
        self._places = {key: (file, line) for key, file, line in shelf.lines}
        # Words for negative prompts fight what others ask for by the same name: the two do not meet.
        self._by_text: dict[tuple[str, bool], Entry] = {}
        for entry in shelf.entries:
            self._by_text.setdefault((folded(entry.text), bool(entry.problem)), entry)

    def problems(self) -> Iterator[Problem]:
        for entry in self._shelf.entries:
            for message, hint in (*self._of_entry(entry), *_families(entry)):
                yield self._problem(entry, message, hint)
        for template in self._shelf.templates:
            for message, hint in (*self._of_template(template), *_families(template)):
                yield self._problem(template, message, hint)

    def _problem(self, item: Entry | Template, message: str, hint: str) -> Problem:
        kind = "entry" if isinstance(item, Entry) else "template"
        return Problem(*self._places[item.key], f"The {kind} {item.id}: {message}", hint)

    def _of_entry(self, entry: Entry) -> Iterator[tuple[str, str]]:
        own = folded(entry.text)
        first = self._by_text[own, bool(entry.problem)]
        if first.key != entry.key:
            file, line = self._places[first.key]
            yield f"its text is also that of {first.id} ({file}, line {line}).", "Keep one of them."
        implied, against = {folded(text) for text in entry.implies}, {folded(text) for text in entry.conflicts}
        if own in implied | against:
            yield "it implies or contradicts itself.", "Take its own text out of implies and conflicts."
        for text in sorted(implied & against):
            yield f"it implies and contradicts “{text}”.", "Take it out of one of the two lists."
        for text in sorted(implied):
            other = self._by_text.get((text, bool(entry.problem)))
            if other and own in {folded(back) for back in other.implies} and own != text:
                yield f"it and {other.id} imply each other.", "Make one an alias of the other, or drop one direction."
            if other and own in {folded(back) for back in other.conflicts}:
                yield f"it implies {other.id}, which contradicts it.", "Take it out of one of the two."

    def _of_template(self, template: Template) -> Iterator[tuple[str, str]]:
        if template.pose and template.pose not in self._poses:
            yield f"there is no pose {template.pose!r}.", "pose list shows those of the library."
        sampler = template.settings.get("sampler")
        if sampler is not None and sampler not in SAMPLERS:
            yield f"there is no sampler {sampler!r}.", f"There are {', '.join(SAMPLERS)}."
        fields = {name: value for name, value in template.settings.items() if name != "control_weight"}
        weight = template.settings.get("control_weight")
        try:
            unit = {"pose": Pose(width=64, height=64), "weight": 1 if weight is None else weight}
            GenerationRequest.build(
                checkpoint="any", seed=0, prompt=template.fill(""), negative_prompt=template.fill_negative(""),
                controls=(unit,), **fields,
            )  # fmt: skip
            expansion.draw(template.prompt.replace("{prompt}", "x"), 0, self._wildcards)
        except StudioError as error:
            yield error.message, error.hint


def _families(item: Entry | Template) -> Iterator[tuple[str, str]]:
    for family in item.families:
        if family not in FAMILIES:
            yield f"there is no model family {family!r}.", f"There are {', '.join(FAMILIES)}."


def _poses(folder: Path) -> tuple[frozenset[str], list[Problem]]:
    """Names of the folder's poses (without a folder of its own: the studio's), and files that hold none."""
    files = sorted((folder / "poses").glob("*.json"))
    problems = []
    for file in files:
        try:
            openpose.read(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(f"poses/{file.name}", 0, "The file cannot be read as text.", "Export it anew."))
        except StudioError as error:
            problems.append(Problem(f"poses/{file.name}", 0, error.message, error.hint))
    names = [file.stem for file in files] if files else pose_library.pose_names()
    return frozenset(names), problems
