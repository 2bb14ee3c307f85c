"""What went wrong with the last action on the Gallery page, shown until the next one."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.ui import failures

_KEY = "gallery.problem"


def note(error: StudioError) -> None:
    st.session_state[_KEY] = (error.message, error.hint)


def clear() -> None:
    st.session_state.pop(_KEY, None)


def show() -> None:
    if _KEY in st.session_state:
        failures.show(*st.session_state[_KEY])
