"""The values of the queue: states, priorities, jobs, workers.

queued ──► running ──► done | failed | cancelled
  ▲  │        │
  │  └► done (its picture exists already) | cancelled
  └── the worker stopped or died ┘          failed, cancelled ──► queued (retry)
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property, lru_cache

from studio import errors
from studio.errors import StudioError
from studio.request import GenerationRequest


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """Smaller goes first, at the next step of whatever runs."""

    INTERACTIVE = 0
    SWEEP = 10


@dataclass(frozen=True)
class Job:
    """One request on its way to a picture, as the database had it when asked."""

    id: int
    batch: str
    """Jobs that were submitted together share it."""
    digest: str
    request_json: str
    priority: int
    state: State
    cancelling: bool
    """It runs, and will be cancelled before its next step."""
    attempts: int
    """How many worker processes died while they held it."""
    step: int
    steps: int
    """0 until the first step was taken."""
    status: str
    """What takes long just now, such as "Loading anime-v3"; otherwise empty."""
    picture_id: int | None
    """The picture of a done job."""
    error_kind: str
    error_message: str
    error_hint: str
    created: float
    """Unix time, as the next two."""
    started: float | None
    finished: float | None

    @property
    def request(self) -> GenerationRequest:
        return request_of(self.request_json)

    @cached_property
    def error(self) -> StudioError | None:
        """Why a failed job failed, ready to be shown or raised."""
        if self.state is not State.FAILED:
            return None
        kind = getattr(errors, self.error_kind, StudioError)
        return kind(self.error_message, self.error_hint)

    @property
    def active(self) -> bool:
        """Whether something is still going to happen to it."""
        return self.state in (State.QUEUED, State.RUNNING)


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """A worker process as it described itself."""

    device: str
    pid: int
    ready: bool
    """It has a working engine. False: it is starting up, or could not (see ``problem``)."""
    problem: str
    """Why it could not start; otherwise empty."""
    facts: dict
    """What its engine says about itself: device, dtype, slots, versions …"""


@lru_cache(maxsize=512)
def request_of(text: str) -> GenerationRequest:
    """The request of a row. A scheduler reads the same rows at every step, hence the cache."""
    return GenerationRequest.from_json(text)


def job_of(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        batch=row["batch"],
        digest=row["digest"],
        request_json=row["request"],
        priority=row["priority"],
        state=State(row["state"]),
        cancelling=bool(row["cancelling"]),
        attempts=row["attempts"],
        step=row["step"],
        steps=row["steps"],
        status=row["status"],
        picture_id=row["picture_id"],
        error_kind=row["error_kind"],
        error_message=row["error_message"],
        error_hint=row["error_hint"],
        created=row["created"],
        started=row["started"],
        finished=row["finished"],
    )
