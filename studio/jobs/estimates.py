"""How long it will take, from what earlier steps cost on this machine.

A job's own time is its remaining steps at the *wall* time of a step; the queue's time is the sum of the *shares*,
because jobs in one batch share each step. Medians of the latest measurements, so that one slow step does not mislead.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from studio.jobs.waiting import ORDER
from studio.request import GenerationRequest

WINDOW = 20
"""So many of the latest measurements count."""
_KIND = "checkpoint, width, height, controls"
_ACTIVE = "state IN ('queued', 'running')"
_LAST_FIRST = ", ".join(f"{column} DESC" for column in ORDER.split(", "))
_LEFT = "CASE WHEN steps > 0 THEN max(steps - step, 0) ELSE planned_steps END"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one step of a job costs, in seconds."""

    wall: float
    share: float
    """The wall time divided by the jobs that share the step."""


def planned_steps(request: GenerationRequest) -> int:
    """Steps the request will take in all passes. An img2img request takes only the ``strength`` part of them."""
    second = request.hires.steps_of(request.steps) if request.hires else 0
    if request.source is None:
        return request.steps + second
    return max(1, int(request.steps * request.source.strength) + second)


def active_controls(request: GenerationRequest) -> int:
    """How many ControlNets take part: those of weight 0 are skipped, and a step without them costs less."""
    return sum(unit.weight > 0 for unit in request.controls)


def remember(connection: sqlite3.Connection, device: str, request: GenerationRequest, cost: Cost) -> None:
    """Keep a measurement; only the latest 2000 are kept."""
    # The larger of two passes costs most: with a hires pass, a request is of the kind of its final size.
    width, height = request.drawn_size
    connection.execute(
        f"INSERT INTO step_costs (device, {_KIND}, wall, share) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (device, request.checkpoint, width, height, active_controls(request), cost.wall, cost.share),
    )
    connection.execute("DELETE FROM step_costs WHERE id <= (SELECT max(id) FROM step_costs) - 2000")


def remaining(connection: sqlite3.Connection, ids: Iterable[int] | None) -> float | None:
    """Seconds until the jobs ``ids`` (None: all active ones) are done; None when unknown or paused."""
    named = {"ids": None if ids is None else json.dumps(list(ids))}
    wanted = f"{_ACTIVE} AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))"
    if _any_paused(connection, wanted, named):
        return None
    query = f"SELECT {_KIND}, max({_LEFT}) AS steps_left FROM jobs WHERE {wanted} GROUP BY {_KIND}"
    longest = _seconds(connection, query, named, "wall", max)
    if not longest:
        return longest
    # Everything that runs, and all that waits up to the last of the wanted jobs, comes first. Equal requests run once.
    last = f"SELECT {ORDER} FROM jobs WHERE {wanted} AND state = 'queued' ORDER BY {_LAST_FIRST} LIMIT 1"
    before = (
        f"SELECT *, max(id) FROM jobs WHERE {_ACTIVE} AND (state = 'running' OR ({ORDER}) <= ({last})) GROUP BY digest"
    )
    query = f"SELECT {_KIND}, sum({_LEFT}) AS steps_left FROM ({before}) GROUP BY {_KIND}"
    work = _seconds(connection, query, named, "share", sum) or 0.0
    workers = connection.execute("SELECT count(*) FROM workers WHERE ready = 1").fetchone()[0]
    return max(work / max(workers, 1), longest)


def _seconds(
    connection: sqlite3.Connection, query: str, named: dict, kind: str, together: Callable[[list[float]], float]
) -> float | None:
    """The steps left in the rows of ``query`` in seconds; None as soon as one row's cost is unknown."""
    seconds = []
    for row in connection.execute(query, named).fetchall():
        cost = cost_of(connection, row)
        if cost is None:
            return None
        seconds.append(getattr(cost, kind) * row["steps_left"])
    return together([0.0, *seconds])


def cost_of(connection: sqlite3.Connection, kind: sqlite3.Row | dict) -> Cost | None:
    """What a step of ``kind`` (checkpoint, width, height, controls) is expected to cost.

    The closest measured kind counts: the same; else the same checkpoint, else any, scaled by the number of pixels. None
    when nothing was ever measured.
    """
    for condition in (
        "checkpoint = :checkpoint AND width = :width AND height = :height AND controls = :controls",
        "checkpoint = :checkpoint",
        "1",
    ):
        query = f"SELECT * FROM step_costs WHERE {condition} ORDER BY id DESC LIMIT {WINDOW}"
        if rows := connection.execute(query, dict(kind)).fetchall():
            scales = [kind["width"] * kind["height"] / (row["width"] * row["height"]) for row in rows]
            pairs = list(zip(rows, scales, strict=True))
            return Cost(
                wall=median(row["wall"] * scale for row, scale in pairs),
                share=median(row["share"] * scale for row, scale in pairs),
            )
    return None


def _any_paused(connection: sqlite3.Connection, wanted: str, named: dict) -> bool:
    query = f"""SELECT 1 FROM jobs WHERE {wanted} AND state = 'queued'
        AND EXISTS (SELECT 1 FROM pauses WHERE pauses.batch IN ('', jobs.batch))"""
    return connection.execute(query, named).fetchone() is not None
