"""What was measured of a sweep: a table, a heat map, lines along an axis, and the best cell."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from studio.gallery.scores import Measured
from studio.jobs.sweeps import CellState, CellStatus, Sweep
from studio.sweeps.expansion import Expanded
from studio.sweeps.layout import Layout
from studio.ui import tasks_view
from studio.ui.failures import plain
from studio.ui.services import services
from studio.ui.sweep import state

Scores = dict[int, dict[str, Measured]]
METRICS = {
    "pose_oks": ("Pose match (OKS)", "How well the pose found in the picture obeys the intended one, 0 to 1.", True),
    "pose_pck": ("Joints in place (PCK)", "Share of joints within 0.2 of the torso's length, 0 to 1.", True),
    "sharpness": ("Sharpness", "Variance of the picture's Laplacian: grows with detail, and with noise.", True),
    "seconds": ("Seconds", "What drawing it took on this machine.", False),
}  # fmt: skip
"""Metric → label, help, whether more is better."""
POLL_SECONDS = 1.0


def show(sweep: Sweep, expanded: Expanded, cells: list[CellStatus], layout: Layout) -> None:
    """The measurements, folded until there are some. The heat map lies as the grid does."""
    scores = services().scores.of([cell.picture_id for cell in cells if cell.picture_id])
    table = table_of(expanded, cells, scores)
    with st.expander("Measurements", icon=":material/straighten:", key="fold_scores", expanded=bool(scores)):
        _measure(cells, scores)
        present = [metric for metric in METRICS if bool(table[METRICS[metric][0]].notna().to_numpy().any())]
        if not present:
            st.caption("Nothing was measured yet.")
            return
        metric = st.segmented_control(
            "Measure", present, default=present[0], key=_chosen(sweep.id), required=True,
            format_func=lambda name: METRICS[name][0], help="What the charts and the marked best cell go by.",
        )  # fmt: skip
        st.caption(METRICS[metric][1])
        _charts(expanded, table, METRICS[metric][0], layout)
        best = best_cell(sweep.id, cells, scores)
        if best is not None:
            st.button(
                f"Open the best cell: {plain(', '.join(_headers(expanded, best)))}", icon=":material/trophy:",
                key="open_best", on_click=state.open_cell, args=(best,), help="By the measure chosen above.",
            )  # fmt: skip
            _keep_best(cells, best)
        st.dataframe(table, hide_index=True, width="stretch")
        for reason in sorted({one.reason for each in scores.values() for one in each.values() if one.reason}):
            st.caption(f":material/info: Not measured for some: {plain(reason)}")


def table_of(expanded: Expanded, cells: list[CellStatus], scores: Scores) -> pd.DataFrame:
    """One row per cell: its values, then its measurements (empty where there is none)."""
    rows = []
    for cell in cells:
        row: dict[str, object] = dict(
            zip((line.label for line in expanded.lines), _headers(expanded, cell.number), strict=True)
        )
        row["State"] = cell.state.value
        for metric, (label, *_) in METRICS.items():
            row[label] = _value(cell, metric, scores)
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.astype({label: float for label, *_ in METRICS.values()})


def best_cell(sweep: int, cells: list[CellStatus], scores: Scores) -> int | None:
    """The number of the best cell by the chosen measure (unchosen: the pose match); None where nothing was measured."""
    metric = st.session_state.get(_chosen(sweep)) or "pose_oks"
    known = {cell.number: value for cell in cells if (value := _value(cell, metric, scores)) is not None}
    if not known:
        return None
    pick = max if METRICS[metric][2] else min
    return pick(known, key=lambda number: known[number])


def note_of(sweep: int, cell: CellStatus, scores: Scores) -> str:
    """The chosen measure of a cell, as the line under its picture."""
    metric = st.session_state.get(_chosen(sweep)) or "pose_oks"
    value = _value(cell, metric, scores)
    return "" if value is None else f"{METRICS[metric][0].split(' (')[0]} {value:.3g}"


def values_of(cells: list[CellStatus]) -> dict[int, dict[str, float | None]]:
    """The stored measurements for tables and reports."""
    found = services().scores.of([cell.picture_id for cell in cells if cell.picture_id])
    return {id: {metric: one.value for metric, one in each.items()} for id, each in found.items()}


def _measure(cells: list[CellStatus], scores: Scores) -> None:
    missing = [cell.picture_id for cell in cells if cell.picture_id and cell.picture_id not in scores]
    active = [task for task in services().tasks.active() if task.kind == "score"]
    if active:
        st.fragment(_progress, run_every=POLL_SECONDS)(active[0].id)
        st.button(
            "Stop measuring", icon=":material/stop_circle:", key="stop_measuring", on_click=services().tasks.cancel,
            args=([task.id for task in active],), help="What was measured stays.",
        )  # fmt: skip
    elif missing:
        st.button(
            f"Measure {len(missing)} pictures", icon=":material/straighten:", key="measure", on_click=_submit,
            args=(missing,),
            help="Sharpness, and how well each picture obeys its pose. The pose detector is fetched once.",
        )  # fmt: skip


def _progress(id: int) -> None:
    task = services().tasks.get(id)
    if task is None or not task.active:
        st.rerun()
    else:
        st.progress(tasks_view.fraction(task), text=tasks_view.words(task))


def _submit(pictures: list[int]) -> None:
    services().tasks.submit("score", {"pictures": pictures})


def _keep_best(cells: list[CellStatus], best: int) -> None:
    others = [cell.picture_id for cell in cells if cell.picture_id and cell.number != best]
    if others and all(cell.state is CellState.DONE for cell in cells):
        st.button(
            f"Keep only the best, put {len(others)} into the trash", icon=":material/delete:", key="keep_best",
            on_click=services().gallery.trash, args=(others,), help="The gallery's trash brings them back.",
        )  # fmt: skip


def _charts(expanded: Expanded, table: pd.DataFrame, label: str, layout: Layout) -> None:
    if layout.down is not None:
        both = [expanded.lines[layout.across], expanded.lines[layout.down]]
        st.altair_chart(_heat_map(table, [line.label for line in both], [list(line.headers) for line in both], label))
    for line in (line for line in expanded.lines if len(line.values) > 1):
        chart = alt.Chart(table).encode(x=alt.X(f"{_field(line.label)}:N", sort=list(line.headers), title=line.label))
        mean = alt.Y(f"mean({_field(label)}):Q", title=label, scale=alt.Scale(zero=False))
        dots = chart.mark_circle(opacity=0.35).encode(y=alt.Y(f"{_field(label)}:Q", title=label))
        st.altair_chart((chart.mark_line(point=True).encode(y=mean) + dots).properties(height=220))


def _heat_map(table: pd.DataFrame, names: list[str], orders: list[list[str]], label: str) -> alt.Chart:
    return (
        alt.Chart(table)
        .mark_rect()
        .encode(
            x=alt.X(f"{_field(names[0])}:N", sort=orders[0], title=names[0]),
            y=alt.Y(f"{_field(names[1])}:N", sort=orders[1], title=names[1]),
            color=alt.Color(f"mean({_field(label)}):Q", title=label),
            tooltip=[alt.Tooltip(f"mean({_field(label)}):Q", title=label, format=".3g")],
        )
        .properties(height=60 + 32 * len(orders[1]))
    )


def _field(name: str) -> str:
    """A column's name as Altair's shorthand wants it."""
    return "".join(f"\\{sign}" if sign in ".[]:'\"()\\" else sign for sign in name)


def _value(cell: CellStatus, metric: str, scores: Scores) -> float | None:
    if metric == "seconds":
        return cell.seconds
    found = scores.get(cell.picture_id or 0, {}).get(metric)
    return found.value if found else None


def _headers(expanded: Expanded, number: int) -> list[str]:
    return [line.headers[at] for line, at in zip(expanded.lines, expanded.cells[number].place, strict=True)]


def _chosen(sweep: int) -> str:
    return f"sweep_metric_{sweep}"
