"""From a typed prompt to parts and stretches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.prompts.syntax.reading import Part, Walk, is_composed, parts, stretches, words

TEN = Walk(10)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a cat", [Part(1.0, ((10, "a cat"),))]),
        ("", [Part(1.0, ((10, ""),))]),
        ("[a:b:3]", [Part(1.0, ((3, "a"), (10, "b")))]),
        ("a :2 AND [b:4]", [Part(2.0, ((10, "a"),)), Part(1.0, ((4, " "), (10, " b")))]),
        ("[a<lora:x:1>:b:3]", [Part(1.0, ((3, "a"), (10, "b")))]),
        ("a # AND b", [Part(1.0, ((10, "a \n"),))]),
        ("a # [b:c:3]\n[d:2]", [Part(1.0, ((2, "a \n"), (10, "a \nd")))]),
        ("\\#1 # <lora:x:strong>", [Part(1.0, ((10, "#1 \n"),))]),
    ],
)
def test_parts(prompt, expected):
    assert parts(prompt, TEN) == tuple(expected)


def test_and_is_a_word_in_a_negative_prompt():
    assert stretches("a AND b :2", TEN) == ((10, "a AND b :2"),)


def test_a_pass_without_steps_has_a_text():
    assert parts("[a:b:1]", Walk(0)) == (Part(1.0, ((1, "a"),)),)


def test_a_hires_pass_counts_on():
    assert parts("[a:b:1.5]", Walk(8, before=10)) == (Part(1.0, ((4, "a"), (8, "b"))),)


def test_composed_prompts_are_told():
    assert is_composed("a AND b") and not is_composed("a # AND b") and not is_composed("HAND")


def test_only_so_many_prompts_are_joined():
    assert len(parts(" AND ".join("abcdefgh"), TEN)) == 8
    with pytest.raises(InvalidRequest, match="joins 3000 prompts"):
        parts(" AND ".join(["a"] * 3000), TEN)


def test_a_malformed_tag_is_refused():
    with pytest.raises(InvalidRequest, match="not a number"):
        parts("<lora:x:strong>", TEN)


@given(st.text(st.sampled_from("ab AND[]:|().5#\\\n"), max_size=50), st.integers(0, 30))
def test_any_text_has_a_text_at_every_step(prompt, steps):
    for part in parts(prompt, Walk(steps)):
        assert part.stretches[-1][0] == max(1, steps)
    assert "#" not in words("a # b")
