"""One slot gives the stock pipeline's image: fp32 latents within 1e-4, 8-bit pictures within 1."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from studio.catalog.samplers import SAMPLERS
from studio.engine import latents
from studio.engine.engine import Engine
from studio.engine.events import Failed, Finished
from studio.request import GenerationRequest, ImageRef
from tests.stock import stock

PROMPT = "anime girl with long red hair, standing under a blue sky, masterpiece"
NEGATIVE = "short hair, sitting"
SOURCE = "a" * 64
MAPS = {"b" * 64: 1, "c" * 64: 2}


def picture(seed: int, size: tuple[int, int]) -> Image.Image:
    """Smooth random colours, so that resampling or a shifted pixel would show."""
    small = np.random.default_rng(seed).integers(0, 256, (5, 5, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def control(number: int, model: str, **fields) -> dict:
    return {"type": model.split("-")[0], "model": model, "image": {"sha256": list(MAPS)[number]}, **fields}


SD, XL = {"checkpoint": "tiny-sd15"}, {"checkpoint": "tiny-sdxl"}
POSE, CANNY, POSE_XL = "openpose-sd15", "canny-sd15", "openpose-sdxl"
CASES = {
    "euler": {**SD, "sampler": "Euler"},
    "ancestral": {**SD, "sampler": "Euler a", "seed": 5},
    "dpm++ karras": {**SD, "sampler": "DPM++ 2M", "schedule": "Karras"},
    "no guidance": {**SD, "sampler": "DDIM", "guidance_scale": 1.0},
    "plms": {**SD, "sampler": "PLMS"},
    "one control": {**SD, "sampler": "UniPC", "controls": [control(0, POSE, weight=0.8)]},
    "window, second order": {
        **SD,
        "sampler": "Heun",
        "controls": [control(0, POSE, weight=0.5, start=0.2, end=0.7)],
    },
    "two controls": {
        **SD,
        "sampler": "DPM2 a",
        "controls": [control(0, POSE, weight=0.9), control(1, CANNY, weight=0.4, end=0.5)],
    },
    "weight zero": {**SD, "sampler": "Euler", "controls": [control(0, POSE, weight=0.0)]},
    "lora": {**SD, "sampler": "Euler", "loras": [{"name": "line", "weight": 0.7}]},
    "img2img": {**SD, "sampler": "Euler", "source": {"image": {"sha256": SOURCE}, "strength": 0.6}},
    "img2img with control": {
        **SD,
        "sampler": "Euler a",
        "source": {"image": {"sha256": SOURCE}, "strength": 0.5},
        "controls": [control(0, POSE)],
    },
    "clip skip": {**SD, "sampler": "Euler", "clip_skip": 2},
    "tall": {**SD, "sampler": "DPM++ 2M SDE", "width": 64, "height": 96},
    **{f"sampler {name}": {**SD, "sampler": name, "guidance_scale": 3.0} for name in SAMPLERS},
    "sdxl": {**XL, "sampler": "Euler"},
    "sdxl without negative": {**XL, "sampler": "DPM++ 2M", "negative_prompt": ""},
    "sdxl control": {**XL, "sampler": "DPM++ 2M SDE", "controls": [control(0, POSE_XL, weight=0.7)]},
    "sdxl two controls": {
        **XL,
        "sampler": "Euler a",
        "controls": [control(0, POSE_XL, weight=0.7), control(1, POSE_XL, weight=1.2, start=0.5)],
    },
    "sdxl lora": {**XL, "sampler": "Euler", "loras": [{"name": "line-sdxl", "weight": 1.0}]},
    "sdxl img2img": {**XL, "sampler": "Euler", "source": {"image": {"sha256": SOURCE}, "strength": 0.7}},
}


@pytest.mark.parametrize("name", CASES)
def test_one_slot_gives_the_stock_image(name, model_zoo, zoo_settings, monkeypatch):
    fields = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "steps": 6, "seed": 3, "width": 64, "height": 64}
    request = GenerationRequest.build(**{**fields, **CASES[name]})
    size = (request.width, request.height)
    images = {SOURCE: picture(0, size), **{ref: picture(seed, size) for ref, seed in MAPS.items()}}
    expected_latents, expected = stock(
        model_zoo,
        request,
        [images[unit.image.sha256] for unit in request.controls],
        images[SOURCE] if request.source else None,
    )
    ours_latents, ours = _ours(request, zoo_settings, images, monkeypatch)
    assert torch.allclose(ours_latents, expected_latents, atol=1e-4, rtol=0)
    assert np.abs(ours.astype(int) - expected.astype(int)).max() <= 1


def _ours(request, settings, images, monkeypatch):
    seen = []
    decode = latents.decode
    monkeypatch.setattr(latents, "decode", lambda vae, final: (seen.append(final), decode(vae, final))[1])

    def open_image(ref: ImageRef) -> Image.Image:
        return images[ref.sha256]

    engine = Engine(replace(settings, slots=1), "cpu", open_image)
    engine.admit("cell", request)
    while True:
        for event in engine.tick():
            assert not isinstance(event, Failed), event
            if isinstance(event, Finished):
                return seen[0], np.asarray(event.image)
