"""A sweep as one HTML file that needs nothing else: opened from disk it lays out, zooms, compares, without any network.

Texts travel as JSON and are put into the page as text, never as markup; pictures as base64 that is decoded when a cell
comes into view.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from studio.sweeps.expansion import Expanded
from studio.sweeps.layout import Layout, default_layout
from studio.sweeps.records import Outcome, records, request_of
from studio.sweeps.spec import SweepSpec

_FOLDER = Path(__file__).parent / "report"
OpenWebp = Callable[[int], bytes | None]


def report(
    spec: SweepSpec, expanded: Expanded, outcomes: Sequence[Outcome], open_webp: OpenWebp, layout: Layout | None = None
) -> Iterator[str]:
    """The file piece by piece, so that a large sweep never lies in memory as a whole.

    Args:
        open_webp: the picture of a cell by its number as WebP bytes, or None where there is none.
    """
    layout = layout or default_layout(expanded)
    title = spec.title or "Sweep"
    yield _part("head.html").replace("{{title}}", html.escape(title)).replace("{{style}}", _part("report.css"))
    yield _script("sweep", _document(title, expanded, outcomes, layout))
    for number in range(len(expanded.cells)):
        data = open_webp(number)
        if data is not None:
            text = base64.b64encode(data).decode()
            yield f'<script type="text/plain" id="picture-{number}">{text}</script>\n'
    yield f"<script>\n{_part('report.js')}</script>\n</body></html>\n"


def _document(title: str, expanded: Expanded, outcomes: Sequence[Outcome], layout: Layout) -> dict:
    cells = [
        {"place": list(cell.place), "record": record, "request": request_of(cell)}
        for cell, record in zip(expanded.cells, records(expanded, outcomes), strict=True)
    ]
    lines = [{"label": line.label, "headers": list(line.headers)} for line in expanded.lines]
    hidden = {str(line): sorted(places) for line, places in layout.hidden.items()}
    return {
        "title": title,
        "lines": lines,
        "cells": cells,
        "layout": {"across": layout.across, "down": layout.down, "hidden": hidden},
    }


def _script(id: str, document: dict) -> str:
    # "<" would let a text end the script element; JSON knows it by its number as well.
    text = json.dumps(document, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return f'<script type="application/json" id="{id}">{text}</script>\n'


def _part(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")
