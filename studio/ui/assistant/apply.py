"""From a proposal to the form of Generate or to a sweep; always by a click, and with a way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from studio.assistant.protection import without_new_tags
from studio.poses import library as poses
from studio.ui import desk
from studio.ui.services import services
from studio.ui.sweep import state as sweep_state

GENERATE, SWEEP = "generate.py", "sweep.py"
MAX_TITLE = 60
_BEFORE = "assistant.before"


def put(values: Mapping[str, Any]) -> None:
    """Fill fields of the form; what they held before is kept for :func:`show_undo`. In a callback or before drawing."""
    before = {name: desk.value(name) for name in values}
    desk.put_values(**values)
    if before != dict(values):
        st.session_state[_BEFORE] = (before, dict(values))


def to_generate(values: Mapping[str, Any]) -> None:
    """Fill the form and go there. In the body of a page."""
    put(values)
    desk.keep(services().drafts)
    st.switch_page(GENERATE)


def pose_values(name: str) -> dict[str, Any]:
    """The fields that let the figure follow a pose of the library."""
    return {"control": "pose", "pose_name": name} if name in poses.pose_names() else {}


def to_sweep(prompts: Iterable[str], title: str) -> None:
    """Begin a sweep with one cell for each prompt, and go there. In the body of a page."""
    now = sweep_state.building()
    row = sweep_state.new_row("prompt", axis_values(prompts))
    short = " ".join(title.split())[:MAX_TITLE]
    sweep_state.keep(replace(now, title=f"Variations: {short}" if short else "Variations", skip="", rows=(row,)))
    st.switch_page(SWEEP)


def axis_values(prompts: Iterable[str]) -> str:
    """Prompts as the axis reads them: one line, ``||`` between. LoRAs are the form's, so their tags are left out."""
    lines = (" ".join(without_new_tags(prompt, ()).replace("||", "|").split()) for prompt in prompts)
    return " || ".join(dict.fromkeys(line for line in lines if line))


def show_undo() -> None:
    """On Generate: a line that brings back what the assistant has replaced, until somebody changes it."""
    before, after = st.session_state.get(_BEFORE, ({}, {}))
    if not before or any(desk.value(name) != value for name, value in after.items()):
        return
    st.button(
        "Undo what came from the assistant", key="assistant_undo", icon=":material/undo:", type="tertiary",
        on_click=_undo, help="Brings back what the form held before.",
    )  # fmt: skip


def _undo() -> None:
    desk.sync()
    before, _ = st.session_state.pop(_BEFORE)
    desk.put_values(**before)
