"""Finding things by a few words, typing errors forgiven: of poses, their names, titles, tags and categories."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

Thing = TypeVar("Thing")
Fields = tuple[tuple[float, tuple[str, ...]], ...]
"""Weights, and the words that have them."""

LONGEST_QUERY = 200

_FILLERS = frozenset("a an and at from in is of on or pose the to with".split())
_ENDINGS = frozenset(("s", "es", "ed", "er", "ers", "ing"))
"""What a word may have more than ours, also after its last letter once more: hugging finds hug."""
_TYPING_ERROR = 0.74
"""Words whose letters agree at least this much are taken for the same, mistyped."""


class Words(NamedTuple):
    """What a thing is found by; the first weigh most."""

    names: Iterable[str]
    tags: Iterable[str] = ()
    category: str = ""


def best(text: str, things: Sequence[Thing], words_of: Callable[[Thing], Words]) -> list[Thing]:
    """Those of ``things`` that have every word of ``text`` or its beginning, best first.

    A word that nothing has is taken for mistyped and finds what is spelt nearly so. Where nothing has every word, those
    that have most of them. Without words, all in their order.
    """
    wanted = _query(text)
    if not wanted:
        return list(things)
    fields = [_fields(words_of(thing)) for thing in things]
    columns = [_column(want, fields) for want in wanted]
    met = [sum(column[place] > 0 for column in columns) for place in range(len(things))]
    found = [place for place in range(len(things)) if met[place] == max(met) > 0]
    found.sort(key=lambda place: (-sum(column[place] for column in columns), len(fields[place][0][1]), place))
    return [things[place] for place in found]


@lru_cache(maxsize=20_000)
def split(text: str) -> tuple[str, ...]:
    """The words of ``text``, lower case and without accents."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return tuple(re.findall(r"[^\W_]+", plain.casefold()))


def _query(text: str) -> tuple[str, ...]:
    words = split(text[:LONGEST_QUERY])
    return tuple(word for word in words if word not in _FILLERS) or words


def _fields(words: Words) -> Fields:
    return (
        (1.0, tuple(word for name in words.names for word in split(name))),
        (0.8, tuple(word for tag in words.tags for word in split(tag))),
        (0.5, split(words.category)),
    )


def _column(want: str, things: list[Fields]) -> list[float]:
    """For each thing how well it meets ``want``, 0 to 1."""
    for likeness in (_same, _mistyped):
        column = [max((weight * likeness(want, word) for weight, has in fields for word in has), default=0.0)
                  for fields in things]  # fmt: skip
        if any(column):
            return column
    return [0.0] * len(things)


@lru_cache(maxsize=20_000)
def _same(want: str, word: str) -> float:
    if want == word:
        return 1.0
    if word.startswith(want):
        return 0.9
    if want.startswith(word) and {rest := want[len(word) :], rest.removeprefix(word[-1:])} & _ENDINGS:
        return 0.8
    return 0.7 if len(want) >= 3 and want in word else 0.0


@lru_cache(maxsize=20_000)
def _mistyped(want: str, word: str) -> float:
    if min(len(want), len(word)) < 3 or abs(len(want) - len(word)) > 3:
        return 0.0
    matcher = difflib.SequenceMatcher(None, want, word)
    if matcher.real_quick_ratio() < _TYPING_ERROR or matcher.quick_ratio() < _TYPING_ERROR:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _TYPING_ERROR else 0.0
