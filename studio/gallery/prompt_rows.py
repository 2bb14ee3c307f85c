"""The tables of a person's own prompts, favourites and recently used ones, and what a row of them stands for."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from studio.prompts.library.entries import Entry, Item, Template

OWN = "own"
"""Category of own things outside folders; in a folder it is ``own/<folder>``."""
Kind = Literal["entry", "template"]
_CLASSES: dict[str, type[Entry] | type[Template]] = {"entry": Entry, "template": Template}
_FROM_THE_ROW = ("id", "title", "category")


def _m001_prompts(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE own_prompts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('entry', 'template')),
            name TEXT NOT NULL,
            folded TEXT NOT NULL,        -- the name as it is compared
            folder TEXT NOT NULL,        -- '' for none
            data TEXT NOT NULL,          -- JSON of all other fields that are not empty
            created REAL NOT NULL,       -- Unix time
            changed REAL NOT NULL,
            deleted REAL
        )
        """
    )
    connection.execute("CREATE UNIQUE INDEX own_prompts_name ON own_prompts (folded) WHERE deleted IS NULL")
    connection.execute("CREATE TABLE prompt_favourites (key TEXT PRIMARY KEY, since REAL NOT NULL)")
    connection.execute("CREATE TABLE prompt_uses (key TEXT PRIMARY KEY, used REAL NOT NULL, times INTEGER NOT NULL)")
    # A number that changes with the own prompts, so that the library with them is built again only then.
    connection.execute("CREATE TABLE own_prompts_revision (number INTEGER NOT NULL)")
    connection.execute("INSERT INTO own_prompts_revision VALUES (0)")
    for event in ("INSERT", "UPDATE", "DELETE"):
        connection.execute(
            f"CREATE TRIGGER own_prompts_{event.lower()} AFTER {event} ON own_prompts"
            " BEGIN UPDATE own_prompts_revision SET number = number + 1; END"
        )


MIGRATIONS = (_m001_prompts,)


@dataclass(frozen=True)
class OwnPrompt:
    """An entry or template that was saved by a person."""

    id: int
    kind: Kind
    name: str
    folder: str
    data: str
    created: float
    changed: float

    @property
    def key(self) -> str:
        """What it is called among favourites and recently used ones."""
        return f"{self.kind}:own-{self.id}"

    @cached_property
    def item(self) -> Item:
        """As it stands in the library."""
        return item_of(self.kind, self.id, self.name, self.folder, self.data)


def own_prompt(row: sqlite3.Row) -> OwnPrompt:
    return OwnPrompt(row["id"], row["kind"], row["name"], row["folder"], row["data"], row["created"], row["changed"])


def kind_of(item: Item) -> Kind:
    return "entry" if isinstance(item, Entry) else "template"


def data_of(item: Item) -> str:
    """All fields but name and folder as JSON; what is empty is left out, so that equal things give equal text."""
    fields = {name: value for name, value in fields_of(item).items() if name not in _FROM_THE_ROW}
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def fields_of(item: Item) -> dict[str, Any]:
    """The fields that hold something, as lists, mappings, texts and numbers."""
    named = {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in named.items()}
    return {name: value for name, value in plain.items() if value not in ("", [], {}, None)}


def item_of(kind: Kind, id: int, name: str, folder: str, data: str) -> Item:
    """The entry or template of a row. Fields that a newer studio wrote and this one does not know are passed over."""
    values: dict[str, Any] = json.loads(data)
    known = {field.name for field in dataclasses.fields(_CLASSES[kind])}
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items() if key in known}
    row = {"id": f"own-{id}", "title": name, "category": category_of(folder)}
    if kind == "entry":
        return Entry(**{"text": "", **fields, **row})
    return Template(**{"description": "", "prompt": "", **fields, **row})


def category_of(folder: str) -> str:
    return f"{OWN}/{folder}" if folder else OWN
