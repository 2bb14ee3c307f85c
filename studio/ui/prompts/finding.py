"""What the Prompts page lists: the library and a person's own prompts, found by words and narrowed by facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from studio.catalog import vocabulary
from studio.gallery.prompt_rows import OWN
from studio.prompts.library.entries import Entry, Item
from studio.prompts.library.library import Library
from studio.prompts.syntax import phrases

ALL, WORDS, TEMPLATES, FAVOURITES, RECENT, YOURS = "all", "words", "templates", "favourites", "recent", "own"
KINDS = {
    ALL: "All",
    WORDS: "Words",
    TEMPLATES: "Templates",
    FAVOURITES: "Favourites",
    RECENT: "Recent",
    YOURS: "Yours",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person looks for."""

    text: str = ""
    kind: str = ALL
    categories: tuple[str, ...] = ()
    family: str | None = None
    """Only what this model family understands."""


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, and how many would fit with another choice of one facet."""

    items: tuple[Item, ...]
    kinds: Mapping[str, int]
    categories: Mapping[str, int]
    elsewhere: int
    """How many more there would be for all families."""


def find(library: Library, wanted: Wanted, favourites: Sequence[str], recent: Sequence[str]) -> Found:
    """What fits, the best first; without words favourites and recent ones by when they were marked or used."""
    everything = [hit.item for hit in library.search(wanted.text, limit=_size(library))]
    known = understood_by(library, wanted.family)
    fitting = [item for item in everything if item.key in known] if known is not None else everything
    of_kind = _of_kind(wanted.kind, favourites, recent)
    shown = [item for item in fitting if of_kind(item)]
    order = {FAVOURITES: favourites, RECENT: recent}.get(wanted.kind)
    if order and not wanted.text.strip():
        places = {key: place for place, key in enumerate(order)}
        shown.sort(key=lambda item: places[item.key])
    elif wanted.kind == ALL and not wanted.text.strip():
        shown.sort(key=lambda item: isinstance(item, Entry))  # whole pictures first: they say what is possible
    kinds = {kind: sum(map(_of_kind(kind, favourites, recent), fitting)) for kind in KINDS}
    in_categories = _in(wanted.categories)
    items = tuple(filter(in_categories, shown))
    more = sum(of_kind(item) and in_categories(item) for item in everything) - len(items)
    return Found(items, kinds, Counter(item.category for item in shown), more)


def categories_of(library: Library, kind: str) -> dict[str, str]:
    """Ids and titles of the categories that ``kind`` may have, in the library's order; folders for own prompts."""
    wanted = {WORDS: "entries", TEMPLATES: "templates"}.get(kind)
    return {
        category.id: category.title
        for category in library.categories
        if wanted in (None, category.kind) and (kind != YOURS or is_own(category.id))
    }


def is_own(category: str) -> bool:
    return category == OWN or category.startswith(f"{OWN}/")


def understands(family: str, item: Item) -> bool:
    """Whether a family knows what ``item`` says: by its vocabulary where it has one, else by the item's own list."""
    said = [item.text] if isinstance(item, Entry) else [phrase.text for phrase in phrases.split(item.fill(""))]
    known = [vocabulary.knows(family, text) for text in said]
    return item.works_for(family) if None in known or not known else all(known)


@lru_cache(maxsize=8)
def understood_by(library: Library, family: str | None) -> frozenset[str] | None:
    """Keys of what a family understands; None where no family is asked for. Worked out once for a library."""
    if family is None:
        return None
    return frozenset(item.key for item in (*library.entries, *library.templates) if understands(family, item))


def _size(library: Library) -> int:
    return len(library.entries) + len(library.templates)


def _of_kind(kind: str, favourites: Sequence[str], recent: Sequence[str]) -> Callable[[Item], bool]:
    keys = frozenset({FAVOURITES: favourites, RECENT: recent}.get(kind, ()))
    tests: dict[str, Callable[[Item], bool]] = {
        ALL: lambda item: True,
        WORDS: lambda item: isinstance(item, Entry),
        TEMPLATES: lambda item: not isinstance(item, Entry),
        YOURS: lambda item: is_own(item.category),
    }
    return tests.get(kind, lambda item: item.key in keys)


def _in(categories: Sequence[str]) -> Callable[[Item], bool]:
    return (lambda item: item.category in categories) if categories else (lambda item: True)
