"""What is written is read back identically by a reader that knows only the rules."""

from __future__ import annotations

import itertools

import pytest

from studio.gallery import Provenance
from studio.gallery.infotext import parse, write
from studio.poses.values import Pose
from studio.request import ControlUnit, GenerationRequest, HiresPass, ImageRef, LoraRef, SourceImage, UpscalePass
from tests.gallery import a1111_reader

POSE = Pose(width=512, height=512)
IMAGE = ImageRef(sha256="ab" * 32)
PROMPTS = {
    "plain": "1girl, smile",
    "empty": "",
    "unicode": "魔法少女, 桜の木, naïve café, ¿qué?",
    "emoji": "girl \U0001f338, \U0001f469\u200d\U0001f3a8 artist",
    "right to left": "فتاة تحت شجرة, ילדה",
    "newlines": "1girl\nsecond line\nthird, line",
    "empty line": "first\n\nlast",
    "colons": "style: anime, time: 12:30, (word:1.3)",
    "quotes": 'sign that says "Steps: 5, Sampler: none, CFG scale: 1"',
    "backslash": r"\(parentheses\), C:\new\table",
    "braces": '{a|b}, {"json": [1, 2]}, [from:to:0.5]',
    "looks like settings": "Steps: 20, Sampler: Euler, CFG scale: 7\nbut goes on",
    "lora tag": "ink drawing <lora:ink:0.8>, <lora:flat_2:1>",
    "break": "1girl BREAK blue sky AND sea",
    "long": ", ".join(f"word{number}" for number in range(900)),
    "marks": "a;b|c/d\\e*f?g<h>i'j`k~l!m@n#o$p%q^r&s",
}
NEGATIVES = {
    "none": "",
    "plain": "lowres, bad hands",
    "lines": "lowres:\nbad, hands\n(worst:1.4)",
    "unicode": "低品質、文字",
}


def request(**fields) -> GenerationRequest:
    return GenerationRequest.build(**{"checkpoint": "anime", "seed": 7, **fields})


def check_prompts(asked: GenerationRequest, found: dict[str, str]) -> None:
    assert (found["Prompt"], found.get("Negative prompt", "")) == (asked.prompt, asked.negative_prompt)


@pytest.mark.parametrize(("prompt", "negative"), list(itertools.product(PROMPTS, NEGATIVES)))
def test_prompts_are_read_back(prompt: str, negative: str):
    asked = request(prompt=PROMPTS[prompt], negative_prompt=NEGATIVES[negative], steps=21, width=640)
    text = write(asked, Provenance(studio="1.0"))
    for found in (a1111_reader.read(text), parse(text)):
        check_prompts(asked, found)
        assert (found["Steps"], found["Seed"], found["Size-1"], found["Size-2"]) == ("21", "7", "640", "512")
    assert a1111_reader.read(text).items() <= parse(text).items()


FIELDS = {
    "sampler": ({"sampler": "DPM++ 2M SDE"}, {"Sampler": "DPM++ 2M SDE", "Schedule type": "Automatic"}),
    "schedule": ({"schedule": "SGM Uniform"}, {"Sampler": "DPM++ 2M", "Schedule type": "SGM Uniform"}),
    "guidance": ({"guidance_scale": 6.25}, {"CFG scale": "6.25"}),
    "whole guidance": ({"guidance_scale": 30}, {"CFG scale": "30"}),
    "largest seed": ({"seed": 2**32 - 1}, {"Seed": "4294967295"}),
    "clip skip": ({"clip_skip": 2}, {"Clip skip": "2"}),
    "model in a folder": ({"checkpoint": "xl/Night Sky.safetensors"}, {"Model": "Night Sky"}),
    "model with a comma": ({"checkpoint": "a, b: c"}, {"Model": "a, b: c"}),
    "model with quotes": ({"checkpoint": 'the "best", v2'}, {"Model": "the 'best', v2"}),
    "model in japanese": ({"checkpoint": "アニメ"}, {"Model": "アニメ"}),
    "hub model": ({"checkpoint": "someone/model-1.0"}, {"Model": "model-1.0"}),
    "vae": ({"vae": "vaes/kl-f8.safetensors"}, {"VAE": "kl-f8"}),
    "img2img": ({"source": SourceImage(image=IMAGE, strength=0.35)}, {"Denoising strength": "0.35"}),
    "hires by scale": (
        {"hires": HiresPass(scale=1.5, strength=0.5, upscaler="RealESRGAN_x4plus_anime_6B"), "steps": 20},
        {
            "Denoising strength": "0.5", "Hires upscale": "1.5", "Hires steps": "10",
            "Hires upscaler": "RealESRGAN_x4plus_anime_6B",
        },
    ),
    "hires by size": (
        {"hires": HiresPass(width=768, height=1024, strength=0.4, steps=30)},
        {"Hires resize": "768x1024", "Hires resize-1": "768", "Hires resize-2": "1024", "Hires steps": "12"},
    ),
    "hires of a source": (
        {"hires": HiresPass(strength=0.3), "source": SourceImage(image=IMAGE, strength=0.7)},
        {"Denoising strength": "0.7", "Hires denoising strength": "0.3", "Hires upscale": "2"},
    ),
    "upscale by factor": (
        {"upscale": UpscalePass(scale=4, upscaler="upscalers/4x, sharp.pth")},
        {"Postprocess upscale by": "4", "Postprocess upscaler": "4x, sharp"},
    ),
    "upscale to a side": (
        {"upscale": UpscalePass(side=1024), "width": 512, "height": 768},
        {"Postprocess upscale to": "683x1024", "Postprocess upscaler": "Lanczos"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELDS)
def test_fields_are_read_back(case: str):
    given, wanted = FIELDS[case]
    text = write(request(prompt="1girl", **given), Provenance())
    assert wanted.items() <= a1111_reader.read(text).items()
    assert wanted.items() <= parse(text).items()


def test_lora_tags_and_hashes_are_read_back():
    given = (LoraRef(name="styles/ink: fine, v2.safetensors", weight=0.8), LoraRef(name="flat", weight=-0.5))
    hashes = {"ink: fine, v2": "0123456789ab", "flat": "ba9876543210"}
    text = write(request(prompt="1girl", loras=given), Provenance(lora_hashes=hashes))
    found = a1111_reader.read(text)
    assert found["Prompt"] == "1girl <lora:ink: fine, v2:0.8> <lora:flat:-0.5>"
    assert a1111_reader.read_list(found["Lora hashes"]) == {"ink fine v2": "0123456789ab", "flat": "ba9876543210"}


@pytest.mark.parametrize("count", [1, 2, 4])
def test_controlnet_units_are_read_back(count: int):
    kinds = [
        ControlUnit(pose=POSE, weight=0.75, end=0.5),
        ControlUnit(type="canny", image=IMAGE, start=0.1),
        ControlUnit(type="depth", model="lllyasviel/control_v11f1p_sd15_depth", image=IMAGE),
        ControlUnit(type="openpose", model='odd, "name": x', pose=POSE),
    ]
    known = Provenance(control_hashes={"openpose": "cab727d4"})
    found = a1111_reader.read(write(request(controls=tuple(kinds[:count])), known))
    units = [a1111_reader.read_list(found[f"ControlNet {number}"]) for number in range(count)]
    assert units[0] == {
        "Module": "none", "Model": "openpose [cab727d4]", "Weight": "0.75", "Resize Mode": "Crop and Resize",
        "Guidance Start": "0", "Guidance End": "0.5", "Pixel Perfect": "True", "Control Mode": "Balanced",
    }  # fmt: skip
    names = ["openpose [cab727d4]", "canny", "control_v11f1p_sd15_depth", "odd 'name' x"]
    assert [unit["Model"] for unit in units] == names[:count]
    assert count == 1 or units[1]["Guidance Start"] == "0.1"


def test_civitai_finds_model_vae_and_lora_hashes():
    known = Provenance(model_hash="7c0b356e0b", vae_hash="aabbccddee", lora_hashes={"ink": "0123456789ab"})
    asked = request(prompt='says "hi", line\nnext <lora:ink:0.8>', vae="soft", controls=(ControlUnit(pose=POSE),))
    found = a1111_reader.read_as_civitai(write(asked, known))
    assert found["Lora hashes"] == {"ink": "0123456789ab"}
    assert (found["Model hash"], found["Model"], found["VAE hash"]) == ("7c0b356e0b", "anime", "aabbccddee")
    unit = found["ControlNet 0"]
    assert isinstance(unit, dict) and unit["Control Mode"] == "Balanced"
    assert (found["Steps"], found["Seed"]) == ("28", "7")
