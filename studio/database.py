"""The studio's one SQLite file: connections, transactions, numbered migrations.

Gallery and jobs keep their tables in the same file so that "image stored" and "job done" are one transaction. WAL lets
several processes read while one writes; writers queue up (``BEGIN IMMEDIATE``) instead of failing half-way.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from studio.errors import StorageFull, StudioError

Migration = Callable[[sqlite3.Connection], None]
BUSY_SECONDS = 30.0


class Database:
    """A SQLite file shared by threads and processes: one connection per thread, made when first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _translated(error, path) from error
        self._local = threading.local()

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode, with rows addressable by name. Use it for reads.

        Raises:
            StudioError: the file cannot be opened, or is no SQLite file.
        """
        connection = getattr(self._local, "connection", None)
        if connection is None:
            try:
                connection = self._opened()
            except sqlite3.DatabaseError as error:
                raise _translated(error, self.path) from error
            self._local.connection = connection
        return connection

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: all of the block or nothing. Nested blocks join the outer one.

        Raises:
            StorageFull: the disk took no more.
        """
        connection = self.connection()
        if connection.in_transaction:
            yield connection
            return
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise _translated(error, self.path) from error
            raise

    def migrate(self, component: str, migrations: Sequence[Migration]) -> None:
        """Apply those of ``migrations`` (numbered from 1 by position) that this file has not seen."""
        with self.transaction() as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations"
                " (component TEXT, number INTEGER, PRIMARY KEY (component, number))"
            )
            done = connection.execute(
                "SELECT coalesce(max(number), 0) FROM migrations WHERE component = ?", (component,)
            ).fetchone()[0]
            if done > len(migrations):
                raise StudioError(
                    "This data folder was written by a newer version of the studio.",
                    "Update the studio, or set STUDIO_HOME to another folder.",
                )
            for number, migration in enumerate(migrations[done:], done + 1):
                migration(connection)
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (component, number))

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None


def _translated(error: sqlite3.DatabaseError | OSError, path: Path) -> Exception:
    text = str(error)
    if "full" in text or "disk I/O" in text or getattr(error, "errno", None) == errno.ENOSPC:
        return StorageFull(
            f"The disk that holds {path.parent} is full.", "Free some space; nothing already saved is lost."
        )
    if isinstance(error, OSError) or "readonly" in text or "unable to open" in text:
        return StudioError(
            f"The data folder {path.parent} cannot be written.", "Check its permissions or set STUDIO_HOME."
        )
    if "not a database" in text or "malformed" in text:
        return StudioError(
            f"{path} is damaged, or no database of the studio.",
            "Put a backup in its place, or move it away to start anew.",
        )
    return error
