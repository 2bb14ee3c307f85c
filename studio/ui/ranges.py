"""A number that can be slid and typed, with the range that usually works marked."""

from __future__ import annotations

import streamlit as st

from studio.ui import desk
from studio.ui.words import HELP

Limits = tuple[int, int] | tuple[float, float]


def number(name: str, label: str, limits: Limits, step: float, good: Limits | None = None, field: str = "") -> None:
    """A slider and a number box for a field of the form, kept equal.

    Args:
        name: the field; its help text stands under the same name.
        field: another field with the help text of ``name``.
    """
    low, high = limits
    shown = "%d" if isinstance(low, int) else "%.2f"
    step = type(low)(step)
    slid, typed = desk.bind(field or name, ".slid"), desk.bind(field or name, ".typed")
    left, right = st.columns([3, 1.35], vertical_alignment="center" if good else "bottom", wrap=False)
    with left, st.container(key=f"range_{field or name}"):
        st.slider(label, low, high, slid.initial, step, shown, key=slid.key, help=HELP[name])
        if good:
            st.html(_mark(limits, good), width="stretch")
            st.caption(f"{good[0]:g} to {good[1]:g} usually works best")
    with right:
        st.number_input(
            f"{label}, typed", low, high, typed.initial, step, shown, key=typed.key, label_visibility="collapsed"
        )  # fmt: skip


def box(name: str, label: str, limits: tuple[int, int], step: int = 1, words: str = "", disabled: bool = False) -> None:
    """A number box alone, for a whole number whose range says nothing when slid. ``words`` names another help text."""
    bound = desk.bind(name)
    st.number_input(
        label, limits[0], limits[1], bound.initial, step, key=bound.key, help=HELP[words or name], disabled=disabled
    )


def _mark(limits: Limits, good: Limits) -> str:
    low, high = limits
    left, width = (100 * (part) / (high - low) for part in (good[0] - low, good[1] - good[0]))
    return f'<div class="studio-range" aria-hidden="true"><i style="left:{left:.1f}%;width:{width:.1f}%"></i></div>'
