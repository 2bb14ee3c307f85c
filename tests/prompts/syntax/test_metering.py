from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.prompts.syntax.metering import Measure, measure, rough
from studio.prompts.syntax.tokens import TokenCounter, load_counter
from tests.prompts.syntax.test_tokens import save_legacy


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> TokenCounter:
    folder = tmp_path_factory.mktemp("tokenizer") / "legacy"
    save_legacy(folder)
    found = load_counter(folder)
    assert found is not None
    return found


def pieces(prompt: str, found: Measure) -> list[str]:
    """The typed text cut at the marks, as a browser would cut it."""
    units = prompt.encode("utf-16-le")
    places = [0, *(2 * end for end in found.ends), len(units)]
    return [units[start:stop].decode("utf-16-le") for start, stop in pairwise(places)]


def test_a_short_prompt_has_one_chunk_and_no_marks(counter):
    assert measure("girl, (solo:1.2)", counter) == Measure((3,))
    assert measure("", counter) == Measure((0,))


def test_a_long_prompt_is_cut_after_a_comma(counter):
    prompt = ", ".join(["girl solo blue hair hair"] * 15)
    found = measure(prompt, counter)
    assert found.sizes == (72, 17)
    first, second = pieces(prompt, found)
    assert (first.count("girl"), second.count("girl")) == (12, 3)
    assert first.endswith(",")


def test_break_ends_a_chunk_where_it_stands(counter):
    found = measure("girl BREAK solo", counter)
    assert found.sizes == (1, 1)
    assert "girl" in pieces("girl BREAK solo", found)[0] and "solo" in pieces("girl BREAK solo", found)[1]


def test_marks_are_found_behind_brackets_comments_tags_and_characters_of_two_units(counter):
    prompt = "# a girl of mine\n😀 (girl:1.25) <lora:girl:0.5> \\(solo\\) BREAK (blue:1.1) hair"
    first, second = pieces(prompt, measure(prompt, counter))
    assert first.endswith("\\)")
    assert "solo" not in second and "blue" in second and "hair" in second


def test_of_a_changing_prompt_the_longest_variant_counts(counter):
    assert measure("[girl:girl solo solo:0.5]", counter).sizes == (3,)
    assert measure("girl AND girl solo", counter).sizes == (2,)
    assert measure("girl AND solo", counter, negative=True).sizes == (5,)


def test_a_malformed_tag_is_explained_and_without_a_tokenizer_there_is_a_rough_count(counter):
    with pytest.raises(InvalidRequest):
        measure("<lora:hair:much>", counter)
    assert rough("1girl, solo").about == 4 and not rough("1girl").sizes


@given(st.text("girl solo,()[]:.|\\#\n12😀", max_size=400))
def test_marks_are_in_order_and_inside_the_prompt(counter, prompt):
    found = measure(prompt * 3, counter)
    assert len(found.ends) == len(found.sizes) - 1
    assert list(found.ends) == sorted(found.ends)
    assert all(0 <= end <= len((prompt * 3).encode("utf-16-le")) // 2 for end in found.ends)
