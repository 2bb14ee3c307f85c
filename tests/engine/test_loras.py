"""LoRAs give the stock pipeline's weights and outputs, and leave no trace when they are taken off."""

from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
from safetensors.torch import load_file, save_file

from studio.catalog.additions import Lora, find_lora
from studio.catalog.checkpoints import find_checkpoint
from studio.engine.loading import load_checkpoint
from studio.engine.loras import apply_loras, remove_loras
from studio.errors import UnusableWeights
from studio.settings import Settings
from tests import tiny


@pytest.fixture
def loaded(zoo_settings: Settings):
    """Gives a loader of tiny checkpoints by family."""

    def load(family: str):
        checkpoint = find_checkpoint(zoo_settings, f"tiny-{family}")
        return load_checkpoint(checkpoint, zoo_settings, "cpu", torch.float32, lambda text: None)

    return load


@torch.no_grad()
def _outputs(unet, text_encoders) -> list[torch.Tensor]:
    """What the networks make of fixed inputs."""
    ids = torch.arange(77).reshape(1, 77)
    hidden = [encoder(ids, output_hidden_states=True).hidden_states[-2] for encoder in text_encoders]
    context = torch.cat(hidden, dim=-1)
    latents = torch.linspace(-1, 1, 4 * 64).reshape(1, 4, 8, 8)
    added = None
    if len(text_encoders) == 2:
        added = {"text_embeds": torch.ones(1, tiny.WIDTH_2), "time_ids": torch.tensor([[64, 64, 0, 0, 64, 64.0]])}
    noise = unet(latents, 500, encoder_hidden_states=context, added_cond_kwargs=added, return_dict=False)[0]
    return [noise, *hidden]


def _same(left: list[torch.Tensor], right: list[torch.Tensor]) -> bool:
    return all(torch.equal(*pair) for pair in zip(left, right, strict=True))


@pytest.mark.parametrize(
    ("family", "weights"),
    [
        ("sd15", {"line": 1.0}),
        ("sd15", {"line": 0.4, "kohya": -0.7}),
        ("sd15", {"kohya": 0.8}),
        ("sdxl", {"line-sdxl": 0.6}),
    ],
)
def test_outputs_equal_the_stock_pipelines(
    zoo_settings: Settings, loaded, family: str, weights: dict[str, float]
) -> None:
    ours = loaded(family)
    apply_loras(ours, [(find_lora(zoo_settings, name, family), weight) for name, weight in weights.items()])

    kind = StableDiffusionPipeline if family == "sd15" else StableDiffusionXLPipeline
    stock = kind.from_pretrained(zoo_settings.models / "checkpoints" / f"tiny-{family}")
    for name in weights:
        stock.load_lora_weights(zoo_settings.models / "loras", weight_name=f"{name}.safetensors", adapter_name=name)
    stock.set_adapters(list(weights), list(weights.values()))
    encoders = [stock.text_encoder] + ([stock.text_encoder_2] if family == "sdxl" else [])

    assert _same(_outputs(ours.unet, ours.text_encoders), _outputs(stock.unet, encoders))


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_every_part_is_changed_and_then_restored_bit_for_bit(zoo_settings: Settings, loaded, family: str) -> None:
    checkpoint = loaded(family)
    name = "line" if family == "sd15" else "line-sdxl"
    before = _outputs(checkpoint.unet, checkpoint.text_encoders)
    names = [set(part.state_dict()) for part in (checkpoint.unet, *checkpoint.text_encoders)]
    for _ in range(2):
        apply_loras(checkpoint, [(find_lora(zoo_settings, name), 1.0)])
        during = _outputs(checkpoint.unet, checkpoint.text_encoders)
        assert not any(torch.equal(*pair) for pair in zip(before, during, strict=True))
        remove_loras(checkpoint)
        assert _same(_outputs(checkpoint.unet, checkpoint.text_encoders), before)
        assert [set(part.state_dict()) for part in (checkpoint.unet, *checkpoint.text_encoders)] == names


def test_the_alpha_of_a_kohya_file_scales_all_parts(loaded, tmp_path: Path) -> None:
    """alpha 2 at rank 4 is half the strength; text encoders included."""
    tiny.save_tiny_lora(tmp_path / "plain.safetensors", "sd15", seed=4)
    tiny.save_tiny_lora(tmp_path / "kohya.safetensors", "sd15", seed=4, kohya=True)
    checkpoint = loaded("sd15")
    results = []
    for name, weight in (("plain", 0.5), ("kohya", 1.0)):
        apply_loras(checkpoint, [(Lora(name, tmp_path / f"{name}.safetensors", "file"), weight)])
        results.append(_outputs(checkpoint.unet, checkpoint.text_encoders))
    for half, scaled in zip(*results, strict=True):
        torch.testing.assert_close(half, scaled)


def test_weight_zero_is_no_lora(zoo_settings: Settings, loaded) -> None:
    checkpoint = loaded("sd15")
    before = _outputs(checkpoint.unet, checkpoint.text_encoders)
    apply_loras(checkpoint, [(find_lora(zoo_settings, "line"), 0.0)])
    assert checkpoint.loras == ()
    assert _same(_outputs(checkpoint.unet, checkpoint.text_encoders), before)


def test_changing_the_weight_is_not_lost(zoo_settings: Settings, loaded) -> None:
    checkpoint = loaded("sd15")
    lora = find_lora(zoo_settings, "line")
    apply_loras(checkpoint, [(lora, 1.0)])
    strong = _outputs(checkpoint.unet, checkpoint.text_encoders)
    apply_loras(checkpoint, [(lora, 0.2)])
    assert checkpoint.loras == (("line", 0.2),)
    assert not _same(_outputs(checkpoint.unet, checkpoint.text_encoders), strong)


@pytest.mark.parametrize("damage", ["truncated", "other sizes", "other names", "other family"])
def test_a_lora_that_does_not_fit_leaves_the_checkpoint_as_it_was(loaded, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "bad.safetensors"
    tiny.save_tiny_lora(path, "sdxl" if damage == "other family" else "sd15")
    state = load_file(path)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-500])
    elif damage == "other sizes":
        save_file({key: torch.zeros(4, 7) if "lora_A" in key else value for key, value in state.items()}, path)
    elif damage == "other names":
        save_file({f"elsewhere.{number}.lora_A.weight": value for number, value in enumerate(state.values())}, path)
    checkpoint = loaded("sd15")
    before = _outputs(checkpoint.unet, checkpoint.text_encoders)
    with pytest.raises(UnusableWeights):
        apply_loras(checkpoint, [(Lora("bad", path, "file"), 1.0)])
    assert checkpoint.loras == ()
    assert _same(_outputs(checkpoint.unet, checkpoint.text_encoders), before)
