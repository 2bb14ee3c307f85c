"""Which character of a prompt is a word, a bracket, a weight or a border between phrases."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

import numpy as np

from studio.prompts.syntax import brackets
from studio.prompts.syntax.brackets import Bracket, Brackets
from studio.prompts.syntax.schedules import MAX_DEPTH

Branch = tuple[tuple[int, int], ...]
"""(place of the bracket, number of the part) of each schedule, the outermost first."""

TEXT, BLANK, OPEN, CLOSE, SIGN, BORDER = range(6)
"""SIGN: a colon, bar or step of a schedule inside a phrase, as in ``a [red:blue:0.5] hat``."""

_BLANKS = re.compile(r"\s+")
_BORDER = re.compile(r",|\n|\bBREAK\b|\bAND\b")
_AND = re.compile(r"\bAND\b|\Z")
_AND_WEIGHT = re.compile(r":\s*[-+]?(?:\d+\.?|\d*\.\d+)\s*\Z")
_STEP = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*\Z")


@dataclass(frozen=True, slots=True)
class Schedule:
    """``[a:b:0.5]`` or ``[a|b]``: the places of its signs, and where the last part ends."""

    bracket: Bracket
    signs: tuple[int, ...]
    stop: int

    @property
    def close(self) -> int:
        return self.bracket.close or 0

    def number(self, place: int) -> int:
        """Which part of it stands at ``place``. ``[to:when]`` has one part, the second: first there is nothing."""
        alone = self.stop in self.signs and len(self.signs) == 1
        return 1 if alone else bisect_right(self.signs, place)


@lru_cache(maxsize=8)
def anatomy(plain: str) -> Anatomy:
    """The anatomy of a prompt without comments and tags (see :func:`phrases.masked`)."""
    return Anatomy(plain)


class Anatomy:
    """The kind of every character, and what follows from it."""

    def __init__(self, plain: str) -> None:
        self._open = _without_braces(plain)
        self._length = len(plain)
        self._ands = [found.start() for found in _AND.finditer(self._open)]
        self.brackets: Brackets = brackets.find(self._open)
        self._by_open = {bracket.open: bracket for bracket in self.brackets.pairs}
        self._by_end = {bracket.close: bracket for bracket in self.brackets.pairs if bracket.close is not None}
        self._kinds = self._first_kinds()
        self.schedules = _schedules(self._open, self.brackets)
        self._mark_schedules()

    def is_text(self, place: int) -> bool:
        return self._kinds[place] == TEXT or self._kinds[place] == BLANK

    def is_word(self, place: int) -> bool:
        return self._kinds[place] == TEXT

    def part(self, place: int) -> int:
        """Which of the prompts joined by AND."""
        return bisect_right(self._ands, place)

    def branches(self, places: Iterable[int]) -> Iterator[Branch]:
        """For each of the ascending ``places`` the schedules around it, the outermost :data:`MAX_DEPTH` of them."""
        coming = iter(self.schedules)
        following = next(coming, None)
        around: list[Schedule] = []
        for place in places:
            while following and following.bracket.open < place:
                around = [one for one in around if one.close > following.bracket.open]
                around.append(following) if len(around) < MAX_DEPTH else None
                following = next(coming, None)
            yield tuple((one.bracket.open, one.number(place)) for one in around if one.close > place)

    def segments(self) -> Iterator[tuple[int, int]]:
        """The stretches between borders."""
        start = 0
        for place in range(self._length + 1):
            if place == self._length or self._kinds[place] == BORDER:
                if start < place:
                    yield start, place
                start = place + 1

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Without blanks at its ends, and without brackets that reach beyond it."""
        while start < end:
            first, closing = self._by_open.get(start), self._ending(end)
            if self._kinds[start] == BLANK or (first and (first.close is None or first.close >= end)):
                start += 1
            elif self._kinds[end - 1] == BLANK:
                end -= 1
            elif closing and closing.open < start:
                end = closing.content_end or end - 1
            else:
                break
        return start, max(start, end)

    def peeled(self, start: int, end: int) -> tuple[int, int]:
        """Without the brackets that hold all of it, and their weights."""
        while start < end:
            first = self._by_open.get(start)
            if self._kinds[start] == BLANK:
                start += 1
            elif self._kinds[end - 1] == BLANK:
                end -= 1
            elif first and first.close == end - 1:
                start, end = start + 1, first.content_end or end - 1
            else:
                break
        return start, max(start, end)

    def weights(self) -> np.ndarray:
        """The weight of each character by the brackets that emphasise; schedules do not: float64, shape (length,)."""
        schedules = {one.bracket.open for one in self.schedules}
        pairs = tuple(bracket for bracket in self.brackets.pairs if bracket.open not in schedules)
        return brackets.weights(pairs, self._length)

    def loose(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The brackets in the stretch whose partner stands outside it: (from, to) of each, closing ones with weight."""
        for place in range(start, end):
            opening, closing = self._by_open.get(place), self._by_end.get(place)
            if opening and not start <= (opening.close or -1) < end:
                yield place, place + 1
            elif closing and closing.open < start:
                yield max(closing.content_end or start, start), place + 1

    def _ending(self, end: int) -> Bracket | None:
        return self._by_end.get(end - 1)

    def _first_kinds(self) -> bytearray:
        kinds = bytearray(self._length)
        for found in _BLANKS.finditer(self._open):
            _fill(kinds, *found.span(), BLANK)
        for bracket in self.brackets.pairs:
            kinds[bracket.open] = OPEN
            if bracket.close is not None and bracket.content_end is not None:
                _fill(kinds, bracket.content_end, bracket.close + 1, CLOSE)
        for found in _BORDER.finditer(self._open):
            _fill(kinds, *found.span(), BORDER)
        for start, end in pairwise([0, *self._ands]):  # "a storm :1.4 AND …": the weight of a whole prompt
            colon = self._open.rfind(":", start, end)
            if colon >= 0 and _AND_WEIGHT.match(self._open[colon:end]):
                _fill(kinds, colon, end, BORDER)
        return kinds

    def _mark_schedules(self) -> None:
        """A schedule that is a phrase of its own divides phrases; one in a phrase (a [red:blue:0.5] hat) does not."""
        before, after = self._neighbours() if self.schedules else ([], [])
        for schedule in self.schedules:  # the outer ones first: their signs are borders to the inner ones
            opening, closing = schedule.bracket.open, schedule.close
            alone = self._is_border(before[opening]) and self._is_border(after[closing])
            kind = BORDER if alone else SIGN
            for sign in (opening, *schedule.signs):
                self._kinds[sign] = kind
            _fill(self._kinds, schedule.stop, closing + 1, kind)

    def _is_border(self, place: int) -> bool:
        return not 0 <= place < self._length or self._kinds[place] == BORDER

    def _neighbours(self) -> tuple[list[int], list[int]]:
        """For each place the nearest one before and after it that is more than a blank or a bracket's end."""
        before, after = [-1] * self._length, [self._length] * self._length
        last = -1
        for place, kind in enumerate(self._kinds):
            before[place] = last
            if kind not in (BLANK, OPEN):
                last = place
        last = self._length
        for place in range(self._length - 1, -1, -1):
            after[place] = last
            if self._kinds[place] not in (BLANK, CLOSE):
                last = place
        return before, after


def _fill(kinds: bytearray, start: int, end: int, kind: int) -> None:
    kinds[start:end] = bytes([kind]) * (end - start)


def _without_braces(plain: str) -> str:
    """What is inside ``{…}`` is chosen later; here it counts as plain letters."""
    if "{" not in plain:
        return plain
    letters, openings = list(plain), []
    for place, letter in enumerate(plain):
        if letter == "{":
            openings.append(place)
        elif letter == "}" and openings:
            start = openings.pop()
            if not openings:
                letters[start : place + 1] = "x" * (place + 1 - start)
    return "".join(letters)


def _schedules(text: str, found: Brackets) -> list[Schedule]:
    """The square brackets that are schedules or alternations, by their opening place."""
    ends = {bracket.open: bracket for bracket in found.pairs if bracket.close is not None}
    if not any(bracket.sign == "[" for bracket in ends.values()):
        return []
    signs: dict[int, list[int]] = {}
    inside: list[Bracket] = []
    for place, letter in enumerate(text):
        while inside and (inside[-1].close or 0) <= place:
            inside.pop()
        if bracket := ends.get(place):
            inside.append(bracket)
        elif letter in ":|" and inside and inside[-1].sign == "[":
            signs.setdefault(inside[-1].open, []).append(place)
    made = [_schedule(text, ends[opening], places) for opening, places in signs.items()]
    return sorted((one for one in made if one is not None), key=attrgetter("bracket.open"))


def _schedule(text: str, bracket: Bracket, places: list[int]) -> Schedule | None:
    close = bracket.close or 0
    bars = [place for place in places if text[place] == "|"]
    if bars:
        return Schedule(bracket, tuple(bars), close)
    if len(places) <= 2 and _STEP.match(text[places[-1] + 1 : close]):
        return Schedule(bracket, tuple(places), places[-1])
    return None
