"""Control types and what their weights are called."""

import pytest

from studio.catalog.checkpoints import HUB_ID
from studio.catalog.controls import CONTROL_TYPES, find_control, is_thick, type_of
from studio.catalog.families import FAMILIES
from studio.errors import UnknownName


@pytest.mark.parametrize(("name", "spec"), CONTROL_TYPES.items())
def test_every_type_is_explained_and_its_weights_named(name: str, spec) -> None:
    assert spec.explanation.endswith(".")
    assert find_control(name) is spec
    assert "sd15" in spec.hubs
    for family, hub in spec.hubs.items():
        assert family in FAMILIES
        assert HUB_ID.fullmatch(hub)


@pytest.mark.parametrize(
    ("name", "type"),
    [
        *((spec.hubs["sd15"], name) for name, spec in CONTROL_TYPES.items()),
        ("control_v11p_sd15_openpose", "openpose"),
        ("xinsir/controlnet-openpose-sdxl-1.0", "openpose"),
        ("diffusers_xl_canny_full", "canny"),
        ("mistoLine_fp16", "lineart"),
        ("something", None),
    ],
)
def test_the_type_is_read_from_the_name(name: str, type: str | None) -> None:
    assert type_of(name) == type


def test_thick_sticks_are_for_xinsirs_sdxl_pose_models() -> None:
    assert is_thick("xinsir/controlnet-openpose-sdxl-1.0", "sdxl")
    assert is_thick("xinsir-union", "sdxl")
    assert not is_thick("thibaud/controlnet-openpose-sdxl-1.0", "sdxl")
    assert not is_thick("xinsir/controlnet-canny-sdxl-1.0", "sdxl")
    assert not is_thick("lllyasviel/control_v11p_sd15_openpose", "sd15")


def test_unknown_types_get_a_hint() -> None:
    with pytest.raises(UnknownName) as unknown:
        find_control("openpos")
    assert "openpose" in unknown.value.hint
