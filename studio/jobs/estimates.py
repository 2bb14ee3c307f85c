"""How long it will take, from what earlier work cost on this machine.

Workers measure (``stopwatch``), a table keeps the latest measurements, the work that is left is priced by them
(``forecast``). While a sweep runs, the latest measurements are its own: its estimate corrects itself.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from studio.jobs.forecast import Item, Kind, Price, seconds_until
from studio.jobs.pace import typical_pace
from studio.jobs.stopwatch import Part, Sample, kind_of
from studio.jobs.waiting import ORDER
from studio.jobs.work import works_of
from studio.request import GenerationRequest

KEPT = 5000
RECENT_STEPS = 200
"""So many samples of steps are looked at; those that lie long back count only where there are no newer ones."""
OWN = 3
"""So many pictures of a batch tell more of its pace than all that was measured before."""
RECENT = 25
"""So many measurements of the other parts are looked at."""
_ACTIVE = "state IN ('queued', 'running')"
_LAST_FIRST = ", ".join(f"{column} DESC" for column in ORDER.split(", "))
_LEFT = "CASE WHEN steps > 0 THEN max(0.0, 1.0 - 1.0 * step / steps) ELSE 1.0 END"


def remember(connection: sqlite3.Connection, device: str, samples: Iterable[Sample]) -> None:
    """Keep measurements; only the latest :data:`KEPT` are kept."""
    now = time.time()
    connection.executemany(
        "INSERT INTO work_costs (made, device, checkpoint, width, height, slots, part, amount, seconds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(now, device, *one.kind, one.slots, one.part.value, one.amount, one.seconds) for one in samples],
    )
    connection.execute("DELETE FROM work_costs WHERE id <= (SELECT max(id) FROM work_costs) - ?", (KEPT,))


def remaining(connection: sqlite3.Connection, ids: Iterable[int] | None) -> float | None:
    """Seconds until the jobs ``ids`` (None: all active ones) are done; None when unknown or paused."""
    named = {"ids": None if ids is None else json.dumps(list(ids))}
    wanted = f"{_ACTIVE} AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))"
    if _any_paused(connection, wanted, named):
        return None
    # Everything that runs, and all that waits up to the last of the wanted jobs, comes first. Equal requests run once.
    last = f"SELECT {ORDER} FROM jobs WHERE {wanted} AND state = 'queued' ORDER BY {_LAST_FIRST} LIMIT 1"
    rows = connection.execute(
        f"""SELECT checkpoint, width, height, units * {_LEFT} AS units, megapixels, state = 'running' AS running,
        max({wanted}) AS wanted FROM jobs
        WHERE {_ACTIVE} AND (state = 'running' OR ({ORDER}) <= ({last}))
        GROUP BY digest ORDER BY running DESC, {ORDER}""",
        named,
    ).fetchall()
    items = [
        Item(Kind(*row[:3]), row["units"], row["megapixels"], bool(row["running"]), bool(row["wanted"])) for row in rows
    ]
    return _priced(connection, items) if any(item.wanted for item in items) else 0.0


def total(connection: sqlite3.Connection, requests: Sequence[GenerationRequest]) -> float | None:
    """Seconds that ``requests`` will take, in this order and with nothing before them; None while unknown."""
    pairs = zip(requests, works_of(requests), strict=True)
    return _priced(connection, [Item(kind_of(request), work.units, work.megapixels) for request, work in pairs])


def prices(connection: sqlite3.Connection) -> Callable[[Kind], Price | None]:
    """What work costs here, by kind; each is looked up once.

    The closest measured kind counts: the same; else the same checkpoint; else any. Of the devices, that of the workers
    there are; else the one measured last. Once :data:`OWN` pictures of the running batch are done, it is reckoned by
    what was measured since it began.
    """
    since = _running_since(connection)
    devices = [row["device"] for row in connection.execute("SELECT DISTINCT device FROM workers WHERE ready = 1")]
    known: dict[Kind, Price | None] = {}

    def price(kind: Kind) -> Price | None:
        if kind not in known:
            known[kind] = _price(connection, kind, devices, since)
        return known[kind]

    return price


def _priced(connection: sqlite3.Connection, items: Sequence[Item]) -> float | None:
    workers = connection.execute("SELECT facts FROM workers WHERE ready = 1").fetchall()
    loaded = json.loads(workers[0]["facts"]).get("checkpoint") if workers else None
    return seconds_until(items, prices(connection), max(len(workers), 1), loaded)


def _price(connection: sqlite3.Connection, kind: Kind, devices: list[str], since: float) -> Price | None:
    steps = _latest(connection, Part.STEP, kind, devices, RECENT_STEPS)
    steps = [row for row in steps if row["made"] >= since] or steps
    if not steps:
        return None

    def each(part: Part) -> float:
        rows = _latest(connection, part, kind, devices, RECENT)
        return median(row["seconds"] / row["amount"] for row in rows) if rows else 0.0

    pace = typical_pace([(row["made"], row["amount"], row["seconds"]) for row in steps])
    return Price(pace, steps[0]["slots"], each(Part.START), each(Part.FINISH), each(Part.LOAD))


def _running_since(connection: sqlite3.Connection) -> float:
    """When the batch that runs now began, if it is far enough to speak for itself; else 0."""
    query = """SELECT min(started) AS since FROM jobs
        WHERE state = 'done' AND started IS NOT NULL AND batch IN (SELECT batch FROM jobs WHERE state = 'running')
        GROUP BY batch HAVING count(*) >= ? ORDER BY since DESC"""
    row = connection.execute(query, (OWN,)).fetchone()
    return row["since"] if row else 0.0


def _latest(
    connection: sqlite3.Connection, part: Part, kind: Kind, devices: list[str], limit: int
) -> list[sqlite3.Row]:
    """The latest measurements of the closest kind, newest first."""
    here, model = "device IN (SELECT value FROM json_each(:devices))", "checkpoint = :checkpoint"
    same = f"{model} AND width = :width AND height = :height"
    for condition in (f"{here} AND {same}", f"{here} AND {model}", here, same, model, "1"):
        rows = connection.execute(
            f"SELECT * FROM work_costs WHERE part = :part AND {condition} ORDER BY id DESC LIMIT :limit",
            {**kind._asdict(), "part": part.value, "devices": json.dumps(devices), "limit": limit},
        ).fetchall()
        if rows:
            # One device and one number of slots: an average of two machines is the pace of neither.
            return [row for row in rows if (row["device"], row["slots"]) == (rows[0]["device"], rows[0]["slots"])]
    return []


def _any_paused(connection: sqlite3.Connection, wanted: str, named: dict) -> bool:
    query = f"""SELECT 1 FROM jobs WHERE {wanted} AND state = 'queued'
        AND EXISTS (SELECT 1 FROM pauses WHERE pauses.batch IN ('', jobs.batch))"""
    return connection.execute(query, named).fetchone() is not None
