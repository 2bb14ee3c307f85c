"""What to try next, in three quiet lines under the first pictures; only pages that are there."""

from __future__ import annotations

import streamlit as st

from studio.settings import PROJECT_ROOT

NEWCOMER = 3
"""Up to this many pictures in the gallery the suggestions are shown."""
SUGGESTIONS = (
    ("pose.py", "Change the pose: drag joints until it is yours", ":material/accessibility_new:"),
    ("prompts.py", "Try a style from the prompt library", ":material/auto_stories:"),
    ("sweep.py", "Sweep guidance, and compare side by side", ":material/grid_on:"),
)


def show(pictures: int) -> None:
    """``pictures``: how many there are so far."""
    there = [each for each in SUGGESTIONS if (PROJECT_ROOT / "pages" / each[0]).is_file()]
    if not 1 <= pictures <= NEWCOMER or not there:
        return
    with st.container(gap="xxsmall", key="suggestions"):
        st.caption("What next")
        for page, label, icon in there:
            st.page_link(page, label=label, icon=icon)
