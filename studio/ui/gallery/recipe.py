"""A picture's recipe, to read and to copy; of pictures of other programs as far as it was understood."""

from __future__ import annotations

import streamlit as st

from studio.gallery import Picture, infotext
from studio.ui.failures import plain

MAX_NOTES = 5
PROMPTS = ("Prompt", "Negative prompt")


def show(picture: Picture) -> None:
    """Prompts, a table of settings, and the whole as a text that other tools read."""
    for note in _notes(picture):
        st.caption(f":material/info: {plain(note)}")
    text = picture.parameters
    if not text:
        st.info(
            "This picture says nothing about how it was made.", icon=":material/help:",
        )  # fmt: skip
        return
    known = infotext.parse(text)
    if not known:
        st.subheader("What the file says", anchor=False)
        st.code(text, language=None, wrap_lines=True)
        return
    for name in PROMPTS:
        if known.get(name):
            st.caption(name)
            st.code(known[name], language=None, wrap_lines=True)
    names = [name for name in known if name not in PROMPTS and not name.endswith(("-1", "-2"))]
    # As they stand in the text; what the format leaves out at its default comes last.
    names.sort(key=lambda name: position if (position := text.find(f"{name}: ")) >= 0 else len(text))
    facts = {name: known[name] for name in names}
    with st.container(key="facts"):
        st.table(
            {"Setting": [plain(name) for name in facts], "Value": [plain(value) for value in facts.values()]},
            border="horizontal", hide_index=True,
        )  # fmt: skip
    with st.expander("Copy parameters", key="fold_parameters", icon=":material/content_copy:"):
        st.caption("All of it as one text, as A1111, Forge and Civitai read it. The button at its corner copies it.")
        st.code(text, language=None, wrap_lines=True)


def _notes(picture: Picture) -> list[str]:
    """What an import had to leave out or guess."""
    found = (picture.provenance.model_extra or {}).get("notes", [])
    return [str(note) for note in found[:MAX_NOTES]] if isinstance(found, list) else []
