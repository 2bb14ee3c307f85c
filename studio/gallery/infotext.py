"""A1111's ``parameters`` text: the line of settings that other tools read out of a picture.

    a girl under a tree <lora:ink:0.8>
    Negative prompt: blurry
    Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x768, Model: anime, …

The text cannot hold everything (poses, control images), so a picture also carries the studio's own JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from studio.gallery.provenance import Provenance
from studio.request import ControlUnit, GenerationRequest, HiresPass, UpscalePass

MAX_TEXT = 200_000
"""Longer texts are not parsed, in characters."""
PROMPT, NEGATIVE = "Prompt", "Negative prompt"
# A1111's own expression, with bounded repetition, so that a hostile line cannot take quadratic time.
_FIELD = re.compile(r'\s{0,20}(\w[\w \-/]{1,80}):\s{0,20}("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_SIZE = re.compile(r"(\d+)x(\d+)")
_TEMPLATES = re.compile(r"\n(Template|Negative Template): ")
_MIN_FIELDS = 3
_DEFAULTS = {"Clip skip": "1", "RNG": "GPU", "Schedule type": "Automatic"}
_HIRES_DEFAULTS = {
    "Hires sampler": "Use same sampler",
    "Hires schedule type": "Use same scheduler",
    "Hires checkpoint": "Use same checkpoint",
    "Hires prompt": "",
    "Hires negative prompt": "",
}
_WEIGHTS_ENDINGS = (".safetensors", ".ckpt", ".pt", ".pth", ".bin")


def write(request: GenerationRequest, provenance: Provenance) -> str:
    """The ``parameters`` text of a picture, in A1111's order of fields."""
    return compose(_prompt_with_loras(request), request.negative_prompt, dict(_fields(request, provenance)))


def compose(prompt: str, negative_prompt: str, fields: Mapping[str, str]) -> str:
    """A ``parameters`` text of these fields, empty ones left out. ``fields`` have to begin with ``Steps``."""
    lines = [prompt]
    if negative_prompt:
        lines.append(f"{NEGATIVE}: {negative_prompt}")
    told = [(name, text) for name, text in fields.items() if text]
    lines.append(", ".join(name if name == text else f"{name}: {_quote(text)}" for name, text in told))
    return "\n".join(lines)


def parse(text: str) -> dict[str, str]:
    """Read a ``parameters`` text as A1111 does; ``{}`` for a text that holds no parameters.

    ``Prompt`` and ``Negative prompt`` are always there; ``512x768`` also gives ``Size-1`` and ``Size-2``; what A1111
    omits at its default (``Clip skip`` …) is filled in. All values are texts.
    """
    if not text.strip() or len(text) > MAX_TEXT:
        return {}
    text, templates = _without_templates(text.strip())
    *lines, last = text.split("\n")
    if len(_FIELD.findall(last)) < _MIN_FIELDS:
        lines, last = [*lines, last], ""
    prompt, negative = _prompts(lines)
    parameters = {PROMPT: prompt, NEGATIVE: negative, **templates}
    for name, value in _FIELD.findall(last):
        value = _unquote(value)
        if size := _SIZE.fullmatch(value):
            parameters[f"{name}-1"], parameters[f"{name}-2"] = size.groups()
        parameters[name] = value
    defaults = _DEFAULTS | (_HIRES_DEFAULTS if "Hires upscaler" in parameters else {})
    return {**defaults, **parameters}


def parse_unit(text: str) -> dict[str, str]:
    """The fields of one ControlNet unit, or of ``Lora hashes``: ``Module: none, Weight: 1`` → a dict."""
    pairs = (part.partition(":") for part in text.split(","))
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def bare_name(path: str) -> str:
    """The last part of a path or hub id, without a weights file's ending."""
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2]
    for ending in _WEIGHTS_ENDINGS:
        name = name.removesuffix(ending)
    # Other readers toggle on double quotes without knowing escapes.
    return name.replace('"', "'")


def _prompts(lines: list[str]) -> tuple[str, str]:
    positive: list[str] = []
    negative: list[str] = []
    into = positive
    for line in (line.strip() for line in lines):
        if line.startswith(f"{NEGATIVE}:"):
            into, line = negative, line.removeprefix(f"{NEGATIVE}:").strip()
        into.append(line)
    return "\n".join(positive), "\n".join(negative)


def _without_templates(text: str) -> tuple[str, dict[str, str]]:
    """The templates that sd-dynamic-prompts writes behind the settings, and ``text`` without them."""
    start = _TEMPLATES.search(text)
    if start is None or len(_FIELD.findall(text[: start.start()].rpartition("\n")[2])) < _MIN_FIELDS:
        return text, {}
    found = _TEMPLATES.split(text[start.start() :])
    return text[: start.start()], {name: words.strip() for name, words in zip(found[1::2], found[2::2], strict=True)}


def _fields(request: GenerationRequest, provenance: Provenance) -> Iterator[tuple[str, str]]:
    yield "Steps", str(request.steps)
    yield "Sampler", request.sampler
    yield "Schedule type", request.schedule
    yield "CFG scale", number(request.guidance_scale)
    yield "Seed", str(request.seed)
    yield "Size", f"{request.width}x{request.height}"
    yield "Model hash", provenance.model_hash
    yield "Model", bare_name(request.checkpoint)
    yield "VAE hash", provenance.vae_hash
    yield "VAE", bare_name(request.vae or "")
    yield "Denoising strength", _denoising(request)
    yield "Clip skip", str(request.clip_skip) if request.clip_skip > 1 else ""
    yield "RNG", "CPU"
    if request.hires:
        yield from _hires(request, request.hires)
    yield "Lora hashes", ", ".join(f"{_unmarked(name)}: {value}" for name, value in provenance.lora_hashes.items())
    for place, unit in enumerate(request.controls):
        yield f"ControlNet {place}", _control(unit, provenance)
    if request.upscale:
        yield from _upscale(request, request.upscale)
    yield "Template", _template(provenance.template_prompt)
    yield "Negative Template", _template(provenance.template_negative_prompt)
    yield "Wildcard seed", str(provenance.wildcard_seed) if provenance.wildcard_seed >= 0 else ""
    yield "Version", f"PoseAnimeFlow Studio {provenance.studio}"


def _template(text: str) -> str:
    # sd-dynamic-prompts writes lines of its own behind the settings, for which other readers lose the settings. Double
    # quotes: see bare_name.
    return text.replace('"', "'")


def _denoising(request: GenerationRequest) -> str:
    # A1111 has one field for both: its hires pass starts from nothing, its img2img has no hires pass.
    if request.source:
        return number(request.source.strength)
    return number(request.hires.strength) if request.hires else ""


def _hires(request: GenerationRequest, hires: HiresPass) -> Iterator[tuple[str, str]]:
    if hires.width is None:
        yield "Hires upscale", number(hires.scale)
    else:
        yield "Hires resize", f"{hires.width}x{hires.height}"
    # The steps taken: A1111 takes all that it names, while ours are the steps of a whole pass.
    yield "Hires steps", str(hires.steps_of(request.steps))
    yield "Hires upscaler", bare_name(hires.upscaler)
    if request.source:
        yield "Hires denoising strength", number(hires.strength)


def _upscale(request: GenerationRequest, upscale: UpscalePass) -> Iterator[tuple[str, str]]:
    """As A1111's "Extras" tab notes it."""
    if upscale.scale is not None:
        yield "Postprocess upscale by", number(upscale.scale)
    else:
        width, height = upscale.size(*request.drawn_size)
        yield "Postprocess upscale to", f"{width}x{height}"
    yield "Postprocess upscaler", bare_name(upscale.upscaler)


def _control(unit: ControlUnit, provenance: Provenance) -> str:
    name = unit.model or unit.type
    model_hash = provenance.control_hashes.get(name)
    parts = {
        "Module": "none",
        "Model": _unmarked(bare_name(name)) + (f" [{model_hash}]" if model_hash else ""),
        "Weight": number(unit.weight),
        "Resize Mode": "Crop and Resize",
        "Guidance Start": number(unit.start),
        "Guidance End": number(unit.end),
        "Pixel Perfect": "True",
        "Control Mode": "Balanced",
    }
    return ", ".join(f"{name}: {value}" for name, value in parts.items())


def _prompt_with_loras(request: GenerationRequest) -> str:
    tags = [f"<lora:{bare_name(lora.name)}:{number(lora.weight)}>" for lora in request.loras]
    return " ".join([request.prompt, *(tag for tag in tags if tag not in request.prompt)])


def _unmarked(name: str) -> str:
    """Without the marks that divide a list of names."""
    return name.replace(":", "").replace(",", "")


def number(value: float) -> str:
    """``7.50`` as ``7.5``, ``7.0`` as ``7``."""
    return f"{value:.5f}".rstrip("0").rstrip(".")


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if any(mark in text for mark in ",:\n") else text


def _unquote(text: str) -> str:
    text = text.strip()
    if not (len(text) > 1 and text[0] == text[-1] == '"'):
        return text
    try:
        # Half of a character, which JSON can escape, can be neither stored nor shown.
        return str(json.loads(text)).encode("utf-8", "replace").decode()
    except (ValueError, RecursionError):
        return text
