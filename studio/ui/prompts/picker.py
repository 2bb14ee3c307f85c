"""The library within reach of the prompt: a search field, and words that a click adds."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from studio.prompts.library.entries import Entry, Item
from studio.prompts.library.library import Library
from studio.ui import desk
from studio.ui.failures import plain
from studio.ui.prompts import adding, finding, use
from studio.ui.prompts.finding import Wanted
from studio.ui.services import services

SHOWN = 12
_BOX, _CHANGED = "prompts_picker", "picker.changed"


def show(family: str | None) -> None:
    """The button, and behind it the search; nothing is read while it is closed.

    Args:
        family: of the form's checkpoint; what it does not know comes last.
    """
    adding.tell()
    box = st.popover(
        "Library", icon=":material/auto_stories:", key=_BOX, on_change="rerun",
        help="Words and templates to click into the prompt.",
    )  # fmt: skip
    if box.open:
        with box:
            _search(family)
    use.show()


# Typing draws the list alone; what changes the form draws the page.
@st.fragment
def _search(family: str | None) -> None:
    if st.session_state.pop(_CHANGED, False):
        st.rerun()
    text = st.text_input(
        "Search in the library", key="picker.text", live=True, icon=":material/search:", label_visibility="collapsed",
        placeholder="twintails, rain, ponytial", persist_state="session",
        help="Typing errors are forgiven. Example: ponytial.",
    )  # fmt: skip
    library = services().prompt_shelf.library()
    found = _found(library, text or "", family)
    prompt, negative = desk.value("prompt"), desk.value("negative_prompt")
    with st.container(key="picker_list", gap="xxsmall"):
        for item in found:
            _row(item, library, prompt, negative)
    if not found:
        st.caption("Nothing fits." if text else "Type a word; what you use and mark appears here.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("prompts.py", label="Open the library", icon=":material/auto_stories:", width="stretch")
        if step := adding.last_step():
            st.button(
                "Undo", icon=":material/undo:", key="picker_undo", type="tertiary", on_click=_then_draw,
                args=(adding.undo,), help=f"Takes back: {plain(step.label)}.",
            )  # fmt: skip


def _found(library: Library, text: str, family: str | None) -> list[Item]:
    """What fits ``text``; without words what was used of late and the favourites."""
    shelf = services().prompt_shelf
    if text.strip():
        items = list(finding.find(library, Wanted(text), (), ()).items)
    else:
        keys = dict.fromkeys((*shelf.recent(SHOWN), *shelf.favourites()))
        items = [item for key in keys if (item := library.get(key)) is not None]
    known = finding.understood_by(library, family)
    if known is not None:
        items.sort(key=lambda item: item.key not in known)
    return items[:SHOWN]


def _row(item: Item, library: Library, prompt: str, negative: str) -> None:
    category = library.category(item.category)
    where = category.title if category else ""
    if isinstance(item, Entry):
        there = adding.is_in(item, prompt, negative)
        icon, act = ":material/check:" if there else ":material/add:", lambda: adding.toggle(item)
        help = f"{'Takes out' if there else 'Adds'}: {item.text}"
    else:
        icon, act, where = ":material/article:", lambda: use.open_(item.key), f"Template · {where}"
        help = item.description or item.prompt
    st.button(
        f"{plain(item.title)} :small[:gray[{plain(where)}]]", icon=icon, key=f"pick.{item.key}", type="tertiary",
        on_click=_then_draw, args=(act,), help=plain(help[:200]),
    )  # fmt: skip


def _then_draw(act: Callable[[], None]) -> None:
    act()
    st.session_state[_CHANGED] = True
