"""A1111's prompt editing, case by case, and what must hold for every text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.prompts.syntax.schedules import MAX_DEPTH, changes, schedule

CASES = [
    ("test", [(10, "test")]),
    ("", [(10, "")]),
    ("a [b:3]", [(3, "a "), (10, "a b")]),
    ("a [b: 3]", [(3, "a "), (10, "a b")]),
    ("a [b:3 ]", [(3, "a "), (10, "a b")]),
    ("a [b:.5] c", [(5, "a  c"), (10, "a b c")]),
    ("a [b:0.25] c", [(2, "a  c"), (10, "a b c")]),
    ("[a:b:3]", [(3, "a"), (10, "b")]),
    ("[a::3]", [(3, "a"), (10, "")]),
    ("[:b:3]", [(3, ""), (10, "b")]),
    ("a [b : c : 1] d", [(1, "a b  d"), (10, "a  c  d")]),
    ("a [[[b]]:2]", [(2, "a "), (10, "a [[b]]")]),
    ("[(a:2):3]", [(3, ""), (10, "(a:2)")]),
    ("a[b:[c:d:2]:1]e", [(1, "abe"), (2, "ace"), (10, "ade")]),
    ("[a:b:1.0]", [(10, "a")]),
    ("[a:b:1]", [(1, "a"), (10, "b")]),
    ("[a:b:20]", [(10, "a")]),
    ("[a:b:0]", [(10, "b")]),
    ("[a:b:-3]", [(10, "b")]),
    ("[a:b:+4]", [(4, "a"), (10, "b")]),
    ("[a:b:4.]", [(10, "a")]),
    ("[a:b:c:3]", [(10, "[a:b:c:3]")]),
    ("[a:b]", [(10, "[a:b]")]),
    ("[a:b:x]", [(10, "[a:b:x]")]),
    ("[a:b:3", [(10, "[a:b:3")]),
    ("a [unbalanced", [(10, "a [unbalanced")]),
    ("((a][:b:c [d:3]", [(3, "((a][:b:c "), (10, "((a][:b:c d")]),
    ("(a [b:c:.5]:1.3)", [(5, "(a b:1.3)"), (10, "(a c:1.3)")]),
    (r"\[a:b:3\]", [(10, r"\[a:b:3\]")]),
    (r"[a\:x:b:3]", [(3, r"a\:x"), (10, "b")]),
    ("a | b [c:3]", [(10, "a | b [c:3]")]),
    ("{a|b} [c:3]", [(10, "{a|b} [c:3]")]),
    ("[c:3] \\", [(10, "[c:3] \\")]),
    ("[a|b:0.5]", [(10, "[a|b:0.5]")]),
    ("[a:b:5][c:d:2]", [(2, "ac"), (5, "ad"), (10, "bd")]),
    ("x BREAK [y:4]", [(4, "x BREAK "), (10, "x BREAK y")]),
    ("[<lora:ink:1>:3]", [(10, "[<lora:ink:1>:3]")]),
]
TURNS = [
    ("[a|(b:1.1)]", ["a", "(b:1.1)", "a", "(b:1.1)"]),
    ("[fe|]male", ["female", "male", "female", "male"]),
    ("[fe|||]male", ["female", "male", "male", "male"]),
    ("[|a]", ["", "a", "", "a"]),
    ("[a|b] [c|d|e]", ["a c", "b d", "a e", "b c"]),
    ("[[a:b:2]|c]", ["a", "c", "b", "c"]),
    ("[a|[b|c]]", ["a", "c", "a", "c"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_stretches(text: str, expected: list):
    assert schedule(text, 10) == expected


@pytest.mark.parametrize(("text", "expected"), TURNS)
def test_turns(text: str, expected: list):
    assert schedule(text, 4) == list(enumerate(expected, start=1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [b:.5] c", [(8, "a b c")]),
        ("a [b:1.5] c", [(4, "a  c"), (8, "a b c")]),
        ("[a:b:1.0]", [(8, "b")]),
        ("[a:b:2.0]", [(8, "a")]),
        ("[a:b:3.0]", [(8, "a")]),
        ("[a:b:7]", [(8, "b")]),
        ("[a:b:10]", [(8, "b")]),
        ("[a:b:13]", [(3, "a"), (8, "b")]),
        ("[a:b:18]", [(8, "a")]),
        ("[a:[b:c:1.75]:0.5]", [(6, "b"), (8, "c")]),
        ("plain", [(8, "plain")]),
    ],
)
def test_a_hires_pass_of_eight_steps_counts_on_after_ten(text: str, expected: list):
    assert schedule(text, 8, before=10) == expected


def test_turns_begin_anew_in_a_hires_pass():
    assert [text for _, text in schedule("[a|b]", 3, before=5)] == ["a", "b", "a"]


@pytest.mark.parametrize("when", ["9" * 400, "1e999", "1.5e999", "-1e999", "0.0000001"])
def test_a_step_beyond_all_numbers_is_a_step(when: str):
    assert schedule(f"[a:b:{when}]", 4)[-1][0] == 4


def test_a_prompt_that_stays_the_same_is_told():
    assert not changes("a (b:1.2) [c]") and changes("[a|b]") and changes("[c:3]")


def test_brackets_cannot_exhaust_the_stack():
    deep = "[" * 5000 + "a:b:3" + "]" * 5000
    with pytest.raises(InvalidRequest, match=str(MAX_DEPTH)):
        schedule(deep, 10)
    assert schedule("[" * 5000, 10) == [(10, "[" * 5000)]


@given(st.text(st.sampled_from("ab ,:|()[]\\3.5"), max_size=60), st.integers(1, 150))
def test_stretches_cover_all_steps_in_order(text: str, steps: int):
    ends = [end for end, _ in schedule(text, steps)]
    assert ends == sorted(set(ends)) and ends[-1] == steps and ends[0] >= 1


@given(st.text(max_size=80))
def test_text_without_schedules_is_left_as_it_is(text: str):
    if not changes(text):
        assert schedule(text, 20) == [(20, text)]


@given(st.text("abc ", max_size=8), st.text("abc ", max_size=8), st.integers(1, 19))
def test_both_sides_appear_in_their_time(before: str, after: str, when: int):
    assert schedule(f"[{before}:{after}:{when}]", 20) == [(when, before), (20, after)]
