"""The grid of a sweep: sticky headers, cells that fill as they finish, zoom without the server, arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.components.v2 import component

from studio.sweeps.layout import Sheet

_FOLDER = Path(__file__).parent
_grid = component(
    "studio_sweep_grid",
    html=(_FOLDER / "grid.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "grid.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "grid.js").read_text(encoding="utf-8"),
)


class Tile(NamedTuple):
    """One cell as the grid shows it. All texts are shown as plain text."""

    state: str
    thumbnail: str | None
    """Address of a small picture: of the finished one, or the preview of a running one."""
    picture: str | None
    """Address of the finished picture in full size, shown when cells are drawn large."""
    label: str
    """The alt text, and what stands in a cell without a picture."""
    note: str = ""
    """A line under the picture, such as a score."""
    best: bool = False


def sweep_grid(
    sheet: Sheet, tiles: Sequence[Tile], *, aspect: float, marked: Sequence[int], key: str,
    on_open: Callable[[int], None], on_mark: Callable[[list[int]], None],
) -> None:  # fmt: skip
    """Show one sheet.

    Args:
        tiles: of all cells of the sweep, by number.
        aspect: width by height of the cells, so that nothing jumps when a picture arrives.
        marked: the cells chosen for a comparison, at most two.
        on_open: called with the number of a cell that was clicked.
        on_mark: called with the cells that are marked now.
    """
    shown = [[number if number is None else [number, *tiles[number]] for number in row] for row in sheet.rows]
    data = {
        "axes": sheet.axes, "across": sheet.across, "down": sheet.down, "rows": shown, "aspect": aspect,
        "marked": list(marked),
    }  # fmt: skip

    def opened() -> None:
        number = _told(key, "opened")
        if isinstance(number, int) and 0 <= number < len(tiles):
            on_open(number)

    def mark() -> None:
        numbers = _told(key, "marks") or []
        on_mark([n for n in numbers if isinstance(n, int) and 0 <= n < len(tiles)][-2:])

    _grid(key=key, data=data, on_opened_change=opened, on_marks_change=mark)


def _told(key: str, name: str):
    """What the browser has just said; a trigger holds nothing in later runs."""
    return st.session_state[key].get(name)
