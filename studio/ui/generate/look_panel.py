"""The look: checkpoint, style template, LoRAs, VAE and clip skip."""

from __future__ import annotations

import streamlit as st

from studio.catalog.checkpoints import traits
from studio.catalog.shelf import Model
from studio.ui import desk, failures, problems, ranges
from studio.ui.generate import choices, suiting
from studio.ui.models import Shelves
from studio.ui.prompts import style as prompts_style
from studio.ui.words import HELP


def show(shelves: Shelves) -> None:
    name, picked = desk.value("checkpoint"), desk.value(desk.PICKED)
    loras = f" · {len(picked)} LoRA{'s' if len(picked) > 1 else ''}" if picked else ""
    style = prompts_style.title(desk.value("style"))
    label = f"Look · {failures.plain(name or 'no checkpoint')}{loras}{style and f' · {failures.plain(style)}'}"
    with st.expander(label, key="fold_look"):
        _choice("checkpoint", "Checkpoint", list(shelves.checkpoints))
        if checkpoint := shelves.checkpoint(desk.value("checkpoint")):
            suiting.show(traits(checkpoint))
        prompts_style.show(checkpoint.family if checkpoint else None)
        _loras(shelves)
        left, right = st.columns(2)
        with left:
            _choice("vae", "VAE", list(shelves.vaes), nothing="The checkpoint's own")
        with right:
            ranges.box("clip_skip", "Clip skip", (1, 12))
    problems.show("look")


def _choice(name: str, label: str, models: list[Model], nothing: str = "") -> None:
    value = desk.value(name)
    options: list[str | None] = [model.name for model in models if not model.problem or model.name == value]
    troubled = {model.name: "damaged" for model in models if model.problem}
    found = {model.name for model in models}

    def shown(option: str | None) -> str:
        if option is None:
            return nothing
        return (
            f"{option} ({troubled.get(option, 'not found')})" if option in troubled or option not in found else option
        )

    choices.one(name, label, [None, *options] if nothing else options, shown, "None found")


def _loras(shelves: Shelves) -> None:
    fitting, picked = shelves.loras_for(shelves.checkpoint(desk.value("checkpoint"))), desk.value(desk.PICKED)
    options = fitting + [name for name in picked if name not in fitting]
    if not options:
        return
    bound = desk.bind(desk.PICKED)
    options += [name for name in bound.initial if name not in options]
    st.multiselect("LoRAs", options, bound.initial, key=bound.key, help=HELP["loras"], placeholder="None")
    for name in picked:
        field = desk.lora(name)
        st.session_state.setdefault(desk.key(field), 0.8)
        ranges.number("lora_weight", f"Weight of {failures.plain(name)}", (-4.0, 4.0), 0.05, (0.6, 1.0), field)
