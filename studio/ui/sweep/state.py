"""What the Sweep page remembers: which sweep and cell are open (in the address), and the sweep being built."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from dataclasses import asdict, dataclass, replace

import streamlit as st

from studio.database import Database
from studio.ui import desk
from studio.ui.services import services

KEPT = 200
_PLAN = "sweep.building"


@dataclass(frozen=True)
class Row:
    """One axis in the builder, as typed."""

    id: str
    axis: str
    values: str = ""
    zip: bool = False
    """Advances together with the axis above it."""


def new_row(axis: str, values: str = "") -> Row:
    return Row(secrets.token_hex(4), axis, values)


@dataclass(frozen=True)
class Building:
    """A sweep that is being built."""

    title: str = ""
    skip: str = ""
    warn_cells: int = 500
    warn_minutes: int = 120
    warn_gigabytes: int = 5
    rows: tuple[Row, ...] = ()

    def with_row(self, row: Row) -> Building:
        return replace(self, rows=tuple(row if old.id == row.id else old for old in self.rows))


def building() -> Building:
    """The sweep this browser builds; kept in the database, so that a reload or another page loses nothing."""
    if _PLAN not in st.session_state:
        st.session_state[_PLAN] = _Buildings(services().database).load(desk.desk_id()) or _first()
    return st.session_state[_PLAN]


def _first() -> Building:
    """What one finds at the first visit."""
    guidance = new_row("guidance_scale", guidances(desk.value("guidance_scale")))
    return Building(rows=(guidance, new_row("seed", "1-3")))


def guidances(now: float) -> str:
    """Values to begin with: a third less than now, as now, a third more."""
    nearby = (max(1.0, round(share * now * 2) / 2) for share in (2 / 3, 1, 4 / 3))
    return ", ".join(f"{value:g}" for value in dict.fromkeys(nearby))


def keep(now: Building) -> None:
    if now != building():
        st.session_state[_PLAN] = now
        _Buildings(services().database).save(desk.desk_id(), now)


def opened() -> int | None:
    """The number of the sweep that is shown."""
    return _number("sweep")


def cell() -> int | None:
    """The number of the cell that is shown large."""
    return _number("cell")


def open_sweep(id: int) -> None:
    """Show a sweep. A callback."""
    st.query_params.from_dict({"sweep": str(id)})


def open_cell(number: int) -> None:
    """Show one of its cells large. A callback."""
    st.query_params["cell"] = str(number)


def close_cell() -> None:
    st.query_params.pop("cell", None)


def close() -> None:
    """Back to the list of sweeps. A callback."""
    st.query_params.clear()


def marked(sweep: int) -> list[int]:
    """The cells that are chosen for a comparison."""
    return st.session_state.get(f"sweep.marked.{sweep}", [])


def mark(sweep: int, cells: list[int]) -> None:
    st.session_state[f"sweep.marked.{sweep}"] = cells


def _number(name: str) -> int | None:
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


class _Buildings:
    """Sweeps under construction by desk, the random id of a browser."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("sweep_desks", [_sweep_desks])

    def load(self, desk_id: str) -> Building | None:
        row = self._database.connection().execute("SELECT plan FROM sweep_desks WHERE desk = ?", (desk_id,)).fetchone()
        try:
            values = json.loads(row["plan"]) if row else None
            return values and Building(**{**values, "rows": tuple(Row(**one) for one in values["rows"])})
        except (ValueError, TypeError, KeyError):
            return None

    def save(self, desk_id: str, now: Building) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO sweep_desks VALUES (?, ?, ?)", (desk_id, json.dumps(asdict(now)), time.time())
            )
            connection.execute(
                "DELETE FROM sweep_desks WHERE desk NOT IN (SELECT desk FROM sweep_desks ORDER BY saved DESC LIMIT ?)",
                (KEPT,),
            )


def _sweep_desks(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE sweep_desks (desk TEXT PRIMARY KEY, plan TEXT NOT NULL, saved REAL NOT NULL)")
