"""Every cell of a sweep as a flat record, and as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.sweeps.expansion import Cell, Expanded
from studio.sweeps.parsing import Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Outcome:
    """What became of a cell."""

    state: str = "new"
    picture: int | None = None
    seconds: float | None = None
    scores: Mapping[str, float | None] = field(default_factory=dict)
    """By metric; None where it could not be computed."""


def records(expanded: Expanded, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """One flat record per cell: number, the value of every axis, state, picture, seconds, scores, digest."""
    return [
        {
            "cell": number,
            **{name: plain(value) for name, value in cell.values.items()},
            "state": outcome.state,
            "picture": outcome.picture,
            "seconds": outcome.seconds,
            **outcome.scores,
            "digest": cell.request.digest,
        }
        for number, (cell, outcome) in enumerate(zip(expanded.cells, outcomes, strict=True))
    ]


def to_csv(expanded: Expanded, outcomes: Sequence[Outcome]) -> str:
    """The records as CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    rows = records(expanded, outcomes)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return file.getvalue()


def to_json(title: str, expanded: Expanded, outcomes: Sequence[Outcome]) -> str:
    """The records with their whole requests, as one JSON document."""
    cells = [
        {**record, "place": list(cell.place), "request": request_of(cell)}
        for record, cell in zip(records(expanded, outcomes), expanded.cells, strict=True)
    ]
    lines = [{"axes": list(line.names), "label": line.label, "headers": list(line.headers)} for line in expanded.lines]
    return json.dumps({"title": title, "lines": lines, "cells": cells}, ensure_ascii=False, indent=1)


def request_of(cell: Cell) -> dict[str, Any]:
    """The cell's request as plain JSON values."""
    return json.loads(cell.request.canonical_json())


def plain(value: Value) -> str | int | float | None:
    """A value of an axis as JSON and CSV have it."""
    return value if isinstance(value, str | int | float | None) else str(value)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
