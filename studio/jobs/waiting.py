"""Which waiting job comes next."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from studio.errors import StudioError
from studio.jobs.states import request_of
from studio.request import GenerationRequest

LOOK_AHEAD = 32
"""So many places a job may be passed by later ones that fit into the running batch while it does not."""
SUSPECT = 2
"""From this suspicion on a job runs alone (see recovery.py)."""
ORDER = "priority, suspicion, id"

FREE = """(
    jobs.state = 'queued'
    AND NOT EXISTS (SELECT 1 FROM pauses WHERE pauses.batch IN ('', jobs.batch))
    AND NOT EXISTS (SELECT 1 FROM jobs AS twin WHERE twin.digest = jobs.digest AND twin.state = 'running')
)"""
"""The condition under which a job may be taken. Of equal requests one runs; the others end with it."""


def order_of(table: str) -> str:
    """:data:`ORDER` with the columns of ``table``."""
    return ", ".join(f"{table}.{column}" for column in ORDER.split(", "))


def choose(
    connection: sqlite3.Connection, accepts: Callable[[GenerationRequest], bool], holding: int, token: str
) -> sqlite3.Row | None:
    """The row to take next for a worker that holds ``holding`` jobs, or None.

    The first in line goes first. Only when it does not fit into the running batch may later ones of its own priority
    pass it, and only :data:`LOOK_AHEAD` places: what waits for another checkpoint waits for a bounded time, and sweep
    cells never pass an interactive job. A suspect runs without neighbours.
    """
    rows = connection.execute(
        f"SELECT * FROM jobs INDEXED BY jobs_waiting WHERE {FREE} ORDER BY {ORDER} LIMIT {LOOK_AHEAD}",
    ).fetchall()
    if not rows or (holding and _beside_suspect(connection, token)):
        return None
    head = rows[0]
    if head["suspicion"] >= SUSPECT:
        return None if holding else head
    for row in rows:
        same_line = row["priority"] == head["priority"] and row["suspicion"] < SUSPECT
        if same_line and row["id"] < head["id"] + LOOK_AHEAD and _fits(row, accepts):
            return row
    return None


def _fits(row: sqlite3.Row, accepts: Callable[[GenerationRequest], bool]) -> bool:
    try:
        return accepts(request_of(row["request"]))
    except StudioError:
        return True  # It names something that is gone. To be taken, so that it fails with its reason.


def _beside_suspect(connection: sqlite3.Connection, token: str) -> bool:
    query = "SELECT 1 FROM jobs WHERE worker = ? AND suspicion >= ?"
    return connection.execute(query, (token, SUSPECT)).fetchone() is not None
