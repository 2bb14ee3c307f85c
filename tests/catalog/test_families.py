"""What is said about a family has to be usable as it stands."""

import pytest

from studio.catalog.families import FAMILIES, SD15
from studio.catalog.samplers import SAMPLERS
from studio.request import GenerationRequest


@pytest.mark.parametrize(("name", "family"), FAMILIES.items())
def test_recommendations_make_a_valid_request(name: str, family) -> None:
    assert family.name == name
    assert family.sampler in SAMPLERS
    for width, height in family.size_presets:
        request = GenerationRequest.build(
            checkpoint="x",
            seed=1,
            sampler=family.sampler,
            steps=family.steps,
            guidance_scale=family.guidance_scale,
            clip_skip=family.clip_skip,
            width=width,
            height=height,
        )
        assert (request.width % family.vae_factor, request.height % family.vae_factor) == (0, 0)
    assert (family.native_size, family.native_size) in family.size_presets


@pytest.mark.parametrize("family", FAMILIES.values())
def test_the_preview_projection_has_a_row_per_latent_channel(family) -> None:
    assert len(family.preview) == family.latent_channels
    assert all(len(row) == 3 for row in (*family.preview, family.preview_bias))


@pytest.mark.parametrize("family", FAMILIES.values())
def test_slots_are_given_for_every_kind_of_device(family) -> None:
    assert set(family.default_slots) == {"cpu", "mps", "cuda"}
    assert family.default_slots["cpu"] == 1


def test_a_smaller_sibling_has_smaller_presets():
    small = SD15.at(128)
    assert small.native_size == 128
    assert small.size_presets[:3] == ((128, 128), (128, 192), (192, 128))
    assert all(side % 8 == 0 for preset in small.size_presets for side in preset)
