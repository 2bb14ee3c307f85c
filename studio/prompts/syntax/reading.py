"""The whole way from a typed prompt to what the model is told at each step: comments and LoRA tags out, ``AND`` taken
apart, schedules unrolled. Weights and chunks follow in :mod:`studio.prompts.syntax.chunks`."""

from __future__ import annotations

from dataclasses import dataclass

from studio.errors import InvalidRequest
from studio.prompts.syntax import comments, composition, loras, schedules

MAX_PARTS = 8
"""Prompts that ``AND`` may join."""

Stretches = tuple[tuple[int, str], ...]
"""``(last step, text)``, in order; the last one ends with the pass."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps of one pass over the latents."""

    steps: int
    before: int | None = None
    """In a hires pass: the steps of the first one. A schedule counts on from there, in fractions from 1.0 to 2.0."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the prompts that ``AND`` joins."""

    weight: float
    stretches: Stretches


def words(prompt: str) -> str:
    """``prompt`` without comments and LoRA tags.

    Raises:
        InvalidRequest: a LoRA tag is malformed.
    """
    return comments.strip(loras.extract(prompt)[0])


def parts(prompt: str, walk: Walk) -> tuple[Part, ...]:
    """The prompts in ``prompt`` with their weights and stretches of steps; at least one.

    Raises:
        InvalidRequest: a LoRA tag is malformed, brackets nest too deep, or there are more than :data:`MAX_PARTS`.
    """
    found = composition.parts(words(prompt))
    if len(found) > MAX_PARTS:
        raise InvalidRequest(
            f"The prompt joins {len(found)} prompts by AND.",
            f"Join at most {MAX_PARTS}; each costs as much as a picture of its own. A plain and is a word.",
            "prompt",
        )
    return tuple(Part(weight, _stretches(text, walk)) for text, weight in found)


def stretches(negative_prompt: str, walk: Walk) -> Stretches:
    """As :func:`parts`, for a negative prompt: ``AND`` is a word there, as in A1111."""
    return _stretches(words(negative_prompt), walk)


def is_composed(prompt: str) -> bool:
    """Whether ``AND`` joins several prompts. Raises as :func:`words`."""
    return len(composition.parts(words(prompt))) > 1


def _stretches(text: str, walk: Walk) -> Stretches:
    return tuple(schedules.schedule(text, max(1, walk.steps), walk.before))
