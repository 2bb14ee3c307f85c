"""From the flags of ``generate`` to a request."""

from __future__ import annotations

import argparse
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.catalog import checkpoints
from studio.catalog.checkpoints import Checkpoint
from studio.catalog.controls import CONTROL_TYPES
from studio.catalog.families import FamilySpec
from studio.catalog.samplers import SAMPLERS, SCHEDULES
from studio.cli import files, finish
from studio.cli.commands import name_and_weight, size, type_and_file
from studio.cli.prompt_expand import seed as wildcard_seed
from studio.errors import InvalidRequest, UnknownName, UnusableImage
from studio.gallery import Gallery
from studio.poses import library
from studio.prompts.library import wildcards
from studio.prompts.random import drawing
from studio.prompts.random.drawing import MAX_COMBINATIONS, Drawn
from studio.prompts.syntax import loras
from studio.request import MAX_SEED, GenerationRequest, ImageRef
from studio.settings import Settings


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Everything that determines a picture."""
    add = parser.add_argument
    add("prompt", metavar="PROMPT", help="what to draw; <lora:NAME:W> tags, {a|b} and __wildcards__ are understood")
    add("--negative", metavar="TEXT", default="", help="what to keep out")
    add(
        "--wildcard-seed",
        metavar="N",
        type=wildcard_seed,
        help="what a random prompt draws; pictures count on from it (default: a random one, which is told)",
    )
    add(
        "--combinations",
        action="store_true",
        help=f"draw all combinations of a random prompt, at most {MAX_COMBINATIONS}, all with the same seed",
    )
    add("--checkpoint", metavar="C", help="a name from models list, or a hub id (default: the first usable one)")
    add("--vae", metavar="NAME", help="another VAE than the checkpoint's own")
    add("--sampler", metavar="S", help=f"one of {', '.join(SAMPLERS)}")
    add("--schedule", metavar="S", help=f"noise schedule, one of {', '.join(SCHEDULES)}")
    add("--steps", metavar="N", type=int, help="1 to 150; 20 to 50 suits most samplers")
    add("--guidance", metavar="G", type=float, help="0 to 30; how literally the prompt is taken, 7.5 is a good start")
    add(
        "--seed",
        metavar="N",
        type=int,
        help="the same seed gives the same picture (default: a random one, which is told)",
    )
    add("--count", metavar="N", type=_count, default=1, help="pictures to make, with seeds N, N+1, …")
    add("--size", metavar="WxH", type=size, help="multiples of 8 (default: what the checkpoint was trained for)")
    add("--clip-skip", metavar="N", type=int, help="1 takes the text encoder's last layer, 2 the one before")
    add("--pose", metavar="FILE.json|NAME", help="OpenPose JSON, or a pose of the library")
    add(
        "--control",
        metavar="TYPE=IMAGE",
        type=type_and_file,
        action="append",
        default=[],
        help=f"a ready control map; TYPE is one of {', '.join(CONTROL_TYPES)}; may be repeated",
    )
    for flag, what in (
        ("--control-weight", "0 to 2; how strongly the control steers"),
        ("--control-start", "fraction of the steps at which it sets in"),
        ("--control-end", "fraction of the steps after which it lets go"),
    ):
        add(flag, metavar="W", type=float, action="append", default=[], help=f"{what}; once for all, or once for each")
    add("--lora", metavar="NAME=W", type=name_and_weight, action="append", default=[], help="may be repeated")
    add("--source", metavar="IMAGE", help="picture to start from (img2img)")
    add("--strength", metavar="S", type=float, help="0 to 1; how much of the source is redrawn (default 0.6)")
    finish.add_flags(parser)


def drawn(arguments: argparse.Namespace, settings: Settings) -> list[Drawn]:
    """The prompts of all pictures. Raises InvalidRequest for a random prompt that is wrong."""
    seed = secrets.randbelow(MAX_SEED + 1) if arguments.wildcard_seed is None else arguments.wildcard_seed
    known, combine = wildcards.of_studio(settings), arguments.combinations
    return drawing.drawn(arguments.prompt, arguments.negative, seed, arguments.count, known, combine)


def build(
    arguments: argparse.Namespace, found: list[Drawn], settings: Settings, gallery: Gallery
) -> tuple[list[GenerationRequest], Checkpoint]:
    """The requests of ``found``'s pictures and their checkpoint; control maps and source are stored in the gallery.

    Raises:
        StudioError: a name that leads nowhere, a value out of range, a file that is no image.
    """
    checkpoint = _checkpoint(arguments.checkpoint, settings)
    family = checkpoints.traits(checkpoint)
    seed = secrets.randbelow(MAX_SEED + 1) if arguments.seed is None else arguments.seed
    worded = [_worded(arguments, each, seed) for each in found]
    request = GenerationRequest.build(
        checkpoint=checkpoint.name,
        **worded[0],
        **_chosen(arguments, family),
        **finish.passes(arguments, settings),
    )
    # Files are read and stored only once everything else is known to be right.
    controls, source = list(_controls(arguments, gallery)), _source(arguments, gallery)
    return [request.with_(controls=controls, source=source, **words) for words in worded], checkpoint


def _worded(arguments: argparse.Namespace, each: Drawn, seed: int) -> dict[str, Any]:
    """The fields in which the pictures of one line differ."""
    prompt, tagged = loras.extract(each.prompt)
    return {
        "prompt": prompt,
        "negative_prompt": each.negative_prompt,
        # Beyond the range it is the request's to complain.
        "seed": (seed + each.offset) % (MAX_SEED + 1) if 0 <= seed <= MAX_SEED else seed,
        "loras": [*tagged, *_loras(arguments)],
    }


def _checkpoint(name: str | None, settings: Settings) -> Checkpoint:
    if name is not None:
        return _named(name, settings)
    found = checkpoints.default_checkpoint(settings)
    if found is None:
        folder = checkpoints.checkpoint_folder(settings)
        raise UnknownName("There is no checkpoint yet.", checkpoints.HOW_TO_GET_ONE.format(folder=folder))
    return found


def _named(name: str, settings: Settings) -> Checkpoint:
    try:
        return checkpoints.find_checkpoint(settings, name)
    except UnknownName:
        path = Path(name).resolve() if "\0" not in name else None
        if path is None or str(path) == name or not path.exists():
            raise
    return checkpoints.find_checkpoint(settings, str(path))  # A path relative to where the command was typed.


def _chosen(arguments: argparse.Namespace, family: FamilySpec) -> dict[str, Any]:
    """The plain fields: what was said, else what suits the family."""
    width, height = arguments.size or (family.native_size, family.native_size)
    said = {
        "vae": arguments.vae,
        "sampler": arguments.sampler or family.sampler,
        "schedule": arguments.schedule,
        "steps": family.steps if arguments.steps is None else arguments.steps,
        "guidance_scale": family.guidance_scale if arguments.guidance is None else arguments.guidance,
        "clip_skip": family.clip_skip if arguments.clip_skip is None else arguments.clip_skip,
        "width": width,
        "height": height,
    }
    return {name: value for name, value in said.items() if value is not None}


def _loras(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    return [{"name": name, "weight": weight} for name, weight in arguments.lora]


def _controls(arguments: argparse.Namespace, gallery: Gallery) -> Iterator[dict[str, Any]]:
    sources: list[dict[str, Any]] = []
    if arguments.pose is not None:
        sources.append({"type": "openpose", "pose": library.load_pose(arguments.pose)})
    for kind, path in arguments.control:
        sources.append({"type": kind, "image": _stored(path, gallery, background="black")})
    for flag in ("weight", "start", "end"):
        _spread(flag, getattr(arguments, f"control_{flag}"), sources)
    yield from sources


def _spread(name: str, values: list[float], controls: list[dict[str, Any]]) -> None:
    """One value goes to all controls, several go to one control each."""
    if values and not controls:
        raise InvalidRequest(f"--control-{name} was given without a control.", "Add --pose or --control.", "controls")
    if len(values) not in {0, 1, len(controls)}:
        raise InvalidRequest(
            f"--control-{name} was given {len(values)} times for {_counted(controls)}.",
            "Give it once for all controls, or once for each: the pose first, then --control in order.",
            field="controls",
        )
    for number, control in enumerate(controls):
        if values:
            control[name] = values[0] if len(values) == 1 else values[number]


def _counted(controls: list[dict[str, Any]]) -> str:
    return "1 control" if len(controls) == 1 else f"{len(controls)} controls"


def _source(arguments: argparse.Namespace, gallery: Gallery) -> dict[str, Any] | None:
    if arguments.source is None:
        if arguments.strength is not None:
            raise InvalidRequest(
                "--strength was given without --source.", "Add --source IMAGE, or leave it out.", "source"
            )
        return None
    strength = {} if arguments.strength is None else {"strength": arguments.strength}
    return {"image": _stored(arguments.source, gallery), **strength}


def _stored(path: str, gallery: Gallery, background: str = "white") -> ImageRef:
    try:
        return gallery.put_upload(files.read_bytes(path), background)
    except UnusableImage as error:
        raise UnusableImage(f"{path}: {error.message}", error.hint) from None


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)
