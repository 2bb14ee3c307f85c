"""The hires and the upscale pass: sizes, steps, and what they refuse."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.request import GenerationRequest, HiresPass, UpscalePass

BASE = {"checkpoint": "any", "seed": 1}


def request(**fields) -> GenerationRequest:
    return GenerationRequest.build(**BASE, **fields)


def test_the_passes_are_part_of_the_recipe():
    whole = request(hires={"scale": 1.5, "strength": 0.3}, upscale={"side": 2048, "upscaler": "anime"})
    assert json.loads(whole.canonical_json())["hires"] == {"scale": 1.5, "strength": 0.3}
    assert json.loads(whole.canonical_json())["upscale"] == {"side": 2048, "upscaler": "anime"}
    assert GenerationRequest.from_json(whole.canonical_json()) == whole
    assert whole.drawn_size == (768, 768)
    assert whole.final_size == (2048, 2048)
    assert "hires" not in request().canonical_json()


# As above: changed digests would lose people's recipes.
def test_digests_with_passes_are_golden():
    whole = request(
        hires={"width": 768, "height": 1024, "upscaler": "RealESRGAN_x4plus_anime_6B", "strength": 0.5, "steps": 12},
        upscale={"upscaler": "realesr-animevideov3", "side": 1024, "edge": "shortest", "fast": True},
    )
    assert whole.digest == "2bbcdd680c43cf94a44b33786bf197432f414da924ab54a316a74cf27ba1d8b3"


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, (1024, 1536)),
        ({"scale": 1.5}, (768, 1152)),
        ({"scale": 1.3}, (664, 1000)),
        ({"width": 640, "height": 960}, (640, 960)),
    ],
)
def test_hires_sizes_are_multiples_of_eight(fields, size):
    assert HiresPass(**fields).size(512, 768) == size
    assert request(width=512, height=768, hires=fields).drawn_size == size


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"scale": 2}, (1024, 1536)),
        ({"scale": 1.25}, (640, 960)),
        ({"side": 1024}, (683, 1024)),
        ({"side": 1024, "edge": "shortest"}, (1024, 1536)),
        ({"width": 1000, "height": 700}, (1000, 700)),
    ],
)
def test_upscaled_sizes(fields, size):
    assert UpscalePass(**fields).size(512, 768) == size


@given(width=st.integers(64, 4096), height=st.integers(64, 4096), side=st.integers(64, 8192))
def test_to_so_many_pixels_is_met_on_the_edge_and_keeps_the_aspect(width, height, side):
    longest = UpscalePass(side=side).size(width, height)
    shortest = UpscalePass(side=side, edge="shortest").size(width, height)
    assert max(longest) == side and min(shortest) == side
    for new in (longest, shortest):
        assert abs(new[0] * height - new[1] * width) <= max(width, height)


@pytest.mark.parametrize(
    ("steps", "fields", "taken"), [(28, {}, 11), (20, {"strength": 0.5, "steps": 30}, 15), (9, {"strength": 0}, 0)]
)
def test_the_hires_pass_takes_its_share_of_steps(steps, fields, taken):
    assert HiresPass(**fields).steps_of(steps) == taken


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hires": {"width": 512}}, "width and a height"),
        ({"hires": {"width": 512, "height": 512, "scale": 3}}, "not both"),
        ({"hires": {"width": 516, "height": 512}}, r"Width \(hires pass\) is 516"),
        ({"hires": {"scale": 5}}, r"Scale \(hires pass\) is 5"),
        ({"hires": {"strength": 1.1}}, "Strength"),
        ({"hires": {"upscaler": ""}}, "empty"),
        ({"width": 2048, "hires": {"scale": 3}}, "6144 × 1536"),
        ({"upscale": {}}, "exactly one target"),
        ({"upscale": {"scale": 2, "side": 1024}}, "exactly one target"),
        ({"upscale": {"width": 512}}, "width and a height"),
        ({"upscale": {"scale": 2, "edge": "shortest"}}, "side in pixels"),
        ({"upscale": {"side": 9000}}, "Side"),
        ({"width": 4096, "height": 64, "upscale": {"scale": 3}}, "12288 × 192"),
        ({"width": 4096, "height": 4096, "upscale": {"scale": 2}}, "megapixels"),
        ({"hires": {"scale": 4}, "upscale": {"scale": 4}}, "8192 × 8192 pixels, 0.2 GB"),
    ],
)
def test_what_cannot_be_is_refused_in_words(fields, words):
    with pytest.raises(InvalidRequest, match=words) as refused:
        request(**fields)
    assert refused.value.hint


def test_a_pass_alone_is_checked_the_same_way():
    assert UpscalePass.build(scale=2).checked_size(100, 50) == (200, 100)
    with pytest.raises(InvalidRequest, match="exactly one target"):
        UpscalePass.build()
    with pytest.raises(InvalidRequest, match="megapixels"):
        UpscalePass.build(scale=16).checked_size(512, 500)
