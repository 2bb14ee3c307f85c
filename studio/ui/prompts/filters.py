"""What is looked for on the Prompts page: the search field, the kind, the model family, the categories."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.catalog import vocabulary
from studio.catalog.families import FAMILIES
from studio.prompts.library.library import Library
from studio.ui.failures import plain
from studio.ui.prompts import finding
from studio.ui.prompts.finding import Found, Wanted

ANY = "any"
MANY = 16
"""More categories than this are folded away."""
_TEXT, _KIND, _FAMILY, _PAGE = (f"prompts.{name}" for name in ("text", "kind", "family", "page"))
_CHOSEN_FOR = "prompts.family_for"


def begin(library: Library, family: str | None) -> None:
    """Before anything is drawn. ``family``: of the form's checkpoint.

    A family with a vocabulary of its own is preset, so that every click does something; until the person chooses.
    """
    st.session_state.setdefault(_KIND, finding.ALL)
    if st.session_state.get(_CHOSEN_FOR, ANY) != family:
        st.session_state[_CHOSEN_FOR] = family
        st.session_state[_FAMILY] = family if family in vocabulary.CLOSED else ANY
    st.session_state.setdefault(_FAMILY, ANY)
    # A folder that was chosen may be empty by now, and gone.
    kind = st.session_state[_KIND]
    offered, key = finding.categories_of(library, kind), _categories_key(kind)
    if chosen := st.session_state.get(key):
        st.session_state[key] = [id for id in chosen if id in offered] if len(offered) > 1 else []


def wanted() -> Wanted:
    """What the person looks for now. Can be asked before the widgets are drawn."""
    family, kind = st.session_state[_FAMILY], st.session_state[_KIND]
    chosen = st.session_state.get(_categories_key(kind)) or ()
    return Wanted(st.session_state.get(_TEXT) or "", kind, tuple(chosen), None if family == ANY else family)


def page() -> int:
    """The page of the list, from 1."""
    return st.session_state.get(_PAGE, 1)


def turn_to(number: int) -> None:
    st.session_state[_PAGE] = max(1, number)


def from_the_top() -> None:
    """A callback of everything that changes what is listed."""
    turn_to(1)


def put(**values: Any) -> None:
    """Choose something else to look for: ``text``, ``kind``, ``family``. A callback."""
    st.session_state.update({f"prompts.{name}": value for name, value in values.items()})
    from_the_top()


def clear() -> None:
    """Look for everything of this kind again. A callback."""
    st.session_state[_categories_key(st.session_state[_KIND])] = []
    put(text="", family=ANY)


def show(library: Library, found: Found) -> None:
    """All of it. ``found``: what fits now, for the numbers."""
    with st.container(key="prompts_search", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search", key=_TEXT, type="search", live=True, placeholder="twintails, rain, ponytial",
            icon=":material/search:", on_change=from_the_top, persist_state="session",
            help="Looks into words, other names and notes; typing errors are forgiven. Example: ponytial.",
        )  # fmt: skip
        st.selectbox(
            "Works with", [ANY, *FAMILIES], key=_FAMILY, on_change=from_the_top, persist_state="session", width=210,
            format_func=lambda name: FAMILIES[name].label if name in FAMILIES else "Any model",
            help="Only what models of this kind understand. Example: the starter knows a few hundred words.",
        )  # fmt: skip
    st.segmented_control(
        "Kind", list(finding.KINDS), key=_KIND, required=True, label_visibility="collapsed", on_change=from_the_top,
        persist_state="session", format_func=lambda kind: f"{finding.KINDS[kind]} · {found.kinds[kind]:,}",
        help="Words are added to a prompt; a template is a whole prompt with settings and a pose.",
    )  # fmt: skip
    _categories(library, found)


def _categories(library: Library, found: Found) -> None:
    kind = st.session_state[_KIND]
    offered = finding.categories_of(library, kind)
    if kind in (finding.FAVOURITES, finding.RECENT):
        kept = st.session_state.get(_categories_key(kind)) or ()
        offered = {id: title for id, title in offered.items() if found.categories.get(id) or id in kept}
    chosen = st.session_state.get(_categories_key(kind)) or ()
    if len(offered) < 2 and not chosen:
        return
    if len(offered) <= MANY:
        _pills(kind, offered, found)
        return
    told = ", ".join(offered[id] for id in chosen) or "all"
    with st.expander(f"Categories · {plain(told)}", key="fold_categories"):
        _pills(kind, offered, found)


def _pills(kind: str, offered: dict[str, str], found: Found) -> None:
    st.pills(
        "Folders" if kind == finding.YOURS else "Categories", list(offered), selection_mode="multi",
        key=_categories_key(kind), label_visibility="collapsed", on_change=from_the_top, persist_state="session",
        format_func=lambda id: f"{plain(offered[id])} · {found.categories.get(id, 0)}",
        help="Click one or several; click again to let it go.",
    )  # fmt: skip


def _categories_key(kind: str) -> str:
    return f"prompts.categories.{kind}"
