"""A denoising loop by hand, with diffusers' own parts; the model may be told something else at each evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from studio.request import GenerationRequest
from tests.stock import pipeline_of

Told = tuple[str, list[tuple[str, float]]]
"""One evaluation's negative prompt, and its prompts with their weights."""


@torch.no_grad()
def walk(
    zoo: Path, request: GenerationRequest, told: Sequence[Told], start: torch.Tensor | None = None
) -> torch.Tensor:
    """Latents after ``told``, one entry for each evaluation, by the formula as it is written.

    Each part is evaluated beside the negative prompt, as a stock pipeline does: random tiny networks blow up the
    rounding of another shape. ``start`` replaces the seeded noise; the walk then takes the last timesteps.
    """
    family = "sdxl" if "sdxl" in request.checkpoint else "sd15"
    pipeline = pipeline_of(zoo, request, family)
    scheduler, generator = pipeline.scheduler, torch.Generator("cpu").manual_seed(request.seed)
    scheduler.set_timesteps(request.steps)
    latents = start
    if latents is None:
        shape = (1, 4, request.height // 8, request.width // 8)
        latents = torch.randn(shape, generator=generator) * scheduler.init_noise_sigma
    extra = pipeline.prepare_extra_step_kwargs(generator, 0.0)
    for timestep, (negative, parts) in zip(scheduler.timesteps[-len(told) :], told, strict=True):
        scaled = scheduler.scale_model_input(latents, timestep)
        pairs = [(weight, _predict(pipeline, request, scaled, timestep, negative, text)) for text, weight in parts]
        output = pairs[0][1][0]
        for weight, (unconditional, conditional) in pairs:
            output = output + weight * request.guidance_scale * (conditional - unconditional)
        latents = scheduler.step(output, timestep, latents, **extra, return_dict=False)[0]
    return latents


def _predict(pipeline, request: GenerationRequest, scaled, timestep, negative: str, text: str):
    """(unconditional, conditional), each (1, C, h, w)."""
    without, with_ = _encoded(pipeline, request, negative, True), _encoded(pipeline, request, text, False)
    hidden, added = torch.cat([without[0], with_[0]]), None
    if without[1] and with_[1]:
        added = {name: torch.cat([without[1][name], with_[1][name]]) for name in without[1]}
    sample = scaled.repeat(2, 1, 1, 1)
    return pipeline.unet(sample, timestep, hidden, added_cond_kwargs=added, return_dict=False)[0].split(1)


def _encoded(pipeline, request: GenerationRequest, text: str, negative: bool):
    if not hasattr(pipeline, "text_encoder_2"):
        return pipeline.encode_prompt(text, "cpu", 1, False)[0], None
    hidden, _, pooled, _ = pipeline.encode_prompt(text, do_classifier_free_guidance=False)
    if negative and not text:
        hidden, pooled = torch.zeros_like(hidden), torch.zeros_like(pooled)
    size = (request.height, request.width)
    time_ids = torch.tensor([[*size, 0, 0, *size]], dtype=hidden.dtype)
    return hidden, {"text_embeds": pooled, "time_ids": time_ids}
