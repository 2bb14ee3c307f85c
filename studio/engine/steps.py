"""How many steps a pass walks, and which of them an evaluation of the model belongs to."""

from __future__ import annotations

from studio.request import GenerationRequest


def pass_steps(request: GenerationRequest) -> int:
    """Steps of the first pass: the request's, or the part of them that img2img leaves."""
    return request.steps if request.source is None else source_steps(request)


def source_steps(request: GenerationRequest) -> int:
    """The steps img2img walks: ``strength`` of the request's, rounded down as diffusers does."""
    assert request.source is not None
    return min(int(request.steps * request.source.strength), request.steps)


def hires_steps(request: GenerationRequest) -> int:
    """The steps of the hires pass; 0 without one."""
    return request.hires.steps_of(request.steps) if request.hires else 0


def step_of(evaluation: int, evaluations: int, steps: int, order: int) -> int:
    """The step, from 1 to ``steps``, that ``evaluation`` (from 0, of ``evaluations``) of the model belongs to.

    Samplers of order 2 evaluate twice in every step but the last; PLMS evaluates its first step twice.
    """
    if order > 1:
        return evaluation // order + 1
    return max(1, evaluation + 1 - max(0, evaluations - steps))
