"""An upload that outlives its widget: the file goes into the gallery's store at once, the form keeps its hash."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.ui import desk, problems
from studio.ui.services import services
from studio.ui.words import HELP

TYPES = ["png", "jpg", "jpeg", "webp"]


def show(name: str, label: str, place: str, background: str) -> None:
    """The uploader for the draft's field ``name``, or the way to remove what it holds.

    ``background`` is what transparent pixels become: white suits pictures, black control maps.
    """
    if desk.value(name):
        st.button(
            "Remove", icon=":material/close:", key=f"remove_{name}", on_click=_remove, args=(name,), type="tertiary"
        )
        return
    widget = f"upload.{name}.{st.session_state.setdefault(_turn(name), 0)}"
    st.file_uploader(label, TYPES, key=widget, help=HELP[name], on_change=_take, args=(widget, name, place, background))


def _take(widget: str, name: str, place: str, background: str) -> None:
    file = st.session_state.get(widget)
    if file is None or widget != f"upload.{name}.{st.session_state[_turn(name)]}":
        return  # Said by a browser that has not yet heard that the file was taken.
    problems.clear()
    try:
        sha256 = services().gallery.put_upload(file.getvalue(), background).sha256
        desk.put_values(**{name: sha256})
    except StudioError as error:
        problems.note(error, place)
    # A new key gives an empty uploader: the file is stored, or was refused.
    st.session_state[_turn(name)] += 1


def _remove(name: str) -> None:
    problems.clear()
    desk.put_values(**{name: None})


def _turn(name: str) -> str:
    return f"upload.{name}.turn"
