"""Poses as a grid of thumbnails with a search field: one click picks one. Searching asks nothing of the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.components.v2 import component

_FOLDER = Path(__file__).parent
_picker = component(
    "studio_pose_picker",
    html=(_FOLDER / "picker.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "picker.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "picker.js").read_text(encoding="utf-8"),
)


class Card(NamedTuple):
    """One pose on offer."""

    name: str
    """What a pick reports."""
    label: str
    url: str
    """Of its thumbnail."""
    words: str = ""
    """What else a search finds it by: tags, category."""
    group: str = ""
    """The heading it stands under. Cards of one group follow each other."""


def pose_picker(cards: Sequence[Card], chosen: str | None, *, key: str, on_pick: Callable[[str], None]) -> None:
    """Show ``cards``; ``on_pick`` is called with the name of the one clicked, before the page is drawn again.

    Args:
        chosen: the name of the card that is marked.
    """
    names = {card.name for card in cards}

    def picked() -> None:
        name = st.session_state[key].get("picked")
        if name in names:
            on_pick(name)

    _picker(key=key, data={"cards": [card._asdict() for card in cards], "chosen": chosen}, on_picked_change=picked)
