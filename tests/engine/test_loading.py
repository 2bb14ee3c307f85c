"""Loading gives exactly what the files hold, or one StudioError that says what is wrong."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
from safetensors.torch import load_file, save_file
from transformers import CLIPTokenizer

from studio.catalog.additions import find_controlnet, find_vae, list_vaes
from studio.catalog.checkpoints import Checkpoint, find_checkpoint
from studio.engine import single_file
from studio.engine.load_failures import loading
from studio.engine.loading import load_checkpoint, load_controlnet, load_taesd, load_vae
from studio.errors import Offline, OutOfMemory, StorageFull, StudioError, UnknownName, UnusableWeights
from studio.poses.values import Pose
from studio.request import ControlUnit
from studio.settings import Settings
from tests import tiny
from tests.tiny_single_file import save_single_file, vae_keys

POSE = Pose(width=64, height=64)


def silent(text: str) -> None:
    """Nobody listens."""


def _load(settings: Settings, name: str, dtype: torch.dtype = torch.float32):
    return load_checkpoint(find_checkpoint(settings, name), settings, "cpu", dtype, silent)


def _equal(ours: torch.nn.Module, theirs: torch.nn.Module) -> bool:
    left, right = ours.state_dict(), theirs.state_dict()
    return left.keys() == right.keys() and all(torch.equal(left[key], right[key]) for key in left)


@pytest.fixture
def copied(model_zoo: Path, tmp_path: Path) -> Settings:
    """Settings whose models folder may be spoiled."""
    shutil.copytree(model_zoo, tmp_path / "models")
    return Settings(home=tmp_path / "home", models=tmp_path / "models", device="cpu", dtype="float32", offline=True)


@pytest.mark.parametrize(
    ("name", "pipeline"), [("tiny-sd15", StableDiffusionPipeline), ("tiny-sdxl", StableDiffusionXLPipeline)]
)
def test_a_folder_gives_the_stock_pipelines_weights(zoo_settings: Settings, name: str, pipeline) -> None:
    loaded = _load(zoo_settings, name)
    stock = pipeline.from_pretrained(zoo_settings.models / "checkpoints" / name)
    assert _equal(loaded.unet, stock.unet)
    assert _equal(loaded.vae, stock.vae)
    assert _equal(loaded.text_encoders[0], stock.text_encoder)
    assert loaded.family.name == name.removeprefix("tiny-")
    assert loaded.bytes > 500_000
    assert not any(module.training for module in (loaded.unet, loaded.vae, *loaded.text_encoders))
    if name == "tiny-sdxl":
        assert _equal(loaded.text_encoders[1], stock.text_encoder_2)
        assert [tokenizer.pad_token for tokenizer in loaded.tokenizers] == ["<|endoftext|>", "!"]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_every_network_comes_in_the_precision_asked_for(zoo_settings: Settings, dtype: torch.dtype) -> None:
    loaded = _load(zoo_settings, "tiny-sdxl", dtype)
    for network in (loaded.unet, loaded.vae, *loaded.text_encoders):
        assert {parameter.dtype for parameter in network.parameters()} == {dtype}


def test_weights_stored_in_half_precision_load_in_full(copied: Settings) -> None:
    folder = copied.models / "checkpoints" / "half"
    stock = StableDiffusionPipeline.from_pretrained(
        copied.models / "checkpoints" / "tiny-sd15", torch_dtype=torch.float16
    )
    stock.save_pretrained(folder, variant="fp16")
    assert (folder / "unet" / "diffusion_pytorch_model.fp16.safetensors").is_file()
    loaded = _load(copied, "half")
    for network in (loaded.unet, loaded.vae, *loaded.text_encoders):
        assert {parameter.dtype for parameter in network.parameters()} == {torch.float32}


def test_sharded_weights_load(copied: Settings) -> None:
    folder = copied.models / "checkpoints" / "tiny-sd15"
    whole = _load(copied, "tiny-sd15").unet
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    whole.save_pretrained(folder / "unet", max_shard_size="300KB")
    assert len(list((folder / "unet").glob("*.safetensors"))) > 1
    assert _equal(_load(copied, "tiny-sd15").unet, whole)


def test_a_text_encoder_under_its_old_names_loads(copied: Settings) -> None:
    """Published files call the tensors ``text_model.…``; newer transformers write them without."""
    folder = copied.models / "checkpoints" / "tiny-sd15"
    expected = _load(copied, "tiny-sd15").text_encoders[0]
    file = folder / "text_encoder" / "model.safetensors"
    old = {f"text_model.{key.removeprefix('text_model.')}": value for key, value in load_file(file).items()}
    save_file(old, file, metadata={"format": "pt"})
    assert _equal(_load(copied, "tiny-sd15").text_encoders[0], expected)


@pytest.fixture
def tiny_configs(model_zoo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The shipped configs, replaced by the tiny checkpoints' own."""
    for family in ("sd15", "sdxl"):
        shutil.copytree(model_zoo / "checkpoints" / f"tiny-{family}", tmp_path / "configs" / family)
        shutil.copytree(model_zoo / "controlnets" / f"openpose-{family}", tmp_path / "configs" / family / "controlnet")
    monkeypatch.setattr(single_file, "CONFIGS", tmp_path / "configs")
    return tmp_path / "configs"


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_single_file_gives_the_folders_weights(copied: Settings, tiny_configs: Path, family: str) -> None:
    checkpoints = copied.models / "checkpoints"
    save_single_file(checkpoints / f"tiny-{family}", checkpoints / "one.safetensors", family)
    shutil.copytree(checkpoints / f"tiny-{family}" / "tokenizer", copied.models / "tokenizers" / "clip")
    found = find_checkpoint(copied, "one")
    assert (found.kind, found.family, found.problem) == ("file", family, None)
    loaded, folder = _load(copied, "one"), _load(copied, f"tiny-{family}")
    assert _equal(loaded.unet, folder.unet)
    assert _equal(loaded.vae, folder.vae)
    assert all(_equal(*pair) for pair in zip(loaded.text_encoders, folder.text_encoders, strict=True))
    assert [tok.pad_token for tok in loaded.tokenizers] == [tok.pad_token for tok in folder.tokenizers]
    assert loaded.scheduler_config["beta_schedule"] == "scaled_linear"


def test_a_single_file_with_a_tensor_missing_is_refused(copied: Settings, tiny_configs: Path) -> None:
    path = copied.models / "checkpoints" / "one.safetensors"
    save_single_file(copied.models / "checkpoints" / "tiny-sd15", path, "sd15")
    shutil.copytree(copied.models / "checkpoints" / "tiny-sd15" / "tokenizer", copied.models / "tokenizers" / "clip")
    state = load_file(path)
    for key in ("first_stage_model.decoder.conv_out.weight", "model.diffusion_model.out.2.weight"):
        save_file({name: value for name, value in state.items() if name != key}, path)
        with pytest.raises(UnusableWeights, match="missing"):
            _load(copied, "one")


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_single_file_controlnet_gives_the_folders_weights(copied: Settings, tiny_configs: Path, family: str) -> None:
    shelf = copied.models / "controlnets"
    shutil.copy(
        shelf / f"openpose-{family}" / "diffusion_pytorch_model.safetensors", shelf / "one-openpose.safetensors"
    )
    nets = []
    for name in ("one-openpose", f"openpose-{family}"):
        found = find_controlnet(copied, ControlUnit(model=name, pose=POSE), family)
        nets.append(load_controlnet(found, copied, family, "cpu", torch.float32, silent))
    assert _equal(*nets)


@pytest.mark.parametrize("prefix", ["", "first_stage_model."])
def test_a_single_file_vae_gives_the_folders_weights(copied: Settings, tiny_configs: Path, prefix: str) -> None:
    state = load_file(copied.models / "vaes" / "soft" / "diffusion_pytorch_model.safetensors")
    named = {f"{prefix}{key}": value.contiguous() for key, value in vae_keys(state).items()}
    save_file(named, copied.models / "vaes" / "one.safetensors")
    one, soft = (load_vae(find_vae(copied, name), "sd15", "cpu", torch.float32) for name in ("one", "soft"))
    assert _equal(one, soft)


def test_v_prediction_is_read_from_its_mark() -> None:
    plain = single_file.scheduler_config({}, single_file.CONFIGS / "sdxl")
    marked = single_file.scheduler_config({"v_pred": torch.zeros(0)}, single_file.CONFIGS / "sdxl")
    assert plain["prediction_type"] == "epsilon"
    assert marked["prediction_type"] == "v_prediction"


def test_a_single_file_without_a_tokenizer_says_where_to_put_one(copied: Settings, tiny_configs: Path) -> None:
    checkpoints = copied.models / "checkpoints"
    save_single_file(checkpoints / "tiny-sd15", checkpoints / "one.safetensors", "sd15")
    with pytest.raises(Offline) as refused:
        _load(copied, "one")
    assert "vocab.json" in refused.value.hint
    assert str(copied.models / "tokenizers" / "clip") in refused.value.hint


@pytest.mark.parametrize("offline", [True, False])
def test_a_hub_id_without_network_is_offline(settings: Settings, offline: bool) -> None:
    checkpoint = find_checkpoint(settings, "someone/some-model")
    assert checkpoint.kind == "hub"
    with pytest.raises(Offline) as refused:
        load_checkpoint(checkpoint, replace(settings, offline=offline), "cpu", torch.float32, silent)
    assert "models folder" in refused.value.hint


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_truncated_weights_are_refused(copied: Settings, part: str) -> None:
    file = next((copied.models / "checkpoints" / "tiny-sd15" / part).glob("*.safetensors"))
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(UnusableWeights, match="truncated"):
        _load(copied, "tiny-sd15")


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_missing_tensors_are_not_filled_with_noise(copied: Settings, part: str) -> None:
    file = next((copied.models / "checkpoints" / "tiny-sd15" / part).glob("*.safetensors"))
    state = load_file(file)
    state.pop(sorted(state)[-1])
    save_file(state, file, metadata={"format": "pt"})
    with pytest.raises(UnusableWeights, match="lacks 1 tensors"):
        _load(copied, "tiny-sd15")


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_tensors_of_another_size_are_refused(copied: Settings, part: str) -> None:
    file = next((copied.models / "checkpoints" / "tiny-sd15" / part).glob("*.safetensors"))
    state = load_file(file)
    key = next(key for key, value in state.items() if value.ndim == 2)
    state[key] = torch.zeros(3, 5)
    save_file(state, file, metadata={"format": "pt"})
    with pytest.raises(UnusableWeights, match="other sizes"):
        _load(copied, "tiny-sd15")


def test_a_folder_of_pickled_weights_is_refused(copied: Settings) -> None:
    tiny.save_tiny_sd15(copied.models / "checkpoints" / "old", safe_serialization=False)
    for file in (copied.models / "checkpoints" / "old").rglob("*.safetensors"):
        torch.save(load_file(file), file.with_suffix(".bin"))
        file.unlink()
    with pytest.raises(UnusableWeights, match="pickled"):
        _load(copied, "old")


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder", "tokenizer", "scheduler"])
def test_a_missing_part_is_named(copied: Settings, part: str) -> None:
    shutil.rmtree(copied.models / "checkpoints" / "tiny-sd15" / part)
    with pytest.raises(UnusableWeights) as refused:
        _load(copied, "tiny-sd15")
    assert part.split("_")[0] in refused.value.message


def test_a_damaged_config_is_refused(copied: Settings) -> None:
    (copied.models / "checkpoints" / "tiny-sd15" / "vae" / "config.json").write_text("[]")
    with pytest.raises(UnusableWeights):
        _load(copied, "tiny-sd15")


def test_a_tokenizer_of_another_checkpoint_is_refused(copied: Settings) -> None:
    folder = copied.models / "checkpoints" / "tiny-sd15" / "tokenizer"
    vocabulary, merges = tiny.tiny_vocabulary()
    larger = vocabulary | {f"more{number}": len(vocabulary) + number for number in range(9)}
    CLIPTokenizer(vocab=larger, merges=merges).save_pretrained(folder)
    with pytest.raises(UnusableWeights, match="tokens"):
        _load(copied, "tiny-sd15")


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_controlnet_loads(zoo_settings: Settings, family: str) -> None:
    found = find_controlnet(zoo_settings, ControlUnit(model=f"openpose-{family}", pose=POSE), family)
    net = load_controlnet(found, zoo_settings, family, "cpu", torch.float16, silent)
    assert net.dtype == torch.float16
    assert not net.training


def test_a_controlnet_of_another_family_is_refused(zoo_settings: Settings) -> None:
    found = find_controlnet(zoo_settings, ControlUnit(model="openpose-sd15", pose=POSE), "sd15")
    with pytest.raises(UnusableWeights, match="does not fit"):
        load_controlnet(found, zoo_settings, "sdxl", "cpu", torch.float32, silent)


def test_vae_and_taesd_load(zoo_settings: Settings) -> None:
    (vae,) = list_vaes(zoo_settings)
    assert load_vae(vae, "sd15", "cpu", torch.float32).config["latent_channels"] == 4
    assert load_taesd(zoo_settings, "sd15", "cpu", torch.float32) is not None
    assert load_taesd(zoo_settings, "sdxl", "cpu", torch.float32) is None


def test_loading_says_what_it_does(zoo_settings: Settings) -> None:
    said: list[str] = []
    load_checkpoint(find_checkpoint(zoo_settings, "tiny-sd15"), zoo_settings, "cpu", torch.float32, said.append)
    assert any("tiny-sd15" in text for text in said)


def test_a_checkpoint_with_a_problem_is_refused_with_its_own_words(settings: Settings) -> None:
    broken = Checkpoint("x", Path("x"), "file", problem="It is broken.", hint="Get another.")
    with pytest.raises(UnusableWeights, match=r"It is broken\."):
        load_checkpoint(broken, settings, "cpu", torch.float32, silent)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), OutOfMemory),
        (MemoryError(), OutOfMemory),
        (OSError(28, "No space left on device"), StorageFull),
        (ConnectionError("refused"), Offline),
        (RuntimeError("size mismatch for x"), UnusableWeights),
        (KeyError("x"), UnusableWeights),
        (UnknownName("x"), UnknownName),
        (ZeroDivisionError(), StudioError),
    ],
)
def test_foreign_exceptions_become_studio_errors(error: Exception, kind: type[StudioError]) -> None:
    with pytest.raises(StudioError) as translated, loading("some model"):
        raise error
    assert type(translated.value) is kind
    assert translated.value.message


def test_the_shipped_configs_are_those_of_the_real_models() -> None:
    """Parameter counts as published; the networks are built on the meta device, so this costs no memory."""
    from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    counts = {}
    with torch.device("meta"):
        for family in ("sd15", "sdxl"):
            folder = single_file.CONFIGS / family
            for part, kind in (("unet", UNet2DConditionModel), ("vae", AutoencoderKL), ("controlnet", ControlNetModel)):
                config = json.loads((folder / part / "config.json").read_text())
                counts[family, part] = sum(p.numel() for p in kind.from_config(config).parameters())
        for part, kind in (("text_encoder", CLIPTextModel), ("text_encoder_2", CLIPTextModelWithProjection)):
            config = CLIPTextConfig.from_pretrained(single_file.CONFIGS / "sdxl" / part)
            counts["sdxl", part] = sum(p.numel() for p in kind(config).parameters())
    for family in ("sd15", "sdxl"):
        counts[family, "controlnet"] //= 1_000_000
    assert counts == {
        ("sd15", "unet"): 859_520_964,
        ("sd15", "vae"): 83_653_863,
        ("sd15", "controlnet"): 361,
        ("sdxl", "unet"): 2_567_463_684,
        ("sdxl", "vae"): 83_653_863,
        ("sdxl", "controlnet"): 1251,
        ("sdxl", "text_encoder"): 123_060_480,
        ("sdxl", "text_encoder_2"): 694_659_840,
    }
