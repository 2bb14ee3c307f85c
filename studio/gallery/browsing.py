"""Looking at the gallery: single pictures, pages of a query, its facets, a picture's lineage."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from studio.database import Database
from studio.errors import UnknownName
from studio.gallery.counting import Counts, Facets, facets
from studio.gallery.pictures import COLUMNS, SHOWN, Picture, picture_of
from studio.gallery.query import Query, conditions, counting, following

MAX_LINEAGE = 50
"""Ancestors further up are not followed."""
ALL = Query()


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a picture comes from and what became of it."""

    parents: list[Picture]
    """The picture it was made from, that one's parent, and so on: the nearest first."""
    children: list[Picture]
    """The pictures made from it, the oldest first."""


class Browsing:
    """The reading half of :class:`studio.gallery.Gallery`."""

    _database: Database
    _counts: Counts

    def find(self, digest: str) -> Picture | None:
        """The picture made by the request of this digest."""
        return next(iter(self._pictures(f"digest = :digest AND {SHOWN}", {"digest": digest})), None)

    def get(self, id: int) -> Picture:
        """The picture of this id, also from the trash.

        Raises:
            UnknownName: there is none.
        """
        found = self._pictures("id = :id AND kind = 'generated' AND purged = 0", {"id": id})
        if not found:
            raise UnknownName(f"The gallery has no picture {id}.", "Look up the numbers in the gallery.")
        return found[0]

    def page(self, query: Query = ALL, limit: int = 60, offset: int = 0, after: int | None = None) -> list[Picture]:
        """Pictures of ``query`` in its order.

        Args:
            offset: how many to skip.
            after: id of the last picture of the page before; unlike ``offset`` it is not shifted by new pictures.
        """
        asked = conditions(query)
        where = asked.where if after is None else f"{asked.where} AND {following(query)}"
        values = {**asked.values, "after": after, "limit": limit, "offset": offset}
        # The ids come from an index alone; only the rows of this page are fetched.
        ids = f"SELECT id FROM {asked.table} WHERE {where} ORDER BY {asked.order} LIMIT :limit OFFSET :offset"
        return self._pictures(f"id IN ({ids})", values, asked.order)

    def total(self, query: Query = ALL) -> int:
        """How many pictures ``query`` finds."""

        def count() -> int:
            return self._database.connection().execute(*counting(query)).fetchone()[0]

        # The order does not change how many there are.
        return self._counts.get(query.with_(sort="newest"), self._revision(), count)

    def ids(self, query: Query = ALL, limit: int = 100_000, offset: int = 0) -> list[int]:
        """The ids of all pictures of ``query``, in its order: for selecting and exporting everything."""
        asked = conditions(query)
        statement = (
            f"SELECT id FROM {asked.table} WHERE {asked.where} ORDER BY {asked.order} LIMIT :limit OFFSET :offset"
        )
        values = {**asked.values, "limit": limit, "offset": offset}
        found = self._database.connection().execute(statement, values)
        return [row["id"] for row in found]

    def pick(self, ids: Sequence[int]) -> list[Picture]:
        """The pictures of these ids, in this order; what does not exist is left out."""
        found: dict[int, Picture] = {}
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            marks = {f"id{number}": id for number, id in enumerate(part)}
            where = f"id IN ({', '.join(f':{mark}' for mark in marks)}) AND kind = 'generated' AND purged = 0"
            found |= {picture.id: picture for picture in self._pictures(where, marks)}
        return [found[id] for id in ids if id in found]

    def imported_as(self, sha256: str) -> Picture | None:
        """The picture that a file of this sha256 is or has become; also from the trash."""
        where = "(sha256 = :sha256 OR id IN (SELECT image_id FROM imports WHERE sha256 = :sha256))"
        found = self._pictures(f"{where} AND kind = 'generated' AND missing = 0", {"sha256": sha256})
        return found[0] if found else None

    def same_pixels(self, pixels: str) -> Picture | None:
        """The oldest picture of exactly these pixels (see ``uploads.pixel_hash``), one with a recipe before others."""
        order = "request IS NULL, parameters = '', id"
        found = self._pictures("pixels = :pixels AND kind = 'generated' AND missing = 0", {"pixels": pixels}, order)
        return found[0] if found else None

    def duplicates(self) -> list[list[Picture]]:
        """Groups of shown pictures with exactly the same pixels, in each the oldest first."""
        statement = f"""SELECT json_group_array(id) AS ids FROM (SELECT id, pixels FROM images
        WHERE {SHOWN} AND pixels IS NOT NULL ORDER BY id) GROUP BY pixels HAVING count(*) > 1 ORDER BY min(id)"""
        return [self.pick(json.loads(row["ids"])) for row in self._database.connection().execute(statement).fetchall()]

    def recent(self, limit: int = 50, before: int | None = None) -> list[Picture]:
        """The newest pictures first. ``before`` is the id of the last picture of the previous page."""
        return self.page(ALL, limit, after=before)

    def search(self, text: str, limit: int = 50) -> list[Picture]:
        """Pictures whose prompts or tags hold every word of ``text`` (or its beginning), newest first."""
        return self.page(Query(text), limit)

    def count(self) -> int:
        """How many pictures the gallery shows."""
        return self.total()

    def facets(self) -> Facets:
        """What can be filtered by, with counts over the whole gallery (without its trash)."""
        return self._counts.get("facets", self._revision("facets"), lambda: facets(self._database.connection()))

    def forget_counts(self) -> None:
        """Count everything anew when next asked. Never needed for right answers; for measuring."""
        self._counts.forget()

    def lineage(self, id: int) -> Lineage:
        """The pictures that picture ``id`` was made from, and those made from it; without the trash.

        Raises:
            UnknownName: there is no picture ``id``.
        """
        parents, seen = [], {id}
        parent = self.get(id).parent_id
        while parent is not None and parent not in seen and len(seen) <= MAX_LINEAGE:
            seen.add(parent)
            row = self._database.connection().execute("SELECT parent_id FROM images WHERE id = ?", (parent,)).fetchone()
            parents += self._pictures(f"id = :id AND {SHOWN}", {"id": parent})
            parent = row and row["parent_id"]
        children = self._pictures(f"parent_id = :id AND {SHOWN}", {"id": id}, "created, id")
        return Lineage(parents, children)

    def _pictures(self, where: str, values: dict, order: str = "id") -> list[Picture]:
        statement = f"SELECT {COLUMNS} FROM images WHERE {where} ORDER BY {order}"
        return [picture_of(row) for row in self._database.connection().execute(statement, values)]

    def _revision(self, of: str = "number") -> int:
        return self._database.connection().execute(f"SELECT {of} FROM gallery_revision").fetchone()[0]
