"""The prompt library: everything that can be put into a prompt, found by words, by id, or while typing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from rapidfuzz import fuzz

from studio.errors import UnknownName
from studio.prompts import spelling
from studio.prompts.library.entries import Category, Entry, Item, Problem, Template
from studio.prompts.library.packs import FOLDERS, read_folder
from studio.prompts.library.search import ALIAS, Index, Searchable
from studio.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "prompt_library"
Via = Literal["prefix", "word", "alias", "fuzzy"]
_ENOUGH = 3
"""Completions that are spelt right; with so many nothing was mistyped."""
Stamp = tuple[tuple[str, int, int], ...]


class Hit(NamedTuple):
    """What a search found. Higher scores fit better; the whole part is the rank (see ``search.py``)."""

    item: Item
    score: float


class Completion(NamedTuple):
    """What typing may become."""

    text: str
    """What to insert."""
    entry: Entry
    matched: str
    """The name that fits what was typed: the text itself or an alias."""
    via: Via


class Library:
    """Entries, templates and their categories. Does not change once made; the index is built when first needed."""

    def __init__(
        self,
        entries: Iterable[Entry],
        templates: Iterable[Template] = (),
        categories: Iterable[Category] = (),
        problems: Iterable[Problem] = (),
    ) -> None:
        self.entries = tuple(entries)
        self.templates = tuple(templates)
        self.categories = tuple(categories)
        self.problems = tuple(problems)
        """What could not be read."""
        self._items: tuple[Item, ...] = (*self.entries, *self.templates)
        self._lock = threading.Lock()

    def search(
        self,
        query: str,
        categories: Collection[str] = (),
        families: Collection[str] = (),
        limit: int = 60,
        keep: Callable[[Item], bool] | None = None,
    ) -> list[Hit]:
        """Entries and templates that fit ``query``, best first; typing errors are forgiven.

        Args:
            query: words; blank finds everything in the library's order.
            categories: ids; none: all.
            families: what works for any of these; none: all.
            keep: a further condition.
        """
        allowed = self._allowed(categories, families)
        chosen = None if keep is None else (lambda place: keep(self._items[place]))
        ranked = self._searchable().ranked(query, limit, allowed, chosen)
        return [Hit(self._items[place], score) for place, score in ranked]

    def complete(self, prefix: str, limit: int = 12) -> list[Completion]:
        """What ``prefix`` may become, best first: texts that begin so, then words, aliases; else what is nearly so."""
        if not prefix.strip():
            return []
        allowed = np.arange(len(self._items)) < len(self.entries)
        found: dict[str, Completion] = {}
        ranked = self._searchable().ranked(prefix, 2 * limit, allowed, about=False)
        rightly = [place for place, score in ranked if score >= ALIAS]
        for place in rightly if len(rightly) >= _ENOUGH else [place for place, _ in ranked]:
            entry = self.entries[place]
            found.setdefault(spelling.folded(entry.text), _completion(entry, prefix))
        return list(found.values())[:limit]

    def find(self, text: str) -> Entry | None:
        """The entry whose text this is, else one that has it as an alias. Words for negative prompts come last."""
        return self._by_name.get(spelling.folded(text))

    def entry(self, id: str) -> Entry:
        """
        Raises:
            UnknownName: there is none.
        """
        return self._get(f"entry:{id}", "entry", id)  # type: ignore[return-value]

    def template(self, id: str) -> Template:
        """
        Raises:
            UnknownName: there is none.
        """
        return self._get(f"template:{id}", "template", id)  # type: ignore[return-value]

    def get(self, key: str) -> Item | None:
        """The entry or template of a key such as ``entry:high-ponytail``."""
        return self._by_key.get(key)

    def category(self, id: str) -> Category | None:
        return next((category for category in self.categories if category.id == id), None)

    def _get(self, key: str, kind: str, id: str) -> Item:
        item = self._by_key.get(key)
        if item is None:
            raise UnknownName(f"The library has no {kind} {id[:60]!r}.", "It may have been renamed; search for it.")
        return item

    @cached_property
    def _by_key(self) -> dict[str, Item]:
        return {item.key: item for item in self._items}

    @cached_property
    def _by_name(self) -> dict[str, Entry]:
        names: dict[str, Entry] = {}
        ordered = sorted(self.entries, key=lambda entry: bool(entry.problem))
        for entry in ordered:
            names.setdefault(spelling.folded(entry.text), entry)
        for entry in ordered:
            for alias in entry.aliases:
                names.setdefault(spelling.folded(alias), entry)
        return names

    def _searchable(self) -> Index:
        with self._lock:  # two visitors at once build it once
            return self._index

    @cached_property
    def _index(self) -> Index:
        titles = {category.id: category.title for category in self.categories}
        return Index([_searchable(item, titles.get(item.category, "")) for item in self._items])

    @cached_property
    def _categories(self) -> np.ndarray:
        return np.array([item.category for item in self._items], dtype=object)

    def _allowed(self, categories: Collection[str], families: Collection[str]) -> np.ndarray | None:
        if not categories and not families:
            return None
        allowed = np.ones(len(self._items), dtype=bool)
        if categories:
            allowed &= np.isin(self._categories, list(categories))
        if families:
            allowed &= np.logical_or.reduce([self._family(family) for family in families])
        return allowed

    def _family(self, family: str) -> np.ndarray:
        if family not in self._families:
            fits = (item.works_for(family) for item in self._items)
            self._families[family] = np.fromiter(fits, dtype=bool, count=len(self._items))
        return self._families[family]

    @cached_property
    def _families(self) -> dict[str, np.ndarray]:
        return {}


def shipped(folder: Path | None = None) -> Library:
    """The library that comes with the studio, read anew only when one of its files has changed."""
    folder = folder or FOLDER
    return _read(folder, stamp(folder))


def stamp(folder: Path) -> Stamp:
    """What tells one state of the library's files from another."""
    return tuple(
        (f"{name}/{path.name}", status.st_mtime_ns, status.st_size)
        for name in FOLDERS
        for path in sorted((folder / name).glob("*.*"))
        for status in (path.stat(),)
    )


@lru_cache(maxsize=4)
def _read(folder: Path, _stamp: Stamp) -> Library:
    shelf = read_folder(folder)
    return Library(shelf.entries, shelf.templates, shelf.categories, shelf.problems)


def _searchable(item: Item, category: str) -> Searchable:
    if isinstance(item, Entry):
        names = (item.text,) if spelling.folded(item.title) == spelling.folded(item.text) else (item.text, item.title)
        return Searchable(names, item.aliases, about=(item.note, item.problem, item.group, category))
    return Searchable((item.title,), tags=item.tags, about=(item.description, item.prompt, category))


def _completion(entry: Entry, typed: str) -> Completion:
    """Which of the entry's names fits what was typed, and how."""
    wanted = spelling.words(typed)
    names = (entry.text, *entry.aliases)
    for name in names:
        if "".join(spelling.words(name)).startswith("".join(wanted)):
            return Completion(entry.text, entry, name, "prefix" if name == entry.text else "alias")
    for name in names:
        if all(word in spelling.plain(name) for word in wanted):
            return Completion(entry.text, entry, name, "word" if name == entry.text else "alias")
    nearest = max(names, key=lambda name: fuzz.ratio(spelling.plain(name), spelling.plain(typed)))
    return Completion(entry.text, entry, nearest, "fuzzy")
