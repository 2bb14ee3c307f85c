"""What other programs than A1111 write into pictures, as far as it is understood, under A1111's names.

Everything here reads JSON that anybody may have written: types are checked at every step, and what does not fit is
passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from studio.gallery import infotext
from studio.gallery.infotext import NEGATIVE, PROMPT, bare_name

Fields = dict[str, str]
MAX_JSON = 4 * 2**20
"""Longer JSON is not read, in characters."""
_MAX_HOPS = 40


def understand(texts: Mapping[str, str]) -> tuple[str, Fields]:
    """(program, A1111 fields) of a picture's texts; ``("unknown", {})`` where nothing is understood."""
    for program, read in READERS.items():
        fields = read(texts)
        if fields:
            return program, {name: value for name, value in fields.items() if value}
    return "unknown", {}


def as_text(fields: Fields) -> str:
    """The fields as an A1111 ``parameters`` text."""
    rest = {name: value for name, value in fields.items() if name not in {PROMPT, NEGATIVE, "Steps"}}
    return infotext.compose(
        fields.get(PROMPT, ""), fields.get(NEGATIVE, ""), {"Steps": fields.get("Steps", ""), **rest}
    )


def _invokeai(texts: Mapping[str, str]) -> Fields:
    told = _object(texts.get("invokeai_metadata") or texts.get("sd-metadata"))
    model = told.get("model")
    return _fields(
        told,
        {
            PROMPT: "positive_prompt",
            NEGATIVE: "negative_prompt",
            "Steps": "steps",
            "Sampler": "scheduler",
            "CFG scale": "cfg_scale",
            "Seed": "seed",
            "Clip skip": "clip_skip",
        },
        size=(told.get("width"), told.get("height")),
        model=model.get("name") if isinstance(model, dict) else model,
    )


def _swarmui(texts: Mapping[str, str]) -> Fields:
    told = _object(texts.get("parameters")).get("sui_image_params")
    told = told if isinstance(told, dict) else {}
    return _fields(
        told,
        {
            PROMPT: "prompt",
            NEGATIVE: "negativeprompt",
            "Steps": "steps",
            "Sampler": "sampler",
            "Schedule type": "scheduler",
            "CFG scale": "cfgscale",
            "Seed": "seed",
        },
        size=(told.get("width"), told.get("height")),
        model=told.get("model"),
    )


def _fooocus(texts: Mapping[str, str]) -> Fields:
    if texts.get("fooocus_scheme", "") != "fooocus":
        return {}
    told = _object(texts.get("parameters"))
    size = _text(told.get("resolution")).strip("()").split(",")
    return _fields(
        told,
        {
            PROMPT: "prompt",
            NEGATIVE: "negative_prompt",
            "Steps": "steps",
            "Sampler": "sampler",
            "Schedule type": "scheduler",
            "CFG scale": "guidance_scale",
            "Seed": "seed",
            "Clip skip": "clip_skip",
            "Model hash": "base_model_hash",
        },
        size=(size[0].strip(), size[1].strip()) if len(size) == 2 else (None, None),
        model=told.get("base_model"),
    )


def _novelai(texts: Mapping[str, str]) -> Fields:
    if texts.get("Software") != "NovelAI":
        return {}
    told = _object(texts.get("Comment"))
    fields = _fields(
        told,
        {NEGATIVE: "uc", "Steps": "steps", "Sampler": "sampler", "CFG scale": "scale", "Seed": "seed"},
        size=(told.get("width"), told.get("height")),
        model=texts.get("Source"),
    )
    return {**fields, PROMPT: _text(told.get("prompt")) or texts.get("Description", ""), "Clip skip": "2"}


def _comfyui(texts: Mapping[str, str]) -> Fields:
    """The graph's first sampler, and what its inputs lead to."""
    graph = _object(texts.get("prompt"))
    whole = (pair for pair in graph.items() if isinstance(pair[1], dict))
    nodes = {key: node for key, node in whole if isinstance(node.get("inputs"), dict)}
    sampler = next((node for node in nodes.values() if "KSampler" in _text(node.get("class_type"))), None)
    if sampler is None:
        return {}
    inputs = sampler["inputs"]
    latent, model = _node(nodes, inputs.get("latent_image")), _ancestor(nodes, inputs.get("model"), "ckpt_name")
    seed = inputs.get("seed", inputs.get("noise_seed"))
    size = (latent["inputs"].get("width"), latent["inputs"].get("height")) if latent else (None, None)
    named = {"Steps": "steps", "Sampler": "sampler_name", "Schedule type": "scheduler", "CFG scale": "cfg"}
    plain = {**inputs, "seed": seed if not isinstance(seed, list) else _value(nodes, seed, "seed")}
    fields = _fields(plain, {**named, "Seed": "seed"}, size=size, model=model)
    prompts = {name: _prompt(nodes, inputs.get(link)) for name, link in ((PROMPT, "positive"), (NEGATIVE, "negative"))}
    return {**prompts, **fields}


READERS: dict[str, Callable[[Mapping[str, str]], Fields]] = {
    "invokeai": _invokeai,
    "swarmui": _swarmui,
    "fooocus": _fooocus,
    "novelai": _novelai,
    "comfyui": _comfyui,
}


def _node(nodes: dict[str, dict], link: Any) -> dict | None:
    """The node that a link ``["4", 0]`` leads to."""
    return nodes.get(link[0]) if isinstance(link, list) and link and isinstance(link[0], str) else None


def _prompt(nodes: dict[str, dict], link: Any) -> str:
    """The text behind a conditioning, through ControlNets and combinations, along the first branch."""
    for _ in range(_MAX_HOPS):
        node = _node(nodes, link)
        if node is None:
            return ""
        inputs = node["inputs"]
        text = inputs.get("text", inputs.get("text_g"))
        if text is not None:
            return text if isinstance(text, str) else _value(nodes, text, "text", "string", "value")
        link = inputs.get("conditioning", inputs.get("positive", inputs.get("conditioning_1")))
    return ""


def _ancestor(nodes: dict[str, dict], link: Any, name: str) -> str:
    """The input ``name`` of the first node above, along its ``model`` inputs, that has one."""
    for _ in range(_MAX_HOPS):
        node = _node(nodes, link)
        if node is None:
            return ""
        if isinstance(node["inputs"].get(name), str):
            return node["inputs"][name]
        link = node["inputs"].get("model")
    return ""


def _value(nodes: dict[str, dict], link: Any, *names: str) -> str:
    node = _node(nodes, link)
    return next((_text(node["inputs"][name]) for name in names if name in node["inputs"]), "") if node else ""


def _fields(told: Mapping[str, Any], names: Mapping[str, str], size: tuple[Any, Any], model: Any) -> Fields:
    if not told:
        return {}
    fields = {name: _text(told.get(key)) for name, key in names.items()}
    width, height = (_text(side) for side in size)
    if width.isdigit() and height.isdigit():
        fields["Size"] = f"{width}x{height}"
    return {**fields, "Model": bare_name(_text(model))}


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return infotext.number(value) if abs(value) < 1e12 else ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _object(text: str | None) -> dict[str, Any]:
    if not text or len(text) > MAX_JSON or not text.lstrip().startswith("{"):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
