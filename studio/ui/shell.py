"""What surrounds every page: the style sheet and the status line."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

import studio
from studio.ui import desk, status_line
from studio.ui.services import services

ABOUT = f"**PoseAnimeFlow Studio** {studio.__version__}\n\nAnime characters in exact poses, on your own machine."
ICON, LOGO, STYLE = (Path(__file__).with_name(name) for name in ("icon.svg", "logo.svg", "style.css"))


def show(activity: str) -> None:
    """Call once per run, before the page. ``activity`` is the page the status line leads to."""
    desk.carry_over(services().drafts)
    st.html(STYLE)
    st.logo(LOGO, size="large")
    status_line.show(activity)
