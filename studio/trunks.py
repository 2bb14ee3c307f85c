"""Requests that start alike: they differ in nothing but when their controls act and in what follows the first pass.

Their first steps are the same to the last bit, so one of them can walk these for all; like branches they leave a trunk
where they part.
"""

from __future__ import annotations

from studio.request import ControlUnit, GenerationRequest

_AFTERWARDS = {"hires", "upscale"}
_WINDOW = {"start", "end"}
_COMMON = tuple(name for name in GenerationRequest.model_fields if name not in _AFTERWARDS | {"controls"})
_OF_A_UNIT = tuple(name for name in ControlUnit.model_fields if name not in _WINDOW)


def trunk_of(request: GenerationRequest) -> tuple:
    """What two requests must have in common to start alike; hashable."""
    units = tuple(tuple(getattr(unit, name) for name in _OF_A_UNIT) for unit in request.controls)
    return (*(getattr(request, name) for name in _COMMON), units)


def shared_evaluations(one: GenerationRequest, other: GenerationRequest, evaluations: int) -> int:
    """How many of the first pass's ``evaluations`` of the model two requests of one trunk have in common."""
    pairs = [(a, b) for a, b in zip(one.controls, other.controls, strict=True) if a.weight > 0]
    for evaluation in range(evaluations):
        if any(acts(a, evaluation, evaluations) != acts(b, evaluation, evaluations) for a, b in pairs):
            return evaluation
    return evaluations


def acts(unit: ControlUnit, evaluation: int, evaluations: int) -> bool:
    """Whether a control takes part in an evaluation (from 0): not with a weight of 0, nor outside its window."""
    inside = unit.start <= evaluation / evaluations and (evaluation + 1) / evaluations <= unit.end
    return unit.weight > 0 and inside
