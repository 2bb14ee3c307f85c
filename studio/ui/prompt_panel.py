"""Prompt and negative prompt, each with its tokens counted in chunks of 75."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.prompts import tokens
from studio.ui import desk
from studio.ui.draft import NEGATIVE
from studio.ui.failures import plain
from studio.ui.models import token_counter
from studio.ui.words import HELP

CHUNK = 75


def show(counter_folder: str | None) -> None:
    """Both prompts. ``counter_folder`` is the chosen checkpoint's folder, for its own tokenizer."""
    _text("prompt", "Prompt", 128, "1girl, red hair, running, park", counter_folder)
    negative = desk.value("negative_prompt")
    with st.expander(f"Negative prompt · {_summary(negative)}", key="fold_negative"):
        _text("negative_prompt", "Negative prompt", 90, "lowres, bad hands", counter_folder)


def _text(name: str, label: str, height: int, placeholder: str, counter_folder: str | None) -> None:
    bound = desk.bind(name)
    text = st.text_area(label, bound.initial, height, key=bound.key, help=HELP[name], placeholder=placeholder)
    st.caption(count(text or "", counter_folder))


def count(text: str, counter_folder: str | None) -> str:
    """``12 of 75 tokens``, one number per chunk; a rough count where the checkpoint has no tokenizer at hand."""
    try:
        counter = token_counter(counter_folder) if counter_folder else None
        if counter is None:
            return f"about {tokens.estimate(text)} tokens"
        sizes = counter.chunk_sizes(text)
    except StudioError as error:
        return f":red[{plain(error.message)}]"
    if len(sizes) == 1:
        return f"{sizes[0]} of {CHUNK} tokens"
    return f"{' + '.join(map(str, sizes))} tokens in {len(sizes)} chunks of {CHUNK}"


def _summary(text: str | None) -> str:
    if text == NEGATIVE:
        return "the usual"
    words = " ".join((text or "").split())
    return plain(words if len(words) <= 36 else f"{words[:35]}…") or "empty"
