"""Words that contradict each other: by the library's conflicts, or as two of a group that excludes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.lint.case import Case, Known, finding
from studio.prompts.lint.findings import Finding, named
from studio.prompts.lint.people import people_in
from studio.prompts.lint.repeats import implications
from studio.prompts.syntax import phrases
from studio.prompts.syntax.phrases import Phrase, apart, key_of

PLACES = 10
"""Of each entry this many places are compared."""
MIXING = {
    "eye colour": ("heterochromia", "multicolored eyes"),
    "hair colour": (
        "multicolored hair",
        "two-tone hair",
        "split-color hair",
        "gradient hair",
        "streaked hair",
        "colored inner hair",
        "colored tips",
    ),
}
"""Tags beside which several entries of a group are what is wanted."""
SCENES = ("number of", "time", "season", "weather", "quality")
"""Beginnings of the groups that hold for the whole picture; of all others each person may have one."""


def contradictions(case: Case) -> Iterator[Finding]:
    """Pairs that cannot both be seen, unless AND or a schedule keeps them apart."""
    places: dict[str, list[Known]] = {}
    for known in case.prompt.known:
        places.setdefault(known.entry.id, []).append(known)
    entries = [group[0].entry for group in places.values()]
    said = {entry.id: _said(entry, case.around.library) for entry in entries}
    several = people_in(case.prompt).least > 1
    present = {known.phrase.key for known in case.prompt.known}
    for first, second in _rivals(entries, said, case.around.library, present):
        pair = _at_once(places[first.id], places[second.id])
        if pair is not None:
            yield _finding(case, *pair, personal=several and not _of_scene(first, second))


def _finding(case: Case, first: Phrase, second: Phrase, personal: bool) -> Finding:
    side, one, other = case.prompt, named(first.text), named(second.text)
    hint = f"Keep one of them, or let them take turns: [{first.text}:{second.text}:0.5]."
    if personal:
        hint = "If they belong to different people, this is fine; else keep one of them."
    return finding(
        side,
        "contradiction",
        "remark" if personal else "warning",
        f"{one} and {other} contradict each other.",
        hint,
        (second.start, second.end),
        case.fix(side, f"Keep {one}", phrases.remove(side.text, second)),
        case.fix(side, f"Keep {other}", phrases.remove(side.text, first)),
    )


def _rivals(
    entries: list[Entry], said: dict[str, frozenset[str]], library: Library, present: set[str]
) -> Iterator[tuple[Entry, Entry]]:
    """Pairs of entries that exclude each other, each pair once."""
    seen: set[frozenset[str]] = set()
    for first, second in (*_by_group(entries, present), *_by_conflict(entries, said, library)):
        pair = frozenset((first.id, second.id))
        related = key_of(first.text) in said[second.id] or key_of(second.text) in said[first.id]
        if len(pair) == 2 and pair not in seen and not related and not _narrower(first, second):
            seen.add(pair)
            yield first, second


def _by_group(entries: list[Entry], present: set[str]) -> Iterator[tuple[Entry, Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.group and not present.intersection(MIXING.get(entry.group, ())):
            groups.setdefault(entry.group, []).append(entry)
    for members in groups.values():
        yield from combinations(members[:PLACES], 2)


def _by_conflict(
    entries: list[Entry], said: dict[str, frozenset[str]], library: Library
) -> Iterator[tuple[Entry, Entry]]:
    saying: dict[str, list[Entry]] = {}
    for entry in entries:
        for key in said[entry.id]:
            saying.setdefault(key, []).append(entry)
    order = {entry.id: number for number, entry in enumerate(entries)}
    own = {key_of(entry.text): entry for entry in entries}
    for entry in entries:
        direct = (other for text in entry.conflicts for other in saying.get(key_of(text), ())[:PLACES])
        # What both only imply may well meet: a room of tatami (indoors) with a garden (outdoors) before it.
        implied = (own[key] for key in _implied_conflicts(entry, said[entry.id], library) if key in own)
        for other in (*direct, *implied):
            yield (entry, other) if order[entry.id] < order[other.id] else (other, entry)


def _implied_conflicts(entry: Entry, said: frozenset[str], library: Library) -> set[str]:
    """What contradicts something that the entry implies."""
    inner = (library.find(key) for key in said if key != key_of(entry.text))
    return {key_of(text) for other in inner if other for text in other.conflicts}


def _said(entry: Entry, library: Library) -> frozenset[str]:
    """The entry's own text and all it implies."""
    return frozenset(key_of(text) for text in (entry.text, *implications(entry, library)))


def _narrower(first: Entry, second: Entry) -> bool:
    """Light blue eyes are blue eyes too: the one only says more exactly what the other does."""
    one, other = set(key_of(first.text).split()), set(key_of(second.text).split())
    return bool(first.group) and first.group == second.group and (one < other or other < one)


def _of_scene(first: Entry, second: Entry) -> bool:
    return any(entry.count is not None or entry.group.startswith(SCENES) for entry in (first, second))


def _at_once(first: list[Known], second: list[Known]) -> tuple[Phrase, Phrase] | None:
    for one, _ in first[:PLACES]:
        for other, _ in second[:PLACES]:
            if not apart(one, other):
                return (one, other) if one.start < other.start else (other, one)
    return None
