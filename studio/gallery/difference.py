"""What differs between two recipes, in words for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from studio.poses.values import Pose
from studio.request import GenerationRequest

NOTHING = "–"
_LABELS = {"guidance_scale": "Guidance", "vae": "VAE", "clip_skip": "Clip skip", "source": "Source image"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs, with both its values as text."""

    field: str
    before: str
    after: str


def differences(a: GenerationRequest, b: GenerationRequest) -> list[Change]:
    """What one has to change in ``a`` to get ``b``, in the order of a request's fields. Of prompts only the phrases
    that differ are told, of poses how many joints."""
    changes: list[Change] = []
    for name in GenerationRequest.model_fields:
        before, after = getattr(a, name), getattr(b, name)
        if before == after:
            continue
        if name in {"prompt", "negative_prompt"}:
            changes.append(Change(_label(name), *_phrases(before, after)))
        elif name == "loras":
            changes += _by_name({lora.name: lora.weight for lora in before}, {lora.name: lora.weight for lora in after})
        elif name == "controls":
            changes += _units(before, after)
        else:
            changes += _values(_label(name), before, after)
    return changes


def _phrases(before: str, after: str) -> tuple[str, str]:
    """The phrases that only one of the two has; the whole texts where just their order differs."""
    ours, theirs = ([part.strip() for part in re.split(r"[,\n]", text) if part.strip()] for text in (before, after))
    gone, came = [part for part in ours if part not in theirs], [part for part in theirs if part not in ours]
    if not gone and not came:
        return before or NOTHING, after or NOTHING
    return ", ".join(gone) or NOTHING, ", ".join(came) or NOTHING


def _by_name(before: dict[str, float], after: dict[str, float]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Change(f"LoRA {name}", _text(before.get(name)), _text(after.get(name)))


def _units(before: tuple, after: tuple) -> Iterator[Change]:
    for place in range(max(len(before), len(after))):
        ours, theirs = (units[place] if place < len(units) else None for units in (before, after))
        if ours != theirs:
            yield from _values(f"Control {place + 1}", ours, theirs)


def _values(label: str, before: Any, after: Any) -> Iterator[Change]:
    """One change, or one for each field when both are parts of a request."""
    if isinstance(before, Pose) and isinstance(after, Pose):
        yield Change(label, _pose(before), _moved(before, after))
    elif isinstance(before, BaseModel) and isinstance(after, BaseModel):
        for name in type(before).model_fields:
            ours, theirs = getattr(before, name), getattr(after, name)
            if ours != theirs:
                yield from _values(f"{label}: {_label(name).lower()}", ours, theirs)
    else:
        yield Change(label, _text(before), _text(after))


def _moved(before: Pose, after: Pose) -> str:
    ours, theirs = _joints(before), _joints(after)
    places = ours.keys() | theirs.keys()
    return f"{_pose(after)}; {sum(ours.get(place) != theirs.get(place) for place in places)} of {len(places)} differ"


def _joints(pose: Pose) -> dict[tuple[int, str, int], object]:
    return {
        (number, part, place): joint
        for number, person in enumerate(pose.people)
        for part in type(person).model_fields
        if isinstance(joints := getattr(person, part), tuple)
        for place, joint in enumerate(joints)
        if joint is not None
    }


def _pose(pose: Pose) -> str:
    people = "1 person" if len(pose.people) == 1 else f"{len(pose.people)} people"
    return f"{people}, {len(_joints(pose))} joints"


def _text(value: Any) -> str:
    if value is None or value == ():
        return NOTHING
    if isinstance(value, Pose):
        return _pose(value)
    if isinstance(value, BaseModel):
        told = {name: part for name, part in value if part is not None}
        return ", ".join(f"{_label(name).lower()} {_text(part)}" for name, part in told.items())
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        return f"{value[:8]}…"
    return str(value)


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())
