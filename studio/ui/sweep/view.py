"""One sweep: its progress, the grid that fills, the comparison of two cells, and what was measured."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache

import streamlit as st

from studio.errors import StudioError
from studio.jobs.sweeps import CellState, CellStatus, Sweep
from studio.sweeps.expansion import Expanded, expand
from studio.sweeps.layout import Layout, sheets
from studio.sweeps.spec import SweepSpec
from studio.ui import failures, media
from studio.ui.components.compare import compare
from studio.ui.components.sweep_grid import Tile, sweep_grid
from studio.ui.failures import plain
from studio.ui.generate import progress
from studio.ui.services import services
from studio.ui.sweep import cell as sweep_cell
from studio.ui.sweep import files, state
from studio.ui.sweep import layout as sweep_layout
from studio.ui.sweep import scores as sweep_scores

POLL_SECONDS = 1.0
BUSY = (CellState.QUEUED, CellState.RUNNING)
WORDS = {
    CellState.NEW: "not drawn yet", CellState.QUEUED: "waiting", CellState.RUNNING: "running", CellState.DONE: "done",
    CellState.FAILED: "failed", CellState.CANCELLED: "cancelled",
}  # fmt: skip


def show(id: int) -> None:
    try:
        sweep = services().sweeps.get(id)
        expanded = _expanded(sweep.spec)
    except StudioError as error:
        failures.show(error.message, error.hint)
        st.button("All sweeps", icon=":material/arrow_back:", key="sweep_back", on_click=state.close)
        return
    cells = services().sweeps.cells(id)
    busy = any(cell.state in BUSY for cell in cells)
    _head(sweep, cells, busy)
    layout, page = sweep_layout.show(sweep.id, expanded)
    st.fragment(_grid, run_every=POLL_SECONDS if busy else None)(sweep, expanded, layout, page, busy)
    _compared(sweep, expanded, cells)
    sweep_scores.show(sweep, expanded, cells, layout)
    files.show(sweep, expanded, cells, layout)
    if (number := state.cell()) is not None and number < len(cells):
        sweep_cell.show(sweep, expanded, cells, number)


@lru_cache(maxsize=16)
def _expanded_json(spec_json: str) -> Expanded:
    return expand(SweepSpec.model_validate_json(spec_json))


def _expanded(spec: SweepSpec) -> Expanded:
    """The cells of a sweep; a page asks for them at every rerun, and thousands of requests take a moment to build."""
    return _expanded_json(spec.model_dump_json())


def _head(sweep: Sweep, cells: list[CellStatus], busy: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "All sweeps", icon=":material/arrow_back:", key="sweep_back", on_click=state.close, help="To the list."
        )
        st.title(plain(sweep.title), anchor=False)
    queue, paused = services().queue, services().queue.paused(sweep.batch)
    left = sum(cell.state in (CellState.NEW, CellState.FAILED, CellState.CANCELLED) for cell in cells)
    with st.container(horizontal=True, key="sweep_actions"):
        if left and not busy:
            st.button(
                f"Go on: draw {left} cells", type="primary", icon=":material/play_arrow:", key="sweep_go_on",
                on_click=_go_on, args=(sweep.id,), help="Draws what is missing; nothing is drawn twice.",
            )  # fmt: skip
        if busy:
            st.button(
                "Resume" if paused else "Pause", icon=":material/play_arrow:" if paused else ":material/pause:",
                key="sweep_pause", on_click=queue.resume if paused else queue.pause, args=(sweep.batch,),
                help="Paused, no further cell starts; what runs is finished.",
            )  # fmt: skip
            st.button(
                "Stop", icon=":material/stop_circle:", key="sweep_stop", on_click=services().sweeps.cancel,
                args=(sweep.id,), help="Cancels what waits and runs. What is done stays; it can go on later.",
            )  # fmt: skip
        st.button(
            "Change axes", icon=":material/edit:", key="sweep_edit", on_click=_edit, args=(sweep,),
            help="Opens the axes in the builder. Cells that exist already are not drawn again.",
        )  # fmt: skip


def _grid(sweep: Sweep, expanded: Expanded, layout: Layout, page: int, busy: bool) -> None:
    cells = services().sweeps.cells(sweep.id)
    _progress(sweep, cells)
    if busy and not any(cell.state in BUSY for cell in cells):
        st.rerun()
    scores = services().scores.of([cell.picture_id for cell in cells if cell.picture_id])
    best = sweep_scores.best_cell(sweep.id, cells, scores)
    tiles = [
        _tile(cell, expanded, number == best, sweep_scores.note_of(sweep.id, cell, scores))
        for number, cell in enumerate(cells)
    ]
    request = expanded.cells[0].request
    sweep_grid(
        sheets(expanded, layout)[page], tiles, aspect=round(request.width / request.height, 4), key=f"grid_{sweep.id}",
        marked=state.marked(sweep.id), on_open=state.open_cell, on_mark=lambda marks: state.mark(sweep.id, marks),
    )  # fmt: skip
    # What a click changes stands outside this fragment.
    now = (state.cell(), tuple(state.marked(sweep.id)))
    if st.session_state.setdefault("sweep.seen", now) != now:
        st.session_state["sweep.seen"] = now
        st.rerun()


def _progress(sweep: Sweep, cells: list[CellStatus]) -> None:
    counts = Counter(cell.state for cell in cells)
    done = counts[CellState.DONE]
    parts = [f"{done} of {len(cells)} cells done"]
    parts += [f"{counts[kind]} {WORDS[kind]}" for kind in CellState if counts[kind] and kind is not CellState.DONE]
    if services().queue.paused(sweep.batch):
        parts.append("paused")
    elif any(cell.state in BUSY for cell in cells) and (seconds := services().sweeps.remaining(sweep.id)) is not None:
        parts.append(f"{progress.seconds_text(seconds)} left")
    running = sum(cell.step / cell.steps for cell in cells if cell.state is CellState.RUNNING and cell.steps)
    st.progress(min(1.0, (done + running) / len(cells)), text=" · ".join(parts))
    failed = next((cell for cell in cells if cell.state is CellState.FAILED), None)
    if failed:
        failures.show(failed.error_message, failed.error_hint)


def _tile(cell: CellStatus, expanded: Expanded, best: bool, note: str) -> Tile:
    label = ", ".join(
        f"{line.label} {line.headers[at]}"
        for line, at in zip(expanded.lines, expanded.cells[cell.number].place, strict=True)
    )
    if cell.state is CellState.RUNNING and cell.job_id and cell.step > 1:
        told = f"{cell.step} / {cell.steps}"
        return Tile("running", media.preview_url(cell.job_id, cell.step), None, label, told)
    if cell.sha256:
        state_name = "done" if cell.state is CellState.DONE else cell.state.value
        return Tile(state_name, media.thumbnail_url(cell.sha256), media.picture_url(cell.sha256), label, note, best)
    return Tile(cell.state.value, None, None, WORDS[cell.state])


def _compared(sweep: Sweep, expanded: Expanded, cells: list[CellStatus]) -> None:
    marked = [n for n in state.marked(sweep.id) if n < len(cells) and cells[n].sha256]
    if not state.marked(sweep.id):
        st.caption("Click a cell to see it large. Mark two with ⇄ to compare them side by side, by slider or in turn.")
    if len(marked) != 2:
        return
    names = [sweep_cell.words_of(expanded, number) for number in marked]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Comparison", anchor=False)
        st.button("Close", icon=":material/close:", key="compare_close", on_click=state.mark, args=(sweep.id, []))
    urls = [media.picture_url(cells[number].sha256 or "") for number in marked]
    request = expanded.cells[marked[0]].request
    compare(
        urls[0], urls[1], labels=(names[0], names[1]), size=(request.width, request.height),
        key=f"compare_{sweep.id}_{marked[0]}_{marked[1]}",
    )  # fmt: skip


def _go_on(id: int) -> None:
    services().sweeps.start(id)


def _edit(sweep: Sweep) -> None:
    rows, before = [], None
    for axis in sweep.spec.axes:
        rows.append(state.Row(state.new_row("seed").id, axis.axis, axis.values, bool(axis.zip) and axis.zip == before))
        before = axis.zip
    state.keep(replace(state.building(), title=sweep.spec.title, skip=sweep.spec.skip, rows=tuple(rows)))
    sweep_cell.put_form(sweep.spec.request)
    state.close()
