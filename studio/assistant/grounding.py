"""What the model is given besides the question: tags of the library and poses that fit it.

All of it is data that anybody may have written. It goes out as JSON strings, where nothing can pass for the end of the
data, on one line each and cut to length; and what comes back can only ever be a proposal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from studio.assistant.asking import Ask
from studio.catalog import vocabulary
from studio.poses import library as poses
from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.library.search import ABOUT, ALIAS

MOST_TAGS, MOST_POSES = 60, 16
_PER_QUERY, _WORDS = 5, 24
_LONGEST_TAG = 80
_WORD = re.compile(r"[^\W\d_]{3,}|[^\x00-\x7f]+")
_FILLERS = frozenset(
    "the and with from for that this her his she who are was has have into over under very some".split()
)


def tags(library: Library, ask: Ask) -> tuple[str, ...]:
    """Texts of the library that fit the question, the best first, only those the checkpoint understands."""
    found: dict[str, None] = {}
    for query, least in _queries(ask):
        for hit in library.search(query, families=(ask.family,), limit=_PER_QUERY):
            if isinstance(hit.item, Entry) and hit.score >= least and _understood(ask.family, hit.item.text):
                found.setdefault(plain(hit.item.text))
    return tuple(found)[:MOST_TAGS]


def pose_names(ask: Ask) -> tuple[str, ...]:
    """Names of the library's poses that fit the question."""
    return tuple(entry.name for entry in poses.search(f"{ask.idea} {ask.prompt}"[:200])[:MOST_POSES])


def plain(text: str, most: int = _LONGEST_TAG) -> str:
    """``text`` on one line, without control characters and angle brackets, and not too long."""
    kept = "".join(letter if letter.isprintable() and letter not in "<>" else " " for letter in text)
    return " ".join(kept.split())[:most]


def _queries(ask: Ask) -> Iterable[tuple[str, float]]:
    """What to look for, and the least score that counts: a sentence's words are not typing errors of others."""
    text = f"{ask.idea}, {ask.prompt}" if ask.mode != "write" else ask.idea
    for phrase in text.split(",")[:_WORDS]:
        if phrase.strip():
            yield phrase.strip(), ABOUT
    words = (word for word in _WORD.findall(text) if word.casefold() not in _FILLERS)
    for word in list(dict.fromkeys(words))[:_WORDS]:
        yield word, ALIAS


def _understood(family: str, text: str) -> bool:
    return vocabulary.knows(family, text) is not False
