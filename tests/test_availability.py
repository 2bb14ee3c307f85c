"""A request that names what is not here is refused before it is queued."""

import pytest

from studio.availability import check
from studio.errors import InvalidRequest, StudioError, UnknownName, UnusableWeights
from studio.poses.values import Pose
from studio.request import GenerationRequest
from studio.settings import Settings

POSE = {"pose": Pose(width=64, height=64)}


def _request(**fields) -> GenerationRequest:
    return GenerationRequest.build(**{"checkpoint": "tiny-sd15", "seed": 1, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"sampler": "DPM++ 2M Karras"},
        {"vae": "soft"},
        {"controls": [{"type": "openpose", **POSE}, {"type": "canny", "model": "canny-sd15", **POSE}]},
        {"loras": [{"name": "line"}, {"name": "kohya", "weight": 0.3}]},
        {"checkpoint": "tiny-sdxl", "loras": [{"name": "line-sdxl"}], "controls": [POSE]},
        {"checkpoint": "owner/name", "controls": [POSE]},
        {"sampler": "LCM", "steps": 50},
        {"hires": {"upscaler": "lanczos"}, "upscale": {"upscaler": "RealESRGAN_x4plus_anime_6B", "scale": 2}},
    ],
)
def test_what_is_here_passes(zoo_settings: Settings, fields: dict) -> None:
    check(zoo_settings, _request(**fields))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"checkpoint": "nothing"}, UnknownName),
        ({"sampler": "Euler b"}, UnknownName),
        ({"schedule": "Sometimes"}, UnknownName),
        ({"sampler": "Euler a", "schedule": "Karras"}, UnknownName),
        ({"sampler": "LCM", "steps": 51}, InvalidRequest),
        ({"sampler": "LCM", "steps": 50, "hires": {"steps": 51}}, InvalidRequest),
        ({"hires": {"upscaler": "nothing"}}, UnknownName),
        ({"upscale": {"upscaler": "nothing", "scale": 2}}, UnknownName),
        ({"vae": "nothing"}, UnknownName),
        ({"controls": [{"type": "nothing", **POSE}]}, UnknownName),
        ({"controls": [{"model": "nothing", **POSE}]}, UnknownName),
        ({"controls": [{"model": "openpose-sdxl", **POSE}]}, UnusableWeights),
        ({"loras": [{"name": "nothing"}]}, UnknownName),
        ({"loras": [{"name": "line-sdxl"}]}, UnusableWeights),
    ],
)
def test_what_is_not_here_is_refused(zoo_settings: Settings, fields: dict, kind: type[StudioError]) -> None:
    with pytest.raises(kind) as refused:
        check(zoo_settings, _request(**fields))
    assert refused.value.hint
