"""Durable work beside drawing: finding a pose, making a control map, upscaling a stored picture, importing a folder.

A task is to its craft what a job is to the engine: a row that survives reloads and crashes, with progress, a result, a
reason when it fails, and a way to cancel it. Only the worker that holds a task can write to it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from studio import errors
from studio.database import Database
from studio.errors import StudioError
from studio.jobs import schema
from studio.jobs.states import State

KEPT_DAYS = 7


@dataclass(frozen=True)
class Task:
    """One piece of work, as the database had it when asked."""

    id: int
    kind: str
    """Names the craft, see ``studio.jobs.crafts``."""
    payload: dict
    state: State
    cancelling: bool
    attempts: int
    """How many worker processes died while they held it."""
    done: int
    """Of :attr:`total`, in the craft's own unit: tiles, bytes, files."""
    total: int
    """0 while nobody knows."""
    status: str
    """What happens just now, in a few words."""
    result: dict | None
    error_kind: str
    error_message: str
    error_hint: str
    created: float
    """Unix time, as the next two."""
    started: float | None
    finished: float | None

    @cached_property
    def error(self) -> StudioError | None:
        """Why a failed task failed, ready to be shown or raised."""
        if self.state is not State.FAILED:
            return None
        return getattr(errors, self.error_kind, StudioError)(self.error_message, self.error_hint)

    @property
    def active(self) -> bool:
        return self.state in (State.QUEUED, State.RUNNING)

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the pace so far; None before there is one."""
        if self.state is not State.RUNNING or not self.started or not 0 < self.done <= self.total:
            return None
        return (time.time() - self.started) * (self.total - self.done) / self.done


class Tasks:
    """All tasks of one data folder. Shared by threads and processes; nothing is kept in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        schema.prepare(database)

    def submit(self, kind: str, payload: dict) -> int:
        """Queue a task; returns its id. ``payload`` is a small JSON object; pictures travel as their sha256."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM tasks WHERE finished < ?", (time.time() - KEPT_DAYS * 86400,))
            row = connection.execute(
                "INSERT INTO tasks (kind, payload, state, created) VALUES (?, ?, 'queued', ?)",
                (kind, json.dumps(payload), time.time()),
            )
            assert row.lastrowid is not None
            return row.lastrowid

    def get(self, id: int) -> Task | None:
        """The task of this id; None when there is none (finished tasks are forgotten after a week)."""
        found = self._all("id = ?", id)
        return found[0] if found else None

    def active(self) -> list[Task]:
        """Running tasks first, then the waiting ones, oldest first."""
        return self._all("state IN ('running', 'queued') ORDER BY state DESC, id")

    def recent(self, kind: str | None = None, limit: int = 20) -> list[Task]:
        """The tasks (of ``kind``) submitted last, newest first."""
        return self._all("(? IS NULL OR kind = ?) ORDER BY id DESC LIMIT ?", kind, kind, limit)

    def cancel(self, ids: Iterable[int]) -> None:
        """Waiting tasks are cancelled now, running ones at their next report."""
        with self._database.transaction() as connection:
            for id in ids:
                connection.execute(
                    "UPDATE tasks SET state = 'cancelled', finished = ? WHERE id = ? AND state = 'queued'",
                    (time.time(), id),
                )
                connection.execute("UPDATE tasks SET cancelling = 1 WHERE id = ? AND state = 'running'", (id,))

    def retry(self, ids: Iterable[int]) -> None:
        """Queue failed and cancelled tasks again."""
        with self._database.transaction() as connection:
            connection.executemany(
                """UPDATE tasks SET state = 'queued', cancelling = 0, attempts = 0, done = 0, total = 0, status = '',
                started = NULL, finished = NULL, error_kind = '', error_message = '', error_hint = ''
                WHERE id = ? AND state IN ('failed', 'cancelled')""",
                [(id,) for id in ids],
            )

    def _all(self, condition: str, *values: object) -> list[Task]:
        rows = self._database.connection().execute(f"SELECT * FROM tasks WHERE {condition}", values)
        return [task_of(row) for row in rows]


def task_of(row: sqlite3.Row) -> Task:
    fields = dict(row)
    del fields["worker"]
    return Task(
        **fields
        | {
            "payload": json.loads(row["payload"]),
            "state": State(row["state"]),
            "cancelling": bool(row["cancelling"]),
            "result": json.loads(row["result"]) if row["result"] else None,
        }
    )
