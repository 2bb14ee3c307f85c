"""The released starter: small enough, loads unmodified in stock pipelines, obeys, and our engine draws the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import ControlNetModel, StableDiffusionControlNetPipeline
from PIL import Image

from starter.drawing.canvas import SIZE
from starter.drawing.palette import HAIR
from starter.drawing.skeleton import draw_skeleton
from starter.evaluate import ODD_TEXTS, load_detector
from starter.judge import colour_regions, found_colour, pck
from starter.render import HELD_OUT, render
from studio.catalog.checkpoints import default_checkpoint, starter_checkpoint
from studio.catalog.families import STARTER
from studio.engine.engine import Engine
from studio.engine.events import Finished
from studio.poses.library import library_pose
from studio.request import GenerationRequest

FOLDER = Path(__file__).parents[2] / "starter"


@pytest.fixture(scope="module")
def pipeline():
    control = ControlNetModel.from_pretrained(FOLDER / "controlnet-openpose", torch_dtype=torch.float32)
    pipeline = StableDiffusionControlNetPipeline.from_pretrained(
        FOLDER / "checkpoint", controlnet=control, torch_dtype=torch.float32
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def drawn(pipeline, prompt: str, skeleton: np.ndarray, seed: int = 3, steps: int = 12) -> np.ndarray:
    """One picture, (256, 256, 3) uint8."""
    image = pipeline(
        prompt,
        image=Image.fromarray(skeleton),
        num_inference_steps=steps,
        guidance_scale=STARTER.guidance_scale,
        width=SIZE,
        height=SIZE,
        generator=torch.Generator().manual_seed(seed),
    ).images[0]
    return np.asarray(image)


@pytest.fixture(scope="module")
def standing():
    """A held-out picture seen from in front, whole body."""
    seeds = range(HELD_OUT + 20_000, HELD_OUT + 20_200)
    whole = (render(seed) for seed in seeds)
    return next(p for p in whole if not np.isnan(p.joints).any() and p.plan.framing == "full body")


def test_the_weights_are_small():
    sizes = {part: sum(f.stat().st_size for f in (FOLDER / part).rglob("*") if f.is_file()) for part in PARTS}
    assert sizes["checkpoint"] + sizes["controlnet-openpose"] <= 36e6
    assert sizes["upscaler"] <= 3e6 and sizes["pose"] <= 8e6


PARTS = ("checkpoint", "controlnet-openpose", "upscaler", "pose")


def test_nothing_in_it_can_run_code():
    assert not [path for path in FOLDER.rglob("*") if path.suffix in {".bin", ".pt", ".pth", ".ckpt", ".pkl"}]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_draws(pipeline, text: str):
    picture = drawn(pipeline, text, np.zeros((SIZE, SIZE, 3), np.uint8), steps=1)
    assert picture.shape == (SIZE, SIZE, 3)


@pytest.mark.parametrize("colour", ["blue", "red", "blonde"])
def test_the_hair_gets_the_named_colour(pipeline, standing, colour: str):
    prompt = f"1girl, {colour} hair, long hair, white t-shirt, white background, simple background"
    picture = drawn(pipeline, prompt, draw_skeleton(standing.joints))
    assert found_colour(picture, colour_regions(standing)[0], HAIR) == colour


def test_the_figure_takes_the_pose(pipeline):
    """Found by its own detector: more joints near this pose than near another."""
    detector = load_detector(FOLDER / "pose" / "starter-pose.onnx")
    seeds = [HELD_OUT + 30_000 + number for number in range(40)]
    asked = [p for p in map(render, seeds) if not np.isnan(p.joints[:14]).any()][:4]
    right = wrong = total = 0
    for number, p in enumerate(asked):
        found = detector(drawn(pipeline, p.caption, draw_skeleton(p.joints)))[0][0]
        near, joints = pck(found, p.joints)
        right, total = right + near, total + joints
        wrong += pck(found, asked[number - 1].joints)[0]
    assert right / total > 0.85
    assert right > 3 * wrong


def test_the_engine_draws_the_same_picture(settings, pipeline):
    request = GenerationRequest.build(
        prompt="1girl, long blue hair, red dress, park",
        negative_prompt="night",
        checkpoint="starter",
        sampler=STARTER.sampler,
        steps=6,
        guidance_scale=STARTER.guidance_scale,
        seed=11,
        width=SIZE,
        height=SIZE,
        controls=[{"type": "openpose", "pose": library_pose("jogging"), "weight": 0.8}],
    )
    engine = Engine(replace(settings, slots=1), "cpu", lambda ref: None)
    engine.admit("a", request)
    events = [event for _ in range(6) for event in engine.tick()]
    ours = next(event.image for event in events if isinstance(event, Finished))
    stock = pipeline(
        request.prompt,
        negative_prompt=request.negative_prompt,
        image=Image.fromarray(skeleton_of(request)),
        num_inference_steps=6,
        guidance_scale=STARTER.guidance_scale,
        controlnet_conditioning_scale=0.8,
        width=SIZE,
        height=SIZE,
        generator=torch.Generator().manual_seed(11),
    ).images[0]
    assert np.abs(np.asarray(ours).astype(int) - np.asarray(stock).astype(int)).max() <= 1


def skeleton_of(request: GenerationRequest) -> np.ndarray:
    from studio.poses.drawing import draw

    return draw(request.controls[0].pose, SIZE, SIZE)


def test_a_studio_without_other_checkpoints_has_it(settings):
    checkpoint = starter_checkpoint(settings)
    assert checkpoint and not checkpoint.problem
    assert (checkpoint.family, checkpoint.native_side) == ("starter", SIZE)
    assert default_checkpoint(settings) == checkpoint
