"""The draft: everything the Generate page has in its widgets, as one value that survives pages and reloads."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from studio.catalog.families import EXAMPLE, NEGATIVE
from studio.poses.values import Pose
from studio.request import MAX_SEED
from studio.request_passes import MAX_UPSCALED_SIDE

STEPS = (1, 150)
GUIDANCE = (0.0, 30.0)
WEIGHT, GOOD_WEIGHT = (0.0, 2.0), (0.0, 1.0)
HIRES_SCALE, GOOD_HIRES_STRENGTH = (1.0, 4.0), (0.3, 0.55)
UPSCALE_SCALE, UPSCALE_SIDE = (1.0, 8.0), (64, MAX_UPSCALED_SIDE)
UPSCALED_SIDE = 1024
HIRES_TARGETS, UPSCALE_TARGETS, UPSCALE_EDGES = ("scale", "size"), ("side", "scale", "size"), ("longest", "shortest")
MAX_COUNT = 16
CONTROLS = ("none", "pose", "editor", "photo", "json", "sketch", "image")
"""Where the first control comes from: nowhere, a pose of the library, the pose editor, a picture of somebody, pasted
JSON, a drawing, or a control map."""
SECOND_CONTROLS = ("none", "pose", "image")
MAP_SOURCES = ("photo", "file")
"""A control map is made from a photo, or uploaded as it is."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The widgets' values. A draft may be unfinished or wrong; only the request made from it is checked."""

    prompt: str = EXAMPLE
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
    wildcard_seed: int = 0
    """Decides what a random prompt draws."""
    wildcard_seed_locked: bool = False
    combine: bool = False
    """All combinations of a random prompt, instead of a drawing for each picture."""
    style: str | None = None
    """Key of the template that stands around both prompts."""
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
    map_from: str = "file"
    map_way: str = "canny"
    """How the map is made from ``map_photo``, a name of ``studio.catalog.control_maps``; it decides the type."""
    map_photo: str | None = None
    map_made: str | None = None
    """The map made from ``map_photo``; it counts where ``map_from`` says photo."""
    map_task: int | None = None
    photo: str | None = None
    photo_pose: str | None = None
    """The pose found in ``photo``, as JSON."""
    photo_task: int | None = None
    pasted_pose: str | None = None
    sketch: str | None = None
    """The strokes, see ``studio.ui.generate.sketch``."""
    sketch_type: str = "scribble"
    sketch_reference: str | None = None
    second: str = "none"
    second_type: str = "canny"
    second_model: str | None = None
    second_pose_name: str | None = None
    second_pose_json: str | None = None
    second_image: str | None = None
    second_map_from: str = "file"
    second_map_way: str = "canny"
    second_map_photo: str | None = None
    second_map_made: str | None = None
    second_map_task: int | None = None
    second_weight: float = 1.0
    second_start: float = 0.0
    second_end: float = 1.0
    source_image: str | None = None
    strength: float = 0.6
    hires: bool = False
    hires_by: str = "scale"
    hires_scale: float = 2.0
    hires_width: int = 1024
    hires_height: int = 1024
    hires_upscaler: str | None = None
    """None: the best one installed is put in when the form is drawn; likewise below."""
    hires_strength: float = 0.4
    hires_steps: int = 0
    """0: as many as the first pass."""
    upscale: bool = False
    upscale_by: str = "side"
    upscale_scale: float = 2.0
    upscale_side: int = UPSCALED_SIDE
    upscale_edge: str = "longest"
    upscale_width: int = 1024
    upscale_height: int = 1024
    upscale_upscaler: str | None = None
    upscale_fast: bool = False

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
        if draft.second_start >= draft.second_end:
            draft = draft.with_(second_start=0.0, second_end=1.0)
        return draft


# Beyond these a widget would refuse to show the value. A side may be wrong (515): the request explains that better.
RANGES: dict[str, tuple[int, int] | tuple[float, float]] = {
    "steps": STEPS,
    "guidance_scale": GUIDANCE,
    "seed": (0, MAX_SEED),
    "wildcard_seed": (0, MAX_SEED),
    "width": (0, 99_999),
    "height": (0, 99_999),
    "count": (1, MAX_COUNT),
    "clip_skip": (1, 12),
    "control_weight": WEIGHT,
    "control_start": (0.0, 1.0),
    "control_end": (0.0, 1.0),
    "second_weight": WEIGHT,
    "second_start": (0.0, 1.0),
    "second_end": (0.0, 1.0),
    "strength": (0.0, 1.0),
    "hires_scale": HIRES_SCALE,
    "hires_width": (0, 99_999),
    "hires_height": (0, 99_999),
    "hires_strength": (0.0, 1.0),
    "hires_steps": (0, STEPS[1]),
    "upscale_scale": UPSCALE_SCALE,
    "upscale_side": UPSCALE_SIDE,
    "upscale_width": (0, 99_999),
    "upscale_height": (0, 99_999),
}
_OPTIONAL_TEXT = {
    "checkpoint", "vae", "control_model", "pose_name", "pose_json", "control_image", "map_photo", "map_made", "photo",
    "photo_pose", "pasted_pose", "sketch", "sketch_reference", "second_model", "second_pose_name", "second_pose_json",
    "second_image", "second_map_photo", "second_map_made", "source_image",
    "hires_upscaler", "upscale_upscaler", "style",
}  # fmt: skip
_TASKS = {"map_task", "photo_task", "second_map_task"}
_CHOICES = {
    "control": CONTROLS, "second": SECOND_CONTROLS, "map_from": MAP_SOURCES, "second_map_from": MAP_SOURCES,
    "hires_by": HIRES_TARGETS, "upscale_by": UPSCALE_TARGETS, "upscale_edge": UPSCALE_EDGES,
}  # fmt: skip
_SWITCHES = {"seed_locked", "wildcard_seed_locked", "combine", "hires", "upscale", "upscale_fast"}


def _fits(name: str, value: Any) -> bool:
    if name in RANGES:
        return _is_number(value) and (isinstance(RANGES[name][0], float) or float(value).is_integer())
    if name in _SWITCHES:
        return isinstance(value, bool)
    if name == "loras":
        return isinstance(value, dict) and all(isinstance(k, str) and _is_number(v) for k, v in value.items())
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name in _TASKS:
        return value is None or (type(value) is int and 0 < value < 2**63)
    return isinstance(value, str) or (value is None and name in _OPTIONAL_TEXT)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def pose_from(text: str | None) -> Pose | None:
    """The pose in a field of a draft, or None where it holds none."""
    try:
        return Pose.model_validate_json(text) if text else None
    except ValueError:
        return None


def kept_pose(draft: Draft) -> Pose | None:
    """The pose in ``pose_json``, or None where it holds none."""
    return pose_from(draft.pose_json)
