"""What goes to and fro between a page and its prompt editor, and what of it is believed.

The browser's text is the truth while somebody types: Python never sends it back. It is only replaced when the page
passes another text than the browser has sent, and then ``turn`` says so. Every edit bears a number that grows and the
turn it was made in, so an echo that comes late or twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

OnChange = Callable[[str, str], None]
"""Takes the edited text, and the one it was made from."""
MAX_LENGTH = 100_000
"""Characters that are taken from a browser; what follows is cut off."""


@dataclass
class Exchange:
    """One editor's side in this session."""

    text: str | None = None
    """What the browser has been shown, or has sent since."""
    given: str | None = None
    """What the page passed last."""
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    turn: int = 0
    """Grows when the browser has to take over ``text``."""
    seen: int = 0
    """Number of the last edit that was taken."""

    @property
    def revision(self) -> str:
        return f"{self.session}.{self.turn}"

    def settle(self, given: str, stored_elsewhere: bool) -> str:
        """The text to show: the page's where it has set one, else the browser's."""
        given = plain_lines(given)
        unheeded = not stored_elsewhere and given == self.given and self.text is not None
        text = self.text if unheeded and self.text is not None else given
        if text != self.text:
            self.text, self.turn = text, self.turn + 1
        self.given = given
        return text

    def receive(self, edit: Any) -> str | None:
        """The edited text; None when it was seen before, came too late, or is no edit."""
        if not isinstance(edit, dict) or self.text is None or not _is_whole(edit.get("n")):
            return None
        if edit["n"] <= self.seen or not isinstance(edit.get("text"), str):
            return None
        self.seen = int(edit["n"])
        if edit.get("revision") != self.revision:
            return None  # made on a text that has been replaced meanwhile; the browser keeps it in its undo history
        self.text = plain_lines(edit["text"])[:MAX_LENGTH]
        return self.text


def of(key: str) -> Exchange:
    return st.session_state.setdefault(f"{key}.exchange", Exchange())


def take(key: str, on_change: OnChange | None = None) -> None:
    """Take what the browser has sent, if it is new: in a callback, or before the page is drawn."""
    shared = of(key)
    former = shared.text
    text = shared.receive((st.session_state.get(key) or {}).get("edit"))
    if text is not None and former is not None and on_change is not None:
        on_change(text, former)


def plain_lines(text: str) -> str:
    """``text`` as a browser's text field gives it back: lines end with a line feed, nothing else."""
    # A lone surrogate cannot travel as UTF-8.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 2**53 and value == int(value)
