"""``generate``: through the same queue, worker and engine as the page."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from studio import advice, availability
from studio.catalog.checkpoints import Checkpoint, traits
from studio.cli import console, files, recipe, watch
from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery, Picture
from studio.jobs import Job, Queue, State, Supervisor
from studio.prompts.random.drawing import Drawn
from studio.prompts.random.expansion import is_dynamic
from studio.prompts.syntax import tokens
from studio.request import GenerationRequest
from studio.settings import Settings


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands,
        "generate",
        "draw pictures from a prompt, a pose, control maps or a source picture",
        'generate "1girl, school uniform, running, park" --pose jogging --seed 7 --out run.png',
        run,
    )
    recipe.add_flags(parser)
    parser.add_argument(
        "--out",
        metavar="FILE.png",
        type=_png,
        help="also write the picture here (several: FILE-SEED.png each, or FILE-NUMBER.png where they share a seed); "
        "it is in the gallery in any case",
    )


def run(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    if arguments.out is not None:
        files.check_target(arguments.out)
    database = Database(settings.database)
    gallery, queue = Gallery(settings, database), Queue(database)
    drawn = recipe.drawn(arguments, settings)
    requests, checkpoint = recipe.build(arguments, drawn, settings, gallery)
    for request in {request.loras: request for request in requests}.values():
        availability.check(settings, request)
    _tell_notes(requests[0], checkpoint)
    if arguments.seed is None:
        console.say(f"Seed {requests[0].seed}")
    _note_templates(arguments, drawn, requests, gallery)
    ids = queue.submit(requests)
    if any(job.active for job in queue.get(ids)):
        with Supervisor(settings):
            jobs = watch.wait(queue, settings, ids)
    else:
        jobs = queue.get(ids)
    return _reply(jobs, gallery, arguments.out)


def _note_templates(
    arguments: argparse.Namespace, drawn: list[Drawn], requests: list[GenerationRequest], gallery: Gallery
) -> None:
    """Keep what the prompts were drawn from; say what decided it."""
    prompt, negative = (text if is_dynamic(text) else "" for text in (arguments.prompt, arguments.negative))
    seeds = [each.wildcard_seed for each in drawn]
    gallery.templates.note(zip(requests, seeds, strict=True), prompt, negative)
    if arguments.wildcard_seed is None and seeds[0] >= 0:
        console.say(f"Wildcard seed {seeds[0]}")
    if prompt and arguments.combinations:
        console.say(f"{len({each.prompt for each in drawn})} combinations")


def _tell_notes(request: GenerationRequest, checkpoint: Checkpoint) -> None:
    counter = tokens.load_counter(checkpoint.path) if checkpoint.path else None
    chunks = len(counter.chunks(request.prompt)) if counter else None
    for note in advice.notes(request, traits(checkpoint) if checkpoint.family else None, chunks):
        console.say(f"Note: {note.message} {note.hint}")


def _reply(jobs: list[Job], gallery: Gallery, out: Path | None) -> Reply:
    failures = [(job, error) for job in jobs if (error := _failure(job))]
    if len(failures) == len(jobs):
        raise failures[0][1]
    seeds = Counter(job.request.seed for job in jobs)
    targets = [_target(out, number, job, len(jobs), seeds) for number, job in enumerate(jobs, 1)]
    done = [(job, target) for job, target in zip(jobs, targets, strict=True) if job.state is State.DONE]
    images = [_image(job, gallery, target) for job, target in done]
    document: dict[str, Any] = {"images": images}
    if failures:
        document["failures"] = [
            {"seed": job.request.seed, "message": error.message, "hint": error.hint} for job, error in failures
        ]
        for job, error in failures:
            console.say(f"Seed {job.request.seed}: {error.message} {error.hint}".rstrip())
    lines = [f"{image['path']}  seed {image['seed']}  {image['seconds']:.1f} s" for image in images]
    return Reply(document, lines, status=1 if failures else 0)


def _failure(job: Job) -> StudioError | None:
    if job.state is State.CANCELLED:
        return StudioError("The job was cancelled.", "Run the command again to start anew.")
    return job.error


def _target(out: Path | None, number: int, job: Job, count: int, seeds: Counter[int]) -> Path | None:
    """``FILE.png``; of several ``FILE-SEED.png``, or ``FILE-NUMBER.png`` where seeds occur more than once."""
    if out is None or count == 1:
        return out
    unique = max(seeds.values()) == 1
    return out.with_stem(f"{out.stem}-{job.request.seed}" if unique else f"{out.stem}-{number:0{len(str(count))}d}")


def _image(job: Job, gallery: Gallery, out: Path | None) -> dict[str, Any]:
    assert job.picture_id is not None, "a done job has its picture"
    picture = gallery.get(job.picture_id)
    notes = _notes(picture)
    for note in notes:
        console.say(f"Note: {note}")
    return {
        "path": str(_written(picture, gallery, out)),
        "digest": picture.digest,
        "seed": picture.request.seed,
        "prompt": picture.request.prompt,
        "seconds": picture.seconds,
        "id": picture.id,
        "width": picture.width,
        "height": picture.height,
        "reused": job.started is None,
        "notes": notes,
    }


def _notes(picture: Picture) -> list[str]:
    """What the engine had to do differently, such as smaller batches when memory ran out."""
    return list((picture.provenance.model_extra or {}).get("notes", []))


def _written(picture: Picture, gallery: Gallery, target: Path | None) -> Path:
    stored = gallery.file_of(picture.sha256)
    if target is None:
        return stored
    files.write(target, files.read_bytes(str(stored)))
    return target


def _png(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"{text!r} has to end in .png")
    return path
