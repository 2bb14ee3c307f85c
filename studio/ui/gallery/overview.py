"""The gallery's list with everything around it: search, filters, import, the trash, and what is selected."""

from __future__ import annotations

import streamlit as st

from studio.ui.gallery import bulk, filters, importing, listing, problem, state, undo
from studio.ui.services import services

SHORTCUTS = {
    "Arrows": "go from picture to picture",
    "Enter": "opens it large",
    "1 to 5": "gives stars, 0 takes them away",
    "F": "favourite",
    "T": "tags",
    "Space": "selects; with Shift, arrows select several",
    "Ctrl+A": "selects the page; Esc selects nothing",
    "Del": "into the trash; Ctrl+Z brings it back",
    "Page up, Page down": "turns the page",
    "Left, Right, Z, Esc": "in an opened picture: step, full size, back",
}


def show() -> None:
    """The whole list view."""
    _head()
    importing.show_progress()
    filters.show()
    total = services().gallery.total(filters.query())
    _status(total)
    problem.show()
    if total:
        listing.show(total)
    else:
        _empty()
    bulk.show(filters.in_trash())


def _head() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="gallery_head"):
        st.title("Gallery", anchor=False)
        importing.show()
        with st.popover("Shortcuts", icon=":material/keyboard:", key="shortcuts", help="What the keyboard does here."):
            st.table({"Key": list(SHORTCUTS), "Does": list(SHORTCUTS.values())}, border="horizontal", hide_index=True)


def _status(total: int) -> None:
    """One line that is always there, so that nothing jumps when it has something to say."""
    with st.container(horizontal=True, vertical_alignment="center", key="gallery_status"):
        st.caption(" · ".join(filter(None, (_range(total), filters.words()))))
        undo.show()
        if filters.in_trash() and total:
            st.button(
                "Empty the trash", icon=":material/delete_forever:", key="empty_trash", on_click=_empty_trash,
                type="tertiary", help="Deletes these pictures for good and frees their space.",
            )  # fmt: skip
        if total:
            st.segmented_control(
                "Thumbnails", list(listing.TILES), default="Medium", required=True, key="gallery.tiles",
                persist_state="session", label_visibility="collapsed", help="How large the thumbnails are.",
            )  # fmt: skip


def _range(total: int) -> str:
    if not total:
        return "No pictures"
    first = (min(state.page(), -(-total // state.PER_PAGE)) - 1) * state.PER_PAGE
    last = min(total, first + state.PER_PAGE)
    return f"{first + 1:,} to {last:,} of {state.counted(total)}"


def _empty_trash() -> None:
    services().gallery.empty_trash()
    state.forget_trashed()
    state.unselect()


def _empty() -> None:
    if filters.narrowed():
        st.info("No picture is like that.", icon=":material/search_off:")
        st.button("Show all pictures", icon=":material/filter_list_off:", on_click=filters.clear)
    elif filters.in_trash():
        st.info("The trash is empty.", icon=":material/delete:")
    else:
        st.info("Every picture you make or import is kept here, with its recipe.", icon=":material/photo_library:")
        st.page_link("generate.py", label="Make the first picture", icon=":material/brush:")
