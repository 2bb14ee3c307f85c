"""The draft: everything the Generate page has in its widgets, as one value that survives pages and reloads."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from studio.poses.values import Pose
from studio.request import MAX_SEED

STEPS, GOOD_STEPS = (1, 150), (20, 50)
GUIDANCE, GOOD_GUIDANCE = (0.0, 30.0), (7.5, 12.0)
WEIGHT, GOOD_WEIGHT = (0.0, 2.0), (0.0, 1.0)
MAX_COUNT = 16
CONTROLS = ("none", "pose", "image")

NEGATIVE = "lowres, bad anatomy, bad hands, extra digits, missing fingers, worst quality, low quality, jpeg artifacts"
PROMPT = "1girl, solo, full body, short brown hair, school uniform, pleated skirt, running, smile, park, masterpiece"


@dataclass(frozen=True, slots=True)
class Draft:
    """The widgets' values. A draft may be unfinished or wrong; only the request made from it is checked."""

    prompt: str = PROMPT
    negative_prompt: str = NEGATIVE
    checkpoint: str | None = None
    vae: str | None = None
    sampler: str = "DPM++ 2M"
    schedule: str = "Automatic"
    steps: int = 28
    guidance_scale: float = 7.5
    width: int = 512
    height: int = 512
    seed: int = 0
    seed_locked: bool = False
    count: int = 1
    clip_skip: int = 1
    loras: dict[str, float] = field(default_factory=dict)
    control: str = "none"
    control_type: str = "openpose"
    control_model: str | None = None
    pose_name: str | None = None
    """A pose of the library; the empty name means ``pose_json``."""
    pose_json: str | None = None
    """A pose that came with another picture's settings."""
    control_image: str | None = None
    control_weight: float = 1.0
    control_start: float = 0.0
    control_end: float = 1.0
    source_image: str | None = None
    strength: float = 0.6

    def with_(self, **changes: Any) -> Draft:
        return replace(self, **changes)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """A stored draft; what this version does not know or cannot show is left at its default."""
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        return cls.from_values(values) if isinstance(values, dict) else cls()

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Draft:
        """Keep what has the right type, clamp numbers into the widgets' ranges."""
        kept = {f.name: values[f.name] for f in fields(cls) if f.name in values and _fits(f.name, values[f.name])}
        for name, (low, high) in RANGES.items():
            if name in kept:
                kept[name] = type(low)(min(max(kept[name], low), high))
        draft = cls(**kept)
        if draft.control_start >= draft.control_end:
            draft = draft.with_(control_start=0.0, control_end=1.0)
        return draft


# Beyond these a widget would refuse to show the value. A side may be wrong (515): the request explains that better.
RANGES: dict[str, tuple[int, int] | tuple[float, float]] = {
    "steps": STEPS,
    "guidance_scale": GUIDANCE,
    "seed": (0, MAX_SEED),
    "width": (0, 99_999),
    "height": (0, 99_999),
    "count": (1, MAX_COUNT),
    "clip_skip": (1, 12),
    "control_weight": WEIGHT,
    "control_start": (0.0, 1.0),
    "control_end": (0.0, 1.0),
    "strength": (0.0, 1.0),
}
_OPTIONAL_TEXT = {"checkpoint", "vae", "control_model", "pose_name", "pose_json", "control_image", "source_image"}


def _fits(name: str, value: Any) -> bool:
    if name in RANGES:
        return _is_number(value) and (isinstance(RANGES[name][0], float) or float(value).is_integer())
    if name == "seed_locked":
        return isinstance(value, bool)
    if name == "loras":
        return isinstance(value, dict) and all(isinstance(k, str) and _is_number(v) for k, v in value.items())
    if name == "control":
        return value in CONTROLS
    return isinstance(value, str) or (value is None and name in _OPTIONAL_TEXT)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def kept_pose(draft: Draft) -> Pose | None:
    """The pose in ``pose_json``, or None where it holds none."""
    try:
        return Pose.model_validate_json(draft.pose_json) if draft.pose_json else None
    except ValueError:
        return None
