"""``sweep run`` and ``sweep status`` (``sweep report`` has a module of its own)."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from studio import availability
from studio.catalog import checkpoints
from studio.cli import console, files, sweep_report, watch
from studio.cli.commands import Commands, add_command, add_group
from studio.cli.console import Reply
from studio.database import Database
from studio.errors import StudioError, UnknownName
from studio.gallery import Gallery
from studio.jobs import Queue, Supervisor
from studio.jobs.sweeps import CellState, CellStatus, Sweep, Sweeps
from studio.poses import library
from studio.poses.values import Pose
from studio.request import GenerationRequest
from studio.settings import Settings
from studio.sweeps.axes import words
from studio.sweeps.expansion import Cell, Expanded, expand
from studio.sweeps.plan import Plan
from studio.sweeps.spec import SweepSpec, read_spec

SEED = 1
"""Of a sweep that names none: fixed, so that the same file always means the same cells."""
EXAMPLE = """sweep run FILE.yaml --plan

A sweep file:
  title: Steps against guidance
  request: {prompt: "1girl, running, park", pose: jogging, seed: 7}
  axes:
    - {axis: steps, values: 20-50 (+10)}
    - {axis: guidance_scale, values: "7.5-12 [4]"}
    - {axis: pose, values: "jogging, standing"}
  skip: steps > 40 and pose == "standing"
"""


def add_to(commands: Commands) -> None:
    group = add_group(commands, "sweep", "pictures side by side that differ along axes")
    run = add_command(group, "run", "plan a sweep and draw what is missing of it", EXAMPLE, run_sweep)
    run.add_argument("file", metavar="FILE.yaml", help="title, request, axes: see the example")
    run.add_argument("--plan", action="store_true", help="say what it takes, and draw nothing")
    status = add_command(group, "status", "how far sweeps are", "sweep status 3", run_status)
    status.add_argument("sweep", metavar="ID", type=int, nargs="?", help="one sweep (default: all)")
    sweep_report.add_to(group)


def run_sweep(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    spec = read(Path(arguments.file), settings)
    expanded = expand(spec)
    for request in {_names(cell.request): cell.request for cell in expanded.cells}.values():
        availability.check(settings, request)
    database = Database(settings.database)
    queue = Queue(database)
    sweeps = Sweeps(database, queue)
    plan = sweeps.plan(expanded)
    if arguments.plan:
        return Reply({"title": spec.title, **described(plan, expanded)}, _plan_lines(plan, expanded))
    for warning in plan.warnings:
        console.say(f"Note: {warning}")
    id = sweeps.create(spec, expanded)
    sweeps.start(id, expanded)
    waiting = [cell.job_id for cell in sweeps.cells(id) if cell.job_id and cell.state in ("queued", "running")]
    if waiting:
        console.say(f"Sweep {id}: {plan.cells} cells, {len(waiting)} to draw. Stopped, the same command goes on.")
        with Supervisor(settings):
            watch.wait(queue, settings, waiting)
    return _results(id, expanded, sweeps.cells(id), Gallery(settings, database))


def read(path: Path, settings: Settings) -> SweepSpec:
    """A sweep file; poses ending in .json are files, relative to it.

    Raises:
        StudioError: the file cannot be read, or holds no sweep.
    """
    data = files.read_bytes(str(path))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StudioError(f"{path.name[:60]} is not a text file.", "Choose a sweep in YAML.") from None

    def find_pose(name: str) -> Pose:
        return library.load_pose(path.parent / name if name.lower().endswith(".json") else name)

    return read_spec(text, find_pose, lambda request: _complete(request, settings))


def _complete(request: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The fields the file leaves out, as ``generate`` would take them."""
    name = request.get("checkpoint")
    if isinstance(name, str):
        checkpoint = checkpoints.find_checkpoint(settings, name)
    else:
        checkpoint = checkpoints.default_checkpoint(settings)
    if checkpoint is None:
        folder = checkpoints.checkpoint_folder(settings)
        raise UnknownName("There is no checkpoint yet.", checkpoints.HOW_TO_GET_ONE.format(folder=folder))
    family = checkpoints.traits(checkpoint)
    suited = {
        "checkpoint": checkpoint.name,
        "sampler": family.sampler,
        "steps": family.steps,
        "guidance_scale": family.guidance_scale,
        "clip_skip": family.clip_skip,
        "width": family.native_size,
        "height": family.native_size,
        "seed": SEED,
    }
    return {**suited, **request}


def described(plan: Plan, expanded: Expanded) -> dict[str, Any]:
    """A plan as a JSON document."""
    axes = [
        {"name": name, "values": list(dict.fromkeys(_json(place[number]) for place in line.values))}
        for line in expanded.lines
        for number, name in enumerate(line.names)
    ]
    return {
        "cells": plan.cells,
        "skipped": expanded.skipped,
        "unique": plan.unique,
        "done": plan.done,
        "to_run": len(plan.to_run),
        "axes": axes,
        "loads": plan.loads,
        "steps": plan.steps,
        "seconds_estimate": plan.seconds,
        "bytes_at_most": plan.bytes,
        "warnings": list(plan.warnings),
    }


def run_status(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    database = Database(settings.database)
    sweeps = Sweeps(database, Queue(database))
    wanted = [sweeps.get(arguments.sweep)] if arguments.sweep is not None else sweeps.recent()
    told = [_status(sweep, sweeps) for sweep in wanted]
    lines = [
        f"{entry['id']:4}  {entry['title'][:50]}  "
        + ", ".join(f"{count} {state}" for state, count in entry["states"].items() if count)
        for entry in told
    ]
    return Reply(
        {"sweeps": told}, lines or ["There are no sweeps yet. Start one with: python -m studio sweep run FILE"]
    )


def _status(sweep: Sweep, sweeps: Sweeps) -> dict[str, Any]:
    counts = Counter(cell.state for cell in sweeps.cells(sweep.id))
    return {
        "id": sweep.id,
        "title": sweep.title,
        "cells": sum(counts.values()),
        "states": {state.value: counts[state] for state in CellState},
        "seconds_left": sweeps.remaining(sweep.id),
    }


def _results(id: int, expanded: Expanded, states: list[CellStatus], gallery: Gallery) -> Reply:
    cells = [_cell(cell, state, gallery) for cell, state in zip(expanded.cells, states, strict=True)]
    failed = [(cell, state) for cell, state in zip(expanded.cells, states, strict=True) if state.state != "done"]
    for cell, state in failed:
        reason = f"{state.error_message} {state.error_hint}".strip() or f"It is {state.state}."
        console.say(f"{_named(cell)}: {reason}")
    if failed and len(failed) == len(cells):
        raise StudioError("No cell of the sweep could be drawn.", failed[0][1].error_message or "Run it again.")
    done = len(cells) - len(failed)
    lines = [f"Sweep {id}: {done} of {len(cells)} cells are done."]
    lines += [f"{cell['path']}  {', '.join(f'{k} {v}' for k, v in cell['values'].items())}" for cell in cells
              if cell["path"]]  # fmt: skip
    return Reply({"sweep": id, "cells": len(cells), "done": done, "images": cells}, lines, 1 if failed else 0)


def _cell(cell: Cell, state: CellStatus, gallery: Gallery) -> dict[str, Any]:
    return {
        "place": list(cell.place),
        "values": {name: _json(value) for name, value in cell.values.items()},
        "digest": state.digest,
        "state": state.state.value,
        "picture": state.picture_id,
        "path": str(gallery.file_of(state.sha256)) if state.sha256 else None,
        "seconds": state.seconds,
    }


def _plan_lines(plan: Plan, expanded: Expanded) -> list[str]:
    time = "unknown until the first pictures are done" if plan.seconds is None else f"about {plan.seconds:.0f} s"
    lines = [f"{line.label}: {', '.join(line.headers)}" for line in expanded.lines]
    skipped = f", {expanded.skipped} skipped" if expanded.skipped else ""
    return [
        *lines,
        f"{plan.cells} cells{skipped}; {plan.done} are drawn already, {len(plan.to_run)} to draw",
        f"{plan.steps} steps, {plan.loads} times other models or sizes; time: {time}",
        f"at most {plan.bytes / 1e6:.0f} MB of disk",
        *plan.warnings,
    ]


def _names(request: GenerationRequest) -> tuple:
    """What ``availability.check`` looks at, so that 10,000 cells are not checked one by one."""
    controls = tuple((unit.type, unit.model) for unit in request.controls)
    return (
        request.checkpoint, request.vae, request.sampler, request.schedule, request.steps, request.loras, controls,
        request.prompt,
    )  # fmt: skip


def _named(cell: Cell) -> str:
    return ", ".join(f"{name} {words(value)}" for name, value in cell.values.items())


def _json(value: Any) -> Any:
    return value if isinstance(value, str | int | float | None) else str(value)
