"""The prompt editor: a text field that colours the syntax, completes tags, nudges weights and shows token chunks.

It is a real text area with its colours painted behind it, so input methods, spelling, screen readers and phones'
keyboards work as everywhere.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from streamlit.components.v2 import component

from studio.prompts.syntax.metering import Measure
from studio.ui.components.prompt_editor import exchange
from studio.ui.components.scripts import Scripts

FOLDER = Path(__file__).parent
scripts = Scripts(FOLDER, "editor.js")
_mount = component(
    "studio_prompt_editor",
    html='<div class="prompt-editor"></div>\n',
    css=(FOLDER / "editor.css").read_text(encoding="utf-8"),
    js=scripts.loader,
)


def prompt_editor(
    value: str,
    *,
    key: str,
    label: str,
    placeholder: str = "",
    height: int = 120,
    help: str = "",
    completions_url: str | None = None,
    measure: Measure | None = None,
    family: str | None = None,
    family_label: str = "",
    on_change: exchange.OnChange | None = None,
) -> str:
    """Show the editor; returns the text as it is edited by now.

    Another ``value`` than the one returned before replaces the text, as a step of the editor's own undo history.

    Args:
        height: the least height of the field in pixels; it grows with the text.
        help: one line on what belongs here, shown with the shortcuts.
        completions_url: address of what can be completed (see :mod:`studio.ui.generate.completions`).
        measure: the tokens of ``value`` (see :func:`studio.ui.generate.prompt_panel.measured`).
        family: the chosen checkpoint's family; completions it does not know are marked with ``family_label``.
        on_change: called with every edited text, and the one it was made from, before the page runs, where no other
            click can interrupt it. With it, ``value`` is taken as the truth: pass what was stored.
    """
    shared = exchange.of(key)
    text = shared.settle(value, stored_elsewhere=on_change is not None)
    data = {
        "key": key,
        "revision": shared.revision,
        "seen": shared.seen,
        "text": text,
        "label": label,
        "placeholder": placeholder,
        "height": height,
        "help": help,
        "completions_url": completions_url,
        "measure": asdict(measure) if measure else None,
        "family": family,
        "family_label": family_label,
    }
    _mount(key=key, data=data, on_edit_change=lambda: exchange.take(key, on_change))
    return text
