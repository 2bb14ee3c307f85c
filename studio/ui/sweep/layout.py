"""Laying a sweep out anew: what runs across, what down, the page, the values that are shown. Nothing is drawn."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.sweeps.expansion import Expanded
from studio.sweeps.layout import Layout, default_layout, sheets
from studio.ui import failures
from studio.ui.failures import plain


def show(sweep: int, expanded: Expanded) -> tuple[Layout, int]:
    """The controls; returns the layout and the number of the page that is shown."""
    start = default_layout(expanded)
    if len(expanded.lines) == 1 and len(expanded.lines[0].values) < 2:
        return start, 0
    with st.container(horizontal=True, vertical_alignment="bottom", key="sweep_layout"):
        layout = _lines(sweep, expanded, start)
        layout = _hidden(sweep, expanded, layout)
        try:
            pages = sheets(expanded, layout)
        except StudioError as error:
            failures.show(error.message, error.hint)
            return start, 0
        if len(pages) == 1:
            return layout, 0
        titles = [plain(page.title) for page in pages]
        page = st.selectbox(
            f"Page, of {len(pages)}", range(len(pages)), format_func=titles.__getitem__, key=f"sweep_page_{sweep}",
            width=240, help="The values of the further axes.",
        )  # fmt: skip
    return layout, min(page or 0, len(pages) - 1)


def _lines(sweep: int, expanded: Expanded, start: Layout) -> Layout:
    labels = [line.label for line in expanded.lines]
    if len(labels) == 1:
        return start
    across_key, down_key = f"sweep_across_{sweep}", f"sweep_down_{sweep}"
    across = st.selectbox(
        "Across", range(len(labels)), index=start.across, format_func=labels.__getitem__, key=across_key, width=160,
        help="The axis of the columns.",
    )  # fmt: skip
    others = [line for line in range(len(labels)) if line != across]
    wanted = start.down if start.down in others else others[0]
    down = st.selectbox(
        "Down", [*others, None], index=others.index(wanted), key=f"{down_key}_{across}", width=160,
        format_func=lambda line: "nothing" if line is None else labels[line], help="The axis of the rows.",
    )  # fmt: skip
    return Layout(across, down)


def _hidden(sweep: int, expanded: Expanded, layout: Layout) -> Layout:
    hidden = {}
    with st.popover("Values", icon=":material/filter_alt:", help="Which values are shown. Hiding draws nothing anew."):
        for number, line in enumerate(expanded.lines):
            shown = st.multiselect(
                line.label, range(len(line.values)), default=range(len(line.values)),
                key=f"sweep_shown_{sweep}_{number}",
                format_func=lambda place, headers=line.headers: plain(headers[place]),
            )  # fmt: skip
            hidden[number] = frozenset(range(len(line.values))) - set(shown)
    return Layout(layout.across, layout.down, {line: places for line, places in hidden.items() if places})
