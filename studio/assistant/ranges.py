"""The settings that may be proposed, and the ranges in which a proposal makes sense."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from studio.catalog.samplers import SAMPLERS

Setting: TypeAlias = int | float | str

RANGES: dict[str, tuple[float, float]] = {
    "steps": (10, 60),
    "guidance_scale": (1, 15),
    "width": (256, 1536),
    "height": (256, 1536),
    "clip_skip": (1, 3),
    "control_weight": (0, 1.5),
}
"""Lowest and highest value that the assistant may propose; narrower than what a person may set."""
_WHOLE = frozenset({"steps", "width", "height", "clip_skip"})


def fitting(settings: object) -> dict[str, Setting]:
    """Those of ``settings`` that are known, with numbers brought into their ranges; everything else is dropped."""
    if not isinstance(settings, Mapping):
        return {}
    found: dict[str, Setting] = {}
    for name, (low, high) in RANGES.items():
        value = _number(settings.get(name))
        if value is not None:
            value = min(max(value, low), high)
            step = 8 if name in ("width", "height") else 1
            found[name] = round(value / step) * step if name in _WHOLE else round(value, 2)
    sampler = settings.get("sampler")
    if isinstance(sampler, str) and (known := _sampler(sampler)):
        found["sampler"] = known
    return found


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _sampler(name: str) -> str | None:
    folded = name.strip().casefold()
    for known, spec in SAMPLERS.items():
        if folded in (known.casefold(), *(alias.casefold() for alias in spec.aliases)):
            return known
    return None
