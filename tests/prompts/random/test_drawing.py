"""The prompts of one click."""

from __future__ import annotations

from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random.drawing import MAX_COMBINATIONS, Drawn, drawn
from studio.prompts.random.expansion import draw
from studio.request import MAX_SEED

NONE = Wildcards([])
COLOURS = "{red|green|blue|black|white} cat"


def test_pictures_take_successive_drawings():
    found = drawn(COLOURS, "blurry", 7, 3, NONE)
    assert found == [Drawn(draw(COLOURS, 7 + n, NONE), "blurry", n, 7 + n) for n in range(3)]


def test_all_combinations_begin_with_the_same_seed():
    found = drawn("{a|b}", "x", 7, 2, NONE, combine=True)
    assert found == [Drawn("a", "x", 0), Drawn("a", "x", 1), Drawn("b", "x", 0), Drawn("b", "x", 1)]


def test_a_plain_prompt_is_drawn_as_it_is():
    assert drawn(" a  cat ", "x", 7, 2, NONE) == [Drawn(" a  cat ", "x", 0), Drawn(" a  cat ", "x", 1)]
    assert drawn("a cat", "x", 7, 1, NONE, combine=True) == [Drawn("a cat", "x", 0)]


def test_a_random_negative_prompt_is_drawn_too():
    first, second = drawn("a cat", COLOURS, 3, 2, NONE)
    assert (first.negative_prompt, second.negative_prompt) == (draw(COLOURS, 3, NONE), draw(COLOURS, 4, NONE))
    assert (first.wildcard_seed, second.wildcard_seed) == (3, 4)
    assert len(drawn("{a|b}", COLOURS, 3, 1, NONE, combine=True)) == 2


def test_seeds_go_round_and_combinations_have_an_end():
    assert [each.wildcard_seed for each in drawn(COLOURS, "", MAX_SEED, 2, NONE)] == [MAX_SEED, 0]
    assert len(drawn("{a|b}" * 8, "", 0, 1, NONE, combine=True)) == MAX_COMBINATIONS
