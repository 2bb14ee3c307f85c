"""A sorted dictionary of terms that knows who has each: by the whole term, its beginning, a part of it, or nearly so.

Owners are numbers from 0; the answers are arrays of them. A beginning is one slice, because the terms are sorted. For
mistyped terms rapidfuzz measures the distance, but only to the few terms that have nearly the same letters: numpy sifts
the rest out in microseconds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

LONGEST = 24
"""Letters of a term that count for typing errors."""
_MOST_PARTS = 20_000
_MIX = 37
"""Spreads pairs of letters over 64 bits."""
_DIGITS = re.compile(r"\d")
Owners = np.ndarray


class _Beginnings(NamedTuple):
    """All different beginnings of one length."""

    first: np.ndarray
    """For each the first term that begins so."""
    end: np.ndarray
    """And the term after the last one."""
    letters: np.ndarray
    """Which letters it has, one bit each."""
    pairs: np.ndarray
    """Which pairs of neighbouring letters, likewise."""


class TermIndex:
    """Terms and their owners. Does not change once built."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        """
        Args:
            pairs: a term and an owner who has it; both may repeat.
        """
        held: dict[str, list[int]] = {}
        for term, owner in pairs:
            owners = held.setdefault(term, [])
            if not owners or owners[-1] != owner:
                owners.append(owner)
        self._terms = sorted(held)
        counts = [len(held[term]) for term in self._terms]
        self._starts = np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)
        self._owners = np.fromiter(
            (owner for term in self._terms for owner in held[term]), dtype=np.int32, count=int(self._starts[-1])
        )
        self._joined = "\n".join(self._terms)
        lengths = np.fromiter((len(term) + 1 for term in self._terms), dtype=np.int64, count=len(self._terms))
        self._offsets = np.concatenate(([0], np.cumsum(lengths)))
        # All at once, so that the first question takes no longer than the next.
        self._beginnings = _beginnings(self._terms, lengths - 1)

    def whole(self, term: str) -> Owners:
        """Who has exactly this term."""
        place = bisect_left(self._terms, term)
        if place == len(self._terms) or self._terms[place] != term:
            return self._owners[:0]
        return self._slice(place, place + 1)

    def beginning(self, start: str) -> Owners:
        """Who has a term that begins so."""
        return self._slice(bisect_left(self._terms, start), bisect_left(self._terms, start + "\U0010ffff"))

    def holding(self, part: str) -> Owners:
        """Who has a term with this inside; of very frequent parts only some."""
        hits = []
        for match in re.finditer(re.escape(part), self._joined):
            hits.append(match.start())
            if len(hits) == _MOST_PARTS:
                break
        if not hits:
            return self._owners[:0]
        places = np.unique(np.searchsorted(self._offsets, hits, side="right") - 1)
        return self._gathered(places, places + 1)

    def near(self, term: str, errors: int) -> list[Owners]:
        """Who has a term that begins nearly so: one array per number of errors, from 1.

        An error is a letter too many, too few, another one, or two that changed places. Digits are never taken for
        errors: who asks for 2girls does not mean 3girls.
        """
        found: list[list[Owners]] = [[] for _ in range(errors)]
        digits = _DIGITS.findall(term)
        letters, pairs = _letters_of(term)
        for length in range(max(len(term) - errors, 2), min(len(term) + errors, LONGEST) + 1):
            beginnings = self._beginnings[length]
            likely = _likely(beginnings, letters, pairs, errors)
            if not len(likely):
                continue
            choices = [self._terms[place][:length] for place in beginnings.first[likely]]
            distances = cdist([term], choices, scorer=OSA.distance, score_cutoff=errors, dtype=np.uint8)[0]
            for place in np.flatnonzero(distances <= errors):
                if _DIGITS.findall(choices[place]) != digits:
                    distances[place] = errors + 1
            for number in range(1, errors + 1):
                places = likely[distances == number]
                if len(places):
                    found[number - 1].append(self._gathered(beginnings.first[places], beginnings.end[places]))
        return [np.concatenate(arrays) if arrays else self._owners[:0] for arrays in found]

    def _slice(self, first: int, end: int) -> Owners:
        return self._owners[self._starts[first] : self._starts[end]]

    def _gathered(self, first: np.ndarray, end: np.ndarray) -> Owners:
        return np.concatenate([self._slice(low, high) for low, high in zip(first, end, strict=True)])


def _beginnings(terms: list[str], lengths: np.ndarray) -> list[_Beginnings]:
    """By length from 0: beginnings of sorted terms. Those of one text lie side by side."""
    codes = np.array([term[:LONGEST] for term in terms], dtype=f"U{LONGEST}").view(np.uint32)
    codes = codes.reshape(len(terms), LONGEST)
    shared = np.zeros(len(terms), dtype=np.int8)  # letters it begins with like the term before
    shared[1:] = np.logical_and.accumulate(codes[1:] == codes[:-1], axis=1).sum(axis=1)
    letters = np.zeros(len(terms), dtype=np.uint32)  # those up to the length at hand
    pairs = np.zeros(len(terms), dtype=np.uint64)
    found = []
    for length in range(LONGEST + 1):
        if length:
            letters |= np.left_shift(np.uint32(1), codes[:, length - 1] % 32, dtype=np.uint32)
        if length > 1:
            pair = (codes[:, length - 2] * _MIX + codes[:, length - 1]) % 64
            pairs |= np.left_shift(np.uint64(1), pair, dtype=np.uint64)
        differing = np.append(np.flatnonzero(shared < length), len(terms)).astype(np.int32)
        first = differing[:-1][lengths[differing[:-1]] >= length]
        end = differing[np.searchsorted(differing, first, side="right")]
        found.append(_Beginnings(first, end, letters[first], pairs[first]))
    return found


def _letters_of(term: str) -> tuple[np.uint32, np.uint64]:
    codes = [ord(sign) for sign in term]
    letters = pairs = 0
    for code in codes:
        letters |= 1 << (code % 32)
    for first, second in pairwise(codes):
        pairs |= 1 << ((first * _MIX + second) % 64)
    return np.uint32(letters), np.uint64(pairs)


def _likely(beginnings: _Beginnings, letters: np.uint32, pairs: np.uint64, errors: int) -> np.ndarray:
    """Places of those that may be meant: one error takes or adds one letter at most, and three pairs."""
    lacking = np.bitwise_count(~beginnings.letters & letters)
    adding = np.bitwise_count(beginnings.letters & ~letters)
    places = np.flatnonzero((lacking <= errors) & (adding <= errors))
    return places[np.bitwise_count(~beginnings.pairs[places] & pairs) <= 3 * errors]
