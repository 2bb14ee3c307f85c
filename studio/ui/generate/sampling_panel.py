"""Size, seed and sampling: the numbers of a picture, folded, with their values in the fold's label."""

from __future__ import annotations

import streamlit as st

from studio.catalog.families import FamilySpec
from studio.catalog.samplers import SAMPLERS, SCHEDULES
from studio.request import MAX_SEED
from studio.ui import desk, problems, ranges
from studio.ui.generate import choices, draft
from studio.ui.words import HELP

Size = tuple[int, int]
_LAST_SEED = "desk.last_seed"


def show_size(presets: tuple[Size, ...]) -> None:
    size = (desk.value("width"), desk.value("height"))
    seed = f"seed {desk.value('seed')}" if desk.value("seed_locked") else "random seed"
    count = desk.value("count")
    pictures = "1 picture" if count == 1 else f"{count} pictures"
    with st.expander(f"Size and seed · {_size_label(size)} · {seed} · {pictures}", key="fold_size"):
        _presets(size, presets)
        left, right = st.columns(2, wrap=False)
        with left:
            ranges.box("width", "Width", (0, 99_999), 8, "size")
        with right:
            ranges.box("height", "Height", (0, 99_999), 8, "size")
        _seed()
        ranges.box("count", "Pictures per click", (1, draft.MAX_COUNT))
    problems.show("size")


def _presets(size: Size, presets: tuple[Size, ...]) -> None:
    # One key per size: what a browser says of an older choice changes nothing (see desk.py).
    widget = _preset_key(size)
    sizes = {_size_label(preset): preset for preset in presets}
    st.pills(
        "Size", list(sizes), default=_size_label(size) if size in presets else None, key=widget, help=HELP["size"],
        on_change=_take_preset, args=(widget, sizes),
    )  # fmt: skip


def _preset_key(size: Size) -> str:
    return f"form.preset@{_size_label(size)}"


def _take_preset(widget: str, sizes: dict[str, Size]) -> None:
    desk.sync()
    if widget != _preset_key((desk.value("width"), desk.value("height"))):
        return  # Said before the browser heard that another size was typed.
    if st.session_state[widget]:
        width, height = sizes[st.session_state[widget]]
        desk.put_values(width=width, height=height)
        del st.session_state[widget]  # Coming back to the old size has to show the old size as chosen.


def _seed() -> None:
    ranges.box("seed", "Seed", (0, MAX_SEED), disabled=not desk.value("seed_locked"))
    with st.container(horizontal=True, vertical_alignment="center"):
        lock = desk.bind("seed_locked")
        st.toggle("Lock the seed", lock.initial, key=lock.key, help=HELP["seed_locked"])
        last = st.session_state.get(_LAST_SEED)
        st.button(
            "Last seed", icon=":material/history:", help=HELP["last_seed"], disabled=last is None, on_click=lock_seed,
            args=(last,), type="tertiary",
        )  # fmt: skip


def lock_seed(seed: int | None) -> None:
    """A callback: take ``seed`` and keep it."""
    if seed is not None:
        desk.sync()
        desk.put_values(seed=seed, seed_locked=True)


def remember_seed(seed: int) -> None:
    """A callback: ``seed`` is what the last picture was made with."""
    st.session_state[_LAST_SEED] = seed
    desk.put_values(seed=seed)


def _size_label(size: Size) -> str:
    return f"{size[0]} × {size[1]}"


def show_sampling(family: FamilySpec) -> None:
    """``family``: of the checkpoint, or of what there would be without one; it says which values usually work."""
    steps, guidance, name = desk.value("steps"), desk.value("guidance_scale"), desk.value("sampler")
    with st.expander(f"Sampling · {steps} steps · guidance {guidance:g} · {name}", key="fold_sampling"):
        ranges.number("steps", "Steps", draft.STEPS, 1, family.good_steps)
        ranges.number("guidance_scale", "Guidance", draft.GUIDANCE, 0.5, family.good_guidance)
        sampler = SAMPLERS.get(name)
        left, right = st.columns(2)
        with left:
            choices.one("sampler", "Sampler", list(SAMPLERS))
        with right:
            choices.one("schedule", "Schedule", list(sampler.schedules if sampler else SCHEDULES))
        if sampler:
            st.caption(sampler.explanation)
    problems.show("sampling")
