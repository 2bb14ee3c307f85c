"""The picture of a card, large."""

from __future__ import annotations

import streamlit as st

from studio.ui import media
from studio.ui.failures import plain
from studio.ui.prompts import trials
from studio.ui.services import services

_OPENED = "prompts.picture"


def open_(key: str | None) -> None:
    """Open the picture of an entry or template; None closes it. A callback."""
    st.session_state[_OPENED] = key


def show() -> None:
    """The dialog, while it is open."""
    if st.session_state.get(_OPENED):
        _dialog()


@st.dialog("Tried", width="medium", icon=":material/brush:", on_dismiss=lambda: open_(None))
def _dialog() -> None:
    item = services().prompt_shelf.library().get(st.session_state.get(_OPENED) or "")
    tried = trials.of([item]).get(item.key) if item else None
    if item is None or tried is None or tried.sha256 is None or tried.picture_id is None:
        open_(None)
        st.rerun()
    picture = services().gallery.get(tried.picture_id)
    st.markdown(f"**{plain(item.title)}** · {plain(picture.request.checkpoint)}")
    st.image(media.picture_url(tried.sha256), alt=f"Picture of: {plain(picture.request.prompt)}", width="stretch")
    st.caption(plain(picture.request.prompt))
    st.page_link(
        "gallery.py", label="Open in the gallery", icon=":material/photo_library:",
        query_params={"picture": str(tried.picture_id)},
    )  # fmt: skip
