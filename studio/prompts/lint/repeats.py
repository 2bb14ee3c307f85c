"""Words that stand twice, that others imply, or that stand in both prompts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.lint.case import Case, Known, finding
from studio.prompts.lint.findings import Finding, named
from studio.prompts.syntax import phrases
from studio.prompts.syntax.phrases import Phrase, apart, key_of

MANY = 10
"""More places of one phrase than this are not compared pair by pair."""


def duplicates(case: Case) -> Iterator[Finding]:
    """The same words more than once, whatever their brackets and weights."""
    for side in case.sides:
        for places in _by_key(side.fixed).values():
            again = _at_once(places)
            if len(again) < 2:
                continue
            kept = max(again, key=lambda phrase: abs(phrase.weight - 1))
            text = phrases.remove(side.text, *(phrase for phrase in again if phrase is not kept))
            count = "twice" if len(again) == 2 else f"{len(again)} times"
            yield finding(
                side,
                "duplicate",
                "remark",
                f"{named(again[0].text)} stands in the {side.name} {count}.",
                "Once is enough; a weight such as (word:1.2) makes it count more.",
                (again[1].start, again[1].end),
                case.fix(side, "Keep it once", text, safe=True),
            )


def synonyms(case: Case) -> Iterator[Finding]:
    """Two names of one thing."""
    first: dict[str, Known] = {}
    for known in case.prompt.known:
        other = first.setdefault(known.entry.id, known)
        if other.phrase.key == known.phrase.key or apart(other.phrase, known.phrase):
            continue
        alias = known if key_of(other.phrase.text) == key_of(known.entry.text) else other
        yield finding(
            case.prompt,
            "duplicate",
            "remark",
            f"{named(other.phrase.text)} and {named(known.phrase.text)} mean the same.",
            "One of them is enough and saves tokens.",
            (alias.phrase.start, alias.phrase.end),
            case.fix(
                case.prompt, f"Remove {named(alias.phrase.text)}", phrases.remove(case.prompt.text, alias.phrase), True
            ),
        )


def implied(case: Case) -> Iterator[Finding]:
    """Words that another one says already. Those with a weight of their own are meant."""
    side, present = case.prompt, _by_entry(case.prompt.known)
    told: set[str] = set()
    for phrase, entry in side.known:
        for inner in implications(entry, case.around.library):
            for general in present.get(key_of(inner), ())[:MANY]:
                if general.key in told or general.weight != 1 or general.key == phrase.key or apart(phrase, general):
                    continue
                told.add(general.key)
                yield finding(
                    side,
                    "implied",
                    "remark",
                    f"{named(phrase.text)} says {named(general.text)} already.",
                    "The shorter one can go; it only takes tokens.",
                    (general.start, general.end),
                    case.fix(side, f"Remove {named(general.text)}", phrases.remove(side.text, general), safe=True),
                )


def in_both(case: Case) -> Iterator[Finding]:
    """Words that are asked for and forbidden at once."""
    forbidden = {phrase.key for phrase in case.negative.fixed}
    for key, places in _by_key(case.prompt.fixed).items():
        if key in forbidden:
            denied = [phrase for phrase in case.negative.fixed if phrase.key == key]
            yield finding(
                case.prompt,
                "both-prompts",
                "warning",
                f"{named(places[0].text)} stands in the prompt and in the negative prompt.",
                "The two work against each other; remove one of them.",
                (places[0].start, places[0].end),
                case.fix(case.negative, f"Stop excluding {named(key)}", phrases.remove(case.negative.text, *denied)),
                case.fix(case.prompt, f"Stop asking for {named(key)}", phrases.remove(case.prompt.text, *places)),
            )


def implications(entry: Entry, library: Library) -> tuple[str, ...]:
    """All that ``entry`` implies, directly or by way of what it implies; not itself."""
    found: dict[str, str] = {}
    waiting = list(entry.implies)
    while waiting:
        text = waiting.pop(0)
        other = library.find(text)
        name = other.text if other else text
        if key_of(name) in found or key_of(name) == key_of(entry.text):
            continue
        found[key_of(name)] = name
        waiting += other.implies if other else ()
    return tuple(found.values())


def _at_once(places: list[Phrase]) -> list[Phrase]:
    """The first phrase that has company at the same time, with its company."""
    for index, phrase in enumerate(places[:MANY]):
        company = [other for other in places[index + 1 :] if not apart(phrase, other)]
        if company:
            return [phrase, *company]
    return []


def _by_key(found: Iterable[Phrase]) -> dict[str, list[Phrase]]:
    groups: dict[str, list[Phrase]] = {}
    for phrase in found:
        groups.setdefault(phrase.key, []).append(phrase)
    return groups


def _by_entry(found: Iterable[Known]) -> dict[str, list[Phrase]]:
    groups: dict[str, list[Phrase]] = {}
    for phrase, entry in found:
        groups.setdefault(key_of(entry.text), []).append(phrase)
    return groups
