"""How a value of an axis changes a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from studio.errors import InvalidRequest
from studio.prompts.syntax import phrases
from studio.request import ControlUnit, GenerationRequest
from studio.sweeps.parsing import NamedPose, Replacement
from studio.sweeps.presets import NamedTemplate, NegativePreset

PLACE = "{prompt}"


def field(name: str) -> Callable[[GenerationRequest, Any, int], GenerationRequest]:
    """Sets a plain field of the request."""
    return lambda request, value, _: request.with_(**{name: value})


def size(request: GenerationRequest, value: str, _: int) -> GenerationRequest:
    width, height = value.split("x")
    return request.with_(width=int(width), height=int(height))


def lora(request: GenerationRequest, value: str, number: int) -> GenerationRequest:
    """``name``, ``name:weight`` or ``none``."""
    loras = [dict(ref) for ref in request.loras]
    if len(loras) < number:
        raise InvalidRequest(f"The request has {len(loras)} LoRAs.", f"Use the axis lora@{len(loras) + 1}.")
    name, _, weight = value.rpartition(":")
    if not name or not _is_number(weight):
        name, weight = value, "1"
    new = [] if value.lower() == "none" else [{"name": name, "weight": float(weight)}]
    return request.with_(loras=(*loras[:number], *new, *loras[number + 1 :]))


def lora_weight(request: GenerationRequest, value: float, number: int) -> GenerationRequest:
    if number >= len(request.loras):
        raise InvalidRequest("The request has no such LoRA.", "Choose a LoRA first, or use the axis lora.")
    loras = list(request.loras)
    loras[number] = loras[number].model_copy(update={"weight": value})
    return request.with_(loras=tuple(dict(ref) for ref in loras))


def style(request: GenerationRequest, value: str, _: int) -> GenerationRequest:
    """Puts the prompt where ``{prompt}`` stands; a template without it is appended."""
    if PLACE in value:
        return request.with_(prompt=value.replace(PLACE, request.prompt))
    return request.with_(prompt=", ".join(part for part in (request.prompt, value) if part.strip()))


def template(request: GenerationRequest, value: NamedTemplate | None, _: int) -> GenerationRequest:
    if value is None:
        return request
    prompt, negative_prompt = value.fill(request.prompt, request.negative_prompt)
    return request.with_(prompt=prompt, negative_prompt=negative_prompt)


def negative(request: GenerationRequest, value: NegativePreset | None, _: int) -> GenerationRequest:
    return request if value is None else request.with_(negative_prompt=value.join(request.negative_prompt))


def replace(request: GenerationRequest, value: Replacement, _: int) -> GenerationRequest:
    return request.with_(
        prompt=request.prompt.replace(value.needle, value.new),
        negative_prompt=request.negative_prompt.replace(value.needle, value.new),
    )


def leave_out(request: GenerationRequest, value: str, _: int) -> GenerationRequest:
    """Drops a phrase, wherever it stands and however it is emphasised; the empty value drops none."""
    if not value:
        return request
    there = [phrase for phrase in phrases.split(request.prompt) if phrase.key == phrases.key_of(value)]
    return request.with_(prompt=phrases.remove(request.prompt, *there))


def strength(request: GenerationRequest, value: float, _: int) -> GenerationRequest:
    if request.source is None:
        raise InvalidRequest("The request has no source image.", "Choose one to start from, or drop this axis.")
    return request.with_(source={"image": request.source.image, "strength": value})


def pose(request: GenerationRequest, value: NamedPose, number: int) -> GenerationRequest:
    """Puts the pose under the ControlNet."""
    _unit(request, number)
    return _with_unit(request, number, pose=value.pose, image=None)


def control(name: str) -> Callable[[GenerationRequest, Any, int], GenerationRequest]:
    """Sets a field of one ControlNet."""

    def change(request: GenerationRequest, value: Any, number: int) -> GenerationRequest:
        _unit(request, number)
        return _with_unit(request, number, **{name: value})

    return change


def _unit(request: GenerationRequest, number: int) -> ControlUnit:
    if number >= len(request.controls):
        which = "no ControlNet" if not request.controls else f"only {len(request.controls)} ControlNets"
        raise InvalidRequest(f"The request has {which}.", "Add a pose or a control map first, or drop this axis.")
    return request.controls[number]


def _with_unit(request: GenerationRequest, number: int, **fields: Any) -> GenerationRequest:
    units = [dict(unit) for unit in request.controls]
    units[number] |= fields
    return request.with_(controls=tuple(units))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
