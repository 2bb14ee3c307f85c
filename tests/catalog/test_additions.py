"""ControlNets, LoRAs and VAEs are found by name, type and family."""

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from studio.catalog.additions import (
    find_controlnet,
    find_lora,
    find_vae,
    list_controlnets,
    list_loras,
    list_vaes,
    taesd_folder,
)
from studio.errors import StudioError, UnknownName, UnusableWeights
from studio.poses.values import Pose
from studio.request import ControlUnit
from studio.settings import Settings

POSE = Pose(width=64, height=64)


def _unit(type: str = "openpose", model: str | None = None) -> ControlUnit:
    return ControlUnit(type=type, model=model, pose=POSE)


def _file(path: Path, shapes: dict[str, tuple[int, ...]], metadata: dict[str, str] | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: torch.zeros(shape) for name, shape in shapes.items()}, path, metadata)


def test_controlnets_are_found_with_type_and_family(zoo_settings: Settings) -> None:
    found = {net.name: (net.type, net.family, net.problem) for net in list_controlnets(zoo_settings)}
    assert found["openpose-sd15"] == ("openpose", "sd15", None)
    assert found["canny-sd15"] == ("canny", "sd15", None)
    assert found["openpose-sdxl"] == ("openpose", "sdxl", None)


def test_a_unit_without_a_name_gets_the_one_of_its_type_and_family(zoo_settings: Settings) -> None:
    assert find_controlnet(zoo_settings, _unit(), "sd15").name == "openpose-sd15"
    assert find_controlnet(zoo_settings, _unit(), "sdxl").name == "openpose-sdxl"
    assert find_controlnet(zoo_settings, _unit("canny"), "sd15").name == "canny-sd15"


def test_without_one_in_the_folder_the_hub_has_one(settings: Settings) -> None:
    net = find_controlnet(settings, _unit(), "sdxl")
    assert (net.name, net.kind, net.thick) == ("xinsir/controlnet-openpose-sdxl-1.0", "hub", True)
    assert not find_controlnet(settings, _unit(), "sd15").thick
    with pytest.raises(UnknownName, match="family"):
        find_controlnet(settings, _unit("seg"), "sdxl")


def test_a_controlnet_of_the_wrong_family_is_refused(zoo_settings: Settings) -> None:
    with pytest.raises(UnusableWeights, match="sdxl"):
        find_controlnet(zoo_settings, _unit(model="openpose-sdxl"), "sd15")


def test_the_starters_controlnet_goes_with_the_starter_only(
    zoo_settings: Settings, model_zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "starter", property(lambda self: tmp_path / "starter"))
    shutil.copytree(model_zoo / "controlnets" / "openpose-sd15", tmp_path / "starter" / "controlnet-openpose")
    assert find_controlnet(zoo_settings, _unit(), "sd15", "starter").name == "starter/controlnet-openpose"
    assert find_controlnet(zoo_settings, _unit(), "sd15", "tiny-sd15").name == "openpose-sd15"


@pytest.mark.parametrize("type", ["nonsense", "open pose!"])
def test_unknown_control_types_are_refused(settings: Settings, type: str) -> None:
    with pytest.raises(UnknownName):
        find_controlnet(settings, _unit(type), "sd15")


@pytest.mark.parametrize(
    ("shapes", "family"),
    [
        ({"input_hint_block.0.weight": (16, 3, 3, 3)}, "sd15"),
        ({"control_model.input_hint_block.0.weight": (16, 3, 3, 3)}, "sd15"),
        ({"controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3), "add_embedding.x": (1,)}, "sdxl"),
    ],
)
def test_single_file_controlnets_are_recognised(settings: Settings, shapes: dict, family: str) -> None:
    _file(settings.models / "controlnets" / "control_v11p_sd15_openpose.safetensors", shapes)
    (net,) = [net for net in list_controlnets(settings) if not net.name.startswith("starter/")]
    assert (net.type, net.family, net.problem) == ("openpose", family, None)


@pytest.mark.parametrize(
    ("shapes", "metadata", "family"),
    [
        ({"lora_te1_text_model_x.lora_up.weight": (4, 4)}, None, "sdxl"),
        ({"lora_te_text_model_x.lora_up.weight": (4, 4)}, None, "sd15"),
        ({"lora_unet_x_attn2_to_k.lora_down.weight": (4, 768)}, None, "sd15"),
        ({"lora_unet_x_attn2_to_k.lora_down.weight": (4, 2048)}, None, "sdxl"),
        ({"unet.x.attn2.to_v.lora_A.weight": (4, 2048)}, None, "sdxl"),
        ({"lora_unet_x.lora_down.weight": (4, 4)}, {"ss_base_model_version": "sdxl_base_v1-0"}, "sdxl"),
        ({"lora_unet_x.lora_down.weight": (4, 4)}, {"ss_base_model_version": "sd_v1"}, "sd15"),
        ({"lora_unet_x.lora_down.weight": (4, 4)}, None, None),
    ],
)
def test_the_family_of_a_lora(settings: Settings, shapes: dict, metadata: dict | None, family: str | None) -> None:
    _file(settings.models / "loras" / "a.safetensors", shapes, metadata)
    (lora,) = list_loras(settings)
    assert (lora.family, lora.problem) == (family, None)


@pytest.mark.parametrize("shapes", [{"x": (1,)}, {"transformer.x.lora_A.weight": (4, 4)}])
def test_what_is_no_lora_for_these_families_is_listed_with_a_problem(settings: Settings, shapes: dict) -> None:
    _file(settings.models / "loras" / "a.safetensors", shapes)
    (lora,) = list_loras(settings)
    assert lora.problem


def test_loras_are_found_by_name_or_last_part(zoo_settings: Settings, settings: Settings) -> None:
    assert find_lora(zoo_settings, "line", "sd15").name == "line"
    assert find_lora(zoo_settings, "Line.safetensors", "sd15").name == "line"
    _file(settings.models / "loras" / "style" / "ink.safetensors", {"lora_te_x.lora_up.weight": (4, 4)})
    assert find_lora(settings, "ink").name == "style/ink"
    with pytest.raises(UnknownName) as unknown:
        find_lora(zoo_settings, "lime")
    assert "line" in unknown.value.hint
    with pytest.raises(UnusableWeights, match="sdxl"):
        find_lora(zoo_settings, "line-sdxl", "sd15")


@pytest.mark.parametrize("name", ["../line", "../../secret", "/etc/passwd", "", "a/../line"])
def test_no_name_leads_out_of_its_folder(zoo_settings: Settings, name: str) -> None:
    for find in (
        lambda: find_lora(zoo_settings, name),
        lambda: find_vae(zoo_settings, name),
        lambda: find_controlnet(zoo_settings, _unit(model=name or "?"), "sd15"),
    ):
        with pytest.raises(StudioError):
            find()


def test_vaes_and_preview_decoders(zoo_settings: Settings) -> None:
    assert [vae.name for vae in list_vaes(zoo_settings)] == ["soft"]
    assert find_vae(zoo_settings, "soft").path == zoo_settings.models / "vaes" / "soft"
    with pytest.raises(UnknownName):
        find_vae(zoo_settings, "hard")
    assert taesd_folder(zoo_settings, "sd15") is not None
    assert taesd_folder(zoo_settings, "sdxl") is None
