"""The two ways to make the same pictures: diffusers' stock pipeline, one call per picture, and our engine's slots."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import diffusers
import numpy as np
import torch
from PIL import Image

from benchmarks.models import CHECKPOINT, CONTROLNET
from studio.catalog.samplers import scheduler_arguments
from studio.engine.engine import Engine
from studio.engine.events import Failed, Finished
from studio.poses.drawing import draw
from studio.poses.library import load_pose, pose_names
from studio.request import GenerationRequest
from studio.settings import Settings

Pictures = list[np.ndarray]


class Stock:
    """``StableDiffusionControlNetPipeline``, called once per request."""

    def __init__(self, models: Path, device: str, dtype: torch.dtype) -> None:
        net = diffusers.ControlNetModel.from_pretrained(models / "controlnets" / CONTROLNET, dtype=dtype)
        self._pipeline = diffusers.StableDiffusionControlNetPipeline.from_pretrained(
            models / "checkpoints" / CHECKPOINT, controlnet=net, dtype=dtype, safety_checker=None
        ).to(device)
        self._pipeline.set_progress_bar_config(disable=True)

    def make(self, requests: list[GenerationRequest]) -> Pictures:
        return [self._one(request) for request in requests]

    def _one(self, request: GenerationRequest) -> np.ndarray:
        name, arguments = scheduler_arguments(request.sampler, request.schedule)
        scheduler = getattr(diffusers, name)
        self._pipeline.scheduler = scheduler.from_config(self._pipeline.scheduler.config, **arguments)
        unit = request.controls[0]
        picture = self._pipeline(
            prompt=request.prompt,
            negative_prompt=request.negative_prompt,
            image=Image.fromarray(draw(unit.pose, request.width, request.height)),
            width=request.width,
            height=request.height,
            num_inference_steps=request.steps,
            guidance_scale=request.guidance_scale,
            controlnet_conditioning_scale=unit.weight,
            control_guidance_start=unit.start,
            control_guidance_end=unit.end,
            generator=torch.Generator("cpu").manual_seed(request.seed),
        ).images[0]
        return np.asarray(picture)


class Ours:
    """The engine as the worker runs it: admit what fits, tick, admit again as slots come free."""

    def __init__(self, settings: Settings, device: str) -> None:
        self.engine = Engine(settings, device, _no_images)

    def make(self, requests: list[GenerationRequest]) -> Pictures:
        waiting = deque(enumerate(requests))
        pictures: dict[int, np.ndarray] = {}
        while waiting or self.engine.cells:
            while waiting and self.engine.accepts(waiting[0][1]):
                number, request = waiting.popleft()
                self.engine.admit(str(number), request)
            for event in self.engine.tick():
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, Finished):
                    pictures[int(event.cell)] = np.asarray(event.image)
        return [pictures[number] for number in range(len(requests))]


def one_picture(side: int) -> list[GenerationRequest]:
    """A single posed picture of 20 steps."""
    return [_request(side, 0, steps=20, guidance=7.5, weight=1.0)]


def mixed_cells(side: int, count: int = 16) -> list[GenerationRequest]:
    """A sweep: steps 15–30, guidance 5–12, control weight 0–1, each cell with its own seed."""
    spread = [number / (count - 1) for number in range(count)]
    return [
        _request(
            side, number, steps=15 + number % 16, guidance=5 + 7 * spread[number * 5 % count], weight=number % 4 / 3
        )
        for number in range(count)
    ]


def control_ends(side: int) -> list[GenerationRequest]:
    """A sweep over when the control lets go, of four seeds: the five cells of a seed start alike."""
    ends = (0.2, 0.4, 0.6, 0.8, 1.0)
    return [_request(side, seed, steps=20, guidance=7.5, weight=1.0, end=end) for seed in range(4) for end in ends]


def _request(side: int, seed: int, steps: int, guidance: float, weight: float, end: float = 1.0) -> GenerationRequest:
    pose = load_pose(pose_names()[0])
    return GenerationRequest.build(
        prompt="anime girl with long red hair, standing under a blue sky",
        negative_prompt="short hair, sitting",
        checkpoint=CHECKPOINT,
        sampler="DPM++ 2M",
        steps=steps,
        guidance_scale=guidance,
        seed=seed,
        width=side,
        height=side,
        controls=[{"type": "openpose", "model": CONTROLNET, "weight": weight, "end": end, "pose": pose}],
    )


def _no_images(reference: object) -> Image.Image:
    raise LookupError(f"the benchmark's requests hold no images, yet {reference} was asked for")
