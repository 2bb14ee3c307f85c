from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest, StudioError, UnknownName
from studio.poses.values import Joint, Person, Pose
from studio.request import MAX_SEED, ImageRef, LoraRef
from studio.ui.generate.draft import Draft, kept_pose, pose_from
from studio.ui.generate.forms import draft_from, requests_from

SHA = "a" * 64
POSE = Pose(width=64, height=64, people=(Person(body=(Joint(10, 12),) * 18),))
OTHER = Pose(width=64, height=64, people=(Person(body=(Joint(20, 22),) * 18),))
DRAFT = Draft(prompt="1girl", negative_prompt="bad", checkpoint="demo")


def test_a_batch_differs_by_seed_only():
    first, second, third = requests_from(DRAFT.with_(count=3), 7, None)
    assert [r.seed for r in (first, second, third)] == [7, 8, 9]
    assert second.with_(seed=7) == first == third.with_(seed=7)


def test_seeds_wrap_at_the_highest():
    assert [r.seed for r in requests_from(DRAFT.with_(count=2), MAX_SEED, None)] == [MAX_SEED, 0]


def test_lora_tags_of_the_prompt_become_loras_and_win_over_picked_ones():
    (request,) = requests_from(DRAFT.with_(prompt="girl <lora:ink:0.5>", loras={"ink": 1.0, "glow": 0.3}), 1, None)
    assert "<" not in request.prompt
    assert request.loras == (LoraRef(name="ink", weight=0.5), LoraRef(name="glow", weight=0.3))


def test_a_pose_becomes_a_control_with_weight_and_window():
    draft = DRAFT.with_(control="pose", control_weight=0.8, control_start=0.1, control_end=0.7)
    (request,) = requests_from(draft, 1, POSE)
    (control,) = request.controls
    assert (control.pose, control.image) == (POSE, None)
    assert (control.type, control.weight, control.start, control.end) == ("openpose", 0.8, 0.1, 0.7)


def test_an_uploaded_map_and_a_start_image_are_references():
    draft = DRAFT.with_(control="image", control_type="canny", control_image=SHA, source_image=SHA, strength=0.4)
    (request,) = requests_from(draft, 1, None)
    assert request.controls[0].image.sha256 == SHA and request.controls[0].type == "canny"
    assert request.source.strength == 0.4


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"width": 515}, "width", "multiple of 8"),
        ({"height": 0}, "height", "out of range"),
        ({"prompt": "  "}, "prompt", "empty"),
        ({"prompt": "<lora:x:y>"}, "prompt", "not a number"),
        ({"control": "image"}, "control_image", "no control map"),
        ({"control": "image", "control_image": "../../etc/passwd"}, "sha256", ""),
    ],
)
def test_what_is_wrong_is_named(changes, field, words):
    with pytest.raises(InvalidRequest) as error:
        requests_from(DRAFT.with_(**changes), 1, None)
    assert words in error.value.message and error.value.hint
    assert error.value.field.split(".")[-1] == field


def test_a_missing_checkpoint_or_pose_is_said():
    with pytest.raises(StudioError):
        requests_from(DRAFT.with_(checkpoint=None), 1, None)
    with pytest.raises(UnknownName):
        requests_from(DRAFT.with_(control="pose"), 1, None)


def test_a_map_made_from_a_photo_counts_only_while_the_photo_is_there():
    made = DRAFT.with_(
        control="image",
        control_image=SHA,
        control_type="depth",
        map_from="photo",
        map_way="lineart_simple",
        map_photo="b" * 64,
        map_made="c" * 64,
    )
    (control,) = requests_from(made, 1, None)[0].controls
    assert (control.type, control.image) == ("lineart", ImageRef(sha256="c" * 64))
    assert requests_from(made.with_(map_from="file"), 1, None)[0].controls[0].image == ImageRef(sha256=SHA)
    for unfinished in (made.with_(map_photo=None), made.with_(map_made=None)):
        with pytest.raises(InvalidRequest, match="no control map"):
            requests_from(unfinished, 1, None)


def test_a_drawing_is_a_control_of_its_own_kind():
    draft = DRAFT.with_(control="sketch", sketch_type="lineart", control_type="depth")
    (control,) = requests_from(draft, 1, ImageRef(sha256=SHA))[0].controls
    assert (control.type, control.image) == ("lineart", ImageRef(sha256=SHA))
    with pytest.raises(InvalidRequest, match="drawn"):
        requests_from(draft, 1, None)


def test_a_second_control_stands_behind_the_first_with_numbers_of_its_own():
    draft = DRAFT.with_(control="json", second="image", second_type="canny", second_image=SHA, second_weight=0.4)
    first, second = requests_from(draft, 1, POSE)[0].controls
    assert (first.pose, first.weight) == (POSE, 1.0)
    assert (second.type, second.image, second.weight) == ("canny", ImageRef(sha256=SHA), 0.4)
    assert requests_from(draft.with_(control="none"), 1, None)[0].controls == ()


@given(
    st.builds(
        Draft,
        prompt=st.sampled_from(["1girl", "a <lora:ink:0.5> b", "x (y:1.2)"]),
        checkpoint=st.just("demo"),
        steps=st.integers(1, 150),
        guidance_scale=st.floats(0, 30),
        width=st.integers(8, 64).map(lambda n: n * 8),
        loras=st.dictionaries(st.sampled_from(["glow", "ink"]), st.floats(-4, 4)),
        control=st.sampled_from(["none", "pose", "image"]),
        control_weight=st.floats(0, 2),
        control_image=st.just(SHA),
        source_image=st.none() | st.just(SHA),
        second=st.sampled_from(["none", "pose", "image"]),
        second_type=st.sampled_from(["depth", "canny"]),
        second_image=st.just(SHA),
        second_weight=st.floats(0, 2),
        strength=st.floats(0, 1),
        clip_skip=st.integers(1, 12),
    ),
    st.integers(0, MAX_SEED),
)
def test_settings_taken_from_a_picture_make_the_same_picture(draft, seed):
    (request,) = requests_from(draft, seed, POSE if draft.control == "pose" else None, OTHER)
    again = draft_from(request, Draft())
    assert again.seed_locked
    assert requests_from(again, again.seed, kept_pose(again), pose_from(again.second_pose_json)) == [request]
