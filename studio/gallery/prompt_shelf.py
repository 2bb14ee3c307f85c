"""The prompts a person keeps: own entries and templates in folders, beside the library's and searched with them.

Nothing is lost by a click: a name in use is refused unless the caller says ``replace``, and what is replaced or deleted
can be restored.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable

from studio.database import Database
from studio.errors import NameTaken, StudioError, UnknownName
from studio.gallery.prompt_marks import PromptMarks
from studio.gallery.prompt_naming import checked, checked_folder, checked_name, folded, numbered
from studio.gallery.prompt_rows import (
    OWN,
    Kind,
    OwnPrompt,
    category_of,
    data_of,
    kind_of,
    own_prompt,
)
from studio.prompts.library.entries import Category, Entry, Item, Template
from studio.prompts.library.library import Library, shipped

MAX_OWN = 20_000
KEPT_DELETED = 500
"""Deleted prompts that can still be taken back; older ones go for good."""

_SHOWN = "deleted IS NULL"


class PromptShelf(PromptMarks):
    """A data folder's own prompts, with favourites and recently used ones. Shared by threads and processes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._kept: tuple[Library, int, Library] | None = None

    def own(self, kind: Kind | None = None, folder: str | None = None) -> list[OwnPrompt]:
        """All saved prompts by folder and name, or those of one kind, or of one folder (``""``: of none)."""
        condition, values = _SHOWN, []
        for column, value in (("kind", kind), ("folder", folder)):
            if value is not None:
                condition, values = f"{condition} AND {column} = ?", [*values, value]
        rows = self._connection.execute(f"SELECT * FROM own_prompts WHERE {condition} ORDER BY folder, folded", values)
        return [own_prompt(row) for row in rows]

    def get(self, id: int) -> OwnPrompt:
        """
        Raises:
            UnknownName: there is none, or it was deleted.
        """
        row = self._row(f"id = ? AND {_SHOWN}", id)
        if row is None:
            raise UnknownName("This prompt is no longer there.", "It may have been deleted in another window.")
        return own_prompt(row)

    def named(self, name: str) -> OwnPrompt | None:
        """The saved prompt of this name; upper and lower case are the same."""
        row = self._row(f"folded = ? AND {_SHOWN}", folded(name))
        return own_prompt(row) if row else None

    def folders(self) -> tuple[str, ...]:
        """Names of the folders that hold something."""
        rows = self._connection.execute(
            f"SELECT DISTINCT folder FROM own_prompts WHERE {_SHOWN} AND folder <> '' ORDER BY folder"
        )
        return tuple(row["folder"] for row in rows)

    def count(self) -> int:
        return self._connection.execute(f"SELECT count(*) FROM own_prompts WHERE {_SHOWN}").fetchone()[0]

    def save(self, item: Item, folder: str = "", replace: bool = False) -> OwnPrompt:
        """Keep an entry or template under its title. Its id and category are given by the shelf.

        Args:
            replace: put it in the place of the one of that name, which :meth:`restore` brings back.

        Raises:
            NameTaken: the name is in use and ``replace`` is off.
            StudioError: it is empty, a field is too long, or the shelf is full.
        """
        with self._database.transaction():
            self.check_room(0 if replace and self.named(item.title) else 1)
            return self.put(item, folder, replace)

    def put(self, item: Item, folder: str = "", replace: bool = False) -> OwnPrompt:
        """:meth:`save` without counting, for many at once after one :meth:`check_room`."""
        item, folder = checked(item), checked_folder(folder)
        with self._database.transaction() as connection:
            old = self.named(item.title)
            if old and not replace:
                hint = "Choose another name, or replace it."
                raise NameTaken(f"There is a prompt called “{old.name}” already.", hint)
            if old:
                self._delete(connection, [old.id])
            own = self._insert(connection, item, folder)
            if old:
                self._inherit(connection, own.key, old.key)
        return own

    def check_room(self, more: int) -> None:
        """
        Raises:
            StudioError: the shelf has no room for ``more`` prompts.
        """
        if self.count() + more > MAX_OWN:
            raise StudioError(f"More than {MAX_OWN} own prompts do not fit.", "Export and delete some first.")

    def save_entry(self, name: str, text: str, folder: str = "", replace: bool = False) -> OwnPrompt:
        """Keep words under a name. Raises as :meth:`save`."""
        return self.save(Entry("", text, name, OWN), folder, replace)

    def save_template(
        self, name: str, prompt: str, negative_prompt: str = "", folder: str = "", replace: bool = False
    ) -> OwnPrompt:
        """Keep a whole prompt, with or without ``{prompt}``, under a name. Raises as :meth:`save`."""
        return self.save(Template("", name, OWN, "", prompt, negative_prompt=negative_prompt), folder, replace)

    def change(self, id: int, item: Item, folder: str = "") -> OwnPrompt:
        """Give the prompt ``id`` another name, content and folder.

        Raises:
            NameTaken: another prompt has that name. UnknownName: there is no such prompt.
            StudioError: it is empty, or a field is too long.
        """
        item, folder = checked(item), checked_folder(folder)
        with self._database.transaction():
            own = self._free_for(id, item.title)
            if kind_of(item) != own.kind:
                raise StudioError("An entry cannot become a template.", "Save it under a new name.")
            values = {"name": item.title, "folded": folded(item.title), "folder": folder, "data": data_of(item)}
            return self._change(own.id, **values)

    def rename(self, id: int, name: str) -> OwnPrompt:
        """Give a prompt another name. Raises as :meth:`change`."""
        name = checked_name(name)
        with self._database.transaction():
            return self._change(self._free_for(id, name).id, name=name, folded=folded(name))

    def move(self, ids: Iterable[int], folder: str) -> None:
        """Put prompts into a folder; ``""`` takes them out of theirs."""
        folder = checked_folder(folder)
        with self._database.transaction():
            for id in ids:
                self._change(self.get(id).id, folder=folder)

    def delete(self, ids: Iterable[int]) -> None:
        """Take prompts off the shelf; :meth:`restore` brings them back."""
        with self._database.transaction() as connection:
            self._delete(connection, ids)

    def restore(self, ids: Iterable[int]) -> list[OwnPrompt]:
        """Undo :meth:`delete`. A prompt whose name is in use by now gets a number after it."""
        restored = []
        with self._database.transaction():
            for id in ids:
                row = self._row("id = ? AND deleted IS NOT NULL", id)
                if row is not None:
                    name = self.free_name(row["name"])
                    values = {"name": name, "folded": folded(name), "deleted": None, "changed": row["changed"]}
                    restored.append(self._change(id, **values))
        return restored

    def free_name(self, name: str) -> str:
        """``name``, or ``name 2``, ``name 3`` … where it is in use."""
        number, free = 1, name
        while self.named(free):
            number += 1
            free = numbered(name, number)
        return free

    def library(self) -> Library:
        """The shipped library together with the own prompts; built again only when one of the two has changed."""
        base = shipped()
        revision = self._connection.execute("SELECT number FROM own_prompts_revision").fetchone()[0]
        kept = self._kept
        if kept is None or kept[0] is not base or kept[1] != revision:
            kept = self._kept = (base, revision, _together(base, self.own()))
        return kept[2]

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._database.connection()

    def _free_for(self, id: int, name: str) -> OwnPrompt:
        """The prompt ``id``, if it may be called ``name``."""
        own, other = self.get(id), self.named(name)
        if other and other.id != own.id:
            raise NameTaken(f"There is a prompt called “{other.name}” already.", "Choose another name.")
        return own

    def _insert(self, connection: sqlite3.Connection, item: Item, folder: str) -> OwnPrompt:
        now = time.time()
        cursor = connection.execute(
            "INSERT INTO own_prompts (kind, name, folded, folder, data, created, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (kind_of(item), item.title, folded(item.title), folder, data_of(item), now, now),
        )
        return self.get(cursor.lastrowid or 0)

    def _delete(self, connection: sqlite3.Connection, ids: Iterable[int]) -> None:
        now = time.time()
        marked = [(now, id) for id in ids]
        connection.executemany(f"UPDATE own_prompts SET deleted = ? WHERE id = ? AND {_SHOWN}", marked)
        connection.execute(
            "DELETE FROM own_prompts WHERE deleted IS NOT NULL AND id NOT IN"
            " (SELECT id FROM own_prompts WHERE deleted IS NOT NULL ORDER BY deleted DESC, id DESC LIMIT ?)",
            (max(KEPT_DELETED, len(marked)),),
        )

    def _inherit(self, connection: sqlite3.Connection, key: str, former: str) -> None:
        """A favourite that is replaced leaves its star to what comes in its place."""
        connection.execute("UPDATE OR REPLACE prompt_favourites SET key = ? WHERE key = ?", (key, former))

    def _change(self, id: int, **values: str | float | None) -> OwnPrompt:
        values = {"changed": time.time(), **values}
        columns = ", ".join(f"{column} = ?" for column in values)  # our own names, never a person's
        self._connection.execute(f"UPDATE own_prompts SET {columns} WHERE id = ?", (*values.values(), id))
        return self.get(id)

    def _row(self, condition: str, value: str | int) -> sqlite3.Row | None:
        return self._connection.execute(f"SELECT * FROM own_prompts WHERE {condition}", (value,)).fetchone()


def _together(base: Library, own: list[OwnPrompt]) -> Library:
    if not own:
        return base  # with its index, if that is built already
    items = [prompt.item for prompt in own]
    entries = [item for item in items if isinstance(item, Entry)]
    templates = [item for item in items if isinstance(item, Template)]
    shelves = {(prompt.kind, prompt.folder) for prompt in own}
    categories = [
        Category(category_of(folder), folder or "Own", "Saved by you.", "entries" if kind == "entry" else "templates")
        for kind, folder in sorted(shelves)
    ]
    return Library(
        (*base.entries, *entries), (*base.templates, *templates), (*base.categories, *categories), base.problems
    )
