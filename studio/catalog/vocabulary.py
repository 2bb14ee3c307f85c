"""What words a family understands. Large checkpoints have seen nearly every word; the starter knows a few hundred.

The starter's words stand in ``starter/facts.json``, written by its export from what its captions were made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from studio.catalog.facts import starter_facts

CLOSED = frozenset({"starter"})
"""Families with a vocabulary of their own."""
GLUE = frozenset(
    "a an the and or with in on at of by her his wearing tied young cheerful anime hair eyes background ribbon "
    "pathway under sunny".split()
)
"""Words of the captions' sentences, and the nouns that a colour of the vocabulary goes with."""
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")


def words(family: str) -> frozenset[str] | None:
    """The terms a family was trained on, in lower case; None where nearly every word is understood."""
    return _terms() if family in CLOSED else None


def knows(family: str, phrase: str) -> bool | None:
    """Whether every word of ``phrase`` belongs to a term of the family's vocabulary; None: its vocabulary is open."""
    return not _strange(phrase) if family in CLOSED else None


def unknown(family: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Those of ``phrases`` that the family does not understand as a whole, each once, in their order."""
    return tuple(dict.fromkeys(phrase for phrase in phrases if knows(family, phrase) is False))


def strange_words(family: str, phrase: str) -> tuple[str, ...]:
    """The words of ``phrase`` that belong to no term of the family's vocabulary."""
    return _strange(phrase) if family in CLOSED else ()


@lru_cache(maxsize=4096)
def _strange(phrase: str) -> tuple[str, ...]:
    """Terms are taken greedily, the longest first: "long brown hair" is *long hair* around a colour, word by word."""
    parts, longest = _parts(phrase), _longest()
    terms, strange, place = _terms(), [], 0
    while place < len(parts):
        for length in range(min(longest, len(parts) - place), 0, -1):
            if " ".join(parts[place : place + length]) in terms:
                place += length
                break
        else:
            if parts[place] not in GLUE and parts[place] not in _styles():
                strange.append(parts[place])
            place += 1
    return tuple(strange)


def _parts(phrase: str) -> list[str]:
    return _WORD.findall(phrase.casefold().replace("_", " "))


@lru_cache
def _terms() -> frozenset[str]:
    return frozenset(" ".join(_parts(term)) for group in starter_facts()["vocabulary"].values() for term in group)


@lru_cache
def _longest() -> int:
    return max(len(term.split()) for term in _terms())


@lru_cache
def _styles() -> frozenset[str]:
    """First words of terms like *long hair*: captions put a colour between ("long brown hair")."""
    return frozenset(word for term in _terms() if term.endswith(" hair") for word in term.split()[:-1])
