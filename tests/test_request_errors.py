"""Each bad field gives one sentence that names it, and a hint with the allowed range."""

import pytest

from studio.errors import InvalidRequest
from studio.request import GenerationRequest

IMAGE = {"sha256": "a" * 64}
NOBODY = [None] * 18


def person(body: list) -> dict:
    return {"pose": {"width": 8, "height": 8, "people": [{"body": body}]}}


CASES = [
    ({"steps": 0}, "steps", "Steps is 0, which is out of range.", "Choose 1 to 150."),
    ({"steps": 151}, "steps", "Steps is 151, which is out of range.", "Choose 1 to 150."),
    ({"steps": 10**30}, "steps", f"Steps is {10**30}, which is out of range.", "Choose 1 to 150."),
    ({"steps": 1.5}, "steps", "Steps has to be a whole number, not 1.5.", "Choose 1 to 150."),
    ({"steps": "many"}, "steps", "Steps has to be a whole number, not 'many'.", "Choose 1 to 150."),
    ({"seed": -1}, "seed", "Seed is -1, which is out of range.", "Choose 0 to 4294967295."),
    ({"seed": None}, "seed", "Seed is missing.", "Fill it in."),
    (
        {"guidance_scale": float("nan")},
        "guidance_scale",
        "Guidance is not a finite number.",
        "Choose 0 to 30.",
    ),
    (
        {"guidance_scale": float("inf")},
        "guidance_scale",
        "Guidance is not a finite number.",
        "Choose 0 to 30.",
    ),
    ({"guidance_scale": 31}, "guidance_scale", "Guidance is 31, which is out of range.", "Choose 0 to 30."),
    ({"guidance_scale": "x"}, "guidance_scale", "Guidance has to be a number, not 'x'.", "Choose 0 to 30."),
    ({"width": 513}, "width", "Width is 513, which is not a multiple of 8.", "Choose 512 or 520."),
    ({"width": 4095}, "width", "Width is 4095, which is not a multiple of 8.", "Choose 4088 or 4096."),
    ({"width": 20_000}, "width", "Width is 20000, which is out of range.", "Choose 64 to 4096, in steps of 8."),
    ({"height": 2}, "height", "Height is 2, which is out of range.", "Choose 64 to 4096, in steps of 8."),
    ({"clip_skip": 0}, "clip_skip", "Clip skip is 0, which is out of range.", "Choose 1 to 12."),
    ({"prompt": "x" * 20_001}, "prompt", "The prompt is longer than 20,000 characters.", "Shorten it."),
    ({"prompt": "\ud800"}, "prompt", "The prompt has to be text, not '\\ud800'.", "Type it as text."),
    ({"prompt": "a\0b"}, "prompt", "Text may not contain null characters.", "Change it and try again."),
    ({"checkpoint": ""}, "checkpoint", "Checkpoint is empty.", "Fill it in."),
    ({"sampler": None}, "sampler", "Sampler is missing.", "Fill it in."),
    ({"version": 2}, "version", "Version is 2, which this studio does not know.", "It knows 1."),
    ({"cfg": 7}, "cfg", "A request has no field called 'cfg'.", "Check the spelling."),
    (
        {"controls": [{"image": IMAGE}, {"image": IMAGE, "weight": 3}]},
        "controls.1.weight",
        "Weight (control 2) is 3, which is out of range.",
        "Choose 0 to 2.",
    ),
    (
        {"controls": [{}]},
        "controls.0",
        "A control unit needs either a pose or a control image.",
        "Change it and try again.",
    ),
    (
        {"controls": [{"image": IMAGE, "start": 0.8, "end": 0.2}]},
        "controls.0",
        "The control's start has to lie before its end.",
        "Change it and try again.",
    ),
    (
        {"controls": [{"image": IMAGE}] * 5},
        "controls",
        "The list of controls has more than 4 entries.",
        "Remove some.",
    ),
    (
        {"controls": [{"image": IMAGE, "colour": 1}]},
        "controls.0.colour",
        "A request has no field called 'colour' (control 1).",
        "Check the spelling.",
    ),
    (
        {"controls": [person([*NOBODY[:-1], (float("nan"), 1)])]},
        "controls.0.pose.people.0.body.17.0",
        "Body (control 1, person 1) is not a finite number.",
        "Type an ordinary number.",
    ),
    (
        {"loras": [{"name": "ink", "weight": -5}]},
        "loras.0.weight",
        "Weight (LoRA 1) is -5, which is out of range.",
        "Choose -4 to 4.",
    ),
    (
        {"source": {"image": IMAGE, "strength": 2}},
        "source.strength",
        "Strength (source image) is 2, which is out of range.",
        "Choose 0 to 1.",
    ),
]


@pytest.mark.parametrize(("fields", "field", "message", "hint"), CASES, ids=[str(case[2])[:40] for case in CASES])
def test_a_bad_field_is_named_with_its_range(fields: dict, field: str, message: str, hint: str):
    with pytest.raises(InvalidRequest) as caught:
        GenerationRequest.build(**{"checkpoint": "any", "seed": 1, **fields})
    error = caught.value
    assert (error.message, error.hint, error.field) == (message, hint, field)


def test_a_missing_field_is_named():
    with pytest.raises(InvalidRequest, match=r"Checkpoint is missing\."):
        GenerationRequest.build(seed=1)


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(InvalidRequest) as caught:
        GenerationRequest.build(checkpoint="any", seed="9" * 5000)
    assert len(caught.value.message) < 100


@pytest.mark.parametrize("text", ["", "{", "[1]", "7", "null", "[" * 100_000, b"\xff\xfe"])
def test_text_that_is_no_request_is_refused(text: str | bytes):
    with pytest.raises(InvalidRequest, match=r"JSON"):
        GenerationRequest.from_json(text)
