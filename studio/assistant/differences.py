"""What a proposal changes in a prompt, phrase by phrase, and prompts with only some of it accepted. Pure text.

accept nothing → the original, letter by letter; accept everything → the proposal, unless words are locked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from studio.assistant.protection import contains, missing, protected

Kind = Literal["kept", "added", "removed", "changed"]
Phrase = tuple[str, str]
"""Its text, and what separates it from the next."""
NOTHING: Phrase = ("", "")
_ALIKE = 0.5
"""Share of common words from which on two phrases are one that was changed."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LETTERS = re.compile(r"\w+")
_SEPARATORS = ", \t\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One phrase, as it was and as it is proposed; one of the two is empty for what is added or removed."""

    kind: Kind
    old: str
    new: str
    locked: bool = False
    """It holds words that must not change: it stays as it was, whatever is accepted."""
    old_after: str = ""
    """What separates it from the next phrase of the original: comma, blanks, line ends."""
    new_after: str = ""

    @property
    def open(self) -> bool:
        """Whether there is anything to accept."""
        return self.kind != "kept" and not self.locked

    @property
    def words(self) -> tuple[tuple[Kind, str], ...]:
        """The phrase word by word: what is kept, removed and added, in reading order."""
        return tuple(_words(self.old, self.new))


@dataclass(frozen=True, slots=True)
class Difference:
    """From ``original`` to ``proposal`` in ``parts``; a part's number is its place in them."""

    original: str
    proposal: str
    parts: tuple[Part, ...]

    @property
    def open(self) -> frozenset[int]:
        """Numbers of the parts that can be accepted."""
        return frozenset(number for number, part in enumerate(self.parts) if part.open)


@dataclass(frozen=True, slots=True)
class Review:
    """A difference and what of it is accepted, with every step on the way to undo. A new value for each step."""

    difference: Difference
    steps: tuple[frozenset[int], ...] = (frozenset(),)

    @property
    def accepted(self) -> frozenset[int]:
        return self.steps[-1]

    @property
    def text(self) -> str:
        """The prompt with what is accepted so far."""
        return apply(self.difference, self.accepted)

    @property
    def can_undo(self) -> bool:
        return len(self.steps) > 1

    def accept(self, number: int) -> Review:
        return self._to(self.accepted | {number})

    def reject(self, number: int) -> Review:
        """Take one accepted part back, wherever it was accepted."""
        return self._to(self.accepted - {number})

    def accept_all(self) -> Review:
        return self._to(self.difference.open)

    def undo(self) -> Review:
        """Before the last step."""
        return Review(self.difference, self.steps[:-1]) if self.can_undo else self

    def _to(self, accepted: frozenset[int]) -> Review:
        accepted &= self.difference.open
        return self if accepted == self.accepted else Review(self.difference, (*self.steps, accepted))


def difference(original: str, proposal: str, locked: Iterable[str] = ()) -> Difference:
    """What changes from ``original`` to ``proposal``; LoRA tags, wildcards and ``locked`` words cannot be touched."""
    old, new, kept = _phrases(original), _phrases(proposal), protected(original, locked)
    matcher = SequenceMatcher(None, [text for text, _ in old], [text for text, _ in new], autojunk=False)
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        before, after = old[i1:i2], new[j1:j2]
        if tag == "equal":
            parts += [_part("kept", was, now, kept) for was, now in zip(before, after, strict=True)]
        else:
            parts += _replaced(before, after, kept)
    return Difference(original, proposal, tuple(parts))


def apply(difference: Difference, accepted: Collection[int]) -> str:
    """The original with the ``accepted`` parts of the proposal; numbers of locked parts and of no part are ignored."""
    chosen = difference.open & frozenset(accepted)
    if not chosen:
        return difference.original
    if chosen == frozenset(number for number, part in enumerate(difference.parts) if part.kind != "kept"):
        return difference.proposal
    texts = [
        (part.new, part.new_after) if number in chosen else (part.old, part.old_after)
        for number, part in enumerate(difference.parts)
    ]
    return _joined([(text, after) for text, after in texts if text])


def _joined(phrases: list[Phrase]) -> str:
    """Phrases of two texts in one: between them what followed the first, or a comma if it was the last of its text."""
    between = [text + (after if after.strip() or "\n" in after else ", ") for text, after in phrases[:-1]]
    return "".join(between) + (phrases[-1][0] if phrases else "")


def _replaced(before: list[Phrase], after: list[Phrase], kept: tuple[str, ...]) -> Iterator[Part]:
    """Phrases that are much alike are one changed part; between those, what is left."""
    for place, was in enumerate(before):
        for other, now in enumerate(after):
            if _alike(was[0], now[0]):
                yield from _unlike(before[:place], after[:other], kept)
                yield _part("changed", was, now, kept)
                yield from _replaced(before[place + 1 :], after[other + 1 :], kept)
                return
    yield from _unlike(before, after, kept)


def _unlike(before: list[Phrase], after: list[Phrase], kept: tuple[str, ...]) -> Iterator[Part]:
    removed = [_part("removed", was, NOTHING, kept) for was in before]
    if len(before) == len(after) and all(part.open for part in removed):
        yield from (_part("changed", was, now, kept) for was, now in zip(before, after, strict=True))
        return
    yield from removed
    yield from (_part("added", NOTHING, now, kept) for now in after)


def _alike(old: str, new: str) -> bool:
    return SequenceMatcher(None, _LETTERS.findall(old), _LETTERS.findall(new), autojunk=False).ratio() >= _ALIKE


def _part(kind: Kind, old: Phrase, new: Phrase, kept: tuple[str, ...]) -> Part:
    held = [words for words in kept if words in old[0] or contains(old[0], words)]
    # Weights around locked words may change, the words may not. And what stays anyway is not offered a second time.
    locked = bool(missing(new[0], held)) if kind != "added" else new[0].strip() in kept
    return Part(kind, old[0], new[0], locked and kind != "kept", old[1], new[1])


def _phrases(prompt: str) -> list[Phrase]:
    """The phrases at the top level: commas inside brackets and tags do not count. Joined they are ``prompt``."""
    found: list[Phrase] = []
    start, first = 0, len(prompt) - len(prompt.lstrip(_SEPARATORS))  # separators in front belong to the first phrase
    for place in (*_ends(prompt, first), len(prompt)):
        phrase = prompt[start:place].rstrip(_SEPARATORS)
        if place > start:
            found.append((phrase or prompt[start:place], prompt[start + len(phrase) : place] if phrase else ""))
        start = place
    return found


def _ends(prompt: str, first: int) -> Iterator[int]:
    """Places after each top-level comma or line end from ``first`` on, with the separators that follow."""
    depth, skip = 0, first - 1
    for place, letter in enumerate(prompt):
        if place <= skip:
            continue
        if letter == "\\":
            skip = place + 1
        elif letter in "([{<":
            depth += 1
        elif letter in ")]}>":
            depth = max(depth - 1, 0)
        elif letter in ",\n" and depth == 0:
            end = place + 1
            while end < len(prompt) and prompt[end] in _SEPARATORS:
                end += 1
            skip = end - 1
            yield end


def _words(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "kept", "".join(before[i1:i2])
            continue
        if i2 > i1:
            yield "removed", "".join(before[i1:i2])
        if j2 > j1:
            yield "added", "".join(after[j1:j2])
