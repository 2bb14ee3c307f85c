"""What is done with the pose: a picture, or a place in the library."""

from __future__ import annotations

import streamlit as st

from studio.ui import desk
from studio.ui.services import services


def show() -> None:
    """The page's title and, beside it, its actions."""
    with st.container(horizontal=True, vertical_alignment="center", key="pose_actions"):
        st.title("Pose", width="stretch")
        use = st.button(
            "Use in Generate", type="primary", icon=":material/brush:", key="use_in_generate",
            help="Goes to Generate with this pose as its control. What you change here later is used there at once.",
        )  # fmt: skip
    if use:
        desk.put_values(control="editor")
        desk.keep(services().drafts)
        st.switch_page("generate.py")
