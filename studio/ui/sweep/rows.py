"""The axes of a sweep that is being built: a row for each, with its values checked while one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from studio.errors import InvalidRequest, StudioError
from studio.request import GenerationRequest
from studio.sweeps.axes import find_axis
from studio.sweeps.expansion import Line
from studio.ui import desk, failures
from studio.ui.failures import plain
from studio.ui.sweep import choices, state

MAX_ROWS = 6
SHOWN_VALUES = 12
EXAMPLES = {
    "steps": "20-40 (+10)", "guidance_scale": "5, 7.5, 10", "seed": "1-4", "sampler": "Euler a, DPM++ 2M",
    "schedule": "Automatic, Karras", "clip_skip": "1, 2", "size": "512x512, 512x768", "width": "512, 640",
    "height": "512, 768", "strength": "0.3-0.9 (+0.3)", "pose": "standing, jogging", "control_weight": "0-1 (+0.25)",
    "control_start": "0, 0.2", "control_end": "0.5-1 (+0.25)", "control_type": "openpose", "lora_weight": "0-1 (+0.25)",
    "style": "{prompt} || {prompt}, watercolour", "template": "none, Watercolour portrait, Ink warrior",
    "negative_preset": "none, hands, hands + anatomy", "ablation": "all",
}  # fmt: skip
"""What a new row starts with."""
FIRST = ("steps", "control_weight", "sampler", "pose")
"""What is offered for a further axis."""


def show(now: state.Building, request: GenerationRequest) -> tuple[state.Building, list]:
    """The rows and the buttons that add to them; returns what is built now, and the place for a remark under each."""
    shown = [_row(row, number, request) for number, row in enumerate(now.rows)]
    with st.container(horizontal=True, key="sweep_rows_actions"):
        st.button(
            "Add an axis", icon=":material/add:", key="sweep_add", on_click=_add, disabled=len(shown) >= MAX_ROWS,
            help="Two axes make a grid; further ones turn its pages.",
        )  # fmt: skip
        st.button(
            "Best of 8 seeds", icon=":material/trophy:", key="sweep_best", on_click=_best_of,
            help="Sets one axis, eight seeds: draw them, measure them, keep the one that obeys the pose best.",
        )  # fmt: skip
    return replace(now, rows=tuple(row for row, _ in shown)), [place for _, place in shown]


def remark(rows: Sequence[state.Row], places: Sequence, lines: Sequence[Line]) -> None:
    """Under each row, which values it was understood as."""
    values = {
        name: [place[at] for place in line.headers_by_name] for line in lines for at, name in enumerate(line.names)
    }
    for row, place in zip(rows, places, strict=True):
        if found := values.get(row.axis):
            more = f" … {len(found) - SHOWN_VALUES} more" if len(found) > SHOWN_VALUES else ""
            count = "1 value" if len(found) == 1 else f"{len(found)} values"
            place.caption(f"{count}: {plain(', '.join(found[:SHOWN_VALUES]))}{more}")


def complain(rows: Sequence[state.Row], places: Sequence, error: StudioError) -> None:
    """The failure, under the row that caused it; below all where it is of none or of several."""
    field = error.field if isinstance(error, InvalidRequest) else None
    place = next((place for row, place in zip(rows, places, strict=True) if row.axis == field), None)
    with place.container() if place is not None else st.container():
        failures.show(error.message, error.hint)


def _row(row: state.Row, number: int, request: GenerationRequest) -> tuple[state.Row, object]:
    with st.container(gap="xxsmall", key=f"sweep_axis_row_{row.id}"):
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"sweep_row_{row.id}"):
            row = _axis(row, number, request)
            row = _values(row, number)
        return row, st.empty()


def _axis(row: state.Row, number: int, request: GenerationRequest) -> state.Row:
    names = choices.axes_for(request, row.axis)
    axis = st.selectbox(
        f"Axis {number + 1}", names, index=names.index(row.axis), key=f"sweep_axis_{row.id}",
        format_func=choices.label_of, width=220, help="What differs from cell to cell. Example: guidance.",
    )  # fmt: skip
    if axis == row.axis:
        return row
    # A new axis starts with values of its own kind; the text field below has to be a new one to show them.
    state.keep(_replaced(row.id, _new_row(axis)))
    st.rerun()


def _values(row: state.Row, number: int) -> state.Row:
    axis = find_axis(row.axis)[0]
    with st.container(width="stretch", key=f"sweep_text_{row.id}"):
        values = st.text_input(
            "Values", row.values, key=f"sweep_values_{row.id}", placeholder=axis.help,
            help=f"{axis.help}. Also 20-40 (+5), 0-1 [5], 1, 2, .., 10; || between values with commas.",
        )  # fmt: skip
    if choices.names_for(row.axis):
        _choose(row)
    zipped = number > 0 and st.checkbox(
        "Zip", row.zip, key=f"sweep_zip_{row.id}",
        help="Advance together with the axis above, value by value, instead of making a grid with it.",
    )  # fmt: skip
    st.button(
        "", icon=":material/delete:", key=f"sweep_remove_{row.id}", on_click=_remove, args=(row.id,),
        help="Remove this axis.", disabled=len(state.building().rows) == 1,
    )  # fmt: skip
    return replace(row, values=values, zip=bool(zipped))


def _choose(row: state.Row) -> None:
    """A list of the names there are, so that nobody has to know them."""
    key = f"sweep_chosen_{row.id}"
    with st.popover("Choose", icon=":material/checklist:", key=f"sweep_choose_{row.id}", help="Pick values by name."):
        st.multiselect(
            f"{choices.label_of(row.axis)}: values", choices.names_for(row.axis), key=key,
            placeholder="Type to search", help="In the order in which you pick them.",
        )  # fmt: skip
        st.button(
            "Take these", type="primary", key=f"sweep_take_{row.id}", on_click=_take, args=(row.id, key),
            help="Puts them in the place of the values.",
        )  # fmt: skip


def _take(id: str, key: str) -> None:
    names = st.session_state.get(key)
    row = next((row for row in state.building().rows if row.id == id), None)
    if row is not None and names:
        state.keep(_replaced(id, replace(state.new_row(row.axis, choices.written(names)), zip=row.zip)))


def _add() -> None:
    now = state.building()
    used = {row.axis for row in now.rows}
    axis = next((name for name in (*FIRST, *EXAMPLES) if name not in used), "seed")
    state.keep(replace(now, rows=(*now.rows, _new_row(axis))))


def _new_row(axis: str) -> state.Row:
    if axis == "guidance_scale":
        return state.new_row(axis, state.guidances(desk.value("guidance_scale")))
    return state.new_row(axis, EXAMPLES.get(axis.partition("@")[0], ""))


def _remove(id: str) -> None:
    now = state.building()
    state.keep(replace(now, rows=tuple(row for row in now.rows if row.id != id)))


def _best_of() -> None:
    now = state.building()
    state.keep(replace(now, title=now.title or "Best of 8", rows=(state.new_row("seed", "1-8"),)))


def _replaced(id: str, row: state.Row) -> state.Building:
    now = state.building()
    return replace(now, rows=tuple(row if old.id == id else old for old in now.rows))
