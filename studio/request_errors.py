"""Turns a validation error into one sentence a person understands, with the allowed range."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from studio.errors import InvalidRequest

LABELS = {
    "guidance_scale": "Guidance",
    "clip_skip": "Clip skip",
    "negative_prompt": "The negative prompt",
    "prompt": "The prompt",
    "loras": "The list of LoRAs",
    "controls": "The list of controls",
    "vae": "VAE",
    "sha256": "The image's sha256",
}
PARTS = {
    "controls": "control",
    "loras": "LoRA",
    "source": "source image",
    "people": "person",
    "hires": "hires pass",
    "upscale": "upscale",
}


def explain(error: ValidationError, model: type[BaseModel]) -> InvalidRequest:
    """The first problem of ``error``, raised by ``model``, as an InvalidRequest with the field's dotted path."""
    problem: Any = error.errors(include_url=False)[0]
    path = [str(part) for part in problem["loc"]]
    names = [part for part in path if not part.isdigit()]
    label = _label(names[-1] if names else "request") + _place(path)
    if problem["type"] == "extra_forbidden":
        message, hint = f"A request has no field called {names[-1]!r}{_place(path)}.", "Check the spelling."
    else:
        message, hint = _words(label, problem, _limits(model, names))
    return InvalidRequest(message, hint, field=".".join(path))


def _label(field: str) -> str:
    return LABELS.get(field, field.replace("_", " ").capitalize())


def _place(path: list[str]) -> str:
    """`` (control 2, person 1)`` for ``controls.1.pose.people.0.body``."""
    words = []
    for part, follower in pairwise(path):
        if part in PARTS:
            words.append(f"{PARTS[part]} {int(follower) + 1}" if follower.isdigit() else PARTS[part])
    return f" ({', '.join(words)})" if words else ""


def _words(name: str, problem: dict[str, Any], limits: dict[str, Any]) -> tuple[str, str]:
    value, context = problem.get("input"), problem.get("ctx", {})
    given = repr(value)[:40]
    match problem["type"]:
        case "missing":
            return f"{name} is missing.", "Fill it in."
        case kind if value is None and kind != "value_error":
            return f"{name} is missing.", "Fill it in."
        case "multiple_of" if limits["ge"] <= value <= limits["le"]:
            return f"{name} is {given}, which is not a multiple of {limits['multiple_of']}.", _nearest(value, limits)
        case "greater_than_equal" | "less_than_equal" | "multiple_of":
            return f"{name} is {given}, which is out of range.", _range(limits)
        case "finite_number":
            return f"{name} is not a finite number.", _range(limits)
        case "int_from_float" | "int_parsing" | "int_type" | "int_parsing_size":
            return f"{name} has to be a whole number, not {given}.", _range(limits)
        case "float_parsing" | "float_type":
            return f"{name} has to be a number, not {given}.", _range(limits)
        case "string_too_short":
            return f"{name} is empty.", "Fill it in."
        case "string_too_long":
            return f"{name} is longer than {context['max_length']:,} characters.", "Shorten it."
        case "too_long":
            return f"{name} has more than {context['max_length']} entries.", "Remove some."
        case "string_type" | "string_unicode":
            return f"{name} has to be text, not {given}.", "Type it as text."
        case "literal_error":
            return f"{name} is {given}, which this studio does not know.", f"It knows {context['expected']}."
        case "value_error":
            reason = str(context["error"])
            return f"{reason[:1].upper()}{reason[1:]}.", "Change it and try again."
    return f"{name} is not valid: {problem['msg'].lower()}.", "Change it and try again."


def _limits(model: type[BaseModel], names: list[str]) -> dict[str, Any]:
    """``ge``, ``le`` and ``multiple_of`` of the field that ``names`` leads to, where it has them."""
    field: FieldInfo | None = None
    inner: type[BaseModel] | None = model
    for name in names:
        field = inner.model_fields.get(name) if inner else None
        inner = _model_inside(field.annotation) if field else None
    marks = [*field.metadata, *_marks_inside(field.annotation)] if field else []
    kinds = ("ge", "le", "multiple_of")
    return {kind: getattr(mark, kind) for mark in marks for kind in kinds if hasattr(mark, kind)}


def _marks_inside(annotation: Any) -> list[Any]:
    """The marks of ``Annotated`` parts in a union: of the number in ``Number | None``."""
    fields = [mark for part in get_args(annotation) for mark in getattr(part, "__metadata__", ())]
    return [mark for field in fields for mark in (field.metadata if isinstance(field, FieldInfo) else [field])]


def _model_inside(annotation: Any) -> type[BaseModel] | None:
    """The model in ``Model``, ``Model | None`` or ``tuple[Model, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_inside(part))), None)


def _range(limits: dict[str, Any]) -> str:
    if not {"ge", "le"} <= limits.keys():
        return "Type an ordinary number."
    step = f", in steps of {limits['multiple_of']}" if "multiple_of" in limits else ""
    return f"Choose {limits['ge']} to {limits['le']}{step}."


def _nearest(value: Any, limits: dict[str, Any]) -> str:
    step = limits["multiple_of"]
    down = int(value) // step * step
    choices = [side for side in (down, down + step) if limits["ge"] <= side <= limits["le"]]
    return f"Choose {' or '.join(str(side) for side in choices)}."
