from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.gallery import Provenance
from studio.gallery.infotext import parse, write
from studio.gallery.restoring import restore
from studio.request import GenerationRequest, HiresPass
from tests.gallery.pictures import request

FORGE = (
    "1girl, (smile:1.2) <lora:ink:0.7>\nNegative prompt: lowres\n"
    "Steps: 25, Sampler: DPM++ 2M, Schedule type: SGM Uniform, CFG scale: 6.5, Seed: 123, Size: 832x1216, "
    "Model hash: 0123456789, Model: noob_xl, VAE hash: aa, VAE: sdxl_vae.safetensors, Denoising strength: 0.35, "
    'Clip skip: 2, Hires upscale: 1.5, Hires steps: 10, Hires upscaler: R-ESRGAN 4x+ Anime6B, Lora hashes: "ink: 01", '
    "Version: f2.0.1v1.10.1"
)


def restored(text: str):
    found = restore(parse(text))
    assert found is not None
    return found


def test_a_forge_picture_becomes_a_request():
    found = restored(FORGE)
    assert found.notes == ()
    assert found.request == GenerationRequest.build(
        prompt="1girl, (smile:1.2) <lora:ink:0.7>", negative_prompt="lowres", checkpoint="noob_xl",
        vae="sdxl_vae.safetensors", sampler="DPM++ 2M", schedule="SGM Uniform", steps=25, guidance_scale=6.5, seed=123,
        width=832, height=1216, clip_skip=2,
        hires=HiresPass(scale=1.5, strength=0.35, steps=29, upscaler="R-ESRGAN 4x+ Anime6B"),
    )  # fmt: skip
    assert found.request.hires and found.request.hires.steps_of(25) == 10


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DPM++ 2M Karras", ("DPM++ 2M", "Karras")),
        ("Euler a", ("Euler a", "Automatic")),
        ("k_heun", ("Heun", "Automatic")),
    ],
)
def test_samplers_of_older_versions(old: str, new: tuple[str, str]):
    found = restored(f"x\nSteps: 20, Sampler: {old}, CFG scale: 7, Seed: 1, Size: 512x512, Model: m")
    assert (found.request.sampler, found.request.schedule) == new


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ("Size: 500x500, Schedule type: Align Your Steps", "the schedule Align Your Steps"),
        ("Size: 500x500", "the size 500x500 became 496x496"),
        ("Size: 512x512, Variation seed strength: 0.1", "the variation seed"),
        ('Size: 512x512, ControlNet 0: "Module: none, Model: openpose"', "ControlNet 0"),
        ("Size: 512x512, Denoising strength: 0.5", "the picture that it was made from"),
        ("Size: 512x512, Steps: 400", "steps (Steps is 400"),
        ("Size: 512x512, Seed: 99999999999", "the seed 99999999999"),
        ("Size: 512x512, Hires upscale: 9, Hires upscaler: Lanczos", "hires"),
    ],
)
def test_what_cannot_be_taken_over_is_told(fields: str, note: str):
    found = restored(f"x\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Model: m, {fields}")
    assert any(note in told for told in found.notes), found.notes


@pytest.mark.parametrize("lacking", ["Seed: 1", "Size: 512x512", "Model: m"])
def test_without_seed_size_or_model_there_is_no_request(lacking: str):
    whole = "x\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Model: m"
    assert restore(parse(whole)) is not None
    assert restore(parse(whole.replace(lacking, "Other: 1"))) is None


def test_our_own_text_is_restored_to_the_same_request():
    asked = request(
        prompt="a, b", negative_prompt="c", sampler="Euler a", schedule="Automatic", steps=30, clip_skip=2,
        hires=HiresPass(scale=2, strength=0.5), width=768,
    )  # fmt: skip
    found = restored(write(asked, Provenance()))
    # A pass of 30 steps at strength 0.5 takes 15: A1111's text names these, and from them 30 come back.
    assert found.request.with_(hires=HiresPass(strength=0.5)) == asked
    assert found.request.hires == HiresPass(scale=2, strength=0.5, steps=30)


NAMES = (
    "Steps,Seed,Size-1,Size-2,Model,CFG scale,Hires upscale,Hires steps,Denoising strength,Clip skip,Sampler,"
    "Schedule type,VAE,Hires resize-1,Hires resize,Prompt"
).split(",")
values = st.text(max_size=12) | st.integers(-9, 10**6).map(str) | st.floats().map(str)


@given(st.dictionaries(st.sampled_from(NAMES), values))
def test_any_parameters_are_restored_or_not(parameters: dict[str, str]):
    found = restore(parameters)
    assert found is None or GenerationRequest.from_json(found.request.canonical_json()) == found.request
