"""What can be done to the selected pictures. The row stays in reach at the bottom while something is selected."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from studio.errors import StudioError
from studio.ui.gallery import downloads, problem, state
from studio.ui.services import services


def show(trashed: bool) -> None:
    """The row of actions. Nothing where nothing is selected."""
    ids = state.selected()
    if not ids:
        return
    with st.container(key="bulk"), st.container(key="bulk_actions", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(ids):,}** selected")
        if trashed:
            _for_trash(ids)
        else:
            _for_pictures(ids)
        st.button(
            "Clear", icon=":material/close:", key="bulk_clear", on_click=state.unselect, type="tertiary",
            help="Selects nothing (Esc).",
        )  # fmt: skip


def _for_pictures(ids: list[int]) -> None:
    st.button(
        "Compare", icon=":material/compare:", key="bulk_compare", on_click=state.compare, args=(ids,),
        disabled=len(ids) != 2, help="Two selected pictures against each other, with what differs in their recipes.",
    )  # fmt: skip
    with st.popover("Rate", icon=":material/star:", help="Keys 1 to 5; 0 takes the stars away.", key="bulk_rate"):
        for stars in range(5, -1, -1):
            st.button(
                "★" * stars or "No stars", key=f"bulk_rate_{stars}", on_click=services().gallery.rate,
                args=(ids, stars), width="stretch",
            )  # fmt: skip
    st.button(
        "Favourite", icon=":material/favorite:", key="bulk_favour", on_click=services().gallery.favour, args=(ids,),
        help="Makes the selected pictures favourites (F).",
    )  # fmt: skip
    _labels("Tag", "tags", ":material/label:", _add_tags, _remove_tags, ids)
    _labels("Collect", "collections", ":material/folder:", _collect, _uncollect, ids)
    downloads.show_zip(ids)
    st.button(
        "Delete", icon=":material/delete:", key="bulk_trash", on_click=state.trash, args=(ids,),
        help="Puts the selected pictures into the trash (Del). Undo brings them back.",
    )  # fmt: skip


def _for_trash(ids: list[int]) -> None:
    st.button(
        "Restore", icon=":material/restore_from_trash:", key="bulk_restore", on_click=_restore, args=(ids,),
        help="Takes the selected pictures back out of the trash.",
    )  # fmt: skip


def _restore(ids: list[int]) -> None:
    services().gallery.restore(ids)
    state.unselect(ids)


def _labels(
    word: str, what: str, icon: str, add: Callable[..., None], remove: Callable[..., None], ids: list[int]
) -> None:
    key = f"bulk_{what}"
    field = f"{key}_names"
    with st.popover(word, icon=icon, help=f"Adds or removes {what}.", key=key):
        st.multiselect(
            what.capitalize(), [name for name, _ in getattr(services().gallery.facets(), what)], key=field,
            accept_new_options=True, placeholder="Choose or type",
            help=f"Choose {what}, or type a new name and press Enter. Example: running.",
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button(
                "Add", icon=":material/add:", key=f"{key}_add", on_click=_with_names, args=(add, ids, field),
                help="Gives these to all selected pictures.",
            )  # fmt: skip
            st.button(
                "Remove", icon=":material/remove:", key=f"{key}_remove", on_click=_with_names,
                args=(remove, ids, field), help="Takes these away from all selected pictures.",
            )  # fmt: skip


def _with_names(act: Callable[[list[int], list[str]], None], ids: list[int], field: str) -> None:
    problem.clear()
    try:
        act(ids, st.session_state.get(field, []))
    except StudioError as error:
        problem.note(error)
    else:
        st.session_state[field] = []


def _add_tags(ids: list[int], names: list[str]) -> None:
    services().gallery.tag(ids, add=names)


def _remove_tags(ids: list[int], names: list[str]) -> None:
    services().gallery.tag(ids, remove=names)


def _collect(ids: list[int], names: list[str]) -> None:
    for name in names:
        services().gallery.collect(ids, name)


def _uncollect(ids: list[int], names: list[str]) -> None:
    for name in names:
        services().gallery.uncollect(ids, name)
