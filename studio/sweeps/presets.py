"""Style templates and negative presets as values of axes: words of the prompt library, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.catalog import names
from studio.errors import UnknownName
from studio.prompts import spelling
from studio.prompts.library.entries import SLOT, Entry, Template
from studio.prompts.library.library import Library, shipped

_JOINT = "+"


@dataclass(frozen=True, slots=True)
class NamedTemplate:
    """A style template as the value of an axis: its words, not its settings."""

    name: str
    prompt: str = SLOT
    negative_prompt: str = ""
    subject: str = ""
    """Stands for a blank prompt."""

    def __str__(self) -> str:
        return self.name

    def fill(self, prompt: str, negative_prompt: str) -> tuple[str, str]:
        """Both prompts with the template around them."""
        template = Template("", self.name, "", "", self.prompt, self.subject, self.negative_prompt)
        return template.fill(prompt), template.fill_negative(negative_prompt)


@dataclass(frozen=True, slots=True)
class NegativePreset:
    """Words for the negative prompt as the value of an axis."""

    name: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    def join(self, negative_prompt: str) -> str:
        """``negative_prompt`` with those words that it lacks."""
        known = {spelling.folded(part) for part in negative_prompt.split(",")}
        new = [word for word in self.words if spelling.folded(word) not in known]
        return ", ".join(part for part in (negative_prompt.strip().rstrip(","), *new) if part)


def find_template(name: str, own: Mapping[str, NamedTemplate], library: Library | None = None) -> NamedTemplate:
    """One that came with the sweep, else one of the library by title or id.

    Raises:
        UnknownName: there is none; the hint offers near names.
    """
    if name in own:
        return own[name]
    templates = (library or shipped()).templates
    wanted = spelling.folded(name)
    for template in templates:
        if wanted in (spelling.folded(template.title), spelling.folded(template.id)):
            return NamedTemplate(name, template.prompt, template.negative_prompt, template.subject)
    titles = [template.title for template in templates]
    raise UnknownName(
        f"There is no style template called {name[:60]!r}.",
        names.hint(name, titles, "The page Prompts lists them; names with commas stand in quotes."),
    )


def find_negative(name: str, library: Library | None = None) -> NegativePreset:
    """The words against a problem (``hands``), one entry of the negatives, or several of these joined by ``+``.

    Of a problem's words only those that work with every family of models are taken.

    Raises:
        UnknownName: neither a problem nor a negative word; the hint lists the problems.
    """
    entries = [entry for entry in (library or shipped()).entries if entry.problem]
    words = [word for part in name.split(_JOINT) for word in _words(part.strip(), entries)]
    return NegativePreset(name, tuple(dict.fromkeys(words)))


def problems(library: Library | None = None) -> tuple[str, ...]:
    """What negative presets fight."""
    return tuple(dict.fromkeys(entry.problem for entry in (library or shipped()).entries if entry.problem))


def _words(name: str, entries: list[Entry]) -> list[str]:
    wanted = spelling.folded(name)
    against = [entry.text for entry in entries if spelling.folded(entry.problem) == wanted and not entry.families]
    if against:
        return against
    for entry in entries:
        if wanted in {spelling.folded(text) for text in (entry.id, entry.text, entry.title, *entry.aliases)}:
            return [entry.text]
    fought = ", ".join(dict.fromkeys(entry.problem for entry in entries))
    raise UnknownName(f"There is no negative preset called {name[:60]!r}.", f"There are: {fought}; or none.")
