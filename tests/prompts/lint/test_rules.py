"""What must hold for every text: lint never raises, a fix removes what it fixes, fixing all comes to rest."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.prompts.lint.case import Vocabulary
from studio.prompts.lint.rules import MOST, fix_all, lint
from tests.lint_library import LIBRARY, around

PIECES = [
    *"()[]{}:|,\n\\#_ <>",
    *(", ", ", ", "((", "))", ":1.3)", ":3)", ":0.5]", "{a|b}", "__colour__", "__color__", " BREAK ", " AND ", " and "),
    *(
        "<lora:ink:0.8>",
        "<lora:inc>",
        "<lora:ink:x>",
        "<lora ink>",
        "miku (vocaloid)",
        "long_hair",
        "ポニーテール",
        "，",
    ),
    *(entry.text for entry in LIBRARY.entries),
    *("a girl", "two girls", "golden hair", "holding sword", "comic"),
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
AROUND = st.fixed_dictionaries(
    {
        "family": st.sampled_from(["", "sd15", "sdxl"]),
        "people_in_pose": st.sampled_from([None, 0, 1, 2]),
        "hands_in_pose": st.booleans(),
        "loras": st.sampled_from([None, (), ("ink", "flat")]),
        "wildcards": st.sampled_from([None, ("colour",)]),
        "vocabulary": st.sampled_from([None, Vocabulary(("day", "girl"), lambda text: tuple(text.split()))]),
        "negative_counts": st.booleans(),
    }
)


@given(TEXT, TEXT, AROUND)
@settings(max_examples=60, deadline=None)
def test_every_fix_removes_its_finding(prompt, negative_prompt, known):
    surroundings = around(**known)
    found = lint(prompt, negative_prompt, surroundings)
    for finding in found:
        text = negative_prompt if finding.in_negative else prompt
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.message.endswith(".") and finding.hint[-1] in ".?]"
        before = Counter((one.kind, one.message) for one in found)[finding.kind, finding.message]
        for fix in finding.fixes:
            after = lint(fix.prompt, fix.negative_prompt, surroundings)
            again = [one for one in after if (one.kind, one.message) == (finding.kind, finding.message)]
            assert len(again) < before, (finding, fix)


@given(TEXT, TEXT, AROUND)
@settings(max_examples=40, deadline=None)
def test_fixing_all_comes_to_rest(prompt, negative_prompt, known):
    surroundings = around(**known)
    fixed = fix_all(prompt, negative_prompt, surroundings)
    assert not [finding for finding in lint(*fixed, surroundings) if finding.safe_fix]
    assert fix_all(*fixed, surroundings) == fixed


@given(st.text(max_size=200), st.text(max_size=200))
@settings(deadline=None)
def test_no_text_is_too_odd(prompt, negative_prompt):
    lint(prompt, negative_prompt, around(family="sd15", people_in_pose=2, loras=(), wildcards=()))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000 + "a" + ")" * 1000,
        "[a|" * 1000 + "]" * 1000,
        "(a," * 2000,
        "a," * 3000,
        "BREAK " * 3300,
        " " * 20_000,
        "\\" * 20_000,
        "blonde hair, day, (night:9), " * 650,
    ],
    ids=lambda text: text[:12],
)
def test_long_and_deep_texts_are_answered_with_a_bounded_number_of_findings(text):
    found = lint(text, text, around(family="sd15", people_in_pose=2, loras=(), wildcards=()))
    assert max(Counter(finding.kind for finding in found).values(), default=0) <= 3 * MOST


def test_a_good_prompt_has_no_findings():
    good = "1girl, solo, (blonde hair:1.2), gentle smile, [day:night:0.5], masterpiece, <lora:ink:0.8>"
    known = around(family="sd15", people_in_pose=1, loras=("ink",), wildcards=(), negative_counts=True)
    assert lint(good, "bad hands, bad anatomy, lowres", known) == ()


def test_weighty_findings_come_first():
    found = lint("day,, night, (a:2), <lora:x>", "", around(loras=()))
    assert [finding.severity for finding in found] == ["error", "warning", "warning", "remark"]


def test_fix_all_does_what_is_safe_and_leaves_what_is_a_choice():
    prompt = "day, night, blonde hair, (blonde_hair:1.2),, (((park))), ((open"
    assert fix_all(prompt, "", around())[0] == "day, night, (blonde hair:1.2), (park:1.33), ((open))"
