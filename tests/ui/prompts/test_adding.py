from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.library.entries import Entry
from studio.prompts.library.library import shipped
from studio.prompts.syntax import phrases
from studio.ui.prompts import adding

SCARF = Entry("scarf", "red scarf, messy hair", "Scarf", "own", negative="hat")


@pytest.mark.parametrize(
    ("prompt", "result"),
    [
        ("", "red scarf, messy hair"),
        ("1girl", "1girl, red scarf, messy hair"),
        ("1girl, ", "1girl, red scarf, messy hair"),
        ("1girl,\n", "1girl, red scarf, messy hair"),
        ("1girl, (messy_hair:1.2)", "1girl, (messy_hair:1.2), red scarf"),
        ("1girl BREAK", "1girl BREAK red scarf, messy hair"),
        ("1girl AND ", "1girl AND red scarf, messy hair"),
        ("1girl # a note", "1girl # a note\nred scarf, messy hair"),
        ("1girl \\# no note", "1girl \\# no note, red scarf, messy hair"),
        ("<lora:style:0.8>", "<lora:style:0.8>, red scarf, messy hair"),
    ],
)
def test_words_go_to_the_end_without_those_that_are_there(prompt, result):
    after = adding.with_(SCARF, prompt, "")
    assert after == {"prompt": result, "negative_prompt": "hat"}
    assert adding.is_in(SCARF, prompt=after["prompt"], negative=after["negative_prompt"])


def test_words_against_a_problem_go_into_the_negative_prompt():
    fingers = Entry("fingers", "extra fingers", "Extra fingers", "negatives", problem="hands")
    assert adding.with_(fingers, "1girl", "lowres") == {"prompt": "1girl", "negative_prompt": "lowres, extra fingers"}


def test_taking_out_leaves_the_rest_as_it_was():
    assert adding.without(SCARF, "1girl, (red scarf:1.3), park, messy hair", "hat, blur") == {
        "prompt": "1girl, park",
        "negative_prompt": "blur",
    }


TAGS = st.lists(st.from_regex(r"[a-z]{1,6}( [a-z]{1,6})?", fullmatch=True), max_size=6)


@given(st.sampled_from(shipped().entries), TAGS)
def test_what_was_added_is_there_with_all_that_was_there_before(entry, tags):
    prompt = ", ".join(tags)
    after = adding.with_(entry, prompt, prompt)
    assert adding.is_in(entry, after["prompt"], after["negative_prompt"])
    assert all(text.startswith(prompt) for text in after.values())
    assert adding.with_(entry, after["prompt"], after["negative_prompt"]) == after


@given(st.sampled_from(shipped().entries), TAGS)
def test_taking_out_what_was_added_gives_back_the_prompt(entry, tags):
    own = {phrase.key for text in adding.parts_of(entry) for phrase in phrases.split(text)}
    prompt = ", ".join(tag for tag in tags if tag not in own)
    after = adding.with_(entry, prompt, prompt)
    assert set(adding.without(entry, after["prompt"], after["negative_prompt"]).values()) == {prompt}
