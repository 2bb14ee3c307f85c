"""Two pictures against each other, and what differs in their recipes."""

from __future__ import annotations

import csv
import io

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture
from studio.gallery.difference import differences
from studio.ui import failures, media
from studio.ui.components.compare import compare
from studio.ui.failures import plain
from studio.ui.gallery import state
from studio.ui.gallery.listing import words_of
from studio.ui.services import services


def show(ids: tuple[int, int]) -> None:
    """The comparison, and the table of differences."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Back", icon=":material/arrow_back:", key="compare_back", on_click=state.close, shortcut="Esc",
            help="To the pictures.",
        )  # fmt: skip
        st.title("Comparison", anchor=False)
    try:
        first, second = (services().gallery.get(id) for id in ids)
    except StudioError as error:
        failures.show(error.message, error.hint)
        return
    names = (label_of(first), label_of(second))
    compare(
        media.picture_url(first.sha256), media.picture_url(second.sha256), labels=names,
        size=(first.width, first.height), key=f"compare_{first.id}_{second.id}",
    )  # fmt: skip
    with st.container(horizontal=True):
        for picture in (first, second):
            st.button(
                f"Open picture {picture.id}", key=f"compare_open_{picture.id}", on_click=state.open_picture,
                args=(picture.id,), icon=":material/open_in_full:", help=plain(words_of(picture)),
            )  # fmt: skip
        st.button(
            "Swap sides", icon=":material/swap_horiz:", key="compare_swap", on_click=state.compare,
            args=((second.id, first.id),), help="Puts the left picture to the right.",
        )  # fmt: skip
    _differences(first, second, names)


def label_of(picture: Picture) -> str:
    """``Picture 12 · 512 × 768``."""
    return f"Picture {picture.id} · {picture.width} × {picture.height}"


def _differences(first: Picture, second: Picture, names: tuple[str, str]) -> None:
    st.subheader("What differs in their recipes", anchor=False)
    if not (first.has_recipe and second.has_recipe):
        st.caption("One of them came without a recipe that the studio understands, so there is nothing to compare.")
        return
    changes = differences(first.request, second.request)
    rows = [(change.field, str(change.before), str(change.after)) for change in changes]
    if not rows:
        st.caption("Nothing: both were made by the same recipe.")
        return
    columns = zip(*rows, strict=True)
    with st.container(key="differences"):
        st.table(
            {head: [plain(cell) for cell in column] for head, column in zip(("Field", *names), columns, strict=True)},
            border="horizontal", hide_index=True,
        )  # fmt: skip
    st.download_button(
        "Download as CSV", _csv([("field", *names), *rows]), f"difference-{first.id}-{second.id}.csv", "text/csv",
        icon=":material/download:", on_click="ignore", help="The table, for a spreadsheet.",
    )  # fmt: skip


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
