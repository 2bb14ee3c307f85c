import pytest

from tests.lint_library import findings


@pytest.mark.parametrize(
    ("prompt", "fixed"),
    [
        ("park, park", "park"),
        ("park, (Park:1.2)", "(Park:1.2)"),
        ("a_b, [a b], ((a b))", "((a b))"),
        ("(park, tree:1.2), park", "(park, tree:1.2)"),
        ("[park:tree:0.5], park", "[park:tree:0.5]"),
    ],
)
def test_duplicates_keep_the_one_with_the_strongest_weight(prompt, fixed):
    (found,) = findings("duplicate", prompt)
    assert found.fixes[0].prompt == fixed and found.safe_fix


@pytest.mark.parametrize(
    "prompt", ["park", "park AND park", "[park|tree|park]", "__a__, __a__", "{a|b}, {a|b}", "# a\na"]
)
def test_what_is_no_duplicate(prompt):
    assert not findings("duplicate", prompt)


def test_duplicates_of_the_negative_prompt_are_found_as_well():
    (found,) = findings("duplicate", "", "lowres, text, lowres")
    assert found.in_negative and found.fixes[0].negative_prompt in {"lowres, text", "text, lowres"}


def test_two_names_of_one_thing():
    (found,) = findings("duplicate", "golden hair, park, blonde hair")
    assert "mean the same" in found.message
    assert found.fixes[0].prompt == "park, blonde hair"


@pytest.mark.parametrize(
    ("prompt", "redundant"),
    [
        ("gentle smile, smile", ["smile"]),
        ("smile, gentle smile", ["smile"]),
        ("tender smile, smile", ["smile"]),  # by way of the gentle smile
        ("gentle smile, (smile:1.2)", []),  # a weight of its own is meant
        ("gentle smile AND smile", []),
        ("[smile:gentle smile:0.5]", []),
        ("smile", []),
    ],
)
def test_implied_words(prompt, redundant):
    found = findings("implied", prompt)
    assert [prompt[finding.start : finding.end] for finding in found] == redundant


def test_words_in_both_prompts_can_be_removed_from_either():
    (found,) = findings("both-prompts", "park, (tree:1.2)", "lowres, Tree")
    assert [(fix.prompt, fix.negative_prompt) for fix in found.fixes] == [
        ("park, (tree:1.2)", "lowres"),
        ("park", "lowres, Tree"),
    ]
