"""What the rules of lint look at: both prompts, taken apart once, and what is known around them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.lint.findings import Finding, Fix, Kind, Severity
from studio.prompts.random.anatomy import Anatomy, anatomy
from studio.prompts.syntax import phrases
from studio.prompts.syntax.phrases import Phrase


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a model that knows only these."""

    words: Collection[str]
    strange: Callable[[str], tuple[str, ...]]
    """The words of a phrase that the model does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known beside the two texts. Whatever is left out is not judged."""

    library: Library = field(default_factory=lambda: Library(()))
    family: str = ""
    """Model family of the checkpoint, such as ``sd15``."""
    people_in_pose: int | None = None
    hands_in_pose: bool = False
    loras: Collection[str] | None = None
    """Names of the LoRAs that fit the checkpoint."""
    has_lora: Callable[[str], bool] | None = None
    """Whether a name leads to a LoRA; None: when it is one of ``loras``."""
    wildcards: Collection[str] | None = None
    vocabulary: Vocabulary | None = None
    negative_counts: bool = True
    """False with guidance 1: the negative prompt has no effect then."""


class Known(NamedTuple):
    """A phrase that the library has."""

    phrase: Phrase
    entry: Entry


class Side:
    """One of the two prompts."""

    def __init__(self, text: str, in_negative: bool, library: Library) -> None:
        self.text = text
        self.in_negative = in_negative
        self.library = library

    @cached_property
    def plain(self) -> str:
        """The text with comments and LoRA tags blanked out."""
        return phrases.masked(self.text)

    @cached_property
    def shape(self) -> Anatomy:
        return anatomy(self.plain)

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        return phrases.split(self.text)

    @cached_property
    def fixed(self) -> tuple[Phrase, ...]:
        """The phrases whose words are not chosen by chance later."""
        return tuple(phrase for phrase in self.phrases if not is_dynamic(phrase.text))

    @cached_property
    def known(self) -> tuple[Known, ...]:
        found = ((phrase, self.library.find(phrase.text)) for phrase in self.fixed)
        return tuple(Known(phrase, entry) for phrase, entry in found if entry is not None)

    @property
    def name(self) -> str:
        return "negative prompt" if self.in_negative else "prompt"


class Case:
    """Both prompts and their surroundings."""

    def __init__(self, prompt: str, negative_prompt: str, around: Surroundings) -> None:
        self.around = around
        self.prompt = Side(prompt, False, around.library)
        self.negative = Side(negative_prompt, True, around.library)

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.prompt, self.negative

    def fix(self, side: Side, label: str, text: str, safe: bool = False) -> Fix:
        """A fix that gives ``side`` another text."""
        if side.in_negative:
            return Fix(label, self.prompt.text, text, safe)
        return Fix(label, text, self.negative.text, safe)

    def is_changed_by(self, fix: Fix) -> bool:
        return (fix.prompt, fix.negative_prompt) != (self.prompt.text, self.negative.text)


def finding(
    side: Side, kind: Kind, severity: Severity, message: str, hint: str, place: tuple[int, int], *fixes: Fix
) -> Finding:
    """A finding about ``place`` in ``side``."""
    return Finding(kind, severity, message, hint, *place, in_negative=side.in_negative, fixes=fixes)


def is_dynamic(text: str) -> bool:
    """Whether a phrase holds choices or wildcards."""
    return "{" in text or "}" in text or "__" in text or "$" in text
