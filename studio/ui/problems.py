"""What went wrong with the form, shown beside the part that caused it until the next try."""

from __future__ import annotations

import streamlit as st

from studio.errors import InvalidRequest, StudioError
from studio.ui import failures

_KEY = "form.problem"
PLACES = {
    "prompt": "prompt",
    "negative_prompt": "prompt",
    "width": "size",
    "height": "size",
    "seed": "size",
    "steps": "sampling",
    "guidance_scale": "sampling",
    "sampler": "sampling",
    "schedule": "sampling",
    "control_image": "pose",
    "controls": "pose",
    "source": "source",
    "source_image": "source",
    "hires": "finish",
    "upscale": "finish",
    "clip_skip": "look",
    "checkpoint": "look",
    "loras": "look",
    "vae": "look",
}
ELSEWHERE = "actions"


def note(error: StudioError, place: str = "") -> None:
    """Remember ``error`` for its place; a request's wrong field knows its own."""
    field = error.field if isinstance(error, InvalidRequest) else ""
    parts = field.split(".")
    found = place or PLACES.get(parts[0]) or PLACES.get(parts[-1]) or ELSEWHERE
    st.session_state[_KEY] = (found, error.message, error.hint)


def clear() -> None:
    st.session_state.pop(_KEY, None)


def is_at(place: str) -> bool:
    return st.session_state.get(_KEY, ("",))[0] == place


def show_elsewhere() -> None:
    """In the row of actions, always in view: a problem without a place, or a line about one that has its own."""
    if is_at(ELSEWHERE):
        show(ELSEWHERE)
    elif _KEY in st.session_state:
        st.caption(f":red[:material/error: {failures.plain(st.session_state[_KEY][1])}]")


def show(place: str) -> None:
    if is_at(place):
        _, message, hint = st.session_state[_KEY]
        failures.show(message, hint)
