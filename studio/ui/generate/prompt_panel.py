"""Prompt and negative prompt, each in an editor that completes words and shows its chunks of 75 tokens."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from studio.catalog.checkpoints import Checkpoint
from studio.catalog.families import FAMILIES
from studio.errors import StudioError
from studio.prompts.syntax import metering
from studio.ui import desk
from studio.ui.assistant import panel as assistant_panel
from studio.ui.components.prompt_editor import exchange, prompt_editor
from studio.ui.failures import plain
from studio.ui.generate import completions, lint_panel, negative_panel, prompt_history_panel
from studio.ui.generate.draft import NEGATIVE
from studio.ui.models import Shelves, token_counter
from studio.ui.prompts import picker as prompts_picker
from studio.ui.services import services
from studio.ui.words import HELP


def show(models: Shelves, checkpoint: Checkpoint | None) -> None:
    """Both prompts, and what goes with them."""
    parts = services()
    loras = tuple((lora.name, lora.family) for lora in models.loras if not lora.problem)
    words = completions.url(parts.prompt_shelf.library(), loras, completions.wildcards_of(parts.settings))
    _editor("prompt", "Prompt", 128, "1girl, red hair, running, park", checkpoint, words)
    with st.container(key="prompt_actions", horizontal=True, gap="small"):
        prompts_picker.show(checkpoint.family if checkpoint else None)
        prompt_history_panel.show()
        lint_panel.show(models, checkpoint)
    lint_panel.show_first(models, checkpoint)
    assistant_panel.show()
    with st.expander(f"Negative prompt · {_summary(desk.value('negative_prompt'))}", key="fold_negative"):
        _editor("negative_prompt", "Negative prompt", 90, "lowres, bad hands", checkpoint, words)
        negative_panel.show(checkpoint)


def _editor(
    name: str, label: str, height: int, placeholder: str, checkpoint: Checkpoint | None, completions_url: str
) -> None:
    key, text = f"editor.{name}", desk.value(name)

    def changed(new: str, former: str) -> None:
        # Where somebody has set the field meanwhile, what was typed before that is in the editor's undo history.
        if exchange.plain_lines(desk.value(name)) == former:
            desk.mirror(name, new)

    desk.attach(name, lambda: exchange.take(key, changed))
    family = FAMILIES.get(checkpoint.family) if checkpoint and checkpoint.family else None
    prompt_editor(
        text,
        key=key,
        label=label,
        placeholder=placeholder,
        height=height,
        help=HELP[name],
        completions_url=completions_url,
        measure=measured(text, checkpoint, negative=name == "negative_prompt", steps=desk.value("steps")),
        family=family and family.name,
        family_label=family.label if family else "",
        on_change=changed,
    )


def measured(text: str, checkpoint: Checkpoint | None, negative: bool = False, steps: int = 20) -> metering.Measure:
    """The tokens of ``text``: a rough count where the checkpoint has no tokenizer at hand."""
    folder = str(checkpoint.path) if checkpoint and checkpoint.path else ""
    return _measured(exchange.plain_lines(text), folder, negative, steps)


@lru_cache(maxsize=256)
def _measured(text: str, folder: str, negative: bool, steps: int) -> metering.Measure:
    counter = token_counter(folder) if folder else None
    try:
        return metering.measure(text, counter, negative, steps) if counter else metering.rough(text)
    except StudioError as error:
        return metering.Measure(problem=error.message)


def _summary(text: str) -> str:
    if text == NEGATIVE:
        return "the usual"
    words = " ".join(text.split())
    return plain(words if len(words) <= 36 else f"{words[:35]}…") or "empty"
