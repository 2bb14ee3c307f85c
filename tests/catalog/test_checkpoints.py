"""The catalogue finds what is there, says what is wrong with what is broken, and never leaves its folder."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from studio.catalog.checkpoints import default_checkpoint, find_checkpoint, list_checkpoints, traits
from studio.errors import UnknownName
from studio.settings import Settings
from tests.tiny_single_file import save_single_file

UNET = "model.diffusion_model."
SD15 = {
    f"{UNET}input_blocks.0.0.weight": (320, 4, 3, 3),
    f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 768),
    "first_stage_model.decoder.conv_in.weight": (1,),
    "cond_stage_model.transformer.text_model.x": (1,),
}
SDXL = {
    f"{UNET}input_blocks.0.0.weight": (320, 4, 3, 3),
    f"{UNET}label_emb.0.0.weight": (1,),
    "first_stage_model.decoder.conv_in.weight": (1,),
    "conditioner.embedders.0.transformer.x": (1,),
    "conditioner.embedders.1.model.x": (1,),
}


def _file(path: Path, shapes: dict[str, tuple[int, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: torch.zeros(shape) for name, shape in shapes.items()}, path)


@pytest.fixture
def bare(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Settings without any model, the bundled starter included."""
    monkeypatch.setattr(Settings, "starter", property(lambda self: tmp_path / "starter"))
    return settings


def test_folders_are_found_with_family_and_size(zoo_settings: Settings) -> None:
    found = {checkpoint.name: checkpoint for checkpoint in list_checkpoints(zoo_settings)}
    assert found["tiny-sd15"].family == "sd15"
    assert found["tiny-sdxl"].family == "sdxl"
    for name in ("tiny-sd15", "tiny-sdxl"):
        checkpoint = found[name]
        assert (checkpoint.kind, checkpoint.problem) == ("folder", None)
        weights = zoo_settings.models.joinpath("checkpoints", name).rglob("*.safetensors")
        assert checkpoint.size_bytes == sum(file.stat().st_size for file in weights)


def test_no_folder_no_checkpoints(bare: Settings) -> None:
    assert list_checkpoints(bare) == []
    assert default_checkpoint(bare) is None
    with pytest.raises(UnknownName) as unknown:
        find_checkpoint(bare, "anything")
    assert str(bare.models / "checkpoints") in unknown.value.hint


@pytest.mark.parametrize(
    ("changes", "family", "problem"),
    [
        (SD15, "sd15", None),
        (SDXL, "sdxl", None),
        (SD15 | {f"{UNET}input_blocks.0.0.weight": (320, 9, 3, 3)}, None, "inpainting"),
        (SD15 | {"cond_stage_model.model.x": (1,)}, None, "Stable Diffusion 2"),
        (SD15 | {f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 1024)}, None, "Diffusion 2"),
        (SDXL | {"conditioner.embedders.0.model.x": (1,)}, None, "refiner"),
        ({f"{UNET}joint_blocks.0.x": (1,)}, None, "Stable Diffusion 3"),
        ({"double_blocks.0.img_attn.x": (1,)}, None, "Flux"),
        ({"lora_unet_x.lora_down.weight": (4, 4)}, None, "a LoRA"),
        ({"input_hint_block.0.weight": (4, 4)}, None, "a ControlNet"),
        ({"encoder.x": (1,), "decoder.x": (1,)}, None, "a VAE"),
        ({"x": (1,)}, None, "some other weights"),
        ({key: value for key, value in SD15.items() if "first_stage" not in key}, None, "no VAE"),
        ({key: value for key, value in SDXL.items() if "conditioner" not in key}, None, "no text encoder"),
    ],
)
def test_single_files_are_recognised(bare: Settings, changes: dict, family: str | None, problem: str | None) -> None:
    _file(bare.models / "checkpoints" / "a.safetensors", changes)
    (found,) = list_checkpoints(bare)
    assert (found.name, found.kind, found.family) == ("a", "file", family)
    assert (found.problem or "").find(problem or "") >= 0
    assert (found.problem is None) == (problem is None)
    assert found.hint if problem else not found.hint


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_real_single_file_is_recognised(bare: Settings, model_zoo: Path, family: str) -> None:
    path = bare.models / "checkpoints" / "deep" / "down" / "one.safetensors"
    path.parent.mkdir(parents=True)
    save_single_file(model_zoo / "checkpoints" / f"tiny-{family}", path, family)
    (found,) = list_checkpoints(bare)
    assert (found.name, found.family, found.problem) == ("deep/down/one", family, None)


def test_broken_ones_are_listed_with_their_reason(bare: Settings, model_zoo: Path) -> None:
    folder = bare.models / "checkpoints"
    shutil.copytree(model_zoo / "checkpoints" / "tiny-sd15", folder / "no-vae")
    shutil.rmtree(folder / "no-vae" / "vae")
    shutil.copytree(model_zoo / "checkpoints" / "tiny-sd15", folder / "no-index")
    (folder / "no-index" / "model_index.json").unlink()
    shutil.copytree(model_zoo / "checkpoints" / "tiny-sd15", folder / "other")
    (folder / "other" / "model_index.json").write_text(json.dumps({"_class_name": "FluxPipeline"}))
    shutil.copytree(model_zoo / "checkpoints" / "tiny-sd15", folder / "mixed")
    shutil.copy(model_zoo / "checkpoints" / "tiny-sdxl" / "unet" / "config.json", folder / "mixed" / "unet")
    (folder / "old.ckpt").write_bytes(b"pickle")
    (folder / "text.txt").write_text("no model")
    (folder / ".hidden.safetensors").write_bytes(b"")
    problems = {found.name: found.problem or "" for found in list_checkpoints(bare)}
    assert set(problems) == {"no-vae", "no-index", "other", "mixed", "old.ckpt"}
    for name, words in {
        "no-vae": "no vae",
        "no-index": "model_index.json is missing",
        "other": "FluxPipeline",
        "mixed": "does not fit",
        "old.ckpt": "pickled",
    }.items():
        assert words in problems[name]
    assert default_checkpoint(bare) is None


def test_names_are_forgiving_and_wrong_ones_get_a_hint(zoo_settings: Settings) -> None:
    assert find_checkpoint(zoo_settings, "Tiny_SD15").name == "tiny-sd15"
    with pytest.raises(UnknownName) as unknown:
        find_checkpoint(zoo_settings, "tiny-sd16")
    assert "tiny-sd15" in unknown.value.hint


def test_folder_and_file_of_one_name_are_told_apart(bare: Settings, model_zoo: Path) -> None:
    folder = bare.models / "checkpoints"
    shutil.copytree(model_zoo / "checkpoints" / "tiny-sd15", folder / "one")
    _file(folder / "one.safetensors", SDXL)
    assert find_checkpoint(bare, "one").kind == "folder"
    assert find_checkpoint(bare, "one.safetensors").kind == "file"


def test_the_starter_stands_in_and_stands_back(bare: Settings, model_zoo: Path) -> None:
    shutil.copytree(model_zoo / "checkpoints" / "tiny-sd15", bare.starter / "checkpoint")
    default = default_checkpoint(bare)
    assert default is not None
    assert default.name == "starter"
    assert find_checkpoint(bare, "starter").path == bare.starter / "checkpoint"
    chosen = default_checkpoint(replace(bare, models=model_zoo))
    assert chosen is not None
    assert chosen.name == "tiny-sd15"


def test_an_absolute_path_is_taken(bare: Settings, model_zoo: Path, tmp_path: Path) -> None:
    folder = model_zoo / "checkpoints" / "tiny-sdxl"
    found = find_checkpoint(bare, str(folder))
    assert (found.name, found.path, found.family) == (str(folder), folder, "sdxl")
    with pytest.raises(UnknownName):
        find_checkpoint(bare, str(tmp_path / "nothing"))


@pytest.mark.parametrize("name", ["stabilityai/stable-diffusion-xl-base-1.0", "a/b", "Linaqruf/anything-v3.0"])
def test_a_hub_id_is_one(bare: Settings, name: str) -> None:
    found = find_checkpoint(bare, name)
    assert (found.name, found.path, found.kind, found.family) == (name, None, "hub", None)


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "a/../../outside",
        "./outside",
        "checkpoints/../outside",
        "a/..",
        "../a",
        "~/x",
        "a/b/c",
        "..",
        "",
        "/" + 900 * "a",
    ],
)
def test_no_name_leads_out_of_the_folder(bare: Settings, name: str) -> None:
    (bare.models / "checkpoints" / "a").mkdir(parents=True)
    _file(bare.models / "outside.safetensors", SD15)
    with pytest.raises(UnknownName):
        find_checkpoint(bare, name)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_name_is_found_or_unknown(zoo_settings: Settings, name: str) -> None:
    try:
        found = find_checkpoint(zoo_settings, name)
    except UnknownName as error:
        assert error.message
    else:
        assert found.kind == "hub" or found.path is not None


def test_a_checkpoint_knows_its_own_native_size(zoo_settings):
    assert traits(find_checkpoint(zoo_settings, "tiny-sd15")).native_size == 512
    assert traits(find_checkpoint(zoo_settings, "tiny-sdxl")).native_size == 1024
    assert traits(None).name == "sd15"
