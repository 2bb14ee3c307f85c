"""The parts of a prompt that have to stay: LoRA tags, wildcards, and the words a person has locked."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LORA = re.compile(r"<(?:lora|lyco|hypernet|embedding):[^<>]+>", re.IGNORECASE)
_WILDCARD = re.compile(r"__[\w/-]+?__")
_BLANKS = re.compile(r"\s+")


def lora_tags(prompt: str) -> tuple[str, ...]:
    """The tags of ``prompt`` as they are written, each once."""
    return tuple(dict.fromkeys(_LORA.findall(prompt)))


def protected(prompt: str, locked: Iterable[str] = (), wildcards: bool = True) -> tuple[str, ...]:
    """All that a proposal for ``prompt`` has to keep: its tags and wildcards, and those of ``locked`` it holds."""
    words = (word.strip() for word in locked)
    kept = (word for word in words if word and contains(prompt, word))
    wild = _WILDCARD.findall(prompt) if wildcards else ()
    return tuple(dict.fromkeys((*lora_tags(prompt), *wild, *kept)))


def contains(prompt: str, words: str) -> bool:
    """Whether ``prompt`` has ``words`` as whole words; upper and lower case, blanks and underscores do not count."""
    return bool(words.strip()) and re.search(rf"(?<!\w){re.escape(_folded(words))}(?!\w)", _folded(prompt)) is not None


def missing(prompt: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Those of ``wanted`` that ``prompt`` lacks. LoRA tags count only letter by letter."""
    return tuple(word for word in wanted if not (word in prompt if word.startswith("<") else contains(prompt, word)))


def without_new_tags(prompt: str, known: Iterable[str]) -> str:
    """``prompt`` without LoRA tags other than ``known``: a model must not load files of its own choice."""
    known = set(known)
    return _tidied(_LORA.sub(lambda tag: tag[0] if tag[0] in known else "", prompt)) if "<" in prompt else prompt


def _folded(text: str) -> str:
    # An underscore at a word's edge belongs to a wildcard; only those inside stand for blanks.
    return _BLANKS.sub(" ", re.sub(r"(?<=[^\W_])_(?=[^\W_])", " ", text.casefold())).strip()


def _tidied(prompt: str) -> str:
    return re.sub(r"(?:,\s*)+(?=,)|^[\s,]+|,\s*$", "", prompt).strip()
