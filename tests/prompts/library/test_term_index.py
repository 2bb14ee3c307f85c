"""The dictionary of terms against the plain way: look at every term."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from studio.prompts.library.term_index import LONGEST, TermIndex

term = st.text("abcdé1ナ漢", min_size=1, max_size=8)
pairs = st.lists(st.tuples(term, st.integers(0, 9)), max_size=30)
some = settings(max_examples=60)


def owners(found: np.ndarray) -> set[int]:
    return set(found.tolist())


@some
@given(pairs, term)
def test_whole_beginning_and_part_find_what_a_walk_finds(held: list[tuple[str, int]], asked: str):
    index = TermIndex(held)
    assert owners(index.whole(asked)) == {owner for text, owner in held if text == asked}
    assert owners(index.beginning(asked)) == {owner for text, owner in held if text.startswith(asked)}
    assert owners(index.holding(asked)) == {owner for text, owner in held if asked in text}


@some
@given(pairs, st.text("abcdé1ナ漢", min_size=4, max_size=9), st.integers(1, 2))
def test_near_finds_all_whose_beginning_has_so_many_errors(held: list[tuple[str, int]], asked: str, errors: int):
    found = TermIndex(held).near(asked, errors)
    lengths = range(max(len(asked) - errors, 2), len(asked) + errors + 1)
    for number in range(1, errors + 1):
        expected = {
            owner
            for text, owner in held
            for length in lengths
            if length <= len(text)
            and OSA.distance(asked, text[:length]) == number
            and re.findall(r"\d", asked) == re.findall(r"\d", text[:length])
        }
        assert owners(found[number - 1]) == expected


def test_long_terms_count_with_their_first_letters():
    index = TermIndex([("x" * 40, 3), ("x" * LONGEST + "y", 4)])
    assert owners(index.near("x" * (LONGEST - 1), 1)[0]) == {3, 4}
    assert owners(index.whole("x" * 40)) == {3}


def test_an_empty_one_finds_nothing():
    index = TermIndex([])
    for found in (index.whole("a"), index.beginning("a"), index.holding("a"), *index.near("abcd", 2)):
        assert len(found) == 0
