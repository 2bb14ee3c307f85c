"""What ``sweep run`` answers: every cell with its values, picture and scores, and the best of them."""

from __future__ import annotations

from typing import Any

from studio.cli import console
from studio.cli.console import Reply
from studio.errors import StudioError
from studio.gallery import Gallery
from studio.jobs.sweep_exports import Scores
from studio.jobs.sweeps import CellStatus
from studio.sweeps.axes import words
from studio.sweeps.expansion import Cell, Expanded
from studio.sweeps.records import plain


def reply(id: int, expanded: Expanded, states: list[CellStatus], gallery: Gallery, scores: Scores) -> Reply:
    cells = [_cell(cell, state, gallery, scores) for cell, state in zip(expanded.cells, states, strict=True)]
    failed = [(cell, state) for cell, state in zip(expanded.cells, states, strict=True) if state.state != "done"]
    for cell, state in failed:
        reason = f"{state.error_message} {state.error_hint}".strip() or f"It is {state.state}."
        console.say(f"{_named(cell)}: {reason}")
    if failed and len(failed) == len(cells):
        raise StudioError("No cell of the sweep could be drawn.", failed[0][1].error_message or "Run it again.")
    done = len(cells) - len(failed)
    best = max((cell for cell in cells if cell["scores"].get("pose_oks") is not None), default=None,
               key=lambda cell: cell["scores"]["pose_oks"])  # fmt: skip
    lines = [f"Sweep {id}: {done} of {len(cells)} cells are done."]
    lines += [f"Best pose match, {best['scores']['pose_oks']:.2f}: {best['path']}"] if best else []
    lines += [f"{cell['path']}  {', '.join(f'{k} {v}' for k, v in cell['values'].items())}" for cell in cells
              if cell["path"]]  # fmt: skip
    document = {"sweep": id, "cells": len(cells), "done": done, "images": cells, "best": best and best["digest"]}
    return Reply(document, lines, 1 if failed else 0)


def _cell(cell: Cell, state: CellStatus, gallery: Gallery, scores: Scores) -> dict[str, Any]:
    return {
        "place": list(cell.place),
        "values": {name: plain(value) for name, value in cell.values.items()},
        "digest": state.digest,
        "state": state.state.value,
        "picture": state.picture_id,
        "path": str(gallery.file_of(state.sha256)) if state.sha256 else None,
        "seconds": state.seconds,
        "scores": dict(scores.get(state.picture_id or 0, {})),
    }


def _named(cell: Cell) -> str:
    return ", ".join(f"{name} {words(value)}" for name, value in cell.values.items())
