"""The Prompts page: the library and one's own prompts, from which the prompt of Generate grows click by click."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from studio.catalog import vocabulary
from studio.catalog.families import FAMILIES
from studio.prompts.library.library import Library
from studio.ui import desk
from studio.ui.failures import plain
from studio.ui.generate import first_visit
from studio.ui.models import shelves
from studio.ui.prompts import adding, cards, filters, finding, notes, own, picture, transfer, trials, use
from studio.ui.prompts.finding import Found, Wanted
from studio.ui.services import services

STYLE = Path(__file__).with_name("prompts.css")
PER_PAGE = 48
PROBLEMS_SHOWN = 20


def begin() -> None:
    """The form may not have been drawn in this session yet."""
    parts = services()
    desk.begin(parts.drafts, first=first_visit.draft(shelves(parts.settings)))
    st.html(STYLE)


def show() -> None:
    """The whole page."""
    shelf = services().prompt_shelf
    library, family = shelf.library(), _family()
    _head()
    with st.container():  # what comes and goes here must not push the search field out of its place
        notes.show()
        _broken(library)
    filters.begin(library, family)
    wanted = filters.wanted()
    found = finding.find(library, wanted, shelf.favourites(), shelf.recent())
    filters.show(library, found)
    if found.items:
        _list(library, found, wanted, family)
    else:
        _empty(found, wanted)
    _bar()
    adding.tell()
    for dialog in (use, own, transfer, picture):
        dialog.show()


def end() -> None:
    """Keep the form of Generate as it is now."""
    desk.keep(services().drafts)


def _family() -> str | None:
    model = trials.checkpoint()
    return model.family if model and model.family in FAMILIES else None


def _head() -> None:
    with st.container(key="prompts_head", horizontal=True, vertical_alignment="bottom"):
        st.title("Prompts", width="stretch")
        own.show_new()
        transfer.show_buttons()


def _broken(library: Library) -> None:
    """What could not be read of the library's files; the rest is here."""
    if not library.problems:
        return
    count = len(library.problems)
    label = f"{count} {'thing' if count == 1 else 'things'} in the library's files could not be read"
    with st.expander(label, icon=":material/rule:", key="prompts_broken"):
        told = [f"- {plain(str(problem))}" for problem in library.problems[:PROBLEMS_SHOWN]]
        st.markdown("\n".join([*told, *([f"- and {count - PROBLEMS_SHOWN} more"] if count > PROBLEMS_SHOWN else [])]))


def _list(library: Library, found: Found, wanted: Wanted, family: str | None) -> None:
    pages = -(-len(found.items) // PER_PAGE)
    page = min(filters.page(), pages)
    shown = found.items[(page - 1) * PER_PAGE : page * PER_PAGE]
    with st.container(key="prompts_status", horizontal=True, vertical_alignment="center"):
        st.caption(_count(found, wanted), width="stretch")
        cards.show_try_all(shown)
    cards.show(library, shown, (family, FAMILIES[family].label) if family else None)
    if pages > 1:
        key = f"prompts.turned.{page}.{pages}"
        with st.container(horizontal=True, horizontal_alignment="center", key="prompts_pages"):
            st.pagination(pages, default=page, key=key, on_change=lambda: filters.turn_to(st.session_state[key]))


def _count(found: Found, wanted: Wanted) -> str:
    count = len(found.items)
    told = f"{count:,} {'prompt' if count == 1 else 'prompts'}"
    if found.elsewhere and wanted.family in vocabulary.CLOSED:
        label = FAMILIES[wanted.family].label.lower()
        return f"{told} in words that the {label} understands · {found.elsewhere:,} more for other models"
    return told


def _empty(found: Found, wanted: Wanted) -> None:
    """One sentence and one button."""
    with st.container(key="prompts_empty", border=True, horizontal_alignment="center", gap="small"):
        if found.elsewhere and wanted.family:
            label = FAMILIES[wanted.family].label
            _say(f"{label} knows nothing of this; other models have {found.elsewhere:,}.", ":material/search_off:")
            _button("Show all models", ":material/filter_list_off:", {"family": filters.ANY})
        elif wanted.text.strip() or wanted.categories:
            _say("Nothing fits what you look for.", ":material/search_off:")
            st.button("Show everything", icon=":material/close:", key="prompts_first", on_click=filters.clear)
        elif wanted.kind == finding.YOURS:
            _say("Words and templates of your own will be here.", ":material/bookmark_add:")
            st.button(
                "Keep the prompt of Generate",
                icon=":material/brush:",
                key="prompts_first",
                on_click=own.from_form,
            )
        else:
            what = "that you mark with a star" if wanted.kind == finding.FAVOURITES else "that you have used"
            _say(f"Prompts {what} will be here.", ":material/auto_stories:")
            _button("Look through the library", ":material/auto_stories:", {"kind": finding.ALL})


def _say(text: str, icon: str) -> None:
    st.markdown(icon, text_alignment="center")
    st.markdown(text, text_alignment="center")


def _button(label: str, icon: str, values: dict[str, str]) -> None:
    st.button(label, icon=icon, key="prompts_first", on_click=filters.put, kwargs=values)


def _bar() -> None:
    """The prompt as it has grown, always in view, with the way back and the way on."""
    prompt = " ".join(desk.value("prompt").split())
    with st.container(key="prompts_bar", horizontal=True, vertical_alignment="center"):
        with st.container(key="prompts_bar_text", width="stretch"):
            st.markdown(f"**Prompt** {plain(prompt) or '*empty*'}")
        adding.show_undo("undo_step")
        st.page_link("generate.py", label="Open Generate", icon=":material/brush:", width="content")
