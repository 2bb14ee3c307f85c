"""Starting from a picture instead of noise (img2img)."""

from __future__ import annotations

import streamlit as st

from studio.ui import desk, media, problems, ranges, uploads


def show() -> None:
    source, strength = desk.value("source_image"), desk.value("strength")
    label = f"Start image · strength {strength:g}" if source else "Start image · none"
    with st.expander(label, key="fold_source"):
        if source:
            st.image(media.thumbnail_url(source), alt="The start image", width=160)
        uploads.show("source_image", "Start image", "source", background="white")
        if source:
            ranges.number("strength", "Strength", (0.0, 1.0), 0.05)
    problems.show("source")
