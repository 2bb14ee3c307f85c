"""What a person did in a component, as a numbered log: nothing is lost or done twice when runs interrupt each other.

The component keeps every act it has sent until a run reports back the number it has dealt with; until then it shows the
act's effect itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

KINDS = ("open", "select", "unselect", "rate", "favour", "tag", "trash", "undo", "turn", "close", "step")
MAX_IDS = 5000
MAX_TEXT = 500


@dataclass(frozen=True)
class Act:
    """One thing a person did: its kind, the pictures it is about, a small number (rating, direction), words."""

    kind: str
    ids: tuple[int, ...] = ()
    value: int = 0
    text: str = ""


def take(key: str, do: Callable[[Act], None]) -> None:
    """Do what the component of this key has reported since the last time. Call before anything is drawn."""
    state = st.session_state.get(key)
    log = state.get("acts") if state else None
    for number, act in entries_after(log, acknowledged(key)):
        st.session_state[_done(key)] = number
        do(act)


def acknowledged(key: str) -> int:
    """The number of the last act that was dealt with; goes to the component with its data."""
    return st.session_state.get(_done(key), 0)


def _done(key: str) -> str:
    return f"{key}.done"


def entries_after(log: Any, done: int) -> Iterable[tuple[int, Act]]:
    """The well-formed entries after number ``done``, in order. What a browser sends is not trusted."""
    if not isinstance(log, list):
        return []
    found = [(entry["n"], act) for entry in log if isinstance(entry, dict) and (act := _act(entry))]
    return sorted((pair for pair in found if pair[0] > done), key=lambda pair: pair[0])


def _act(entry: dict) -> Act | None:
    ids, value, text = entry.get("ids", []), entry.get("value", 0), entry.get("text", "")
    well_formed = (
        _is_whole(entry.get("n"))
        and entry.get("do") in KINDS
        and isinstance(ids, list)
        and len(ids) <= MAX_IDS
        and all(map(_is_whole, ids))
        and _is_whole(value)
        and isinstance(text, str)
        and len(text) <= MAX_TEXT
    )
    return Act(entry["do"], tuple(int(id) for id in ids), int(value), text) if well_formed else None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53 and value == int(value)
