"""A sweep as files: the report, the labelled picture, tables, and the YAML that runs it again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import streamlit as st

from studio.jobs.sweep_exports import SweepExports
from studio.jobs.sweeps import CellStatus, Sweep
from studio.sweeps.expansion import Expanded
from studio.sweeps.layout import Layout
from studio.ui.services import services
from studio.ui.sweep import scores


def show(sweep: Sweep, expanded: Expanded, cells: list[CellStatus], layout: Layout) -> None:
    """Download buttons; a file is made when it is asked for."""
    exports = SweepExports(sweep, expanded, cells, services().gallery, scores.values_of(cells))
    name = re.sub(r"[^\w-]+", "-", sweep.title).strip("-")[:60] or f"sweep-{sweep.id}"
    with st.expander("Export", icon=":material/download:", key="fold_export"), st.container(horizontal=True):
        _button(
            "Web page",
            lambda: b"".join(exports.html(layout)),
            f"{name}.html",
            "text/html",
            "One file that opens without the studio or a network: lay out, zoom, see all settings.",
        )
        _button(
            "Pictures",
            lambda: _montage(exports, layout),
            f"{name}-pictures.zip",
            "application/zip",
            "The grid with its labels, a PNG for each page.",
        )
        _button("CSV", exports.csv, f"{name}.csv", "text/csv", "Every cell with its values, seconds and scores.")
        _button("JSON", exports.json, f"{name}.json", "application/json", "Every cell with its whole request.")
        _button("YAML", exports.yaml, f"{name}.yaml", "application/yaml",
                "Runs this sweep again: python -m studio sweep run.")  # fmt: skip


def _button(label: str, make: Callable[[], bytes], name: str, mime: str, help: str) -> None:
    st.download_button(
        label, make, name, mime, key=f"export_{label}", icon=":material/download:", on_click="ignore", help=help
    )


def _montage(exports: SweepExports, layout: Layout) -> bytes:
    """The pages of the grid in one ZIP."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:  # PNG files do not shrink further
        for number, data in enumerate(exports.montages(layout), start=1):
            packed.writestr(f"grid-{number}.png", data)
    return file.getvalue()
