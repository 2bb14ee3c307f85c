"""Accepting nothing gives the original, everything the proposal, letter by letter; locked words never change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.assistant.differences import Review, apply, difference
from studio.assistant.protection import missing, protected

WORDS = st.sampled_from(
    ["1girl", "red scarf", "(red scarf:1.2)", "running", "running in rain", "<lora:ink:0.8>", "__hair__",
     "[a:b, c:0.5]", "blue sky", "blue_sky", "(a, b)", "(open", "closed)", "\\(", "BREAK", "", " "]
)  # fmt: skip
PROMPTS = st.lists(WORDS, max_size=8).flatmap(
    lambda words: st.lists(
        st.sampled_from([", ", ",", ",\n", "  ,, "]), min_size=len(words), max_size=len(words)
    ).map(lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True)))
)  # fmt: skip
ANYTHING = st.one_of(PROMPTS, st.text(max_size=60))


def numbers(found) -> range:
    return range(len(found.parts))


@given(ANYTHING, ANYTHING)
def test_accepting_nothing_is_the_original(original: str, proposal: str):
    assert apply(difference(original, proposal), set()) == original


@given(st.text(alphabet="ab, ()\n", max_size=40), st.text(alphabet="ab, ()\n", max_size=40))
def test_accepting_all_is_the_proposal(original: str, proposal: str):
    found = difference(original, proposal)
    assert apply(found, found.open) == (proposal if found.open else original)
    if [part for part in found.parts if part.kind != "kept"]:
        assert found.open


@given(ANYTHING, ANYTHING)
def test_the_parts_hold_both_texts(original: str, proposal: str):
    parts = difference(original, proposal).parts
    assert "".join(part.old + part.old_after for part in parts) == original
    assert "".join(part.new + part.new_after for part in parts) == proposal


@given(PROMPTS, PROMPTS, st.sets(st.integers(0, 12)), st.sampled_from(["red scarf", "running", "blue sky"]))
def test_what_is_locked_stays_whatever_is_accepted(original: str, proposal: str, accepted: set[int], locked: str):
    kept = protected(original, [locked])
    found = difference(original, proposal, [locked])
    assert not missing(apply(found, accepted), kept)
    assert not missing(apply(found, numbers(found)), kept)


@given(PROMPTS, PROMPTS, st.lists(st.integers(0, 12), max_size=8))
def test_every_step_can_be_undone(original: str, proposal: str, steps: list[int]):
    review = Review(difference(original, proposal))
    for number in steps:
        review = review.accept(number) if number % 2 else review.reject(number)
    review = review.accept_all()
    while review.can_undo:
        review = review.undo()
    assert review.text == original


def test_parts_are_told_apart():
    found = difference("1girl, red scarf, running, smile", "1girl, (red scarf:1.2), running in rain, night, smile")
    assert [(part.kind, part.old, part.new) for part in found.parts] == [
        ("kept", "1girl", "1girl"),
        ("changed", "red scarf", "(red scarf:1.2)"),
        ("changed", "running", "running in rain"),
        ("added", "", "night"),
        ("kept", "smile", "smile"),
    ]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ({0}, "masterpiece, 1girl, smile, night"),
        ({3}, "1girl, smile, rainy night"),
        ({4}, "1girl, smile, night, stars"),
        ({0, 4}, "masterpiece, 1girl, smile, night, stars"),
        ({1, 99}, "1girl, smile, night"),
    ],
)
def test_a_part_is_accepted_alone(accepted: set[int], expected: str):
    found = difference("1girl, smile, night", "masterpiece, 1girl, smile, rainy night, stars")
    assert apply(found, accepted) == expected


def test_words_of_a_changed_phrase():
    (part,) = difference("long red hair", "long blue hair").parts
    assert part.words == (("kept", "long "), ("removed", "red"), ("added", "blue"), ("kept", " hair"))


def test_a_locked_phrase_may_get_a_weight_but_not_other_words():
    weighted = difference("red scarf, smile", "(red scarf:1.3), smile", ["red scarf"])
    assert apply(weighted, {0}) == "(red scarf:1.3), smile"
    changed = difference("red scarf, smile", "blue scarf, smile", ["red scarf"])
    assert changed.open == frozenset() and apply(changed, {0}) == "red scarf, smile"
