"""What the prompt library is made of: entries, templates, their categories, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

SLOT = "{prompt}"
"""Where a template takes in what the person wrote."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Words to put into a prompt, and what is known about them."""

    id: str
    text: str
    """What is inserted; may be several tags, separated by commas."""
    title: str
    category: str
    aliases: tuple[str, ...] = ()
    """Other names and spellings people search by."""
    implies: tuple[str, ...] = ()
    """Texts that are redundant beside it."""
    conflicts: tuple[str, ...] = ()
    """Texts that contradict it."""
    families: tuple[str, ...] = ()
    """Model families it works for; none named: all."""
    note: str = ""
    negative: str = ""
    """Goes into the negative prompt with it."""
    problem: str = ""
    """For words of a negative prompt: what they fight."""
    group: str = ""
    """Entries of one group exclude each other."""
    count: int | None = None
    """How many people the tag says there are."""

    @property
    def key(self) -> str:
        """What it is called among favourites and recently used ones."""
        return f"entry:{self.id}"

    def works_for(self, family: str) -> bool:
        """Whether its own list of families, if it has one, names ``family``."""
        return not self.families or family in self.families


@dataclass(frozen=True, slots=True)
class Template:
    """A whole prompt with a place for the person's own words, and the settings that suit it."""

    id: str
    title: str
    category: str
    description: str
    prompt: str
    subject: str = ""
    """Stands for ``{prompt}`` when the person has written nothing."""
    negative_prompt: str = ""
    settings: Mapping[str, int | float | str] = field(default_factory=dict, hash=False)
    pose: str | None = None
    """Name of a pose of the library."""
    tags: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is called among favourites and recently used ones."""
        return f"template:{self.id}"

    def works_for(self, family: str) -> bool:
        """Whether its own list of families, if it has one, names ``family``."""
        return not self.families or family in self.families

    def fill(self, prompt: str) -> str:
        """The template around ``prompt``, or around its own subject when that is blank.

        Without a ``{prompt}`` the template's words follow the person's, as A1111's styles do.
        """
        return _merged(self.prompt, prompt.strip() or self.subject.strip())

    def fill_negative(self, negative_prompt: str) -> str:
        """The template's negative prompt together with the person's, by the same rule."""
        return _merged(self.negative_prompt, negative_prompt.strip())


Item: TypeAlias = Entry | Template
Kind = Literal["entries", "templates"]


@dataclass(frozen=True, slots=True)
class Category:
    """One shelf of the library: a pack of entries or a file of templates."""

    id: str
    title: str
    description: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file of the library, where, and what to do about it."""

    file: str
    line: int
    """From 1; 0 where it is about the file as a whole."""
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.message} {self.hint}".rstrip()


def _merged(template: str, own: str) -> str:
    if SLOT in template:
        return template.replace(SLOT, own)
    return ", ".join(part for part in (own, template.strip()) if part)
