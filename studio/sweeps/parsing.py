"""How each kind of axis reads its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.errors import InvalidRequest
from studio.poses.library import library_pose
from studio.poses.values import Pose
from studio.prompts.syntax.phrases import key_of, split
from studio.request import GenerationRequest
from studio.sweeps import values
from studio.sweeps.presets import NamedTemplate, NegativePreset, find_negative, find_template


@dataclass(frozen=True, slots=True)
class NamedPose:
    """A pose as the value of an axis."""

    name: str
    pose: Pose

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Replacement:
    """One text in place of another, as the value of an axis."""

    needle: str
    new: str

    def __str__(self) -> str:
        return self.new


Named = NamedPose | Replacement | NamedTemplate | NegativePreset
"""Values that stand for more than their name."""
Value = str | int | float | Named | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What the values of an axis may depend on."""

    request: GenerationRequest
    poses: Mapping[str, Pose] = field(default_factory=dict)
    """Poses that came with the sweep, by name."""
    templates: Mapping[str, NamedTemplate] = field(default_factory=dict)
    """Style templates that came with the sweep, by name."""


_SIZE = re.compile(r"(\d{1,5})\s*[x×]\s*(\d{1,5})", re.IGNORECASE)


def texts(text: str, _: Setting) -> tuple[str, ...]:
    return values.texts(text)


def optional(text: str, _: Setting) -> tuple[str | None, ...]:
    """Names, where ``none`` means nothing at all."""
    return tuple(None if part.lower() == "none" else part for part in values.texts(text))


def prompts(text: str, _: Setting) -> tuple[str, ...]:
    """Whole texts. Between them stands ``||``, as commas belong to a prompt; ``none`` is the empty one."""
    parts = [part.strip() for part in text.split("||") if part.strip()]
    if not parts:
        raise InvalidRequest("The axis has no values.", "Write one or more texts, with || between them.")
    return tuple(dict.fromkeys("" if part.lower() == "none" else part for part in parts))


def whole(text: str, _: Setting) -> tuple[int, ...]:
    found = values.numbers(text)
    for value in found:
        if value != int(value):
            raise InvalidRequest(f"{value:f} is not a whole number.", "Use whole numbers such as 20, 30.")
    return tuple(int(value) for value in found)


def decimals(text: str, _: Setting) -> tuple[float, ...]:
    return tuple(float(value) for value in values.numbers(text))


def poses(text: str, setting: Setting) -> tuple[NamedPose, ...]:
    """Poses that came with the sweep, else of the library. Never files: a sweep may come from somebody else."""
    return tuple(NamedPose(name, setting.poses.get(name) or library_pose(name)) for name in values.texts(text))


def templates(text: str, setting: Setting) -> tuple[NamedTemplate | None, ...]:
    """Style templates that came with the sweep, else of the library; ``none`` leaves the prompts alone."""
    return tuple(None if name is None else find_template(name, setting.templates) for name in optional(text, setting))


def negatives(text: str, setting: Setting) -> tuple[NegativePreset | None, ...]:
    """Words against problems, by name; ``none`` leaves the negative prompt alone."""
    return tuple(None if name is None else find_negative(name) for name in optional(text, setting))


def sizes(text: str, _: Setting) -> tuple[str, ...]:
    """``512x768`` and the like, written one way."""
    found = []
    for part in values.texts(text):
        sides = _SIZE.fullmatch(part)
        if sides is None:
            raise InvalidRequest(f"{part[:40]!r} is not a size.", "Write width x height: 512x768.")
        found.append(f"{int(sides[1])}x{int(sides[2])}")
    return tuple(dict.fromkeys(found))


def replacements(text: str, setting: Setting) -> tuple[Replacement, ...]:
    """The first value is what is looked for, and stands for itself; the others replace it."""
    needle, *others = values.texts(text)
    if needle not in setting.request.prompt and needle not in setting.request.negative_prompt:
        raise InvalidRequest(
            f"{needle[:60]!r} is in neither prompt.", "Write a text first that the prompt holds, letter by letter."
        )
    return tuple(Replacement(needle, new) for new in (needle, *others))


def phrases(text: str, setting: Setting) -> tuple[str, ...]:
    """The phrases to leave out, beginning with none at all. ``all`` takes every phrase of the prompt."""
    known = {phrase.key: phrase.text for phrase in split(setting.request.prompt)}
    wanted = list(known.values()) if text.strip().lower() in {"", "all"} else list(values.texts(text))
    for phrase in wanted:
        if key_of(phrase) not in known:
            raise InvalidRequest(
                f"{phrase[:60]!r} is no phrase of the prompt.", "Name phrases as they stand between its commas."
            )
    if not wanted:
        raise InvalidRequest("The prompt has no phrases to leave out.", "Write a prompt of several phrases.")
    return ("", *dict.fromkeys(known[key_of(phrase)] for phrase in wanted))
