"""Remarks on a request that is valid but probably not what its author wants. They never stop anything."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from studio.catalog.families import FamilySpec
from studio.prompts.syntax import reading, tokens
from studio.prompts.syntax.chunks import CHUNK_LENGTH
from studio.request import GenerationRequest

MANY_CHUNKS = 3
"""From here on the words of a prompt drown each other out."""
LARGE, SMALL = 2.0, 0.4
"""Bounds of (pixels) / (pixels the family was trained on) between which pictures hold together."""
BURNT_GUIDANCE = 15.0


@dataclass(frozen=True, slots=True)
class Note:
    """What is noticed, and what to do about it: one sentence each."""

    message: str
    hint: str


def notes(request: GenerationRequest, family: FamilySpec | None = None, chunks: int | None = None) -> list[Note]:
    """All remarks on ``request``, the weightiest first.

    Args:
        family: the checkpoint's family; None leaves out the remark on size.
        chunks: 75-token chunks of the prompt as counted by its tokenizer; None takes an estimate.
    """
    return [
        *_prompt(request, chunks),
        *_guidance(request),
        *_controls(request),
        *_source(request),
        *_size(request, family),
    ]


def _prompt(request: GenerationRequest, chunks: int | None) -> Iterator[Note]:
    text = request.prompt.strip()
    if not text:
        yield Note("The prompt is empty.", "The picture is left to chance; describe what you want to see.")
        return
    if chunks is None:
        chunks = math.ceil(tokens.estimate(text) / CHUNK_LENGTH)
    if chunks >= MANY_CHUNKS:
        yield Note(
            f"The prompt fills {chunks} chunks of {CHUNK_LENGTH} tokens.",
            "All of it is used, but each word counts less; the first 75 tokens weigh the most.",
        )
    letters = [character for character in text if not character.isascii() and not character.isspace()]
    if letters and 2 * len(letters) > len(text):
        yield Note(
            "Most of the prompt is not in Latin letters.",
            "The text encoders learnt English; tags such as 1girl, running, park are understood best.",
        )


def _guidance(request: GenerationRequest) -> Iterator[Note]:
    # A prompt joined by AND is weighed against the negative one even without guidance.
    if request.guidance_scale <= 1 and request.negative_prompt.strip() and not reading.is_composed(request.prompt):
        yield Note(
            f"With guidance {request.guidance_scale:g} the negative prompt has no effect.",
            "Raise the guidance above 1, or leave the negative prompt empty.",
        )
    if request.guidance_scale > BURNT_GUIDANCE:
        yield Note(f"Guidance {request.guidance_scale:g} burns colours.", "7.5 to 12 follow the prompt without harm.")


def _controls(request: GenerationRequest) -> Iterator[Note]:
    for number, unit in enumerate(request.controls, 1):
        if unit.weight == 0:
            yield Note(f"Control {number} has weight 0 and is skipped.", "Give it a weight, or leave the control out.")
        elif unit.pose is not None and not unit.pose.people:
            yield Note(f"The pose of control {number} holds no one.", "An empty pose asks for an empty scene.")


def _source(request: GenerationRequest) -> Iterator[Note]:
    if request.source is not None and request.source.strength == 1:
        yield Note("With strength 1 nothing of the source image is kept.", "Lower the strength; 0.6 is a good start.")


def _size(request: GenerationRequest, family: FamilySpec | None) -> Iterator[Note]:
    if family is None:
        return
    share = request.width * request.height / family.native_size**2
    native = f"{family.label} was trained at {family.native_size}×{family.native_size} pixels"
    if share > LARGE:
        yield Note(f"{native}; this is {share:.1f} times as much.", "Expect doubled figures; a smaller size is safer.")
    elif share < SMALL:
        yield Note(f"{native}; this is {share:.0%} of it.", "Expect coarse faces and hands; a larger size is better.")
