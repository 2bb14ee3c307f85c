"""What becomes of the jobs of a worker that is no more.

An orderly stop puts them back as if nothing had happened. After a death they go back too, but one of them may be the
cause: a poison job would kill every worker it meets. So each death makes the jobs it hit more *suspect*:

- A crash (a signal such as SIGSEGV or SIGABRT, an error exit, or the kernel's out-of-memory killer) weighs 6, a death
  nobody can explain (a SIGKILL from somewhere, a power cut, the whole studio gone) weighs 1.
- Suspects wait behind all others of their priority, and from suspicion 2 on they run alone. So a job is only ever
  condemned for a death it was alone with, innocent neighbours come through on their next run, and the poison holds
  nobody up.
- A job that was alone at its worker's death and has reached 12 is failed as WorkerLost. That is the second crash, or,
  when somebody merely keeps shooting workers, the twelfth time the same job was hit: nothing short of that
  tells a poison from bad luck (20 shots into a run of 30 jobs hit one of them ten times in one run out of 300).
"""

from __future__ import annotations

import sqlite3
import time
from enum import IntEnum

from studio.database import Database
from studio.errors import WorkerLost
from studio.jobs import bench
from studio.jobs.claims import failed

CONDEMNED = 12
STALE_SECONDS = 60.0
"""A worker whose heartbeat stood still this long counts as dead."""


class End(IntEnum):
    """How a worker ended; the value is the suspicion that falls on the jobs it held."""

    ORDERLY = 0
    UNEXPLAINED = 1
    CRASH = 6


def recover(database: Database, token: str, end: End) -> int:
    """Take the jobs of a dead worker back into the queue; returns how many it held. Harmless when done twice."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM workers WHERE token = ? AND problem = ''", (token,))
        bench.recover(connection, token, died=end is not End.ORDERLY)
        rows = connection.execute("SELECT * FROM jobs WHERE worker = ?", (token,)).fetchall()
        for row in rows:
            suspicion, attempts = row["suspicion"] + end, row["attempts"] + bool(end)
            _requeue(connection, row["id"], suspicion, attempts)
            if row["cancelling"]:
                _cancel(connection, row["id"])
            elif end is not End.ORDERLY and len(rows) == 1 and suspicion >= CONDEMNED:
                failed(connection, row["id"], row["digest"], _lost(attempts))
    return len(rows)


def others(database: Database, token: str, device: str) -> list[str]:
    """The tokens of other workers of ``device``. Who holds the device's lock knows that they are dead."""
    query = "SELECT token FROM workers WHERE device = ? AND token <> ? AND problem = ''"
    return [row["token"] for row in database.connection().execute(query, (device, token))]


class Watch:
    """Notices workers whose heartbeat stands still.

    The clock is this process's own steady one, so neither a changed wall clock nor a laptop that slept for a night
    makes a living worker look dead.
    """

    def __init__(self, database: Database, patience: float = STALE_SECONDS) -> None:
        self._database = database
        self._patience = patience
        self._seen: dict[str, tuple[int, float]] = {}

    def stale(self) -> list[str]:
        """The tokens of workers that gave no sign of life for ``patience`` seconds. Call it now and then."""
        query = "SELECT token, heartbeat FROM workers WHERE problem = ''"
        beats = {row["token"]: row["heartbeat"] for row in self._database.connection().execute(query)}
        now = time.monotonic()
        self._seen = {
            token: seen if (seen := self._seen.get(token, (-1, now)))[0] == beat else (beat, now)
            for token, beat in beats.items()
        }
        return [token for token, (_, since) in self._seen.items() if now - since >= self._patience]


def _lost(deaths: int) -> WorkerLost:
    times = "twice" if deaths == 2 else f"{deaths} times"
    return WorkerLost(
        f"The worker process died {times} while it drew this picture.",
        "It may need more memory than there is: choose a smaller size and retry. The log folder tells more.",
    )


def _cancel(connection: sqlite3.Connection, id: int) -> None:
    connection.execute(
        "UPDATE jobs SET state = 'cancelled', cancelling = 0, finished = ? WHERE id = ?", (time.time(), id)
    )


def _requeue(connection: sqlite3.Connection, id: int, suspicion: int, attempts: int) -> None:
    connection.execute(
        """UPDATE jobs SET state = 'queued', worker = NULL, step = 0, steps = 0, status = '', started = NULL,
        suspicion = ?, attempts = ? WHERE id = ?""",
        (suspicion, attempts, id),
    )
