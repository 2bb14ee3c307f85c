"""The axes of a sweep: what can differ from cell to cell, one entry each.

An axis reads its values from text and knows how a value changes a request. ``NAME@2`` is the same axis for the second
ControlNet or LoRA. Axes act in the order of :data:`AXES`, whatever order a sweep lists them in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.errors import InvalidRequest, StudioError, UnknownName
from studio.request import GenerationRequest
from studio.sweeps import changes, parsing
from studio.sweeps.parsing import Setting, Value

Change = Callable[[GenerationRequest, Any, int], GenerationRequest]


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that can differ."""

    label: str
    help: str
    """One line, with an example of its values."""
    read: Callable[[str, Setting], tuple[Value, ...]]
    """The values from text; what they mean may depend on the sweep (ablation reads its prompt)."""
    change: Change
    """The request with this value; the number says which control or LoRA (0 is the first)."""
    counted: bool = False
    """Whether ``NAME@2`` exists."""
    reshapes: bool = False
    """Whether later axes may need what it puts into the request (a LoRA for its weight, a prompt for its phrases)."""


AXES: dict[str, Axis] = {
    "checkpoint": Axis(
        "Checkpoint", "Models by name: anime-v3, pastel-v2", parsing.texts, changes.field("checkpoint"),
    ),
    "vae": Axis("VAE", "VAEs by name; none takes the checkpoint's own", parsing.optional, changes.field("vae")),
    "lora": Axis("LoRA", "With weights: none, ink:0.8, ink:1", parsing.texts, changes.lora, True, reshapes=True),
    "lora_weight": Axis(
        "LoRA weight", "Of a LoRA the request has: 0-1 (+0.25)", parsing.decimals, changes.lora_weight, counted=True
    ),
    "size": Axis("Size", "Width × height: 512x512, 512x768", parsing.sizes, changes.size),
    "width": Axis("Width", "In pixels: 512, 768", parsing.whole, changes.field("width")),
    "height": Axis("Height", "In pixels: 512, 768", parsing.whole, changes.field("height")),
    "prompt": Axis("Prompt", "Whole prompts, with || between them", parsing.prompts, changes.field("prompt")),
    "negative_prompt": Axis(
        "Negative prompt", "Whole negative prompts, with || between them", parsing.prompts,
        changes.field("negative_prompt"),
    ),
    "negative_preset": Axis(
        "Negative preset", "Words against problems, added to the negative prompt: none, hands, hands + anatomy",
        parsing.negatives, changes.negative,
    ),
    "template": Axis(
        "Style template", "Of the prompt library by title: none, Watercolour portrait, Ink warrior",
        parsing.templates, changes.template,
    ),
    "style": Axis(
        "Style words", "Words with {prompt} in them, with || between: {prompt}, watercolour || {prompt}, 90s anime",
        parsing.prompts, changes.style,
    ),
    "replace": Axis(
        "Search and replace", "The first is looked for, the others replace it: red hair, blue hair, green hair",
        parsing.replacements, changes.replace,
    ),
    "ablation": Axis(
        "Prompt ablation", "all leaves out each phrase in turn; or name phrases: smile, masterpiece",
        parsing.phrases, changes.leave_out,
    ),
    "seed": Axis("Seed", "Whole numbers: 1-8", parsing.whole, changes.field("seed")),
    "steps": Axis("Steps", "20-50 (+10)", parsing.whole, changes.field("steps")),
    "guidance_scale": Axis("Guidance", "5, 7.5, 10 or 7.5-12 [4]", parsing.decimals, changes.field("guidance_scale")),
    "sampler": Axis("Sampler", "By name: Euler a, DPM++ 2M", parsing.texts, changes.field("sampler")),
    "schedule": Axis("Schedule", "By name: Automatic, Karras", parsing.texts, changes.field("schedule")),
    "clip_skip": Axis("Clip skip", "1, 2", parsing.whole, changes.field("clip_skip")),
    "strength": Axis("Strength", "Of the source image: 0.3-0.9 (+0.2)", parsing.decimals, changes.strength),
    "pose": Axis(
        "Pose", "Poses of the library: jogging, standing", parsing.poses, changes.pose, counted=True
    ),
    "control_type": Axis(
        "Control type", "openpose, canny", parsing.texts, changes.control("type"), counted=True
    ),
    "control_weight": Axis(
        "Control weight", "0-1 (+0.25)", parsing.decimals, changes.control("weight"), counted=True
    ),
    "control_start": Axis(
        "Control start", "Fractions of the steps: 0, 0.2", parsing.decimals, changes.control("start"), counted=True
    ),
    "control_end": Axis(
        "Control end", "Fractions of the steps: 0.5-1 (+0.25)", parsing.decimals, changes.control("end"), counted=True
    ),
}  # fmt: skip


def find_axis(name: str) -> tuple[Axis, int]:
    """The axis of this name and which control or LoRA it means (0 is the first).

    Raises:
        UnknownName: there is no such axis.
    """
    plain, _, number = name.partition("@")
    axis = AXES.get(plain)
    if axis is None:
        raise UnknownName(f"There is no axis called {name[:40]!r}.", f"There are: {', '.join(AXES)}.")
    if not number:
        return axis, 0
    if not axis.counted or number not in {"1", "2", "3", "4"}:
        raise UnknownName(
            f"There is no axis called {name[:40]!r}.", "A number from 1 to 4 may follow control and LoRA axes only."
        )
    return axis, int(number) - 1


def order_of(name: str) -> int:
    """The place at which an axis acts on the request."""
    return list(AXES).index(name.partition("@")[0])


def read_values(name: str, text: str, setting: Setting) -> tuple[Value, ...]:
    """The values of axis ``name``, each tried on the sweep's request.

    Raises:
        StudioError: which value is wrong, and why; or why the axis does not fit the request.
    """
    axis, number = find_axis(name)
    try:
        values = axis.read(text, setting)
        for value in values:
            axis.change(setting.request, value, number)
    except StudioError as error:
        raise InvalidRequest(f"{axis.label}: {error.message}", error.hint, name) from None
    return values


def words(value: Value) -> str:
    """A value as the grid's headers show it."""
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
