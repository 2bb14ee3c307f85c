"""What the library's panel has to say after an action, and the way back from it."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.gallery.poses import PoseShelf
from studio.ui import failures
from studio.ui.failures import plain

_NOTE, _UNDO = "poses.note", "poses.undo"


def problem(error: StudioError, place: str = "error") -> None:
    """Show what went wrong until the next action; ``place`` names a form that shows it itself."""
    st.session_state[_NOTE] = (place, error.message, error.hint)


def show_problem(place: str) -> None:
    """In a form of its own: what went wrong there."""
    kind, message, hint = _noted()
    if kind == place:
        failures.show(message, hint)


def say(message: str, *more: str) -> None:
    """Report that something is done, and what of it could not be done."""
    st.session_state[_NOTE] = ("warning" if more else "success", message, "\n".join(more))


def _noted() -> tuple[str, str, str]:
    return st.session_state.get(_NOTE, ("", "", ""))


def _show_note() -> None:
    kind, message, more = _noted()
    if kind == "error":
        failures.show(message, more)
    elif kind == "warning":
        st.warning("  \n".join(plain(line) for line in more.split("\n")), title=plain(message), icon=":material/rule:")
    elif kind == "success":
        st.caption(f":material/check: {plain(message)}")


def deleted(name: str, id: int) -> None:
    """Offer to bring back this pose."""
    st.session_state[_UNDO] = (f"“{name}” was deleted.", None, id)


def replaced(name: str, saved: int, former: int) -> None:
    """Offer to put ``former`` back in the place of ``saved``."""
    st.session_state[_UNDO] = (f"“{name}” was replaced.", saved, former)


def clear() -> None:
    """Call first in every action."""
    st.session_state.pop(_NOTE, None)
    st.session_state.pop(_UNDO, None)


def show(shelf: PoseShelf) -> None:
    _show_note()
    _show_undo(shelf)


def _show_undo(shelf: PoseShelf) -> None:
    if _UNDO in st.session_state:
        with st.container(horizontal=True, vertical_alignment="center", key="pose_library_undo"):
            st.caption(plain(st.session_state[_UNDO][0]), width="content")
            st.button(
                "Undo", icon=":material/undo:", type="tertiary", on_click=_undo, args=(shelf,), key="poses.undo_button",
                help="Brings it back as it was.",
            )  # fmt: skip


def _undo(shelf: PoseShelf) -> None:
    _, instead, former = st.session_state.pop(_UNDO)
    if instead is None:
        shelf.restore([former])
    else:
        shelf.undo_replace(instead, former)
