"""A worker's side of the queue: taking jobs and giving them back.

Everything is fenced by the worker's token: a write touches a job only while its row is running *and* carries the
token. A worker that was taken for dead and wakes up can therefore neither finish nor disturb what meanwhile belongs to
another.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence

from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Picture
from studio.gallery.pictures import picture_id_of
from studio.jobs import estimates, waiting
from studio.jobs.states import Job, job_of
from studio.jobs.stopwatch import Sample
from studio.jobs.sweeps import title_of_batch
from studio.request import GenerationRequest


class Seat:
    """One worker's place at the queue. Usable from any thread of the worker process."""

    def __init__(self, database: Database, token: str, device: str) -> None:
        self._database = database
        self.token = token
        self.device = device

    def take(self) -> None:
        """Announce this worker. Problems of earlier workers of the device are forgotten."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM workers WHERE device = ? AND problem <> ''", (self.device,))
            connection.execute(
                "INSERT INTO workers (token, device, pid) VALUES (?, ?, ?)", (self.token, self.device, os.getpid())
            )

    def ready(self, facts: dict) -> None:
        """Announce a working engine and what it says about itself."""
        self._execute(
            "UPDATE workers SET ready = 1, facts = ? WHERE token = ?", json.dumps(facts, default=str), self.token
        )

    def give_up(self, problem: str) -> None:
        """Leave a note why this worker cannot work at all. The note stays until a worker of the device starts."""
        self._execute("UPDATE workers SET ready = 0, problem = ? WHERE token = ?", problem, self.token)

    def beat(self) -> bool:
        """Sign of life. False: this worker was taken for dead and its jobs went to others."""
        return self._execute("UPDATE workers SET heartbeat = heartbeat + 1 WHERE token = ?", self.token) == 1

    def claim(self, accepts: Callable[[GenerationRequest], bool], holding: int) -> Job | None:
        """Take the next job that ``accepts`` has room for, or None. ``holding``: how many this worker has already."""
        while (row := waiting.choose(self._database.connection(), accepts, holding, self.token)) is not None:
            if row["reuse"] and self._finish_from_gallery(row):
                continue
            # One statement, so atomic: of two workers that chose the same row, one changes it.
            taken = self._execute(
                f"""UPDATE jobs SET state = 'running', worker = :token, started = :now, step = 0, steps = 0, status = ''
                WHERE id = :id AND {waiting.FREE} AND EXISTS (SELECT 1 FROM workers WHERE token = :token)""",
                token=self.token,
                now=time.time(),
                id=row["id"],
            )
            if taken:
                return self._job(row["id"])
            if not self.beat():
                return None
        return None

    def sweep_of(self, job: Job) -> str:
        """The title of the sweep the job is a cell of; empty for one that was asked for by hand."""
        return title_of_batch(self._database.connection(), job.batch)

    def holds(self, id: int) -> bool:
        """Whether the job is still this worker's."""
        query = "SELECT 1 FROM jobs WHERE id = ? AND worker = ? AND state = 'running'"
        return self._database.connection().execute(query, (id, self.token)).fetchone() is not None

    def report(self, id: int, status: str) -> None:
        """Say what takes long just now."""
        self._execute("UPDATE jobs SET status = ? WHERE id = ? AND worker = ?", status, id, self.token)

    def progress(
        self, steps: Iterable[tuple[int, int, int, bytes | None]], samples: Sequence[Sample] = ()
    ) -> list[int]:
        """Record (job, step, of steps, preview or None) of several jobs at once; returns those ours no more.

        ``samples``: what work cost meanwhile.
        """
        lost = []
        with self._database.transaction() as connection:
            estimates.remember(connection, self.device, samples)
            for id, step, total, preview in steps:
                changed = connection.execute(
                    "UPDATE jobs SET step = ?, steps = ?, status = '' WHERE id = ? AND worker = ?",
                    (step, total, id, self.token),
                ).rowcount
                if not changed:
                    lost.append(id)
                elif preview is not None:
                    connection.execute("INSERT OR REPLACE INTO previews VALUES (?, ?)", (id, preview))
        return lost

    def finish(self, job: Job, record: Callable[[], Picture], samples: Sequence[Sample] = ()) -> bool:
        """``record`` the picture and mark the job done, in one transaction. Equal requests that wait are done with it.

        ``samples``: what work cost meanwhile.

        Returns False, with nothing recorded, when the job is no longer this worker's.
        """
        with self._database.transaction() as connection:
            if not self.holds(job.id):
                return False
            _done(connection, job.id, job.digest, record().id)
            estimates.remember(connection, self.device, samples)
        return True

    def fail(self, job: Job, error: StudioError) -> bool:
        """Mark the job failed, and with it equal requests that wait. False when it is no longer this worker's."""
        with self._database.transaction() as connection:
            if not self.holds(job.id):
                return False
            failed(connection, job.id, job.digest, error)
        return True

    def cancelling(self) -> list[int]:
        """The jobs of this worker that somebody wants cancelled."""
        query = "SELECT id FROM jobs WHERE worker = ? AND cancelling = 1"
        return [row["id"] for row in self._database.connection().execute(query, (self.token,))]

    def cancelled(self, id: int) -> None:
        """Mark a job cancelled that no longer runs."""
        self._execute(
            "UPDATE jobs SET state = 'cancelled', worker = NULL, cancelling = 0, status = '', finished = ?"
            " WHERE id = ? AND worker = ?",
            time.time(),
            id,
            self.token,
        )

    def _finish_from_gallery(self, row: sqlite3.Row) -> bool:
        """Done at once when the picture exists by now: adopted after a crash, or drawn for an equal request."""
        with self._database.transaction() as connection:
            picture_id = picture_id_of(connection, row["digest"])
            if picture_id is not None:
                _done(connection, None, row["digest"], picture_id)
        return picture_id is not None

    def _job(self, id: int) -> Job:
        return job_of(self._database.connection().execute("SELECT * FROM jobs WHERE id = ?", (id,)).fetchone())

    def _execute(self, statement: str, *values: object, **named: object) -> int:
        with self._database.transaction() as connection:
            return connection.execute(statement, named or values).rowcount


def failed(connection: sqlite3.Connection, id: int, digest: str, error: StudioError) -> None:
    """Mark a job failed, and with it equal requests that wait: they would fail the same way."""
    connection.execute(
        """UPDATE jobs SET state = 'failed', worker = NULL, cancelling = 0, status = '', finished = ?,
        error_kind = ?, error_message = ?, error_hint = ? WHERE digest = ? AND (id = ? OR state = 'queued')""",
        (time.time(), error.kind, error.message, error.hint, digest, id),
    )


def _done(connection: sqlite3.Connection, id: int | None, digest: str, picture_id: int) -> None:
    connection.execute(
        """UPDATE jobs SET state = 'done', worker = NULL, cancelling = 0, status = '', step = steps, finished = ?,
        picture_id = ? WHERE digest = ? AND (id = ? OR (state = 'queued' AND (reuse = 1 OR ? IS NOT NULL)))""",
        (time.time(), picture_id, digest, id, id),
    )
