"""What a person does to pictures: rating, favourites, tags, collections, the trash."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from studio.database import Database
from studio.errors import StudioError
from studio.gallery import rows
from studio.gallery.images import ImageFiles
from studio.gallery.pictures import TRASHED

MAX_LABEL = 80
"""Longest name of a tag or collection, in characters."""


class Marks:
    """The marking half of :class:`studio.gallery.Gallery`. Ids that lead nowhere are passed over."""

    _database: Database
    files: ImageFiles

    def rate(self, ids: Iterable[int], rating: int) -> None:
        """Give pictures 1 to 5 stars, or 0: none.

        Raises:
            StudioError: ``rating`` is out of range.
        """
        if rating not in range(6):
            raise StudioError(f"A rating of {rating} does not exist.", "Give 1 to 5 stars, or 0 for none.")
        self._set("rating", rating, ids)

    def favour(self, ids: Iterable[int], favourite: bool = True) -> None:
        """Make pictures favourites, or no longer."""
        self._set("favourite", int(favourite), ids)

    def tag(self, ids: Iterable[int], add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add tags to pictures and remove others. The search finds pictures by their tags too.

        Raises:
            StudioError: a tag is empty or longer than 80 characters.
        """
        ids = list(ids)
        added, removed = {label_name(name, "tag") for name in add}, {label_name(name, "tag") for name in remove}
        with self._database.transaction() as connection:
            for name in removed:
                rows.remove_label(connection, "tag", name, ids)
            for name in added:
                rows.add_label(connection, "tag", name, ids)
            rows.update_tag_text(connection, ids)

    def collect(self, ids: Iterable[int], name: str) -> None:
        """Put pictures into the collection ``name``; it exists as long as it holds a picture.

        Raises:
            StudioError: the name is empty or longer than 80 characters.
        """
        with self._database.transaction() as connection:
            rows.add_label(connection, "collection", label_name(name, "collection"), ids)

    def uncollect(self, ids: Iterable[int], name: str) -> None:
        """Take pictures out of the collection ``name``."""
        with self._database.transaction() as connection:
            rows.remove_label(connection, "collection", label_name(name, "collection"), ids)

    def trash(self, ids: Iterable[int]) -> None:
        """Put pictures into the trash: they leave lists, search and reuse; their files stay."""
        self._set("deleted", time.time(), ids)

    def note_import(self, came_as: str, id: int) -> None:
        """Remember that a file from outside (by its sha256) is picture ``id``."""
        with self._database.transaction() as connection:
            rows.note_import(connection, came_as, id)

    def restore(self, ids: Iterable[int]) -> None:
        """Take pictures back out of the trash."""
        self._set("deleted", None, ids)

    def empty_trash(self, ids: Iterable[int] | None = None) -> int:
        """Delete what lies in the trash (or only ``ids`` of it) for good; returns how many pictures that were.

        A picture that another one was made from (its source or control image) leaves the gallery, but its file stays
        as an upload, so that the other recipe still works.
        """
        asked = None if ids is None else set(ids)
        connection = self._database.connection()
        found = connection.execute(f"SELECT id, sha256 FROM images WHERE {TRASHED}").fetchall()
        doomed = [(row["id"], row["sha256"]) for row in found if asked is None or row["id"] in asked]
        for id, sha256 in doomed:
            with self._database.transaction() as connection:
                needed = rows.is_used(connection, sha256, but_not_by=id)
                if not needed:
                    # The file first: of a crash in between a lost trash picture remains, not one that comes back.
                    self.files.remove(sha256)
                rows.purge(connection, id, keep_as_upload=needed)
        return len(doomed)

    def _set(self, column: str, value: float | None, ids: Iterable[int]) -> None:
        with self._database.transaction() as connection:
            connection.executemany(
                f"UPDATE images SET {column} = ? WHERE id = ? AND kind = 'generated' AND purged = 0",
                [(value, id) for id in ids],
            )


def label_name(name: str, what: str) -> str:
    """``name`` as it is stored: one line, no blanks around it.

    Raises:
        StudioError: nothing is left of it, or it is too long.
    """
    plain = re.sub(r"[\s\x00-\x1f\x7f]+", " ", name).strip()
    if not plain:
        raise StudioError(f"The {what} has no name.", f"Type a name for the {what}.")
    if len(plain) > MAX_LABEL:
        raise StudioError(f"The {what}'s name is longer than {MAX_LABEL} characters.", "Shorten it.")
    return plain
