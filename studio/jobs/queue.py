"""The durable queue as pages and the command line see it. Every call is one short transaction or read."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Sequence

from studio.database import Database
from studio.gallery.pictures import picture_id_of
from studio.jobs import estimates, schema, waiting
from studio.jobs.states import Job, Priority, State, WorkerFacts, job_of
from studio.jobs.work import planned_steps, works_of
from studio.request import GenerationRequest

_ALL = ""  # In the table of pauses: the whole queue.


class Queue:
    """All jobs of one data folder. Shared by threads and processes; nothing is kept in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        schema.prepare(database)

    def submit(
        self,
        requests: Sequence[GenerationRequest],
        priority: Priority = Priority.INTERACTIVE,
        batch: str | None = None,
        reuse: bool = True,
        owner: str = "",
    ) -> list[int]:
        """Queue ``requests``, all or none; returns one job id each, in order.

        Args:
            batch: groups the jobs (for ``batch``, ``pause``, ``resume``); None makes a new group.
            reuse: a request whose picture the gallery has already is done at once. False draws it again.

        Of equal requests that wait together only one runs; the others are done (or failed) with it. Whether the
        names in a request exist is for the caller to check (``studio.availability``).
        """
        batch = batch or secrets.token_hex(8)
        with self._database.transaction() as connection:
            ids = []
            for request, work in zip(requests, works_of(requests), strict=True):
                now, digest = time.time(), request.digest
                picture_id = picture_id_of(connection, digest) if reuse else None
                state, finished = (State.QUEUED, None) if picture_id is None else (State.DONE, now)
                row = {
                    "batch": batch,
                    "owner": owner,
                    "digest": digest,
                    "request": request.canonical_json(),
                    "checkpoint": request.checkpoint,
                    "width": request.drawn_size[0],
                    "height": request.drawn_size[1],
                    "controls": sum(unit.weight > 0 for unit in request.controls),
                    "planned_steps": planned_steps(request),
                    "units": work.units,
                    "megapixels": work.megapixels,
                    "priority": priority,
                    "reuse": reuse,
                    "state": state,
                    "picture_id": picture_id,
                    "created": now,
                    "finished": finished,
                }
                columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
                ids.append(connection.execute(f"INSERT INTO jobs ({columns}) VALUES ({places})", row).lastrowid)
        return ids

    def get(self, ids: Iterable[int]) -> list[Job]:
        """The jobs of these ids, in their order; unknown ids are left out."""
        wanted = list(ids)
        found = {job.id: job for job in self._jobs("id IN (SELECT value FROM json_each(?))", json.dumps(wanted))}
        return [found[id] for id in wanted if id in found]

    def batch(self, batch: str) -> list[Job]:
        """All jobs that were submitted under this name, oldest first."""
        return self._jobs("batch = ? ORDER BY id", batch)

    def active(self, limit: int = 500) -> list[Job]:
        """Running jobs first, then the waiting ones in the order they will be taken (``counts`` tells how many)."""
        return self._jobs(f"state IN ('running', 'queued') ORDER BY state DESC, {waiting.ORDER} LIMIT ?", limit)

    def recent(self, limit: int = 50) -> list[Job]:
        """The jobs that were submitted last, newest first."""
        return self._jobs("1 ORDER BY id DESC LIMIT ?", limit)

    def counts(self) -> dict[State, int]:
        """How many jobs stand in each state."""
        rows = self._database.connection().execute("SELECT state, count(*) AS number FROM jobs GROUP BY state")
        return dict.fromkeys(State, 0) | {State(row["state"]): row["number"] for row in rows}

    def position(self, id: int) -> int | None:
        """How many waiting jobs go before this one; None when it does not wait."""
        query = f"""SELECT (SELECT count(*) FROM jobs AS other WHERE other.state = 'queued'
            AND ({waiting.order_of("other")}) < ({waiting.order_of("jobs")}))
            FROM jobs WHERE id = ? AND state = 'queued'"""
        row = self._database.connection().execute(query, (id,)).fetchone()
        return row and row[0]

    def preview(self, id: int) -> bytes | None:
        """The latest preview of a running job: WebP bytes, at most 512 pixels wide and high."""
        row = self._database.connection().execute("SELECT image FROM previews WHERE job_id = ?", (id,)).fetchone()
        return row and row["image"]

    def eta(self, ids: Iterable[int] | None = None) -> float | None:
        """Seconds until these jobs (None: all active ones) are done, from the measured cost of earlier steps.

        None while nothing comparable was measured, or while something asked for is paused.
        """
        return estimates.remaining(self._database.connection(), ids)

    def cancel(self, ids: Iterable[int]) -> None:
        """Waiting jobs are cancelled now, running ones before their next step; others stay as they are."""
        with self._database.transaction() as connection:
            for id in ids:
                connection.execute(
                    "UPDATE jobs SET state = 'cancelled', finished = ? WHERE id = ? AND state = 'queued'",
                    (time.time(), id),
                )
                connection.execute("UPDATE jobs SET cancelling = 1 WHERE id = ? AND state = 'running'", (id,))

    def retry(self, ids: Iterable[int]) -> None:
        """Queue failed and cancelled jobs again, same seed. What killed workers before runs alone from the start."""
        with self._database.transaction() as connection:
            connection.executemany(
                f"""UPDATE jobs SET state = 'queued', attempts = 0, step = 0, steps = 0, started = NULL,
                suspicion = CASE error_kind WHEN 'WorkerLost' THEN {waiting.SUSPECT} ELSE 0 END,
                finished = NULL, error_kind = '', error_message = '', error_hint = ''
                WHERE id = ? AND state IN ('failed', 'cancelled')""",
                [(id,) for id in ids],
            )

    def pause(self, batch: str | None = None) -> None:
        """Start no more jobs (of ``batch``; None: at all). What runs is finished."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO pauses VALUES (?)", (batch or _ALL,))

    def resume(self, batch: str | None = None) -> None:
        """Undo :meth:`pause`."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM pauses WHERE batch = ?", (batch or _ALL,))

    def paused(self, batch: str | None = None) -> bool:
        """Whether ``batch`` (None: the whole queue) was paused."""
        query = "SELECT 1 FROM pauses WHERE batch = ?"
        return self._database.connection().execute(query, (batch or _ALL,)).fetchone() is not None

    def workers(self) -> list[WorkerFacts]:
        """The worker processes of this data folder, and those that could not start."""
        rows = self._database.connection().execute("SELECT * FROM workers ORDER BY device, token")
        return [
            WorkerFacts(row["device"], row["pid"], bool(row["ready"]), row["problem"], json.loads(row["facts"]))
            for row in rows
        ]

    def _jobs(self, condition: str, *values: object) -> list[Job]:
        rows = self._database.connection().execute(f"SELECT * FROM jobs WHERE {condition}", values)
        return [job_of(row) for row in rows]
