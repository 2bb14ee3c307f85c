"""The request's identity: canonical JSON, digests, equality, copies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from studio.errors import InvalidRequest
from studio.poses.values import Joint, Person, Pose
from studio.request import ControlUnit, GenerationRequest, ImageRef, LoraRef, SourceImage

PLAIN = GenerationRequest.build(checkpoint="any", seed=1)
POSED = GenerationRequest.build(
    checkpoint="any",
    seed=42,
    prompt="1girl, 立ち絵, ☕",
    negative_prompt="lowres",
    sampler="Euler a",
    schedule="Karras",
    steps=20,
    guidance_scale=9,
    width=640,
    height=960,
    clip_skip=2,
    vae="soft",
    controls=[
        ControlUnit(
            weight=0.8,
            end=0.6,
            pose=Pose(width=640, height=960, people=(Person(body=(Joint(320, 96.125), *[None] * 17)),)),
        ),
        ControlUnit(type="canny", model="edges", start=0.1, image=ImageRef(sha256="b" * 64)),
    ],
    loras=[LoraRef(name="ink", weight=0.5)],
    source=SourceImage(image=ImageRef(sha256="c" * 64), strength=0.5),
)

# A request's digest is the identity of pictures people keep. If one of these changes, old galleries lose their recipes.
GOLDEN = [
    (PLAIN, "66d8b0b532abc7d483c02bf5c5f190ccdd86ab62db703f4e84b6b0c7b684cb55"),
    (POSED, "9bb7ee2e8a0243f02e16deaeeb6905258d87dee84db5f1a7a8ef297d6a00a1f3"),
]


@pytest.mark.parametrize(("request_", "digest"), GOLDEN, ids=["plain", "posed"])
def test_digests_are_golden(request_: GenerationRequest, digest: str):
    assert request_.digest == digest


def test_the_canonical_json_is_sorted_bare_and_without_defaults():
    assert PLAIN.canonical_json() == '{"checkpoint":"any","seed":1,"version":1}'
    spelled_out = GenerationRequest.build(
        checkpoint="any", seed=1, steps=28, guidance_scale=7.5, sampler="DPM++ 2M", loras=[], controls=()
    )
    assert spelled_out == PLAIN
    assert spelled_out.digest == PLAIN.digest


def test_pixels_never_enter_and_poses_do():
    fields = json.loads(POSED.canonical_json())
    assert fields["controls"][0]["pose"]["people"][0]["body"][0][:2] == [320.0, 96.12]
    assert fields["controls"][1]["image"] == {"sha256": "b" * 64}


def test_requests_are_values():
    again = GenerationRequest.from_json(POSED.canonical_json())
    assert again == POSED
    assert hash(again) == hash(POSED)
    assert {PLAIN, POSED, again} == {PLAIN, POSED}
    with pytest.raises(ValidationError):
        PLAIN.steps = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "x"},
        {"negative_prompt": "x"},
        {"checkpoint": "x"},
        {"vae": "x"},
        {"sampler": "x"},
        {"schedule": "x"},
        {"steps": 29},
        {"guidance_scale": 7.51},
        {"seed": 2},
        {"width": 520},
        {"height": 520},
        {"clip_skip": 2},
        {"controls": [{"image": {"sha256": "a" * 64}}]},
        {"loras": [{"name": "x"}]},
        {"source": {"image": {"sha256": "a" * 64}}},
        {"hires": {}},
        {"upscale": {"scale": 2}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_counts_in_the_digest(change: dict):
    changed = PLAIN.with_(**change)
    assert changed != PLAIN
    assert changed.digest != PLAIN.digest


def test_every_field_is_in_the_test_above():
    mark = next(iter(test_every_field_counts_in_the_digest.pytestmark))
    tested = {name for change in mark.args[1] for name in change}
    assert tested == set(GenerationRequest.model_fields) - {"version"}


def test_a_copy_is_validated_and_the_original_stays():
    assert PLAIN.with_(steps=20).steps == 20
    assert PLAIN.steps == 28
    assert POSED.with_(seed=43).controls == POSED.controls
    with pytest.raises(InvalidRequest, match=r"Steps is 0"):
        PLAIN.with_(steps=0)
    with pytest.raises(InvalidRequest, match=r"no field called 'step'"):
        PLAIN.with_(step=20)


def test_slider_noise_changes_no_digest():
    assert PLAIN.with_(guidance_scale=0.1 + 0.2).digest == PLAIN.with_(guidance_scale=0.3).digest
    assert PLAIN.with_(guidance_scale=-0.0).digest == PLAIN.with_(guidance_scale=0.0).digest


@pytest.mark.parametrize("name", ["pose", "image"])
def test_a_control_unit_has_one_source(name: str):
    sources = {"pose": Pose(width=8, height=8), "image": ImageRef(sha256="a" * 64)}
    assert getattr(ControlUnit(**{name: sources[name]}), name) == sources[name]
    with pytest.raises(ValidationError, match="either a pose or a control image"):
        ControlUnit(**sources)


coordinates = st.floats(-2000, 20_000)
joints = st.one_of(st.none(), st.builds(Joint, coordinates, coordinates, st.floats(0, 1), st.booleans()))


def several(count: int) -> st.SearchStrategy:
    return st.lists(joints, min_size=count, max_size=count).map(tuple)


people = st.builds(Person, body=several(18), left_hand=st.none() | several(21))
poses = st.builds(
    Pose, width=st.integers(1, 4096), height=st.integers(1, 4096), people=st.lists(people, max_size=2).map(tuple)
)
images = st.builds(ImageRef, sha256=st.text("0123456789abcdef", min_size=64, max_size=64))
windows = st.tuples(st.floats(0, 0.49), st.floats(0.5, 1))
units = st.builds(
    lambda source, weight, window: ControlUnit(**source, weight=weight, start=window[0], end=window[1]),
    st.builds(lambda pose: {"pose": pose}, poses) | st.builds(lambda image: {"image": image}, images),
    st.floats(0, 2),
    windows,
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
requests = st.builds(
    GenerationRequest,
    prompt=texts,
    negative_prompt=texts,
    checkpoint=texts.filter(bool),
    steps=st.integers(1, 150),
    guidance_scale=st.floats(0, 30),
    seed=st.integers(0, 2**32 - 1),
    width=st.integers(8, 512).map(lambda side: side * 8),
    height=st.integers(8, 512).map(lambda side: side * 8),
    clip_skip=st.integers(1, 12),
    controls=st.lists(units, max_size=2).map(tuple),
    loras=st.lists(st.builds(LoraRef, name=texts.filter(bool), weight=st.floats(-4, 4)), max_size=2).map(tuple),
    source=st.none() | st.builds(SourceImage, image=images, strength=st.floats(0, 1)),
)


@given(requests)
def test_any_request_survives_its_json(request_: GenerationRequest):
    text = request_.canonical_json()
    again = GenerationRequest.from_json(text)
    assert again == request_
    assert again.canonical_json() == text
    assert again.digest == request_.digest


@given(st.dictionaries(st.sampled_from([*GenerationRequest.model_fields, "extra"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["image", "pose", "name"]), inner),
    max_leaves=5,
)))  # fmt: skip
def test_any_fields_give_a_request_or_one_plain_sentence(fields: dict):
    try:
        GenerationRequest.build(**fields)
    except InvalidRequest as error:
        assert error.message.endswith(".")
        assert error.hint
        assert "Traceback" not in error.message
