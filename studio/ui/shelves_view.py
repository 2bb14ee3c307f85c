"""Checkpoints, ControlNets, LoRAs and VAEs with family, size and what is wrong with them."""

from __future__ import annotations

import streamlit as st

from studio.catalog.checkpoints import HOW_TO_GET_ONE, checkpoint_folder
from studio.catalog.families import FAMILIES
from studio.catalog.shelf import Model
from studio.ui import failures
from studio.ui.failures import plain
from studio.ui.models import shelves
from studio.ui.services import services


def show() -> None:
    settings = services().settings
    found = shelves(settings)
    folder = checkpoint_folder(settings)
    text = st.text_input(
        "Filter", key="models.filter", placeholder="Part of a name", icon=":material/search:", persist_state="session",
        help="Shows only models whose name holds this text. Example: anime.",
    )  # fmt: skip
    shelf(
        "Checkpoints", found.checkpoints, text, HOW_TO_GET_ONE.format(folder=folder),
        "The models that paint.",
    )  # fmt: skip
    shelf(
        "ControlNets", found.controlnets, text,
        f"Put a ControlNet as .safetensors or diffusers folder into {settings.models / 'controlnets'}. Without "
        "one, the usual one for the checkpoint is downloaded when first needed.",
        "They hold a figure to a pose or a control map.",
    )  # fmt: skip
    shelf(
        "LoRAs", found.loras, text, f"Put .safetensors files into {settings.models / 'loras'}.",
        "Small add-ons: a style, a character, a garment.",
    )  # fmt: skip
    shelf(
        "VAEs", found.vaes, text,
        f"Put .safetensors files or folders into {settings.models / 'vaes'}. Most checkpoints need none.",
        "They turn the model's inner picture into pixels.",
    )  # fmt: skip


def shelf(title: str, models: tuple[Model, ...], text: str | None, how_to_add: str, about: str) -> None:
    st.subheader(f"{title} · {len(models)}", anchor=False)
    st.caption(about)
    wanted = [model for model in models if (text or "").casefold() in model.name.casefold()]
    if wanted:
        st.dataframe([row(model) for model in wanted], hide_index=True, width="stretch", key=f"shelf_{title}")
    elif models:
        st.caption("No name holds this text.")
    for model in wanted:
        if model.problem:
            failures.show(model.problem, model.hint)
    with st.expander("How to add one", key=f"add_{title}", expanded=not models):
        st.markdown(plain(how_to_add))


def row(model: Model) -> dict[str, str]:
    """One line of a shelf's table."""
    family = FAMILIES[model.family].label if model.family in FAMILIES else "Not known"
    return {
        "Name": model.name,
        "State": "Cannot be used" if model.problem else "Ready",  # the reason stands below the table
        "Family": family,
        "Size": size_text(model.size_bytes),
        "Form": {"folder": "Folder", "file": "File", "hub": "Hub"}[model.kind],
    }


def size_text(size: int) -> str:
    """``2.1 GB``, ``144 MB``."""
    if size >= 1e9:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{max(1, size // 1000)} kB"
