"""Instant search that forgives typing errors: exact before beginning before word before alias before nearly so.

An index is built once for a library that does not change. A question costs a few operations on arrays as long as the
library; ``python -m benchmarks.library`` measures them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from studio.prompts import spelling
from studio.prompts.library.term_index import TermIndex

LONGEST_QUERY, MOST_WORDS = 200, 8
EXACT, EXACT_ALIAS, BEGINNING, WORDS, ALIAS, ABOUT, NEARLY, PARTLY = 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0
"""The ranks. What is found scores its rank and, as a fraction, how well its words fit."""

_FILLERS = frozenset("a an and at from in is of on or the to with".split())
_LEAST_LETTERS = 4
"""Shorter words have to be spelt right: with one error "cat" would be "hat". Nor are they looked for inside words."""
_LETTERS_FOR_TWO = 8
"""Words this long may have two errors."""


class Searchable(NamedTuple):
    """What a thing is found by."""

    names: Sequence[str]
    aliases: Sequence[str] = ()
    """Other names: as a whole they are nearly as good as a name."""
    tags: Sequence[str] = ()
    """What many things have; their words count as an alias's, but as a whole they are nobody's name."""
    about: Sequence[str] = ()
    """Longer texts; they count least, and have to be spelt right."""


class Index:
    """Finds the places of things in the sequence it was built from."""

    def __init__(self, things: Sequence[Searchable]) -> None:
        self._size = len(things)
        self._names = TermIndex(_word_pairs(thing.names for thing in things))
        self._aliases = TermIndex(_word_pairs((*thing.aliases, *thing.tags) for thing in things))
        self._about = TermIndex(_word_pairs(thing.about for thing in things))
        self._whole_names = TermIndex(_compact_pairs(thing.names for thing in things))
        self._whole_aliases = TermIndex(_compact_pairs(thing.aliases for thing in things))
        # Of two that fit equally well the shorter comes first, then the earlier one.
        lengths = np.fromiter((min(len(thing.names[0]), 200) for thing in things), dtype=np.float64, count=self._size)
        self._order = lengths / 1e4 + np.arange(self._size) / max(self._size, 1) / 1e5

    def ranked(
        self,
        query: str,
        limit: int,
        allowed: np.ndarray | None = None,
        keep: Callable[[int], bool] | None = None,
        about: bool = True,
    ) -> list[tuple[int, float]]:
        """Places and scores, best first. A blank query finds everything in its order, with score 0.

        Args:
            allowed: one bool per thing: may it be found at all.
            keep: asked last, for those that would be shown.
            about: also look into the longer texts.
        """
        words = _telling(spelling.words(query[:LONGEST_QUERY]))[:MOST_WORDS]
        compact = _compact(query[:LONGEST_QUERY])
        if not compact:
            places = np.arange(self._size) if allowed is None else np.flatnonzero(allowed)
            return _first([(int(place), 0.0) for place in places], limit, keep)
        scores = self._scores(words, compact, limit, allowed, about)
        if allowed is not None:
            scores[~allowed] = 0
        found = np.flatnonzero(scores)
        keys = self._order[found] - scores[found]
        if keep is None and len(found) > 4 * limit:
            chosen = np.argpartition(keys, limit)[:limit]
            found, keys = found[chosen], keys[chosen]
        found = found[np.argsort(keys, kind="stable")]
        return _first([(int(place), round(float(scores[place]), 4)) for place in found], limit, keep)

    def _scores(
        self, words: tuple[str, ...], compact: str, limit: int, allowed: np.ndarray | None, about: bool
    ) -> np.ndarray:
        scores = np.zeros(self._size, dtype=np.float32)
        columns = [self._spelt_right(word, about) for word in words]
        rightly = _all_of(columns, self._size)
        if np.count_nonzero(rightly if allowed is None else rightly * allowed) < limit:
            self._add_nearly(scores, compact)
            for word, column in zip(words, columns, strict=True):
                self._add_mistyped(column, word)
        every = _all_of(columns, self._size)
        np.maximum(scores, every, out=scores)
        self._add_whole(scores, compact)
        if not scores.any() and len(words) > 1:
            scores = _most_of(columns)
        return scores

    def _spelt_right(self, word: str, about: bool) -> np.ndarray:
        """For each thing how well it has ``word``: a rank and a fraction, 0 where it has not."""
        column = np.zeros(self._size, dtype=np.float32)
        is_part = len(word) >= _LEAST_LETTERS or spelling.is_unspaced(word)
        # From the worst to the best: what comes later overwrites.
        if about:
            column[self._about.beginning(word)] = ABOUT + 0.5
            column[self._about.whole(word)] = ABOUT + 0.9
        for terms, rank in ((self._aliases, ALIAS), (self._names, WORDS)):
            if is_part:
                column[terms.holding(word)] = rank + 0.3
            column[terms.beginning(word)] = rank + 0.6
            column[terms.whole(word)] = rank + 0.9
        return column

    def _add_mistyped(self, column: np.ndarray, word: str) -> None:
        """Where nothing of a thing fits ``word``, what is spelt nearly so."""
        for terms, best in ((self._aliases, 0.6), (self._names, 0.8)):
            for errors, owners in _near(terms, word):
                column[owners] = np.maximum(column[owners], NEARLY + best - 0.2 * (errors - 1))

    def _add_nearly(self, scores: np.ndarray, compact: str) -> None:
        """Words written apart or together, with errors: ``pony tial``, ``longhiar``."""
        for terms, best in (
            (self._whole_aliases, 0.65),
            (self._whole_names, 0.85),
            (self._names, 0.75),
        ):
            for errors, owners in _near(terms, compact):
                scores[owners] = np.maximum(scores[owners], NEARLY + best - 0.2 * (errors - 1))

    def _add_whole(self, scores: np.ndarray, compact: str) -> None:
        """Whole names that the query is, or begins. Blanks do not count."""
        aliases, names = self._whole_aliases, self._whole_names
        for owners, score in (
            (aliases.beginning(compact), ALIAS + 0.95),
            (names.beginning(compact), BEGINNING + 0.5),
            (aliases.whole(compact), EXACT_ALIAS),
            (names.whole(compact), EXACT),
        ):
            scores[owners] = np.maximum(scores[owners], score)


def _all_of(columns: list[np.ndarray], size: int) -> np.ndarray:
    """Things that have every word: the rank of the worst, the mean of the fractions."""
    scores = np.zeros(size, dtype=np.float32)
    if columns:
        has_all = columns[0] > 0
        for column in columns[1:]:
            has_all &= column > 0
        places = np.flatnonzero(has_all)  # mostly few, so that what follows costs nothing
        chosen = np.array([column[places] for column in columns])
        scores[places] = np.floor(chosen.min(axis=0)) + np.mod(chosen, 1).mean(axis=0)
    return scores


def _most_of(columns: list[np.ndarray]) -> np.ndarray:
    """Things that have at least half of the words; those that have more, and more exactly, score higher."""
    met = np.sum([column > 0 for column in columns], axis=0)
    fit = np.sum(columns, axis=0) / (10 * len(columns))  # below 1
    return np.where(2 * met >= len(columns), PARTLY * (met + fit) / (len(columns) + 1), 0).astype(np.float32)


def _telling(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without words that say nothing, unless there are no others."""
    return tuple(word for word in words if word not in _FILLERS) or words


def _near(terms: TermIndex, word: str) -> list[tuple[int, np.ndarray]]:
    """Owners by number of errors, most errors first."""
    if len(word) < _LEAST_LETTERS:
        return []
    errors = 2 if len(word) >= _LETTERS_FOR_TWO else 1
    return list(reversed(list(enumerate(terms.near(word, errors), 1))))


def _word_pairs(names: Iterable[Sequence[str]]) -> Iterable[tuple[str, int]]:
    return ((word, place) for place, texts in enumerate(names) for text in texts for word in spelling.words(text))


def _compact_pairs(names: Iterable[Sequence[str]]) -> Iterable[tuple[str, int]]:
    return ((_compact(text), place) for place, texts in enumerate(names) for text in texts)


def _compact(text: str) -> str:
    """``text`` without blanks and signs; of signs alone, the signs."""
    return "".join(spelling.words(text)) or "".join(spelling.plain(text).split())


def _first(found: list[tuple[int, float]], limit: int, keep: Callable[[int], bool] | None) -> list[tuple[int, float]]:
    if keep is None:
        return found[:limit]
    kept = []
    for place, score in found:
        if len(kept) == limit:
            break
        if keep(place):
            kept.append((place, score))
    return kept
