"""A prompt slot by slot from the library, without any language model: chosen by hand, or by a seeded surprise.

The surprise takes nothing that lint would mind beside what is there already: groups, conflicts, repetitions and words
the checkpoint does not know are lint's business, so there is one opinion on them in the studio.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

from studio.assistant.conventions import Conventions, conventions_for
from studio.assistant.linting import surroundings
from studio.assistant.slots import SLOTS, Draw, Slot
from studio.catalog import vocabulary
from studio.errors import StudioError
from studio.prompts import negatives
from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.lint.findings import Finding
from studio.prompts.lint.rules import lint
from studio.prompts.syntax import phrases, tokens

Filled = Mapping[str, tuple[str, ...]]
"""Texts by slot: of entries, or a person's own words."""
TRIES = 24
"""Entries looked at for one draw before it is left out."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What the slots come to."""

    slots: dict[str, tuple[str, ...]]
    prompt: str
    negative_prompt: str
    findings: tuple[Finding, ...]
    """What lint says to it."""


class Composer:
    """Composes for one checkpoint out of one library."""

    def __init__(self, library: Library, family: str = "sd15", checkpoint: str = "") -> None:
        self.library = library
        self.family = family
        self.conventions = conventions_for(family, checkpoint)
        self._around = surroundings(library, family)
        self._drawing = replace(self._around, negative_counts=False)
        words = negatives.build(negatives.BASICS, family, library, knows=partial(_known, family))
        self._against = words or ", ".join(self.conventions.negative)

    def choices(self, slot: str) -> tuple[Entry, ...]:
        """What the library has for a slot, category by category, as far as the checkpoint understands it."""
        order = {category: place for place, category in enumerate(_slot(slot).categories)}
        fitting = (entry for entry in self.library.entries if entry.category in order and self._fits(entry))
        return tuple(sorted(fitting, key=lambda entry: order[entry.category]))

    def compose(self, slots: Filled) -> Composition:
        """The prompt of ``slots``, its negative prompt, and what lint says."""
        for slot in slots:
            _slot(slot)
        kept = {name: tuple(text.strip() for text in slots.get(name, ()) if text.strip()) for name in SLOTS}
        prompt, negative = _prompt(kept, self.conventions), self._negative(kept)
        findings = lint(prompt, negative, self._around)
        while fix := next((one.fixes[0] for one in findings if one.kind == "missing-negative" and one.fixes), None):
            if fix.negative_prompt == negative:
                break
            negative = fix.negative_prompt  # words against what often goes wrong in such a picture
            findings = lint(prompt, negative, self._around)
        return Composition(kept, prompt, negative, findings)

    def surprise(self, seed: int, slots: Filled | None = None, locked: Collection[str] = ()) -> Composition:
        """Fill every slot anew but the ``locked`` ones. The same seed, slots and library give the same prompt."""
        filled = {name: tuple((slots or {}).get(name, ())) if name in locked else () for name in SLOTS}
        if "quality" not in locked:
            filled["quality"] = self._quality()
        for name, slot in SLOTS.items():
            if name not in locked:
                for number, draw in enumerate(slot.draws):
                    # Dice of its own for each draw: a lock elsewhere does not change how they fall.
                    self._take(random.Random(f"{seed} {name} {number}"), filled, name, draw)
        return self.compose(filled)

    def _take(self, dice: random.Random, filled: dict[str, tuple[str, ...]], name: str, draw: Draw) -> None:
        if dice.random() >= draw.chance:
            return
        pool, before = self._pool(draw), self._minded(filled)
        for text in dice.sample(pool, min(TRIES, len(pool))):
            tried = {**filled, name: (*filled[name], text)}
            prompt = _prompt(tried, self.conventions)
            longer = len(prompt) > len(_prompt(filled, self.conventions))
            if longer and tokens.estimate(prompt) <= self.conventions.tokens and self._minded(tried) <= before:
                filled[name] = tried[name]
                return

    def _minded(self, slots: Filled) -> int:
        """How many findings there are on the prompt alone; a surprise adds none."""
        return len(lint(_prompt(slots, self.conventions), "", self._drawing))

    def _pool(self, draw: Draw) -> list[str]:
        if draw.texts:
            found = (self.library.find(text) for text in draw.texts)
            return [entry.text for entry in found if entry and self._fits(entry)]
        return [entry.text for entry in self.library.entries if entry.category in draw.categories and self._fits(entry)]

    def _fits(self, entry: Entry) -> bool:
        return entry.works_for(self.family) and _known(self.family, entry.text)

    def _quality(self) -> tuple[str, ...]:
        return tuple(words for words in self.conventions.quality if _known(self.family, words))

    def _negative(self, slots: Filled) -> str:
        """The usual words against flaws, and what the chosen entries bring along."""
        entries = (self.library.find(text) for texts in slots.values() for text in texts)
        brought = (entry.negative for entry in entries if entry and entry.negative)
        return _listed((self._against, *brought))


def _known(family: str, words: str) -> bool:
    return vocabulary.knows(family, words) is not False


def _slot(name: str) -> Slot:
    if name not in SLOTS:
        raise StudioError(f"The composer has no slot {name[:40]!r}.", f"It has {', '.join(SLOTS)}.")
    return SLOTS[name]


def _prompt(slots: Filled, conventions: Conventions) -> str:
    order = list(SLOTS)
    if not conventions.quality_last:
        order = ["quality", *(name for name in order if name != "quality")]
    return _listed(tuple(text for name in order for text in slots.get(name, ())))


def _listed(texts: tuple[str, ...]) -> str:
    """All texts in a row, each phrase once; texts with emphasis or tags of their own stay as they are."""
    seen: set[str] = set()
    kept = []
    for text in texts:
        keys = {phrase.key for phrase in phrases.split(text)}
        if not keys or keys - seen:
            kept.append(text)
            seen |= keys
    return ", ".join(kept)
