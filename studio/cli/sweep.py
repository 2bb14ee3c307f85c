"""``sweep run`` and ``sweep status`` (``sweep report`` has a module of its own)."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from studio import availability
from studio.catalog import checkpoints
from studio.cli import console, files, sweep_report, sweep_results, watch
from studio.cli.commands import Commands, add_command, add_group
from studio.cli.console import Reply
from studio.database import Database
from studio.errors import StudioError, UnknownName
from studio.gallery import Gallery
from studio.gallery.prompt_shelf import PromptShelf
from studio.gallery.scores import PictureScores
from studio.jobs import Queue, Supervisor, Tasks
from studio.jobs.sweep_exports import Scores
from studio.jobs.sweeps import CellState, CellStatus, Sweep, Sweeps
from studio.poses import library
from studio.poses.values import Pose
from studio.prompts.library.entries import Template
from studio.request import GenerationRequest
from studio.settings import Settings
from studio.sweeps.expansion import Expanded, expand
from studio.sweeps.plan import Limits, Plan
from studio.sweeps.records import plain
from studio.sweeps.spec import SweepSpec, TemplateSpec, read_spec
from studio.sweeps.values import texts

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
    run.add_argument(
        "--score", action="store_true", help="then measure sharpness and pose match, and name the best cell"
    )
    run.add_argument("--warn-cells", metavar="N", type=int, default=Limits().cells, help="warn above so many pictures")
    run.add_argument("--warn-gb", metavar="N", type=float, default=Limits().bytes / 1e9, help="warn above so much disk")
    run.add_argument(
        "--warn-minutes", metavar="N", type=float, default=Limits().seconds / 60, help="warn above so long a time"
    )
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
    plan = sweeps.plan(
        expanded, Limits(arguments.warn_cells, arguments.warn_minutes * 60, int(arguments.warn_gb * 1e9))
    )
    if arguments.plan:
        document = described(plan, expanded, settings)
        return Reply({"title": spec.title, **document}, _plan_lines(plan, expanded, document))
    for warning in plan.warnings:
        console.say(f"Note: {warning}")
    id = sweeps.create(spec, expanded)
    sweeps.start(id, expanded)
    waiting = [cell.job_id for cell in sweeps.cells(id) if cell.job_id and cell.state in ("queued", "running")]
    if waiting:
        console.say(f"Sweep {id}: {plan.cells} cells, {len(waiting)} to draw. Stopped, the same command goes on.")
        with Supervisor(settings):
            watch.wait(queue, settings, waiting)
    cells = sweeps.cells(id)
    scores = _scores(settings, database, queue, cells) if arguments.score else {}
    return sweep_results.reply(id, expanded, cells, Gallery(settings, database), scores)


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

    spec = read_spec(text, find_pose, lambda request: _complete(request, settings))
    return spec.model_copy(update={"templates": {**_own_templates(spec, settings), **spec.templates}})


def _own_templates(spec: SweepSpec, settings: Settings) -> dict[str, TemplateSpec]:
    """The style templates of the person's own that the axes name."""
    named = {
        name for axis in spec.axes if axis.axis == "template" and axis.values.strip() for name in texts(axis.values)
    }
    saved = PromptShelf(Database(settings.database)).own("template") if named else []
    return {
        own.name: TemplateSpec.of(own.item) for own in saved if own.name in named and isinstance(own.item, Template)
    }


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


def described(plan: Plan, expanded: Expanded, settings: Settings) -> dict[str, Any]:
    """A plan as a JSON document."""
    axes = [
        {"name": name, "values": list(dict.fromkeys(plain(place[number]) for place in line.values))}
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
        "order": [
            {"checkpoint": first.checkpoint, "size": f"{first.width}x{first.height}", "cells": count}
            for first, count in plan.groups
        ],
        "weights_bytes": max((availability.weights_bytes(settings, first) for first, _ in plan.groups), default=0),
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


def _scores(settings: Settings, database: Database, queue: Queue, cells: list[CellStatus]) -> Scores:
    """What is measured of the cells' pictures; those that were never measured are measured now."""
    scores, pictures = PictureScores(database), [cell.picture_id for cell in cells if cell.picture_id]
    missing = sorted(set(pictures) - set(scores.of(pictures)))
    if missing:
        tasks = Tasks(database)
        id = tasks.submit("score", {"pictures": missing})
        with Supervisor(settings):
            watch.task(tasks, queue, settings, id)
    found = scores.of(pictures)
    for reason in sorted({one.reason for each in found.values() for one in each.values() if one.reason}):
        console.say(f"Not measured for some: {reason}")
    return {id: {metric: one.value for metric, one in each.items()} for id, each in found.items()}


def _plan_lines(plan: Plan, expanded: Expanded, document: dict[str, Any]) -> list[str]:
    time = "unknown until the first pictures are done" if plan.seconds is None else f"about {plan.seconds:.0f} s"
    lines = [f"{line.label}: {', '.join(line.headers)}" for line in expanded.lines]
    skipped = f", {expanded.skipped} skipped" if expanded.skipped else ""
    return [
        *lines,
        f"{plan.cells} cells{skipped}; {plan.done} are drawn already, {len(plan.to_run)} to draw",
        f"{plan.steps} steps, {plan.loads} times other models or sizes; time: {time}",
        f"at most {plan.bytes / 1e6:.0f} MB of disk, {document['weights_bytes'] / 1e9:.1f} GB of weights at a time",
        *(f"then {count} cells of {first.checkpoint} at {first.width}x{first.height}" for first, count in plan.groups),
        *plan.warnings,
    ]


def _names(request: GenerationRequest) -> tuple:
    """What ``availability.check`` looks at, so that 10,000 cells are not checked one by one."""
    controls = tuple((unit.type, unit.model) for unit in request.controls)
    return (
        request.checkpoint, request.vae, request.sampler, request.schedule, request.steps, request.loras, controls,
        request.prompt,
    )  # fmt: skip
