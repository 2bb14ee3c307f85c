"""From A1111's parameters to a request: whatever the text says and the studio can express."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.catalog import names
from studio.catalog.samplers import split_name
from studio.catalog.schedules import AUTOMATIC, SCHEDULES
from studio.errors import InvalidRequest
from studio.gallery.infotext import NEGATIVE, PROMPT
from studio.request import MAX_SEED, GenerationRequest

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE]-?\d+)?")
# What has no counterpart in a request, and what to say about it.
_LEFT_OUT = {
    "Variation seed strength": "the variation seed",
    "Face restoration": "face restoration",
    "Refiner": "the refiner",
    "Hires checkpoint": "another checkpoint for the hires pass",
    "Hires prompt": "another prompt for the hires pass",
    "Mask blur": "the inpainting mask",
    "Tiling": "tiling",
    "ADetailer model": "ADetailer",
    "TI hashes": "textual inversions",
}
_SAME = {"", "None", "False", "Use same checkpoint", "Use same sampler", "Use same scheduler"}


@dataclass(frozen=True, slots=True)
class Restored:
    """A request, and in words what of the text it does not hold."""

    request: GenerationRequest
    notes: tuple[str, ...] = ()


def restore(parameters: Mapping[str, str]) -> Restored | None:
    """The request that ``parameters`` (by A1111's names) describe; None where seed, size or checkpoint are unknown.

    A value that a request does not allow is dropped with a note. Pictures of A1111 are never redrawn identically, as
    its noise comes from another generator.
    """
    notes = [f"not taken over: {what}" for name, what in _LEFT_OUT.items() if parameters.get(name, "") not in _SAME]
    notes += [f"not taken over: {name}, whose image is not in the file" for name in parameters if _is_unit(name)]
    fields = _needed(parameters, notes)
    if fields is None:
        return None
    fields |= _optional(parameters, notes) | _hires(parameters)
    while True:
        try:
            return Restored(GenerationRequest.build(**fields), tuple(notes))
        except InvalidRequest as error:
            # Drop what is out of range and try again; each turn drops one field, so it ends.
            wrong = error.field.partition(".")[0]
            wrong = wrong if wrong in fields else "hires" if "hires" in fields else ""
            if wrong in {"", "prompt", "seed", "width", "height", "checkpoint"}:
                return None
            notes.append(f"not taken over: {wrong.replace('_', ' ')} ({error.message.rstrip('.')})")
            del fields[wrong]


def _needed(parameters: Mapping[str, str], notes: list[str]) -> dict[str, Any] | None:
    checkpoint = parameters.get("Model") or parameters.get("Model hash")
    seed, width, height = (_whole(parameters.get(name)) for name in ("Seed", "Size-1", "Size-2"))
    if not checkpoint or seed is None or not width or not height:
        return None
    if not 0 <= seed <= MAX_SEED:
        notes.append(f"the seed {seed} is beyond what the studio draws with")
        seed %= MAX_SEED + 1
    sides = [min(max(round(side / 8) * 8, 64), 4096) for side in (width, height)]
    if sides != [width, height]:
        notes.append(f"the size {width}x{height} became {sides[0]}x{sides[1]}")
    return {"checkpoint": checkpoint, "seed": seed, "width": sides[0], "height": sides[1]}


def _optional(parameters: Mapping[str, str], notes: list[str]) -> dict[str, Any]:
    sampler, schedule = split_name(parameters.get("Sampler") or "Euler")
    told = parameters.get("Schedule type", AUTOMATIC)
    if told != AUTOMATIC and names.match(told, SCHEDULES) is None:
        notes.append(f"not taken over: the schedule {told[:60]}, which the studio does not have")
        told = AUTOMATIC
    fields: dict[str, Any] = {
        "prompt": parameters.get(PROMPT, ""),
        "negative_prompt": parameters.get(NEGATIVE, ""),
        "sampler": sampler,
        "schedule": schedule if told == AUTOMATIC else names.match(told, SCHEDULES),
        "steps": _whole(parameters.get("Steps")),
        "guidance_scale": _real(parameters.get("CFG scale")),
        "clip_skip": _whole(parameters.get("Clip skip")),
        "vae": parameters.get("VAE") if parameters.get("VAE") not in {"Automatic", "None"} else None,
    }
    if "Denoising strength" in parameters and not _is_hires(parameters):
        notes.append("not taken over: the picture that it was made from")
    return {name: value for name, value in fields.items() if value is not None}


def _hires(parameters: Mapping[str, str]) -> dict[str, Any]:
    if not _is_hires(parameters):
        return {}
    strength = _real(parameters.get("Denoising strength"))
    strength = 0.4 if strength is None else min(max(strength, 0.0), 1.0)
    upscaler = parameters.get("Hires upscaler", "")
    hires: dict[str, Any] = {"strength": strength}
    if upscaler and not upscaler.startswith("Latent"):
        hires["upscaler"] = upscaler
    if "Hires resize-1" in parameters:
        sides = [(_whole(parameters.get(f"Hires resize-{place}")) or 0) // 8 * 8 for place in (1, 2)]
        hires |= dict(zip(("width", "height"), sides, strict=True))
    elif (scale := _real(parameters.get("Hires upscale"))) is not None:
        hires["scale"] = scale
    taken = _whole(parameters.get("Hires steps")) or _whole(parameters.get("Steps"))
    if taken and strength > 0:
        # A1111 takes all steps it names; a request names those of a whole pass, of which ``strength`` are taken.
        hires["steps"] = min(math.ceil(taken / strength - 1e-9), 150)
    return {"hires": hires}


def _is_hires(parameters: Mapping[str, str]) -> bool:
    return "Hires upscale" in parameters or "Hires resize" in parameters


def _is_unit(name: str) -> bool:
    return re.fullmatch(r"ControlNet \d", name) is not None


def _whole(text: str | None) -> int | None:
    value = _real(text)
    return int(value) if value is not None and value == int(value) else None


def _real(text: str | None) -> float | None:
    if text is None or len(text) > 40 or not _NUMBER.fullmatch(text.strip()):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
