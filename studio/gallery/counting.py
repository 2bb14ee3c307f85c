"""How many pictures there are of what: facets to filter by, and counts kept until something changes."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from studio.gallery.pictures import SHOWN

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Facets:
    """What the gallery's pictures have in common: each value with the number of its pictures, most frequent first."""

    checkpoints: list[tuple[str, int]]
    samplers: list[tuple[str, int]]
    loras: list[tuple[str, int]]
    sizes: list[tuple[tuple[int, int], int]]
    """((width, height), count)."""
    tags: list[tuple[str, int]]
    collections: list[tuple[str, int]]
    sweeps: list[tuple[str, int]]


class Counts:
    """The latest counts by what was counted; each holds for one revision of the gallery."""

    def __init__(self, limit: int = 64) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, revision: int, count: Callable[[], Value]) -> Value:
        """What was counted for ``key`` at this revision, or is now. ``revision`` has to be read before counting."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept[0] == revision:
            return kept[1]
        value = count()
        with self._lock:
            self._kept[key] = (revision, value)
            self._kept.move_to_end(key)
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return value

    def forget(self) -> None:
        """Count everything anew."""
        with self._lock:
            self._kept.clear()


def facets(connection: sqlite3.Connection) -> Facets:
    """Count everything that can be filtered by."""
    return Facets(
        checkpoints=_columns(connection, "checkpoint"),
        samplers=_columns(connection, "sampler"),
        loras=_labels(connection, "lora"),
        sizes=_sizes(connection),
        tags=_labels(connection, "tag"),
        collections=_labels(connection, "collection"),
        sweeps=_columns(connection, "sweep"),
    )


def _columns(connection: sqlite3.Connection, column: str) -> list[tuple[str, int]]:
    statement = f"SELECT {column}, count(*) FROM images WHERE {SHOWN} AND {column} <> '' GROUP BY {column}"
    return _most_first(connection.execute(statement))


def _labels(connection: sqlite3.Connection, kind: str) -> list[tuple[str, int]]:
    # All, less the few hidden ones: a join over all of them would cost ten times as much.
    every = connection.execute("SELECT value, count(*) FROM labels WHERE kind = ? GROUP BY value", (kind,))
    counts = dict(every.fetchall())
    hidden = connection.execute(
        """SELECT value, count(*) FROM images INDEXED BY images_hidden JOIN labels ON image_id = images.id
        WHERE labels.kind = ? AND (deleted IS NOT NULL OR missing <> 0) GROUP BY value""",
        (kind,),
    )
    for value, count in hidden:
        counts[value] -= count
    return _most_first((value, count) for value, count in counts.items() if count)


def _sizes(connection: sqlite3.Connection) -> list[tuple[tuple[int, int], int]]:
    statement = f"SELECT width, height, count(*) AS n FROM images WHERE {SHOWN} GROUP BY width, height"
    return [((width, height), n) for width, height, n in connection.execute(f"{statement} ORDER BY n DESC, width")]


def _most_first(found: Iterable[Any]) -> list[tuple[str, int]]:
    return sorted(((value, count) for value, count in found), key=lambda pair: (-pair[1], pair[0].casefold()))
