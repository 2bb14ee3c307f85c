"""A worker's side of tasks: one thread that takes them one after the other, beside the drawing loop.

As with jobs, every write is fenced by the worker's token, so a worker that was taken for dead changes nothing.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time

from studio.crafting import TaskCancelled
from studio.database import Database
from studio.errors import StudioError, WorkerLost
from studio.gallery import Gallery
from studio.gallery.scores import Measured, PictureScores
from studio.jobs.crafts import craft_of
from studio.jobs.tasks import Task, task_of
from studio.settings import Settings

IDLE_SECONDS = 0.2
WRITE_SECONDS = 0.2
"""How often progress is written, and cancelling noticed."""
MAX_DEATHS = 2

log = logging.getLogger(__name__)


class TaskBench:
    """The bench of one running task; crafts know it as ``studio.crafting.Bench``."""

    def __init__(
        self,
        settings: Settings,
        gallery: Gallery,
        scores: PictureScores,
        device: str,
        tasks: TaskSeat,
        task: Task,
        stop: threading.Event,
    ) -> None:
        self.settings = settings
        self.gallery = gallery
        self.device = device
        self._tasks = tasks
        self._scores = scores
        self._task = task
        self._stop = stop
        self._written = float("-inf")
        self._status = ""

    def keep(self, picture_id: int, scores: dict[str, tuple[float | None, str]]) -> None:
        self._scores.put(picture_id, {metric: Measured(*one) for metric, one in scores.items()})

    def report(self, done: int, total: int, status: str = "") -> None:
        if self._stop.is_set():
            raise TaskCancelled
        now = time.monotonic()
        if now - self._written < WRITE_SECONDS and status == self._status and done < total:
            return
        self._written, self._status = now, status
        if not self._tasks.progress(self._task.id, done, total, status):
            raise TaskCancelled


class TaskSeat:
    """What one worker may do with the rows of its tasks."""

    def __init__(self, database: Database, token: str) -> None:
        self._database = database
        self._token = token

    def claim(self) -> Task | None:
        """Take the oldest waiting task. One statement, so atomic; only a worker that still counts as alive gets one."""
        with self._database.transaction() as connection:
            row = connection.execute(
                """UPDATE tasks SET state = 'running', worker = :token, started = :now, done = 0, total = 0, status = ''
                WHERE id = (SELECT id FROM tasks WHERE state = 'queued' ORDER BY id LIMIT 1)
                AND EXISTS (SELECT 1 FROM workers WHERE token = :token) RETURNING *""",
                {"token": self._token, "now": time.time()},
            ).fetchone()
        return row and task_of(row)

    def waiting(self) -> bool:
        query = "SELECT 1 FROM tasks WHERE state = 'queued' LIMIT 1"
        return self._database.connection().execute(query).fetchone() is not None

    def progress(self, id: int, done: int, total: int, status: str) -> bool:
        """Record progress. False: the task is to be dropped, being cancelled or no longer this worker's."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "UPDATE tasks SET done = ?, total = ?, status = ? WHERE id = ? AND worker = ? RETURNING cancelling",
                (done, total, status, id, self._token),
            ).fetchone()
        return row is not None and not row["cancelling"]

    def finish(self, id: int, result: dict) -> None:
        self._end(id, "done", result=json.dumps(result), status="")

    def fail(self, id: int, error: StudioError) -> None:
        self._end(id, "failed", error_kind=error.kind, error_message=error.message, error_hint=error.hint, status="")

    def cancelled(self, id: int) -> None:
        """Only what somebody cancelled ends so; a task dropped because the worker stops goes back to the queue."""
        self._end(id, "cancelled", only="cancelling = 1", status="")

    def _end(self, id: int, state: str, only: str = "1", **columns: str) -> None:
        values = {**columns, "state": state, "finished": time.time(), "cancelling": 0, "worker": None}
        places = ", ".join(f"{name} = :{name}" for name in values)
        with self._database.transaction() as connection:
            connection.execute(
                f"UPDATE tasks SET {places} WHERE id = :id AND {only} AND worker = :token",
                {**values, "id": id, "token": self._token},
            )


def work(
    settings: Settings, database: Database, gallery: Gallery, token: str, device: str, stop: threading.Event
) -> None:
    """Take tasks until ``stop`` is set. To be run in a thread of the worker process."""
    seat, scores = TaskSeat(database, token), PictureScores(database)
    while not stop.is_set():
        try:
            task = seat.claim() if seat.waiting() else None
            if task is None:
                stop.wait(IDLE_SECONDS)
            else:
                _run(task, seat, TaskBench(settings, gallery, scores, device, seat, task, stop))
        except (StudioError, sqlite3.Error):
            log.warning("the tasks cannot be read or written", exc_info=True)
            stop.wait(1)


def _run(task: Task, seat: TaskSeat, bench: TaskBench) -> None:
    try:
        result = craft_of(task.kind)(task.payload, bench)
    except TaskCancelled:
        seat.cancelled(task.id)
    except StudioError as error:
        log.warning("task %d (%s) failed: %s", task.id, task.kind, error.message)
        seat.fail(task.id, error)
    except Exception:
        log.exception("task %d (%s) failed", task.id, task.kind)
        seat.fail(task.id, StudioError("Something unexpected went wrong.", "Try again; the log folder tells more."))
    else:
        seat.finish(task.id, result)


def recover(connection: sqlite3.Connection, token: str, died: bool) -> None:
    """Take the tasks of a worker that is no more back into the queue. One that met two deaths is failed instead."""
    lost = WorkerLost(
        "The worker process died twice during this work.",
        "It may need more memory than there is: try a smaller picture. The log folder tells more.",
    )
    connection.execute(
        "UPDATE tasks SET state = 'cancelled', worker = NULL, finished = ? WHERE worker = ? AND cancelling = 1",
        (time.time(), token),
    )
    connection.execute(
        "UPDATE tasks SET state = 'queued', worker = NULL, attempts = attempts + ? WHERE worker = ?", (died, token)
    )
    connection.execute(
        """UPDATE tasks SET state = 'failed', finished = ?, error_kind = ?, error_message = ?, error_hint = ?
        WHERE state = 'queued' AND attempts >= ?""",
        (time.time(), lost.kind, lost.message, lost.hint, MAX_DEATHS),
    )
