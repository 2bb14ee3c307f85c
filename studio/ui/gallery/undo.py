"""The way back after Delete."""

from __future__ import annotations

import streamlit as st

from studio.ui.gallery import state


def show() -> None:
    """A button that brings back what was put into the trash last, while there is such a thing."""
    if gone := state.trashed():
        st.button(
            f"Undo delete of {state.counted(len(gone))}", icon=":material/undo:", key="undo", on_click=state.undo,
            type="tertiary", help="Brings back what was deleted last (Ctrl+Z in the list).",
        )  # fmt: skip
