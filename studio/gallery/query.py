"""What to look for in the gallery, and its translation into conditions over the gallery's tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from studio.gallery.pictures import SHOWN, TRASHED

Sort = Literal["newest", "oldest", "rating", "size", "seconds"]
ORDERS: dict[str, tuple[tuple[str, ...], str]] = {
    "newest": (("created", "id"), "DESC"),
    "oldest": (("created", "id"), "ASC"),
    "rating": (("rating", "created", "id"), "DESC"),
    "size": (("width * height", "created", "id"), "DESC"),
    "seconds": (("seconds", "created", "id"), "DESC"),
}
"""Sort → columns from the most significant to the least, and their direction. ``id`` makes every order unique."""

_INDICES = {
    "newest": "images_newest",
    "oldest": "images_newest",
    "rating": "images_rating",
    "size": "images_size",
    "seconds": "images_seconds",
}


@dataclass(frozen=True, slots=True)
class Query:
    """Which pictures, in which order. A field at its default asks for nothing."""

    text: str = ""
    """Every word (or its beginning) has to occur in a prompt or tag; one with ``-`` before it must not."""
    checkpoint: str | None = None
    sampler: str | None = None
    lora: str | None = None
    size: tuple[int, int] | None = None
    """(width, height) in pixels."""
    rating_at_least: int = 0
    favourite: bool | None = None
    tag: str | None = None
    collection: str | None = None
    sweep: str | None = None
    has_pose: bool | None = None
    since: float | None = None
    """Made at or after this Unix time."""
    until: float | None = None
    """Made before this Unix time."""
    trashed: bool = False
    """Look into the trash instead of the gallery."""
    sort: Sort = "newest"

    def with_(self, **changes: Any) -> Query:
        """A copy with ``changes``."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Conditions:
    """A query as SQL: what follows FROM, WHERE and ORDER BY, and the values of its parameters."""

    table: str
    where: str
    order: str
    values: dict[str, Any]


def conditions(query: Query) -> Conditions:
    """The SQL of ``query``. Every value travels as a parameter."""
    values: dict[str, Any] = {}
    clauses = [TRASHED if query.trashed else SHOWN, *_plain(query, values)]
    # The plus keeps SQLite from fetching whole rows one by one: the sorted index is walked, the ids looked up in a set.
    clauses += [f"+id {member}" for member in (*_labels(query, values), *_words(query.text, values))]
    columns, direction = ORDERS[query.sort]
    # Named, because SQLite is drawn to smaller indices, which lack most of what is filtered by.
    table = "images" if query.trashed else f"images INDEXED BY {_INDICES[query.sort]}"
    return Conditions(table, " AND ".join(clauses), ", ".join(f"{column} {direction}" for column in columns), values)


def counting(query: Query) -> tuple[str, dict[str, Any]]:
    """A statement that gives the number of pictures of ``query``, and its values."""
    values: dict[str, Any] = {}
    plain, labels, words = list(_plain(query, values)), list(_labels(query, values)), list(_words(query.text, values))
    hidden = "(SELECT id FROM images INDEXED BY images_hidden WHERE deleted IS NOT NULL OR missing <> 0)"
    if not query.trashed and not plain and "wanted" in values and not labels:
        # Counting the words' own index, less what is hidden, takes half the time.
        unwanted = "".join(f" AND rowid {word}" for word in words[1:])
        where = f"pictures_text MATCH :wanted{unwanted} AND +rowid NOT IN {hidden}"
        return f"SELECT count(*) FROM pictures_text WHERE {where}", values
    if not query.trashed and not plain and len(labels) == 1 and not words:
        kind = next(iter(values))
        where = f"kind = '{kind}' AND value = :{kind} AND +image_id NOT IN {hidden}"
        return f"SELECT count(*) FROM labels WHERE {where}", values
    asked = conditions(query.with_(sort="newest"))
    return f"SELECT count(*) FROM {asked.table} WHERE {asked.where}", asked.values


def following(query: Query) -> str:
    """The condition under which a picture comes after the one whose id is ``:after``."""
    columns, direction = ORDERS[query.sort]
    listed = ", ".join(columns)
    return f"({listed}) {'<' if direction == 'DESC' else '>'} (SELECT {listed} FROM images WHERE id = :after)"


def _plain(query: Query, values: dict[str, Any]) -> Iterator[str]:
    wanted = {
        "checkpoint = ": query.checkpoint,
        "sampler = ": query.sampler,
        "rating >= ": query.rating_at_least or None,
        "favourite = ": query.favourite,
        "sweep = ": query.sweep,
        "has_pose = ": query.has_pose,
        "width = ": query.size and query.size[0],
        "height = ": query.size and query.size[1],
        "created >= ": query.since,
        "created < ": query.until,
    }
    for number, (condition, value) in enumerate(wanted.items()):
        if value is not None:
            values[f"plain{number}"] = value
            yield f"{condition}:plain{number}"


def _labels(query: Query, values: dict[str, Any]) -> Iterator[str]:
    """Sets that a picture's id has to be in."""
    for kind, value in (("lora", query.lora), ("tag", query.tag), ("collection", query.collection)):
        if value is not None:
            values[kind] = value
            yield f"IN (SELECT image_id FROM labels WHERE kind = '{kind}' AND value = :{kind})"


def _words(text: str, values: dict[str, Any]) -> Iterator[str]:
    wanted, unwanted = search_words(text)
    if wanted:
        values["wanted"] = " ".join(wanted)
        yield "IN (SELECT rowid FROM pictures_text WHERE pictures_text MATCH :wanted)"
    if unwanted:
        values["unwanted"] = " OR ".join(unwanted)
        yield "NOT IN (SELECT rowid FROM pictures_text WHERE pictures_text MATCH :unwanted)"


def search_words(text: str) -> tuple[list[str], list[str]]:
    """The words of ``text`` as FTS5 prefixes: wanted ones, unwanted ones. No character of it acts as an operator."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for part in text.split():
        words = [f'"{word}"*' for word in re.findall(r"[^\W_]+", part)]
        (unwanted if part.startswith("-") else wanted).extend(words)
    return wanted, unwanted
