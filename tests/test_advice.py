import pytest

from studio.advice import notes
from studio.catalog.families import SD15, SDXL
from studio.poses.values import Joint, Person, Pose
from studio.request import GenerationRequest

GOOD = GenerationRequest.build(prompt="1girl, running, park", negative_prompt="lowres", checkpoint="any", seed=1)
IMAGE = {"sha256": "a" * 64}
POSE = Pose(width=8, height=8, people=(Person(body=(Joint(1, 1), *[None] * 17)),))


def test_a_good_request_gets_no_remarks():
    assert notes(GOOD, SD15, chunks=1) == []
    assert notes(GOOD.with_(controls=[{"pose": POSE}])) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"prompt": " \n"}, "The prompt is empty."),
        ({"prompt": "long hair, " * 900}, "chunks of 75 tokens"),
        ({"prompt": "走る少女、公園"}, "not in Latin letters"),
        ({"prompt": "🌸🌸🌸"}, "not in Latin letters"),
        ({"guidance_scale": 1}, "With guidance 1 the negative prompt has no effect."),
        ({"guidance_scale": 20}, "Guidance 20 burns colours."),
        ({"controls": [{"image": IMAGE}, {"image": IMAGE, "weight": 0}]}, "Control 2 has weight 0 and is skipped."),
        ({"controls": [{"pose": Pose(width=8, height=8)}]}, "The pose of control 1 holds no one."),
        ({"source": {"image": IMAGE, "strength": 1}}, "With strength 1 nothing of the source image is kept."),
        ({"width": 1024, "height": 1024}, "trained at 512×512 pixels; this is 4.0 times as much."),
        ({"width": 256, "height": 256}, "trained at 512×512 pixels; this is 25% of it."),
    ],
)
def test_each_doubtful_choice_gets_one_remark_and_what_to_do(changes: dict, message: str):
    (note,) = notes(GOOD.with_(**changes), SD15)
    assert message in note.message
    assert note.hint.endswith(".")


def test_the_tokenizers_count_goes_before_the_estimate():
    assert notes(GOOD, chunks=5)[0].message == "The prompt fills 5 chunks of 75 tokens."
    assert notes(GOOD.with_(prompt="long hair, " * 900), chunks=1) == []


def test_the_same_size_is_judged_by_the_family():
    large = GOOD.with_(width=1024, height=1024)
    assert notes(large, SDXL) == []
    assert notes(large) == []
    assert notes(large, SD15) != []


def test_without_guidance_an_empty_negative_prompt_needs_no_remark():
    assert notes(GOOD.with_(guidance_scale=1, negative_prompt="")) == []
