"""Builds a cell's own scheduler from the sampler's catalogue entry and the checkpoint's scheduler config."""

from __future__ import annotations

import inspect
from typing import Any

import diffusers
import torch

from studio.catalog.samplers import scheduler_arguments
from studio.request import GenerationRequest


def build_scheduler(request: GenerationRequest, scheduler_config: dict[str, Any]):
    """The diffusers scheduler for ``request``, with its timesteps set.

    The checkpoint's config stays the base, so prediction type and betas are the checkpoint's own.

    Raises:
        UnknownName: no such sampler, or it does not know the schedule.
    """
    class_name, arguments = scheduler_arguments(request.sampler, request.schedule)
    scheduler = getattr(diffusers, class_name).from_config(scheduler_config, **arguments)
    # Timesteps and sigmas stay on the CPU: reading them one by one would otherwise wait for the GPU at every step.
    scheduler.set_timesteps(request.steps, device="cpu")
    if hasattr(scheduler, "set_begin_index"):
        # Else a scheduler looks its first index up by timestep; with zero terminal SNR the first two can be equal, and
        # starting at the second one runs off the end of the schedule.
        scheduler.set_begin_index(0)
    return scheduler


def step_arguments(scheduler, generator: torch.Generator) -> dict[str, Any]:
    """The extra arguments this scheduler's ``step`` takes (as diffusers' ``prepare_extra_step_kwargs``)."""
    accepted = inspect.signature(scheduler.step).parameters
    arguments: dict[str, Any] = {}
    if "eta" in accepted:
        arguments["eta"] = 0.0
    if "generator" in accepted:
        arguments["generator"] = generator
    return arguments
