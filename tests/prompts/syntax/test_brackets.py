"""Brackets pair as the emphasis parser pairs them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.syntax import attention, brackets

PIECES = st.lists(st.sampled_from(["(", ")", "[", "]", ":1.3)", ":1.2.3)", ":", "\\", "\\(", "a", "red", " ", ","]))


@pytest.mark.parametrize(
    ("text", "pairs", "stray"),
    [
        ("", [], ()),
        ("(a)", [(0, 2)], ()),
        ("(a:1.3)", [(0, 6)], ()),
        ("[a] b)", [(0, 2)], (5,)),
        ("(a [b) c]", [(0, 5), (3, 8)], ()),
        ("((a)", [(1, 3), (0, None)], ()),
        ("\\(a\\)", [], ()),
        ("a:1.3)", [], (5,)),
        ("]", [], (0,)),
        ("(a:1.2.3)", [(0, 8)], ()),
    ],
)
def test_pairs_and_strays(text, pairs, stray):
    found = brackets.find(text)
    assert [(bracket.open, bracket.close) for bracket in found.pairs] == pairs
    assert found.stray == stray


def test_a_written_weight_belongs_to_its_bracket():
    (bracket,) = brackets.find("(red hat : 1.3 )").pairs
    assert (bracket.factor, bracket.weight_start, bracket.content_end) == (1.3, 9, 9)


@given(PIECES)
def test_every_letter_has_the_weight_the_parser_gives_it(pieces):
    text = "".join(pieces)
    parsed = [weight for words, weight in attention.parse(text) for letter in words if letter in "ared"]
    weights = brackets.weights(brackets.find(text).pairs, len(text))
    assert [weight for weight, letter in zip(weights, text, strict=True) if letter in "ared"] == parsed
