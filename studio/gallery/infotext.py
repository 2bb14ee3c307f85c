"""A1111's ``parameters`` text: the line of settings that other tools read out of a picture.

    a girl under a tree <lora:ink:0.8>
    Negative prompt: blurry
    Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x768, Model: anime, …

The text cannot hold everything (poses, control images), so a PNG also carries the studio's own JSON.
"""

from __future__ import annotations

import json
import re

from studio.gallery.provenance import Provenance
from studio.request import ControlUnit, GenerationRequest

MAX_TEXT = 200_000
"""Longer texts are not parsed, in characters."""
NEGATIVE = "Negative prompt:"
# A1111's own expression, with bounded repetition, so that a hostile line cannot take quadratic time.
_FIELD = re.compile(r'\s{0,20}(\w[\w \-/]{1,80}):\s{0,20}("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_SIZE = re.compile(r"(\d+)x(\d+)")
_MIN_FIELDS = 3
_DEFAULTS = {"Clip skip": "1", "RNG": "GPU", "Schedule type": "Automatic"}
_WEIGHTS_ENDINGS = (".safetensors", ".ckpt", ".pt", ".pth", ".bin")


def write(request: GenerationRequest, provenance: Provenance) -> str:
    """The ``parameters`` text of a picture, in A1111's order of fields."""
    lines = [_prompt_with_loras(request)]
    if request.negative_prompt:
        lines.append(f"{NEGATIVE} {request.negative_prompt}")
    fields = {name: text for name, text in _fields(request, provenance) if text}
    lines.append(", ".join(name if name == text else f"{name}: {_quote(text)}" for name, text in fields.items()))
    return "\n".join(lines)


def parse(text: str) -> dict[str, str]:
    """Read a ``parameters`` text as A1111 does; ``{}`` for a text that holds no parameters.

    ``Prompt`` and ``Negative prompt`` are always there; ``512x768`` also gives ``Size-1`` and ``Size-2``; what A1111
    omits at its default (``Clip skip`` …) is filled in. All values are texts.
    """
    if not text.strip() or len(text) > MAX_TEXT:
        return {}
    *lines, last = text.strip().split("\n")
    if len(_FIELD.findall(last)) < _MIN_FIELDS:
        lines, last = [*lines, last], ""
    prompt, negative = _prompts(lines)
    parameters = {"Prompt": prompt, "Negative prompt": negative}
    for name, value in _FIELD.findall(last):
        value = _unquote(value)
        if size := _SIZE.fullmatch(value):
            parameters[f"{name}-1"], parameters[f"{name}-2"] = size.groups()
        parameters[name] = value
    return {**_DEFAULTS, **parameters}


def _prompts(lines: list[str]) -> tuple[str, str]:
    positive: list[str] = []
    negative: list[str] = []
    into = positive
    for line in (line.strip() for line in lines):
        if line.startswith(NEGATIVE):
            into, line = negative, line.removeprefix(NEGATIVE).strip()
        into.append(line)
    return "\n".join(positive), "\n".join(negative)


def _fields(request: GenerationRequest, provenance: Provenance):
    yield "Steps", str(request.steps)
    yield "Sampler", request.sampler
    yield "Schedule type", request.schedule
    yield "CFG scale", _number(request.guidance_scale)
    yield "Seed", str(request.seed)
    yield "Size", f"{request.width}x{request.height}"
    yield "Model hash", provenance.model_hash
    yield "Model", _name(request.checkpoint)
    yield "VAE hash", provenance.vae_hash
    yield "VAE", _name(request.vae or "")
    yield "Denoising strength", _number(request.source.strength) if request.source else ""
    yield "Clip skip", str(request.clip_skip) if request.clip_skip > 1 else ""
    yield "RNG", "CPU"
    for number, unit in enumerate(request.controls):
        yield f"ControlNet {number}", _control(unit)
    yield "Lora hashes", ", ".join(f"{_bare(name)}: {value}" for name, value in provenance.lora_hashes.items())
    yield "Version", f"PoseAnimeFlow Studio {provenance.studio}"


def _control(unit: ControlUnit) -> str:
    parts = {
        "Module": "none",
        "Model": _bare(_name(unit.model or unit.type)),
        "Weight": _number(unit.weight),
        "Guidance Start": _number(unit.start),
        "Guidance End": _number(unit.end),
        "Control Mode": "Balanced",
    }
    return ", ".join(f"{name}: {value}" for name, value in parts.items())


def _prompt_with_loras(request: GenerationRequest) -> str:
    tags = [f"<lora:{_name(lora.name)}:{_number(lora.weight)}>" for lora in request.loras]
    return " ".join([request.prompt, *(tag for tag in tags if tag not in request.prompt)])


def _name(path: str) -> str:
    """The last part of a path or hub id, without a weights file's ending."""
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    for ending in _WEIGHTS_ENDINGS:
        name = name.removesuffix(ending)
    # Other readers toggle on double quotes without knowing escapes.
    return name.replace('"', "'")


def _bare(name: str) -> str:
    return name.replace(":", "").replace(",", "")


def _number(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if any(mark in text for mark in ",:\n") else text


def _unquote(text: str) -> str:
    text = text.strip()
    if not (len(text) > 1 and text[0] == text[-1] == '"'):
        return text
    try:
        return str(json.loads(text))
    except (ValueError, RecursionError):
        return text
