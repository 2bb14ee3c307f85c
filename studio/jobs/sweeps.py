"""Sweeps that are kept: what was asked for, and how far every cell is.

A cell *is* its request's digest. So cells that exist already are done, two sweeps that share cells draw them once, and
after any crash a sweep goes on where it was: everything about a cell is read from the queue and the gallery.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from studio.database import Database
from studio.errors import UnknownName
from studio.gallery.pictures import SHOWN
from studio.jobs import estimates, schema
from studio.jobs.queue import Queue
from studio.jobs.states import Priority
from studio.jobs.work import planned_steps
from studio.request import GenerationRequest
from studio.sweeps.expansion import Expanded, expand
from studio.sweeps.plan import Limits, Plan, plan
from studio.sweeps.spec import SweepSpec


class CellState(StrEnum):
    """Where a cell stands."""

    NEW = "new"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CellStatus:
    """One cell as the database had it when asked. Cells come in the order of ``Expanded.cells``."""

    number: int
    digest: str
    state: CellState
    job_id: int | None
    picture_id: int | None
    sha256: str | None
    """Of its picture's file."""
    seconds: float | None
    """What drawing it took."""
    step: int
    steps: int
    error_message: str
    error_hint: str


@dataclass(frozen=True)
class Sweep:
    """A kept sweep."""

    id: int
    spec: SweepSpec
    created: float

    @property
    def title(self) -> str:
        return self.spec.title or f"Sweep {self.id}"

    @property
    def batch(self) -> str:
        """The name of its jobs in the queue (for pause and resume)."""
        return batch_name(self.id)


class Sweeps:
    """All sweeps of one data folder."""

    def __init__(self, database: Database, queue: Queue) -> None:
        self._database = database
        self._queue = queue
        schema.prepare(database)

    def plan(self, expanded: Expanded, limits: Limits | None = None) -> Plan:
        """What running these cells would take, on this machine and with what is there already."""
        connection = self._database.connection()
        digests = [cell.request.digest for cell in expanded.cells]
        return plan(expanded, _drawn(connection, digests), partial(estimates.total, connection), planned_steps, limits)

    def create(self, spec: SweepSpec, expanded: Expanded | None = None) -> int:
        """Keep a sweep; returns its id. The same spec again gives the same sweep."""
        text = spec.model_dump_json(exclude_defaults=True)
        cells = (expanded or expand(spec)).cells
        with self._database.transaction() as connection:
            row = connection.execute("SELECT id FROM sweeps WHERE spec = ?", (text,)).fetchone()
            if row:
                connection.execute("UPDATE sweeps SET deleted = NULL, created = ? WHERE id = ?", (time.time(), row[0]))
                return row[0]
            id = connection.execute("INSERT INTO sweeps (spec, created) VALUES (?, ?)", (text, time.time())).lastrowid
            connection.executemany(
                "INSERT INTO sweep_cells VALUES (?, ?, ?)",
                [(id, number, cell.request.digest) for number, cell in enumerate(cells)],
            )
        assert id is not None
        return id

    def get(self, id: int) -> Sweep:
        """The sweep of this id.

        Raises:
            UnknownName: there is none.
        """
        row = self._database.connection().execute("SELECT * FROM sweeps WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise UnknownName(f"There is no sweep {id}.", "Look up the numbers with: python -m studio sweep status")
        return _sweep(row)

    def recent(self, limit: int = 50) -> list[Sweep]:
        """The latest sweeps, newest first."""
        query = "SELECT * FROM sweeps WHERE deleted IS NULL ORDER BY created DESC, id DESC LIMIT ?"
        return [_sweep(row) for row in self._database.connection().execute(query, (limit,))]

    def start(self, id: int, expanded: Expanded | None = None) -> list[int]:
        """Queue the cells that have no picture and do not wait already; returns the new jobs' ids."""
        sweep = self.get(id)
        expanded = expanded or expand(sweep.spec)
        busy = {cell.digest for cell in self.cells(id) if cell.state in (CellState.QUEUED, CellState.RUNNING)}
        wanted = [request for request in self.plan(expanded).to_run if request.digest not in busy]
        return self._queue.submit(wanted, Priority.SWEEP, batch=sweep.batch)

    def redraw(self, id: int, request: GenerationRequest) -> int:
        """Draw one cell again although it has a picture; returns the job's id."""
        return self._queue.submit([request], Priority.SWEEP, batch=batch_name(id), reuse=False)[0]

    def cancel(self, id: int) -> None:
        """Cancel what waits and runs. What is done stays; :meth:`start` goes on."""
        self._queue.cancel([job.id for job in self._queue.batch(batch_name(id)) if job.active])

    def delete(self, ids: Iterable[int]) -> None:
        """Leave sweeps out of the list; their pictures stay."""
        self._mark(ids, time.time())

    def restore(self, ids: Iterable[int]) -> None:
        """Undo :meth:`delete`."""
        self._mark(ids, None)

    def cells(self, id: int) -> list[CellStatus]:
        """How far every cell is."""
        return [_status(row) for row in self._database.connection().execute(_CELLS, (id,))]

    def remaining(self, id: int) -> float | None:
        """Seconds until all its cells are done; None while unknown or paused."""
        return self._queue.eta([cell.job_id for cell in self.cells(id) if cell.job_id and cell.state in _BUSY])

    def _mark(self, ids: Iterable[int], when: float | None) -> None:
        with self._database.transaction() as connection:
            connection.executemany("UPDATE sweeps SET deleted = ? WHERE id = ?", [(when, id) for id in ids])


_BUSY = (CellState.QUEUED, CellState.RUNNING)
_CELLS = f"""
    SELECT sweep_cells.number, sweep_cells.digest, images.id AS picture_id, images.sha256, images.seconds,
        jobs.id AS job_id, jobs.state, jobs.step, jobs.steps, jobs.error_message, jobs.error_hint
    FROM sweep_cells
    LEFT JOIN images ON images.digest = sweep_cells.digest AND {SHOWN}
    LEFT JOIN jobs ON jobs.id = (SELECT max(id) FROM jobs WHERE jobs.digest = sweep_cells.digest)
    WHERE sweep_cells.sweep_id = ? ORDER BY sweep_cells.number
"""


def batch_name(id: int) -> str:
    return f"sweep-{id}"


def title_of_batch(connection: sqlite3.Connection, batch: str) -> str:
    """The title of the sweep whose jobs bear this batch name; empty for other batches."""
    number = batch.removeprefix("sweep-")
    if number == batch or not number.isdigit():
        return ""
    row = connection.execute("SELECT * FROM sweeps WHERE id = ?", (int(number),)).fetchone()
    return _sweep(row).title if row else ""


def _drawn(connection: sqlite3.Connection, digests: list[str]) -> set[str]:
    query = f"SELECT digest FROM images WHERE digest IN (SELECT value FROM json_each(?)) AND {SHOWN}"
    return {row["digest"] for row in connection.execute(query, (json.dumps(digests),))}


def _sweep(row: sqlite3.Row) -> Sweep:
    return Sweep(row["id"], SweepSpec.model_validate_json(row["spec"]), row["created"])


def _status(row: sqlite3.Row) -> CellStatus:
    state = CellState(row["state"]) if row["state"] else CellState.NEW
    if row["picture_id"] is not None and state not in _BUSY:
        state = CellState.DONE
    elif state is CellState.DONE:
        state = CellState.NEW  # its picture was thrown away
    return CellStatus(
        number=row["number"],
        digest=row["digest"],
        state=state,
        job_id=row["job_id"],
        picture_id=row["picture_id"],
        sha256=row["sha256"],
        seconds=row["seconds"],
        step=row["step"] or 0,
        steps=row["steps"] or 0,
        error_message=row["error_message"] or "",
        error_hint=row["error_hint"] or "",
    )
