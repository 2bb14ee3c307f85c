import pytest

from studio.prompts.lint.case import Vocabulary
from tests.lint_library import findings


def missing(prompt, negative_prompt="", **known):
    return findings("missing-negative", prompt, negative_prompt, **{"negative_counts": True, "family": "sd15", **known})


def test_an_empty_negative_prompt_is_filled_with_the_usual_and_what_is_to_be_expected():
    (found,) = missing("comic, park")
    assert found.fixes[0].negative_prompt == (
        "lowres, bad anatomy, bad hands, extra fingers, missing fingers, signature \\(text\\)"
    )


@pytest.mark.parametrize(
    ("prompt", "known", "added"),
    [
        ("holding sword", {}, "lowres, bad hands, extra fingers, missing fingers"),
        ("park", {"hands_in_pose": True}, "lowres, bad hands, extra fingers, missing fingers"),
        ("park", {"people_in_pose": 2}, "lowres, bad anatomy"),
        ("2girls", {}, "lowres, bad anatomy"),
        ("manga page", {}, "lowres, signature \\(text\\)"),
    ],
)
def test_what_is_to_be_expected(prompt, known, added):
    (found,) = missing(prompt, "lowres", **known)
    assert (found.severity, found.fixes[0].negative_prompt) == ("remark", added)


@pytest.mark.parametrize(
    ("prompt", "negative_prompt", "known"),
    [
        ("holding sword", "bad hands", {}),
        ("handsome boy", "lowres", {}),
        ("", "", {}),
        ("holding sword", "", {"negative_counts": False}),
        ("holding sword", "", {"vocabulary": Vocabulary((), lambda text: ())}),
        ("portrait", "lowres", {}),  # this library has no words against it
    ],
)
def test_nothing_is_missing(prompt, negative_prompt, known):
    assert not missing(prompt, negative_prompt, **known)
