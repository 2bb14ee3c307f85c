"""What the Prompts page has to say after an action on own prompts, and the way back from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from studio.errors import StudioError
from studio.ui import failures
from studio.ui.failures import plain
from studio.ui.services import services

_NOTE, _UNDO = "prompts.note", "prompts.undo"


def problem(error: StudioError, place: str = "page") -> None:
    """Show what went wrong until the next action; ``place`` names a dialog that shows it itself."""
    st.session_state[_NOTE] = (place, error.message, error.hint)


def say(message: str, *more: str) -> None:
    """Report that something is done, and what of it could not be done."""
    st.session_state[_NOTE] = ("done", message, "\n".join(more))


def offer_undo(message: str, delete: Iterable[int] = (), restore: Iterable[int] = ()) -> None:
    """Offer the way back: own prompts to take away again, and such to bring back."""
    st.session_state[_UNDO] = (message, list(delete), list(restore))


def clear() -> None:
    """Call first in every action."""
    st.session_state.pop(_NOTE, None)
    st.session_state.pop(_UNDO, None)


def show_problem(place: str) -> None:
    """In a dialog: what went wrong there."""
    kind, message, hint = st.session_state.get(_NOTE, ("", "", ""))
    if kind == place:
        failures.show(message, hint)


def show() -> None:
    """On the page: the note and the way back."""
    show_problem("page")
    kind, message, more = st.session_state.get(_NOTE, ("", "", ""))
    if kind == "done" and more:
        st.warning("  \n".join(plain(line) for line in more.split("\n")), title=plain(message), icon=":material/rule:")
    if _UNDO in st.session_state or (kind == "done" and not more):
        with st.container(horizontal=True, vertical_alignment="center", key="prompts_note"):
            if not more:
                told = message if kind == "done" else st.session_state[_UNDO][0]
                st.caption(f":material/check: {plain(told)}", width="content")
            if _UNDO in st.session_state:
                st.button(
                    "Undo", icon=":material/undo:", type="tertiary", on_click=_undo, key="prompts_undo",
                    help="Brings your prompts back as they were.",
                )  # fmt: skip


def attempt(act: Callable[[], None], place: str = "page") -> bool:
    """Whether ``act`` succeeded; otherwise what went wrong is shown at ``place``."""
    clear()
    try:
        act()
    except StudioError as error:
        problem(error, place)
        return False
    return True


def _undo() -> None:
    _, delete, restore = st.session_state.pop(_UNDO)
    st.session_state.pop(_NOTE, None)
    shelf = services().prompt_shelf
    with shelf.at_once():
        shelf.delete(delete)
        shelf.restore(restore)
    say("Undone.")
