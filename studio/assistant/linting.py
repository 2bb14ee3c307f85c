"""What lint has to know about a checkpoint, for proposals and for the composer."""

from __future__ import annotations

from studio.linting import vocabulary_of
from studio.prompts.library.library import Library
from studio.prompts.lint.case import Surroundings


def surroundings(library: Library, family: str) -> Surroundings:
    return Surroundings(library=library, family=family, vocabulary=vocabulary_of(family))
