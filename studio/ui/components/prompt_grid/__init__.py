"""The prompt library as a grid of cards: a click adds the words, a star marks, a small picture shows what they do.

What a person does arrives as numbered acts, exactly once (see :mod:`studio.ui.components.pose_grid`). Progress of
pictures changes cards in place, so that focus and scroll stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component

from studio.ui.components.pose_grid import acts

KINDS = ("pick", "star", "unstar", "edit", "try", "cancel", "open")

_FOLDER = Path(__file__).parent
_grid = component(
    "studio_prompt_grid",
    html=(_FOLDER / "grid.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "grid.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "grid.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Card:
    """One entry or template. All texts are plain."""

    key: str
    title: str
    text: str
    """What it says, or what a template is about; empty where that is the title."""
    where: str
    """Its category or folder."""
    about: str = ""
    """More about it, shown when the pointer rests on it."""
    remark: str = ""
    """What has to be known before it is used: the checkpoint does not know it."""
    verb: str = "Add"
    """What a click does."""
    taken: bool = False
    """Its words are in the prompt."""
    favourite: bool = False
    own: bool = False
    picture: str | None = None
    """Address of its picture."""
    can_try: bool = True
    trying: str = ""
    """How far its picture is, while it waits or runs; what went wrong, where it failed."""
    state: str = ""
    """``waiting``, ``running``, ``failed`` or nothing."""
    fraction: float = 0.0


def prompt_grid(cards: Sequence[Card], *, key: str, on_act: Callable[[str, str], None]) -> None:
    """Show ``cards``.

    Args:
        on_act: called with the kind of the act (of ``KINDS``) and the card's key, once per act and before the page is
            drawn again.
    """
    keys, done = {card.key for card in cards}, f"{key}.done"

    def acted() -> None:
        for number, kind, card in acts(st.session_state[key].get("acts"), st.session_state.get(done, 0), KINDS):
            st.session_state[done] = number
            if card in keys:
                on_act(kind, card)

    data = {"cards": [asdict(card) for card in cards], "done": st.session_state.get(done, 0)}
    _grid(key=key, data=data, on_acts_change=acted)
