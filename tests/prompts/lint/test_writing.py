import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.lint.writing import tidied
from studio.prompts.syntax.phrases import split
from tests.lint_library import findings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a, b", "a, b"),
        ("a,b", "a,b"),
        ("a,, b", "a, b"),
        ("a , b", "a, b"),
        ("a,  b", "a, b"),
        ("a, , ,b", "a,b"),
        (", a, ", "a"),
        ("a,\nb,\n", "a,\nb"),
        ("a  # two  blanks, \nb", "a # two  blanks, \nb"),
        ("a, # x,", "a, # x,"),
        ("{a,, b|c}", "{a,, b|c}"),
        ("<lora:a  b:1>, ", "<lora:a  b:1>"),
        ("", ""),
    ],
)
def test_tidied(text, expected):
    assert tidied(text) == expected
    assert bool(findings("tidy", text)) is (text != expected)


@given(st.text(alphabet="ab ,\n()#{|}\\", max_size=40))
def test_tidying_keeps_every_phrase_and_is_done_after_once(text):
    once = tidied(text)
    assert tidied(once) == once
    assert [phrase.text for phrase in split(once)] == [phrase.text for phrase in split(text)]


@pytest.mark.parametrize(
    ("prompt", "fixed"),
    [
        ("long_hair, (red_hat:1.2)", "long hair, (red hat:1.2)"),
        ("miku_\\(vocaloid\\)", "miku \\(vocaloid\\)"),
        ("score_9, score_8_up, long_hair", "score_9, score_8_up, long hair"),
    ],
)
def test_underscores(prompt, fixed):
    (found,) = findings("underscore", prompt)
    assert found.safe_fix and found.safe_fix.prompt == fixed


@pytest.mark.parametrize("prompt", ["long hair", "^_^", "o_o", "@_@", "score_9", "__colour_list__", "<lora:my_lora:1>"])
def test_underscores_that_are_meant(prompt):
    assert not findings("underscore", prompt)


def test_words_of_other_scripts_are_replaced_where_the_library_knows_them():
    (found,) = findings("script", "1girl, (ポニーテール:1.2), park")
    assert found.safe_fix and found.safe_fix.prompt == "1girl, (high ponytail:1.2), park"


def test_a_prompt_in_another_script():
    found = findings("script", "девушка бежит по парку")
    assert [finding.message for finding in found] == ["Most of the prompt is not in Latin letters."]
    assert not findings("script", "ein Mädchen läuft durch den Café-Garten")


def test_full_width_signs():
    (found,) = findings("script", "1girl，（park：1.2）")
    assert found.safe_fix and found.safe_fix.prompt == "1girl,(park:1.2)"
