"""The style template of the form: stands around what the person writes, and is seen doing so."""

from __future__ import annotations

import streamlit as st

from studio.errors import UnknownName
from studio.prompts.library.entries import Template
from studio.prompts.syntax import comments
from studio.ui import desk
from studio.ui.failures import plain
from studio.ui.generate import choices
from studio.ui.generate.draft import Draft
from studio.ui.prompts import adding, finding
from studio.ui.services import services

SLOT = "\ufffc"
"""Stands for a person's words while the template's are shown."""


def worn(draft: Draft) -> Draft:
    """``draft`` with its style template around its prompts, and without it as a field.

    Raises:
        UnknownName: the template is no longer there.
    """
    if not draft.style:
        return draft
    template = _template(draft.style)
    if template is None:
        hint = "Choose another one under Look, or none."
        raise UnknownName("The style template of the form is no longer there.", hint)
    # What follows a comment on its line would be part of it.
    return draft.with_(
        prompt=template.fill(comments.strip(draft.prompt)),
        negative_prompt=template.fill_negative(comments.strip(draft.negative_prompt)),
        style=None,
    )


def title(key: str | None) -> str:
    """The name of the template of this key; empty for none."""
    template = _template(key) if key else None
    return template.title if template else ""


def show(family: str | None) -> None:
    """The choice, and under it what it adds. ``family``: of the checkpoint; what it does not know comes last."""
    library = services().prompt_shelf.library()
    known = finding.understood_by(library, family)
    templates = {template.key: template for template in library.templates}
    options = sorted(templates, key=lambda key: known is not None and key not in known)
    titles = {category.id: category.title for category in library.categories}

    def shown(key: str | None) -> str:
        if key is None:
            return "None"
        template = templates.get(key)
        return f"{template.title} · {titles.get(template.category, '')}" if template else "No longer there"

    choices.one("style", "Style template", [None, *options], shown)
    chosen = templates.get(desk.value("style") or "")
    if chosen:
        _added(chosen)


def _added(template: Template) -> None:
    with st.container(border=True, gap="small", key="style_adds"):
        st.markdown(adds(template))
        st.button(
            "Write it into the prompt", icon=":material/edit_note:", key="write_style", on_click=write, type="tertiary",
            help="Puts these words into the prompt itself, to be changed there. Undo in the editor takes them out.",
        )  # fmt: skip


def adds(template: Template) -> str:
    """What a template puts around the prompts, as Markdown."""
    negative = template.fill_negative(SLOT)
    told = [f"**Prompt** {_around(template.fill(SLOT))}"]
    if negative != SLOT:
        told.append(f"**Negative prompt** {_around(negative)}")
    return "  \n".join(told)


def write() -> None:
    """A callback: the template's words become part of the prompts, and it is no longer worn."""
    after = worn(desk.draft())
    adding.change(
        "Style template written into the prompt",
        prompt=after.prompt, negative_prompt=after.negative_prompt, style=None,
    )  # fmt: skip


def _around(filled: str) -> str:
    return plain(filled).replace(SLOT, ":primary[your words]")


def _template(key: str) -> Template | None:
    item = services().prompt_shelf.library().get(key)
    return item if isinstance(item, Template) else None
