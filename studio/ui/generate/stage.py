"""The stage: one picture, big, beside the control map it was to follow. Its place is kept from the start."""

from __future__ import annotations

import streamlit as st

from studio.request import GenerationRequest
from studio.ui import media


def show(url: str | None, alt: str, width: int, height: int, map_url: str | None) -> None:
    """``url`` None: an empty frame of the same size, for a picture that is still to come."""
    aspect = f"{int(width)}/{int(height)}"
    st.html(f"<style>.st-key-stage, .st-key-stage_map {{ --studio-aspect: {aspect}; }}</style>")
    left, right = st.columns([3, 2], gap="small") if map_url else (st.container(), None)
    with left, st.container(key="stage"):
        if url:
            st.image(url, alt=alt, width="stretch")
        else:
            st.html('<div class="studio-frame" role="img" aria-label="The picture will appear here"></div>')
    if right is not None and map_url:
        with right, st.container(key="stage_map"):
            st.image(map_url, alt="The control map of this picture", width="stretch", caption="Control map")


def map_of(request: GenerationRequest) -> str | None:
    """The address of the first control map of ``request``."""
    if not request.controls:
        return None
    control = request.controls[0]
    if control.pose is not None:
        return media.map_url(control.pose, request.width, request.height)
    return control.image and media.picture_url(control.image.sha256)
