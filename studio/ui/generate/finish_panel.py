"""Finish: a hires pass over the drawn picture, and enlarging the result; folded, with their values in the label."""

from __future__ import annotations

from functools import partial

import streamlit as st

from studio.errors import StudioError
from studio.ui import desk, problems, ranges
from studio.ui.generate import choices, draft, finish, forms, upscaler_choice
from studio.ui.generate.control_sources import sights
from studio.ui.generate.draft import HIRES_TARGETS, UPSCALE_EDGES, UPSCALE_TARGETS
from studio.ui.models import Shelves
from studio.ui.words import HELP

TARGETS = {"scale": "Factor", "side": "Pixels", "size": "Exact size"}
EDGES = {"longest": "Longest side", "shortest": "Shortest side"}


def show(models: Shelves) -> None:
    for name in ("hires_upscaler", "upscale_upscaler"):
        if desk.value(name) is None:
            desk.put_values(**{name: upscaler_choice.default(models.upscalers)})
    with st.expander(f"Finish · {finish.words(desk.draft())}", key="fold_finish"):
        _switch("hires", "Hires pass")
        if desk.value("hires"):
            _hires(models)
        _switch("upscale", "Upscale the result")
        if desk.value("upscale"):
            _upscale(models)
        if desk.value("hires") or desk.value("upscale"):
            _sizes()
    problems.show("finish")


def _hires(models: Shelves) -> None:
    with st.container(border=True, key="hires_fields"):
        _one_of("hires_by", "Hires size by", HIRES_TARGETS, TARGETS)
        if desk.value("hires_by") == "scale":
            ranges.number("hires_scale", "Hires factor", draft.HIRES_SCALE, 0.05)
        else:
            _size("hires", 8)
        ranges.number("hires_strength", "Hires strength", (0.0, 1.0), 0.05, draft.GOOD_HIRES_STRENGTH)
        ranges.box("hires_steps", "Hires steps", (0, draft.STEPS[1]))
        _upscaler("hires_upscaler", "Upscaler before the hires pass", models)


def _upscale(models: Shelves) -> None:
    with st.container(border=True, key="upscale_fields"):
        _one_of("upscale_by", "Upscale by", UPSCALE_TARGETS, TARGETS)
        match desk.value("upscale_by"):
            case "scale":
                ranges.number("upscale_scale", "Upscale factor", draft.UPSCALE_SCALE, 0.25)
            case "side":
                ranges.box("upscale_side", "Side in pixels", draft.UPSCALE_SIDE, 64)
                _one_of("upscale_edge", "Which side", UPSCALE_EDGES, EDGES)
            case _:
                _size("upscale", 1)
        _upscaler("upscale_upscaler", "Upscaler", models)
        _switch("upscale_fast", "Fast tiles")


def _size(part: str, step: int) -> None:
    left, right = st.columns(2, wrap=False)
    with left:
        ranges.box(f"{part}_width", f"{part.capitalize()} width", (0, 99_999), step, f"{part}_size")
    with right:
        ranges.box(f"{part}_height", f"{part.capitalize()} height", (0, 99_999), step, f"{part}_size")


def _upscaler(name: str, label: str, models: Shelves) -> None:
    shown = partial(upscaler_choice.label, upscalers=models.upscalers)
    choices.one(name, label, upscaler_choice.names(models.upscalers), shown)
    st.caption(upscaler_choice.remark(desk.value(name), models.upscalers))


def _switch(name: str, label: str) -> None:
    bound = desk.bind(name)
    st.toggle(label, bound.initial, key=bound.key, help=HELP[name])


def _one_of(name: str, label: str, options: tuple[str, ...], shown: dict[str, str]) -> None:
    bound = desk.bind(name)
    st.segmented_control(
        label, options, default=bound.initial, format_func=shown.__getitem__, key=bound.key, required=True,
        help=HELP[name], label_visibility="collapsed",
    )  # fmt: skip


def _sizes() -> None:
    """The way from the drawn to the finished size; Generate says what is wrong with it."""
    now = desk.draft()
    try:
        request = forms.requests_from(now, now.seed, *sights(now, store=False))[0]
    except StudioError:
        return
    ways = [(request.width, request.height), request.drawn_size, request.final_size]
    shown = [f"{width} × {height}" for width, height in dict.fromkeys(ways)]
    st.caption(" → ".join(shown))
