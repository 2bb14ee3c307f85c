"""What the Gallery page remembers: the page of the list, the selection, what is opened, and what Undo would bring back.

What is opened stands in the address, so that a reload or a link shows it again.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from studio.ui.services import services

GRID, VIEWER = "gallery.grid", "gallery.viewer"
PAGES = "gallery.pages"
_SELECTED, _TRASHED, _FOCUS, _PLACE = "gallery.selected", "gallery.trashed", "gallery.focus", "gallery.place"
_TURN = "gallery.turn"
PER_PAGE = 60
MAX_SELECTED = 2000


def page() -> int:
    """The page of the list, from 1."""
    return st.session_state.get(_TURN, 1)


def turn_to(number: int) -> None:
    st.session_state[_TURN] = max(1, number)


def first_page() -> None:
    """A callback of everything that changes what is listed."""
    turn_to(1)


def selected() -> list[int]:
    return st.session_state.setdefault(_SELECTED, [])


def select(ids: Iterable[int]) -> None:
    known = dict.fromkeys([*selected(), *ids])
    st.session_state[_SELECTED] = list(known)[:MAX_SELECTED]


def unselect(ids: Iterable[int] | None = None) -> None:
    """Take ``ids`` out of the selection; None: all."""
    gone = set(selected() if ids is None else ids)
    st.session_state[_SELECTED] = [id for id in selected() if id not in gone]


def opened() -> int | None:
    """The id of the picture that is shown large."""
    return _ids(st.query_params.get("picture", ""), 1)[0]


def open_picture(id: int, place: int | None = None) -> None:
    """Show a picture large. ``place``: where it stands in the whole list, from 0, where that is known."""
    st.query_params.from_dict({"picture": str(id)})
    st.session_state[_PLACE] = place


def place() -> int | None:
    """Where the opened picture was found in the list."""
    return st.session_state.get(_PLACE)


def put_place(place: int) -> int:
    """Remember where the opened picture was found."""
    st.session_state[_PLACE] = place
    return place


def compared() -> tuple[int, int] | None:
    """The ids of the two pictures that are compared."""
    first, second = _ids(st.query_params.get("compare", ""), 2)
    return (first, second) if first is not None and second is not None else None


def compare(ids: Iterable[int]) -> None:
    """Compare two pictures. A callback."""
    st.query_params.from_dict({"compare": "-".join(map(str, ids))})


def close(back_to: int | None = None) -> None:
    """Back to the list; the keyboard goes to ``back_to``. A callback."""
    st.query_params.clear()
    st.session_state[_FOCUS] = back_to


def focus() -> int | None:
    """The picture the keyboard goes to when the list appears; told once."""
    return st.session_state.pop(_FOCUS, None)


def trash(ids: Iterable[int]) -> None:
    """Put pictures into the trash and remember them for Undo. A callback."""
    gone = list(ids)
    services().gallery.trash(gone)
    unselect(gone)
    st.session_state[_TRASHED] = gone
    st.toast(f"{counted(len(gone))} put into the trash. Undo brings back what was deleted.", icon=":material/delete:")


def trashed() -> list[int]:
    """What Undo would bring back."""
    return st.session_state.get(_TRASHED, [])


def undo() -> None:
    """Bring back what was put into the trash last. A callback."""
    gone = st.session_state.pop(_TRASHED, [])
    services().gallery.restore(gone)
    if gone:
        st.toast(f"{counted(len(gone))} back in the gallery.", icon=":material/undo:")


def forget_trashed() -> None:
    st.session_state.pop(_TRASHED, None)


def counted(number: int) -> str:
    """``1 picture``, ``12 pictures``."""
    return f"{number:,} picture{'' if number == 1 else 's'}"


def _ids(text: str, wanted: int) -> list[int | None]:
    """``wanted`` ids out of an address; all None where it does not hold exactly so many."""
    parts = text.split("-")
    if len(parts) != wanted or not all(part.isascii() and part.isdigit() and len(part) <= 12 for part in parts):
        return [None] * wanted
    return [int(part) for part in parts]
