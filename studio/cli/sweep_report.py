"""``sweep report``: a sweep as a web page, a picture, a table or a file that runs it again."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from studio.cli import files
from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.database import Database
from studio.gallery import Gallery
from studio.gallery.scores import PictureScores
from studio.jobs import Queue
from studio.jobs.sweep_exports import FORMATS, SweepExports
from studio.jobs.sweeps import Sweeps
from studio.settings import Settings
from studio.sweeps.expansion import expand


def add_to(group: Commands) -> None:
    parser = add_command(
        group,
        "report",
        "write a sweep as a web page, a labelled picture, a table, or the file that runs it again",
        "sweep report 3 --out sweep.html",
        run,
    )
    parser.add_argument("sweep", metavar="ID", type=int, help="its number, from sweep status")
    parser.add_argument(
        "--out", metavar="FILE", type=_target, required=True, help=f"its ending says what: {', '.join(FORMATS)}"
    )


def run(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    files.check_target(arguments.out)
    database = Database(settings.database)
    sweeps = Sweeps(database, Queue(database))
    sweep = sweeps.get(arguments.sweep)
    cells = sweeps.cells(sweep.id)
    found = PictureScores(database).of([cell.picture_id for cell in cells if cell.picture_id])
    scores = {id: {metric: one.value for metric, one in each.items()} for id, each in found.items()}
    exports = SweepExports(sweep, expand(sweep.spec), cells, Gallery(settings, database), scores)
    written = _write(arguments.out, FORMATS[arguments.out.suffix.lower()](exports))
    done = sum(outcome.state == "done" for outcome in exports.outcomes)
    document = {"sweep": sweep.id, "files": [str(path) for path in written], "done": done}
    return Reply(document, [str(path) for path in written])


def _write(target: Path, parts: Iterator[bytes]) -> list[Path]:
    if target.suffix.lower() != ".png":
        files.write(target, b"".join(parts))
        return [target]
    written = []
    for number, data in enumerate(parts):
        path = target if not number else target.with_stem(f"{target.stem}-{number + 1}")
        files.write(path, data)
        written.append(path)
    return written


def _target(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in FORMATS:
        raise argparse.ArgumentTypeError(f"{text!r} has to end in one of {', '.join(FORMATS)}")
    return path
