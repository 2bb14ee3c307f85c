"""Negative prompts put together by problem: what to keep out of the picture, in the words of the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.syntax.phrases import key_of, split

BASICS = ("quality", "anatomy", "hands", "artefacts")
"""What goes wrong most often."""
PER_PROBLEM = 4
"""Words against one problem; more drown each other out. The library lists the best ones first."""

LABELS = {
    "hands": "Hands and fingers",
    "anatomy": "Anatomy",
    "face": "Faces and eyes",
    "text": "Text and logos",
    "blur": "Blur",
    "artefacts": "Artefacts",
    "quality": "Low quality",
    "framing": "Framing",
    "colours": "Colours",
    "content": "Unsuitable content",
    "extra": "Extra people and things",
    "style": "Other styles",
}
"""What problems are called; one without a label is called by its name."""


def known_problems(library: Library, family: str = "", knows: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """The problems against which the library has words for ``family``; :data:`BASICS` first.

    Args:
        knows: whether the model knows a word; None: it knows all.
    """
    there = dict.fromkeys(entry.problem for entry in _entries(library, family, knows))
    return tuple(sorted(there, key=lambda problem: BASICS.index(problem) if problem in BASICS else len(BASICS)))


def build(
    problems: Iterable[str],
    family: str,
    library: Library,
    keep: str = "",
    knows: Callable[[str], bool] | None = None,
) -> str:
    """``keep`` as it is, and behind it words against ``problems`` that it does not have yet.

    Args:
        family: model family; words of others are left out. "": all.
        keep: the person's own negative prompt.
        knows: as for :func:`known_problems`.
    """
    present = {phrase.key for phrase in split(keep)}
    added: list[str] = []
    entries = list(_entries(library, family, knows))
    for problem in dict.fromkeys(problems):
        fitting = [entry for entry in entries if entry.problem == problem]
        for entry in fitting[:PER_PROBLEM]:
            for phrase in split(entry.text):
                if phrase.key not in present:
                    present.add(phrase.key)
                    added.append(entry.text[phrase.start : phrase.end])
    return joined(keep, ", ".join(added))


def problems_of(negative_prompt: str, library: Library) -> tuple[str, ...]:
    """The problems against which ``negative_prompt`` says something."""
    present = {phrase.key for phrase in split(negative_prompt)}
    covered = (
        entry.problem
        for entry in _entries(library, "", None)
        if present.intersection(key_of(name) for name in (entry.text, *entry.aliases))
        or present.issuperset(phrase.key for phrase in split(entry.text))
    )
    return tuple(dict.fromkeys(covered))


def joined(first: str, second: str) -> str:
    """Two prompts with one comma between them; a comment at the first one's end stays a comment."""
    kept = first.rstrip().rstrip(",").rstrip()
    if not kept.strip() or not second:
        return second or first
    commented = "#" in kept.rpartition("\n")[2]
    return f"{kept}\n{second}" if commented else f"{kept}, {second}"


def _entries(library: Library, family: str, knows: Callable[[str], bool] | None) -> Iterator[Entry]:
    for entry in library.entries:
        fits = bool(entry.problem) and (not family or entry.works_for(family))
        if fits and (knows is None or all(knows(phrase.text) for phrase in split(entry.text))):
            yield entry
