"""The Sweep page without an open sweep: the builder, and the sweeps there are."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from studio.errors import StudioError
from studio.jobs.sweeps import CellState, Sweep
from studio.ui import failures, media
from studio.ui.activity_view import ago
from studio.ui.failures import plain
from studio.ui.services import services
from studio.ui.sweep import builder, choices, state

SHOWN = 30


def show() -> None:
    st.title("Sweep", anchor=False)
    st.caption("Pictures side by side that differ in what you choose: learn which settings do it.")
    builder.show()
    st.subheader("Your sweeps", anchor=False)
    show_undo()
    recent = services().sweeps.recent(SHOWN)
    if not recent:
        st.caption("Sweeps that you started are listed here, with all their pictures.")
    for sweep in recent:
        _entry(sweep)


def _entry(sweep: Sweep) -> None:
    cells = services().sweeps.cells(sweep.id)
    counts = Counter(cell.state for cell in cells)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"sweep_{sweep.id}"):
        first = next((cell.sha256 for cell in cells if cell.sha256), None)
        if first:
            st.image(media.thumbnail_url(first), width=56, alt="One of its pictures")
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{plain(sweep.title)}**")
            axes = ", ".join(_label(axis.axis) for axis in sweep.spec.axes)
            st.caption(f"{counts[CellState.DONE]} of {len(cells)} cells · {plain(axes)} · {ago(sweep.created)}")
        st.button(
            "Open", icon=":material/grid_on:", key=f"open_{sweep.id}", on_click=state.open_sweep, args=(sweep.id,)
        )
        st.button(
            "", icon=":material/delete:", key=f"forget_{sweep.id}", on_click=_delete, args=(sweep.id,),
            help="Takes the sweep out of this list. Its pictures stay in the gallery.",
        )  # fmt: skip


def _label(axis: str) -> str:
    try:
        return choices.label_of(axis)
    except StudioError:  # of a newer studio
        return axis


def _delete(id: int) -> None:
    services().sweeps.delete([id])
    st.session_state["sweep.deleted"] = id
    st.toast("The sweep left the list; its pictures stay.", icon=":material/delete:")


def show_undo() -> None:
    """Brings back the sweep that was deleted last."""
    id = st.session_state.get("sweep.deleted")
    if id is None:
        return
    try:
        title = services().sweeps.get(id).title
    except StudioError as error:
        failures.show(error.message, error.hint)
        return
    st.button(
        f"Undo: bring back “{plain(title)}”", icon=":material/undo:", key="sweep_undo", on_click=_undo, args=(id,)
    )


def _undo(id: int) -> None:
    services().sweeps.restore([id])
    st.session_state.pop("sweep.deleted", None)
