"""What there is to choose from: the axes that a request can have, and the names that an axis takes as values."""

from __future__ import annotations

from collections.abc import Sequence

from studio.catalog import additions, checkpoints
from studio.catalog.controls import CONTROL_TYPES
from studio.catalog.samplers import SAMPLERS
from studio.catalog.schedules import SCHEDULES
from studio.poses import library
from studio.prompts.library.entries import Template
from studio.prompts.library.library import shipped
from studio.request import GenerationRequest
from studio.sweeps import presets
from studio.sweeps.axes import AXES, find_axis
from studio.sweeps.spec import TemplateSpec
from studio.ui.services import services

NOTHING = "none"
FIRST = (
    "guidance_scale", "steps", "seed", "sampler", "schedule", "pose", "control_weight", "control_start", "control_end",
    "control_type", "checkpoint", "lora", "lora_weight", "template", "negative_preset", "replace", "ablation", "prompt",
)  # fmt: skip
"""In this order axes are offered; the others follow."""


def axes_for(request: GenerationRequest, chosen: str) -> list[str]:
    """The axes by name; those of a second ControlNet or LoRA where the request has one."""
    counts = {"lora": len(request.loras) + 1, "lora_weight": len(request.loras)}
    found = []
    for name in dict.fromkeys((*FIRST, *AXES)):
        axis = AXES[name]
        count = counts.get(name, len(request.controls)) if axis.counted else 1
        found += [name, *(f"{name}@{number}" for number in range(2, min(count, 4) + 1))]
    return found if chosen in found else [chosen, *found]


def label_of(name: str) -> str:
    """An axis as people call it: ``Control weight 2``."""
    number = name.partition("@")[2]
    return find_axis(name)[0].label + (f" {number}" if number else "")


def names_for(axis: str) -> list[str]:
    """The names that can be values of ``axis``; empty where its values are numbers or free text."""
    settings = services().settings
    match axis.partition("@")[0]:
        case "checkpoint":
            return [one.name for one in checkpoints.list_checkpoints(settings)]
        case "vae":
            return [NOTHING, *(one.name for one in additions.list_vaes(settings))]
        case "lora":
            return [NOTHING, *(one.name for one in additions.list_loras(settings))]
        case "sampler":
            return list(SAMPLERS)
        case "schedule":
            return list(SCHEDULES)
        case "control_type":
            return list(CONTROL_TYPES)
        case "pose":
            return [*(own.name for own in services().pose_shelf.own()), *(entry.name for entry in library.entries())]
        case "template":
            return [NOTHING, *own_templates(), *(template.title for template in shipped().templates)]
        case "negative_preset":
            return [NOTHING, *presets.problems()]
    return []


def own_templates() -> dict[str, TemplateSpec]:
    """The style templates that the person keeps, by name."""
    saved = services().prompt_shelf.own("template")
    return {own.name: TemplateSpec.of(own.item) for own in saved if isinstance(own.item, Template)}


def written(names: Sequence[str]) -> str:
    """Names as the text of an axis: with commas between, or ``||`` where a name has commas itself."""
    plain = all("," not in name and '"' not in name for name in names)
    return ", ".join(names) if plain else "".join(f"{name} || " for name in names).rstrip()
