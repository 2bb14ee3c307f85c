"""Poses as a grid of thumbnails: a click takes one, its star makes it a favourite, its pen opens its name.

What a person does arrives as numbered acts. The component keeps an act until a run has reported its number back, so
that none is lost or done twice when clicks come faster than runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component

KINDS = ("pick", "star", "unstar", "edit")
MOST = 500
"""Acts that a browser may report at once."""

_FOLDER = Path(__file__).parent
_grid = component(
    "studio_pose_grid",
    html=(_FOLDER / "grid.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "grid.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "grid.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Card:
    """One pose on offer. All texts are plain."""

    key: str
    label: str
    url: str
    """Of its thumbnail."""
    about: str = ""
    """Its tags and how many people it has, shown when the pointer rests on it."""
    favourite: bool = False
    own: bool = False
    """Saved by a person, so that it can be renamed and deleted."""


def pose_grid(cards: Sequence[Card], chosen: str | None, *, key: str, on_act: Callable[[str, str], None]) -> None:
    """Show ``cards``.

    Args:
        chosen: the key of the card that is marked.
        on_act: called with the kind of the act (``pick``, ``star``, ``unstar``, ``edit``) and the card's key, once per
            act and before the page is drawn again.
    """
    keys, done = {card.key for card in cards}, f"{key}.done"

    def acted() -> None:
        for number, kind, card in acts(st.session_state[key].get("acts"), st.session_state.get(done, 0)):
            st.session_state[done] = number
            if card in keys:
                on_act(kind, card)

    data = {"cards": [asdict(card) for card in cards], "chosen": chosen, "done": st.session_state.get(done, 0)}
    _grid(key=key, data=data, on_acts_change=acted)


def acts(log: Any, done: int, kinds: Collection[str] = KINDS) -> Iterator[tuple[int, str, str]]:
    """Number, kind and card of the acts after number ``done``, in order. What a browser sends is not trusted."""
    entries = [entry for entry in log[:MOST] if _is_act(entry, kinds)] if isinstance(log, list) else []
    for entry in sorted(entries, key=lambda entry: entry["n"]):
        if entry["n"] > done:
            yield int(entry["n"]), entry["do"], entry["card"]


def _is_act(entry: Any, kinds: Collection[str]) -> bool:
    if not isinstance(entry, dict):
        return False
    return _is_whole(entry.get("n")) and entry.get("do") in kinds and isinstance(entry.get("card"), str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53 and value == int(value)
