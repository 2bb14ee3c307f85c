"""Cutting into chunks. Here a token is a number in the text; 0 is the comma."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.prompts.syntax.attention import BREAK, parse
from studio.prompts.syntax.chunks import CHUNK_LENGTH, Chunk, chunk

COMMA = 0


def numbers(text: str) -> list[int]:
    return [int(word) for word in text.split()]


def cut(*tokens: int, comma: int | None = COMMA, backtrack: int = 20) -> list[int]:
    segments = [(" ".join(map(str, tokens)), 1.0)]
    return [len(part.tokens) for part in chunk(segments, numbers, comma, backtrack)]


def test_nothing_gives_one_empty_chunk():
    assert chunk(parse(""), numbers, COMMA) == [Chunk()]
    assert chunk([], numbers, COMMA) == [Chunk()]


def test_every_token_bears_the_weight_of_its_segment():
    assert chunk([("1 2", 1.0), ("3", 1.3)], numbers, COMMA) == [Chunk((1, 2, 3), (1.0, 1.0, 1.3))]


@pytest.mark.parametrize(
    ("count", "sizes"), [(74, [74]), (75, [75]), (76, [75, 1]), (150, [75, 75]), (151, [75, 75, 1])]
)
def test_overflow_opens_a_chunk(count, sizes):
    assert cut(*[1] * count) == sizes


def test_phrase_after_a_near_comma_moves_on_whole():
    assert cut(*[1] * 60, COMMA, *[2] * 20) == [61, 20]


@pytest.mark.parametrize(
    ("before", "sizes"),
    [
        (55, [56, 24]),  # the comma is the 20th token from the cut: near enough
        (54, [75, 4]),  # the 21st: the phrase is torn
        (74, [75, 5]),  # the comma is the chunk's last token
        (75, [75, 6]),  # the comma itself overflows
    ],
)
def test_comma_counts_up_to_twenty_tokens_back(before, sizes):
    after = sum(sizes) - before - 1
    assert cut(*[1] * before, COMMA, *[2] * after) == sizes


def test_backtracking_can_be_off_or_reach_further():
    assert cut(*[1] * 60, COMMA, *[2] * 20, backtrack=0) == [75, 6]
    assert cut(*[1] * 30, COMMA, *[2] * 50, backtrack=75) == [31, 50]
    assert cut(*[1] * 75, COMMA, *[2] * 80, backtrack=75) == [75, 75, 6]


def test_vocabulary_without_a_comma_never_backtracks():
    assert cut(*[1] * 60, COMMA, *[2] * 20, comma=None) == [75, 6]


def test_break_closes_the_chunk():
    parts = chunk(parse("1 2 BREAK 3"), numbers, COMMA)
    assert [part.tokens for part in parts] == [(1, 2), (3,)]


def test_breaks_in_a_row_leave_empty_chunks_and_a_last_one_none():
    assert [part.tokens for part in chunk(parse("1 BREAK BREAK 2"), numbers, COMMA)] == [(1,), (), (2,)]
    assert [part.tokens for part in chunk(parse("1 BREAK"), numbers, COMMA)] == [(1,)]
    assert [part.tokens for part in chunk(parse("BREAK 1"), numbers, COMMA)] == [(), (1,)]


def test_comma_before_a_break_is_forgotten():
    segments = [("1 0", 1.0), BREAK, (" ".join(["2"] * 80), 1.0)]
    assert [len(part.tokens) for part in chunk(segments, numbers, COMMA)] == [2, 75, 5]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.lists(st.integers(0, 5), max_size=120), st.sampled_from([1.0, 1.1, 0.5])), max_size=5),
    st.integers(0, 80),
)
def test_no_token_is_lost_and_no_chunk_too_long(parts, backtrack):
    segments = [(" ".join(map(str, tokens)), weight) for tokens, weight in parts]
    cut_up = chunk(segments, numbers, COMMA, backtrack)
    assert cut_up
    assert all(len(part.tokens) == len(part.weights) <= CHUNK_LENGTH for part in cut_up)
    assert [token for part in cut_up for token in part.tokens] == [token for tokens, _ in parts for token in tokens]
    assert [weight for part in cut_up for weight in part.weights] == [w for tokens, w in parts for _ in tokens]
