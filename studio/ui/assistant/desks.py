"""What a person has set on the assistant: the mode, locked words, the composer's slots. One row per browser.

The values live beside the form's, under names of their own, so that widgets are bound to them in the same way.
"""

from __future__ import annotations

import json
import sqlite3
import time
from functools import lru_cache
from typing import Any

import streamlit as st

from studio.assistant.asking import MODES, MOST_VARIATIONS
from studio.assistant.slots import SLOTS
from studio.database import Database
from studio.request import MAX_SEED
from studio.ui import desk
from studio.ui.services import services

KEPT = 200
"""Browsers whose settings are kept; the longest unused go first."""
MODE, LOCKED, COUNT, SEED, HELD = "assistant.mode", "assistant.locked", "assistant.count", "composer.seed", "slots.held"
MOST_TEXTS = 12
_SAVED = "assistant.saved"


def slot(name: str) -> str:
    """The field that holds the texts of a slot of the composer."""
    return f"composer.{name}"


def begin() -> None:
    """Call after ``desk.begin``, before any of the assistant's widgets is drawn."""
    if _SAVED in st.session_state:
        return
    values = fitting(_desks(services().database).load(desk.desk_id()))
    st.session_state[_SAVED] = values
    desk.put_values(**values)


def keep() -> None:
    """Store what has changed. Call when the page has been drawn."""
    now = {name: desk.value(name) for name in _DEFAULTS}
    if now != st.session_state[_SAVED]:
        _desks(services().database).save(desk.desk_id(), now)
        st.session_state[_SAVED] = now


def filled() -> dict[str, tuple[str, ...]]:
    """The composer's slots."""
    return {name: tuple(desk.value(slot(name))) for name in SLOTS}


_DEFAULTS: dict[str, Any] = {
    MODE: "write",
    LOCKED: [],
    COUNT: 4,
    SEED: 0,
    HELD: [],
    **{slot(name): [] for name in SLOTS},
}


def fitting(stored: object) -> dict[str, Any]:
    """All fields, from ``stored`` where it holds something that a widget can show."""
    found = stored if isinstance(stored, dict) else {}
    return {name: found[name] if _fits(name, found.get(name)) else default for name, default in _DEFAULTS.items()}


def _fits(name: str, value: object) -> bool:
    if name == MODE:
        return isinstance(value, str) and value in MODES
    if name in (COUNT, SEED):
        low, high = (2, MOST_VARIATIONS) if name == COUNT else (0, MAX_SEED)
        return type(value) is int and low <= value <= high
    if not isinstance(value, list) or len(value) > MOST_TEXTS or not all(isinstance(text, str) for text in value):
        return False
    return name != HELD or set(value) <= set(SLOTS)


class AssistantDesks:
    """Values by desk, the random id of a browser."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("assistant_desks", [_assistant_desks])

    def load(self, desk_id: str) -> object:
        row = (
            self._database.connection()
            .execute("SELECT settings FROM assistant_desks WHERE desk = ?", (desk_id,))
            .fetchone()
        )
        try:
            return json.loads(row["settings"]) if row else None
        except (ValueError, RecursionError):
            return None

    def save(self, desk_id: str, values: dict[str, Any]) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO assistant_desks VALUES (?, ?, ?)",
                (desk_id, json.dumps(values, ensure_ascii=False), time.time()),
            )
            connection.execute(
                "DELETE FROM assistant_desks WHERE desk NOT IN"
                " (SELECT desk FROM assistant_desks ORDER BY saved DESC LIMIT ?)",
                (KEPT,),
            )


@lru_cache(maxsize=8)
def _desks(database: Database) -> AssistantDesks:
    return AssistantDesks(database)


def _assistant_desks(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE assistant_desks (desk TEXT PRIMARY KEY, settings TEXT NOT NULL, saved REAL NOT NULL)"
    )
