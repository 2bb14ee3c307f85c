"""The tiny pipelines are real ones: everything that steers a picture steers theirs, and they are the same each time."""

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import (
    ControlNetModel,
    StableDiffusionControlNetPipeline,
    StableDiffusionXLControlNetPipeline,
)
from PIL import Image
from safetensors.torch import load_file
from tokenizers import Tokenizer

from tests import tiny

PIPELINES = {"sd15": StableDiffusionControlNetPipeline, "sdxl": StableDiffusionXLControlNetPipeline}


@pytest.fixture(scope="module", params=["sd15", "sdxl"])
def draw(request: pytest.FixtureRequest, model_zoo: Path):
    """Gives a function from (prompt, marked control map?, control weight, LoRA?) to pixels."""
    net = ControlNetModel.from_pretrained(model_zoo / "controlnets" / f"openpose-{request.param}")
    folder = model_zoo / "checkpoints" / f"tiny-{request.param}"
    pipeline = PIPELINES[request.param].from_pretrained(folder, controlnet=net)
    pipeline.set_progress_bar_config(disable=True)
    lora = {"sd15": "line", "sdxl": "line-sdxl"}[request.param]

    def run(prompt: str = "girl, blue hair", marked: bool = False, weight: float = 1.0, with_lora: bool = False):
        control = Image.new("RGB", (64, 64))
        if marked:
            control.paste((255, 0, 0), (10, 10, 40, 30))
        if with_lora:
            pipeline.load_lora_weights(model_zoo / "loras", weight_name=f"{lora}.safetensors")
        picture = pipeline(
            prompt,
            image=control,
            controlnet_conditioning_scale=weight,
            num_inference_steps=3,
            generator=torch.Generator().manual_seed(1),
        ).images[0]
        pipeline.unload_lora_weights()
        return np.asarray(picture).astype(int)

    return run


def test_prompt_control_weight_and_lora_change_the_picture(draw) -> None:
    plain = draw()
    assert plain.std() > 10
    assert np.array_equal(plain, draw())
    for other in (draw("boy, red sky 💙"), draw(marked=True), draw(weight=0.3), draw(with_lora=True)):
        assert abs(plain - other).mean() > 0.5


def test_the_same_seed_builds_the_same_weights(tmp_path: Path) -> None:
    torch.manual_seed(99)
    state = torch.get_rng_state()
    for name in ("a", "b"):
        tiny.save_tiny_controlnet(tmp_path / name, "sd15")
    assert torch.equal(torch.get_rng_state(), state)
    first, second = (load_file(tmp_path / name / "diffusion_pytorch_model.safetensors") for name in ("a", "b"))
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_everything_together_is_small(model_zoo: Path) -> None:
    assert sum(file.stat().st_size for file in model_zoo.rglob("*") if file.is_file()) < 16_000_000


@pytest.mark.parametrize("text", ["Girl, blue hair", "💙 ！ 日本語", "\x01\x7f", "", "a" * 10_000])
def test_the_tokenizer_takes_any_text_and_both_libraries_agree(model_zoo: Path, text: str) -> None:
    folder = model_zoo / "checkpoints" / "tiny-sd15" / "tokenizer"
    ours = tiny.tiny_tokenizer()(text, verbose=False).input_ids
    assert Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).ids == ours
    assert ours[0] == len(tiny.tiny_vocabulary()[0]) - 2
