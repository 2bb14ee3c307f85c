from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio.gallery import Provenance
from studio.gallery.infotext import parse, write
from studio.poses.values import Pose
from studio.request import ControlUnit, GenerationRequest, ImageRef, LoraRef, SourceImage


def test_the_fields_stand_in_the_order_other_tools_expect():
    request = GenerationRequest.build(
        prompt="1girl, night\nmoon",
        negative_prompt="blurry: very",
        checkpoint="anime/Night, Sky.safetensors",
        vae="soft.safetensors",
        sampler="Euler a",
        schedule="Karras",
        steps=20,
        guidance_scale=7,
        seed=5,
        width=512,
        height=768,
        clip_skip=2,
        controls=(ControlUnit(pose=Pose(width=64, height=64), weight=0.8, end=0.75),),
        loras=(LoraRef(name="styles/ink.safetensors", weight=0.8),),
        source=SourceImage(image=ImageRef(sha256="0" * 64), strength=0.35),
    )
    known = Provenance(studio="1.0", model_hash="7c0b356e0b", vae_hash="aa", lora_hashes={"ink": "0123456789ab"})
    assert write(request, known) == (
        "1girl, night\nmoon <lora:ink:0.8>\n"
        "Negative prompt: blurry: very\n"
        "Steps: 20, Sampler: Euler a, Schedule type: Karras, CFG scale: 7, Seed: 5, Size: 512x768, "
        'Model hash: 7c0b356e0b, Model: "Night, Sky", VAE hash: aa, VAE: soft, Denoising strength: 0.35, Clip skip: 2, '
        'RNG: CPU, Lora hashes: "ink: 0123456789ab", ControlNet 0: "Module: none, Model: openpose, Weight: 0.8, '
        "Resize Mode: Crop and Resize, Guidance Start: 0, Guidance End: 0.75, Pixel Perfect: True, "
        'Control Mode: Balanced", Version: PoseAnimeFlow Studio 1.0'
    )


def test_a_plain_request_leaves_out_what_does_not_apply():
    text = write(GenerationRequest.build(checkpoint="tiny", seed=1), Provenance(studio="1.0"))
    assert text == (
        "\nSteps: 28, Sampler: DPM++ 2M, Schedule type: Automatic, CFG scale: 7.5, Seed: 1, Size: 512x512, "
        "Model: tiny, RNG: CPU, Version: PoseAnimeFlow Studio 1.0"
    )


A1111 = (
    "masterpiece, (1girl:1.2) <lora:ink:0.7>\n  second line  \n"
    "Negative prompt: lowres\nbad hands\n"
    "Steps: 25, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 123, Size: 640x960, Model hash: 0123456789, "
    'Model: mix, ControlNet 0: "Module: openpose_full, Weight: 1", Hashes: "a \\"b\\"", Version: v1.9.0'
)


def test_a1111_texts_are_read_as_a1111_reads_them():
    assert parse(A1111) == {
        "Prompt": "masterpiece, (1girl:1.2) <lora:ink:0.7>\nsecond line",
        "Negative prompt": "lowres\nbad hands",
        "Steps": "25",
        "Sampler": "DPM++ 2M Karras",
        "Schedule type": "Automatic",
        "CFG scale": "6.5",
        "Seed": "123",
        "Size": "640x960",
        "Size-1": "640",
        "Size-2": "960",
        "Model hash": "0123456789",
        "Model": "mix",
        "ControlNet 0": "Module: openpose_full, Weight: 1",
        "Hashes": 'a "b"',
        "Clip skip": "1",
        "RNG": "GPU",
        "Version": "v1.9.0",
    }


@pytest.mark.parametrize("last", ["just: two, fields: here", "no fields at all", ""])
def test_a_last_line_with_fewer_than_three_fields_is_prompt(last: str):
    assert parse(f"first\n{last}")["Prompt"] == f"first\n{last}".strip()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 300_000])
def test_no_parameters_give_an_empty_reading(text: str):
    assert parse(text) == {}


@pytest.mark.parametrize("text", ["a" * 150_000, " " * 150_000 + "x", "a:" * 70_000, '"a:"' * 40_000, "a b" * 50_000])
def test_hostile_lines_are_read_in_linear_time(text: str):
    assert isinstance(parse("Steps: 1\n" + text), dict)


prompts = st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["C", "Z"])), max_size=4)


@given(prompts, prompts, st.text(min_size=1, max_size=30).filter(lambda name: "\x00" not in name))
def test_prompts_and_names_survive(positive: list[str], negative: list[str], checkpoint: str):
    prompt, unwanted = "\n".join(positive).strip(), "\n".join(negative).strip()
    assume("Negative prompt:" not in prompt + unwanted)
    request = GenerationRequest.build(prompt=prompt, negative_prompt=unwanted, checkpoint=checkpoint, seed=3)
    read = parse(write(request, Provenance()))
    assert (read["Prompt"], read["Negative prompt"]) == (prompt, unwanted)
    assert (read["Steps"], read["Seed"], read["Size-1"]) == ("28", "3", "512")


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing(text: str):
    assert all(isinstance(value, str) for value in parse(text).values())
