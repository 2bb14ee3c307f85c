"""Noise schedules under their A1111 names ("Schedule type"), as arguments of diffusers schedulers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

AUTOMATIC = "Automatic"


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """How the noise levels of a run are spread."""

    kwargs: dict[str, Any]
    explanation: str
    needs: str = ""
    """What the sampler must support: ``sigmas`` (noise levels of any value), ``spacing`` or nothing."""


SCHEDULES: dict[str, ScheduleSpec] = {
    AUTOMATIC: ScheduleSpec({}, "The sampler's usual schedule."),
    "Karras": ScheduleSpec(
        {"use_karras_sigmas": True}, "Smaller steps near the end: crisp detail at few steps.", "sigmas"
    ),
    "Exponential": ScheduleSpec(
        {"use_exponential_sigmas": True}, "Even steps on a log scale: soft, smooth shading.", "sigmas"
    ),
    "Beta": ScheduleSpec({"use_beta_sigmas": True}, "Dense at both ends: firm composition and firm detail.", "sigmas"),
    "Uniform": ScheduleSpec({"timestep_spacing": "linspace"}, "Even steps from the first to the last.", "spacing"),
    "SGM Uniform": ScheduleSpec(
        {"timestep_spacing": "trailing"}, "A1111's name for Trailing; for Lightning and Hyper models.", "spacing"
    ),
    "Trailing": ScheduleSpec(
        {"timestep_spacing": "trailing"}, "Starts at full noise and leaves out the last step; for few steps.", "spacing"
    ),
    "Leading": ScheduleSpec(
        {"timestep_spacing": "leading"}, "Starts just below full noise, as SDXL was released.", "spacing"
    ),
}
