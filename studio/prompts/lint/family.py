"""Words that the chosen model does not know, or that another family of models was trained on."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from studio.prompts.library.entries import Entry
from studio.prompts.lint.case import Case, Side, Vocabulary, finding
from studio.prompts.lint.findings import Finding, Fix, named
from studio.prompts.syntax import phrases
from studio.prompts.syntax.phrases import Phrase

NEAR = 72
"""From this likeness (0–100) on a word of the vocabulary is offered in another one's place."""


def unknown_words(case: Case) -> Iterator[Finding]:
    """Phrases outside a closed vocabulary, with the nearest words inside it. The negative prompt does no harm."""
    vocabulary, side = case.around.vocabulary, case.prompt
    if vocabulary is None:
        return
    told: set[str] = set()
    for phrase in side.fixed:
        strange = vocabulary.strange(phrase.text)
        if not strange or phrase.key in told:
            continue
        told.add(phrase.key)
        words = ", ".join(named(word) for word in strange[:4])
        near = _nearest(case, vocabulary, phrase, strange)
        whole = len(strange) == len(phrase.text.split())
        what = named(phrase.text) if whole or words == named(phrase.text) else f"{words} in {named(phrase.text)}"
        yield finding(
            side,
            "unknown-word",
            "warning",
            f"The starter checkpoint never learnt {what}.",
            f"It knows {named(near)}; a full-size checkpoint knows nearly every word."
            if near
            else "It has no effect here; a full-size checkpoint knows nearly every word.",
            (phrase.start, phrase.end),
            *([case.fix(side, f"Use {named(near)}", phrases.replace(side.text, phrase, near))] if near else []),
            case.fix(side, f"Remove {named(phrase.text)}", phrases.remove(side.text, phrase)),
        )


def foreign_words(case: Case) -> Iterator[Finding]:
    """Entries of the library that work for other families only."""
    family = case.around.family
    if not family or case.around.vocabulary is not None:
        return
    for side in case.sides:
        for phrase, entry in side.known:
            if not entry.works_for(family) and (side.in_negative or not entry.problem):
                yield _foreign(case, side, phrase, entry)


def _foreign(case: Case, side: Side, phrase: Phrase, entry: Entry) -> Finding:
    quality = entry.category.startswith(("quality", "negatives"))
    others = " and ".join(_LABELS.get(name, name) for name in entry.families)
    return finding(
        side,
        "family",
        "warning",
        f"{named(phrase.text)} {'is a quality word of' if quality else 'works for'} {others}, not of this checkpoint."
        if quality
        else f"{named(phrase.text)} works for {others}, not for this checkpoint.",
        "Remove it, or choose a checkpoint of that family.",
        (phrase.start, phrase.end),
        *_own_quality_words(case, side, phrase, entry),
        case.fix(side, f"Remove {named(phrase.text)}", phrases.remove(side.text, phrase)),
    )


_LABELS = {"sd15": "SD 1.5", "sdxl": "SDXL", "starter": "the starter"}


def _own_quality_words(case: Case, side: Side, phrase: Phrase, entry: Entry) -> Iterator[Fix]:
    """A quality word of the family that is not there yet."""
    if not entry.category.startswith("quality"):
        return
    present = {known.entry.id for known in side.known}
    for other in case.around.library.entries:
        if other.category == entry.category and case.around.family in other.families and other.id not in present:
            yield case.fix(side, f"Use {named(other.text)}", phrases.replace(side.text, phrase, other.text))
            return


def _nearest(case: Case, vocabulary: Vocabulary, phrase: Phrase, strange: tuple[str, ...]) -> str:
    """What may stand in for ``phrase``: what the library knows it by, what it implies, or what is spelt like it."""
    entry = case.around.library.find(phrase.text)
    for text in (entry.text, *entry.implies, *entry.aliases) if entry else ():
        if text.isascii() and text != phrase.text and not vocabulary.strange(text):
            return text
    if found := process.extractOne(phrase.key, list(vocabulary.words), scorer=fuzz.ratio, score_cutoff=NEAR):
        return found[0]
    text = phrase.text
    for word in strange:
        near = process.extractOne(word, list(vocabulary.words), scorer=fuzz.ratio, score_cutoff=NEAR)
        if near is None:
            return ""
        text = text.replace(word, near[0]) if word in text else text.casefold().replace(word, near[0])
    return text if not vocabulary.strange(text) else ""
