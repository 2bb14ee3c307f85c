"""What lint has to know about a checkpoint, for proposals and for the composer."""

from __future__ import annotations

from functools import partial

from studio.catalog import vocabulary
from studio.prompts.library import Library
from studio.prompts.lint_case import Surroundings, Vocabulary


def surroundings(library: Library, family: str) -> Surroundings:
    words = vocabulary.words(family)
    closed = None if words is None else Vocabulary(words, partial(vocabulary.strange_words, family))
    return Surroundings(library=library, family=family, vocabulary=closed)
