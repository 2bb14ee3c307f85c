"""The poses a person keeps: saved under a name, with tags; and favourites, of these and of the library."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.database import Database
from studio.errors import InvalidPose, NameTaken, StudioError, UnknownName
from studio.gallery import pose_files
from studio.gallery.pose_files import Described
from studio.gallery.pose_naming import checked_name, checked_tags, fitting_name, fitting_tags, folded, numbered
from studio.gallery.pose_rows import MIGRATIONS, OwnPose, own_pose
from studio.poses import finding, openpose
from studio.poses.values import Pose

MAX_OWN = 2000
KEPT_DELETED = 200
"""Deleted poses that can still be taken back; older ones go for good."""

_SHOWN = "deleted IS NULL"


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: tuple[OwnPose, ...]
    known: int
    """Poses that were there already, under the same name."""
    problems: tuple[tuple[str, StudioError], ...]
    """Files that could not be read, and why."""


class PoseShelf:
    """A data folder's own poses and favourites. Shared by threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("poses", MIGRATIONS)

    def own(self, text: str = "") -> list[OwnPose]:
        """All saved poses by name, or those that have the words of ``text``, best first."""
        rows = self._database.connection().execute(f"SELECT * FROM own_poses WHERE {_SHOWN} ORDER BY folded")
        return finding.best(text, [own_pose(row) for row in rows], lambda own: finding.Words((own.name,), own.tags))

    def get(self, id: int) -> OwnPose:
        """
        Raises:
            UnknownName: there is none, or it was deleted.
        """
        row = self._row(f"id = ? AND {_SHOWN}", id)
        if row is None:
            raise UnknownName("This pose is no longer there.", "It may have been deleted in another window.")
        return own_pose(row)

    def named(self, name: str) -> OwnPose | None:
        """The saved pose of this name; upper and lower case are the same."""
        row = self._row(f"folded = ? AND {_SHOWN}", folded(name))
        return own_pose(row) if row else None

    def save(self, name: str, pose: Pose, tags: Iterable[str] = (), replace: bool = False) -> OwnPose:
        """Keep ``pose`` under a name of its own.

        Args:
            replace: put it in the place of the pose of that name, which :meth:`restore` brings back.

        Raises:
            NameTaken: the name is in use and ``replace`` is off.
            InvalidPose: an empty pose, an unusable name or tag, or too many poses.
        """
        name, kept_tags = checked_name(name), checked_tags(tags)
        if not any(joint and joint.visible for person in pose.people for joint in person.body):
            raise InvalidPose("There is nothing in this pose to save.", "Add a figure first.")
        with self._database.transaction() as connection:
            old = self.named(name)
            if old and not replace:
                raise NameTaken(f"There is a pose called “{old.name}” already.", "Choose another name, or replace it.")
            if old:
                self._delete(connection, [old.id])
            elif self.count() >= MAX_OWN:
                raise InvalidPose(f"{MAX_OWN} poses are saved already.", "Export and delete some that you do not need.")
            own = self._insert(connection, name, pose, kept_tags)
            if old:
                self._inherit(connection, own.key, old.key)
        return own

    def undo_replace(self, saved: int, former: int) -> None:
        """Put back the pose ``former``, in whose place ``saved`` was saved."""
        with self._database.transaction() as connection:
            self.delete([saved])
            for own in self.restore([former]):
                self._inherit(connection, own.key, f"own:{saved}")

    def describe(self, id: int, name: str, tags: Iterable[str]) -> OwnPose:
        """Give a pose another name, and these tags and no others.

        Raises:
            NameTaken: another pose has that name. UnknownName: there is no such pose.
            InvalidPose: an unusable name, too many tags, or one that is too long.
        """
        name, kept_tags = checked_name(name), checked_tags(tags)
        with self._database.transaction():
            own, other = self.get(id), self.named(name)
            if other and other.id != own.id:
                raise NameTaken(f"There is a pose called “{other.name}” already.", "Choose another name.")
            return self._change(own.id, name=name, folded=folded(name), tags=json.dumps(kept_tags, ensure_ascii=False))

    def delete(self, ids: Iterable[int]) -> None:
        """Take poses off the shelf; :meth:`restore` brings them back."""
        with self._database.transaction() as connection:
            self._delete(connection, ids)

    def restore(self, ids: Iterable[int]) -> list[OwnPose]:
        """Undo :meth:`delete`. A pose whose name is in use by now gets a number after it."""
        restored = []
        with self._database.transaction():
            for id in ids:
                row = self._row("id = ? AND deleted IS NOT NULL", id)
                if row is not None:
                    name = self.free_name(row["name"])
                    restored.append(
                        self._change(id, name=name, folded=folded(name), deleted=None, changed=row["changed"])
                    )
        return restored

    def count(self) -> int:
        return self._database.connection().execute(f"SELECT count(*) FROM own_poses WHERE {_SHOWN}").fetchone()[0]

    def free_name(self, name: str) -> str:
        """``name``, or ``name 2``, ``name 3`` … where it is in use."""
        number, free = 1, name
        while self.named(free):
            number += 1
            free = numbered(name, number)
        return free

    def favourites(self) -> frozenset[str]:
        """Keys of the favourites: ``own:<id>`` and ``library:<name>``."""
        return frozenset(row["key"] for row in self._database.connection().execute("SELECT key FROM pose_favourites"))

    def favour(self, key: str, on: bool = True) -> None:
        """Make a pose a favourite, or no longer one."""
        with self._database.transaction() as connection:
            if on:
                connection.execute("INSERT OR IGNORE INTO pose_favourites VALUES (?, ?)", (key, time.time()))
            else:
                connection.execute("DELETE FROM pose_favourites WHERE key = ?", (key,))

    def export(self, ids: Sequence[int] | None = None) -> bytes:
        """A ZIP file with one OpenPose JSON file per pose, readable here and in other tools; None: all poses."""
        chosen = self.own() if ids is None else [self.get(id) for id in ids]
        return pose_files.zipped([Described(own.name, own.tags, own.pose) for own in chosen])

    def take(self, data: bytes, name: str) -> Imported:
        """Import OpenPose JSON in any dialect, or a ZIP file of such files, as from :meth:`export`. All or nothing.

        What is there already under the same name is left alone; other poses of a name in use get a number after it.

        Raises:
            InvalidPose: no pose, a damaged or too large file, or more poses than the shelf holds.
        """
        found, problems = pose_files.read(data, name)
        added, known = [], 0
        with self._database.transaction() as connection:
            for described in found:
                title = fitting_name(described.title)
                same = self.named(title)
                if same and openpose.write(same.pose) == openpose.write(described.pose):
                    known += 1
                    continue
                if self.count() >= MAX_OWN:
                    raise InvalidPose(f"More than {MAX_OWN} poses do not fit.", "Delete some first. Nothing was added.")
                added.append(
                    self._insert(connection, self.free_name(title), described.pose, fitting_tags(described.tags))
                )
        return Imported(tuple(added), known, tuple(problems))

    def _insert(self, connection: sqlite3.Connection, name: str, pose: Pose, tags: Sequence[str]) -> OwnPose:
        now = time.time()
        cursor = connection.execute(
            "INSERT INTO own_poses (name, folded, tags, pose, created, changed) VALUES (?, ?, ?, ?, ?, ?)",
            (name, folded(name), json.dumps(tags, ensure_ascii=False), pose.model_dump_json(), now, now),
        )
        return self.get(cursor.lastrowid or 0)

    def _delete(self, connection: sqlite3.Connection, ids: Iterable[int]) -> None:
        now = time.time()
        connection.executemany(f"UPDATE own_poses SET deleted = ? WHERE id = ? AND {_SHOWN}", [(now, id) for id in ids])
        connection.execute(
            "DELETE FROM own_poses WHERE deleted IS NOT NULL AND id NOT IN"
            " (SELECT id FROM own_poses WHERE deleted IS NOT NULL ORDER BY deleted DESC, id DESC LIMIT ?)",
            (KEPT_DELETED,),
        )

    def _inherit(self, connection: sqlite3.Connection, key: str, former: str) -> None:
        """A favourite that is replaced leaves its star to what comes in its place."""
        connection.execute("UPDATE OR REPLACE pose_favourites SET key = ? WHERE key = ?", (key, former))

    def _change(self, id: int, **values: str | float | None) -> OwnPose:
        values = {"changed": time.time(), **values}
        columns = ", ".join(f"{column} = ?" for column in values)  # our own names, never a person's
        self._database.connection().execute(f"UPDATE own_poses SET {columns} WHERE id = ?", (*values.values(), id))
        return self.get(id)

    def _row(self, condition: str, value: str | int) -> sqlite3.Row | None:
        return self._database.connection().execute(f"SELECT * FROM own_poses WHERE {condition}", (value,)).fetchone()
