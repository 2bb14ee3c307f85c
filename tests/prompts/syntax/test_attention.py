"""A1111's attention grammar, case by case, and what must hold for every text."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.prompts.syntax.attention import BREAK, MAX_WEIGHT, parse, render

CASES = [
    ("", [("", 1.0)]),
    ("1girl, solo", [("1girl, solo", 1.0)]),
    ("normal text", [("normal text", 1.0)]),
    ("  spaces stay  ", [("  spaces stay  ", 1.0)]),
    ("line one\nline two", [("line one\nline two", 1.0)]),
    ("(important)", [("important", 1.1)]),
    ("(a) b", [("a", 1.1), (" b", 1.0)]),
    ("a (b) c", [("a ", 1.0), ("b", 1.1), (" c", 1.0)]),
    ("((a))", [("a", 1.21)]),
    ("(((a)))", [("a", 1.331)]),
    ("((a) b)", [("a", 1.21), (" b", 1.1)]),
    ("(a (b) c)", [("a ", 1.1), ("b", 1.21), (" c", 1.1)]),
    ("[a]", [("a", 0.9091)]),
    ("[[a]]", [("a", 0.8264)]),
    ("[a [b] c]", [("a ", 0.9091), ("b", 0.8264), (" c", 0.9091)]),
    ("([a])", [("a", 1.0)]),
    ("[(a)]", [("a", 1.0)]),
    ("(a:1.3)", [("a", 1.3)]),
    ("(a:0.5) b", [("a", 0.5), (" b", 1.0)]),
    ("(a:1)", [("a", 1.0)]),
    ("(a:0)", [("a", 0.0)]),
    ("(a:2)(b:2)", [("ab", 2.0)]),
    ("(a:+1.2)", [("a", 1.2)]),
    ("(a:-1)", [("a", -1.0)]),
    ("(a:.5)", [("a", 0.5)]),
    ("(a:2.)", [("a", 2.0)]),
    ("(a: 1.3)", [("a", 1.3)]),
    ("(a:1.3 )", [("a", 1.3)]),
    ("(a :1.3)", [("a ", 1.3)]),
    ("((a:1.5):2)", [("a", 3.0)]),
    ("((a:1.5) b)", [("a", 1.65), (" b", 1.1)]),
    ("(a (b:1.5) c:2)", [("a ", 2.0), ("b", 3.0), (" c", 2.0)]),
    ("([a:1.3])", [("a:1.3", 1.0)]),
    ("[(a:1.3)]", [("a", 1.1818)]),
    ("[a:1.3]", [("a:1.3", 0.9091)]),
    ("(a:b:1.3)", [("a:b", 1.3)]),
    ("(a:1.2:1.3)", [("a:1.2", 1.3)]),
    ("(a:b)", [("a:b", 1.1)]),
    ("(:1.3)", [("", 1.0)]),
    ("(a:)", [("a:", 1.1)]),
    ("(a:x)", [("a:x", 1.1)]),
    ("a:1.3", [("a:1.3", 1.0)]),
    ("a:1.3)", [("a:1.3)", 1.0)]),
    ("a: b", [("a: b", 1.0)]),
    ("(an [unbalanced", [("an ", 1.1), ("unbalanced", 1.0)]),
    ("(unbalanced", [("unbalanced", 1.1)]),
    ("((unbalanced", [("unbalanced", 1.21)]),
    ("[unbalanced", [("unbalanced", 0.9091)]),
    ("[[unbalanced", [("unbalanced", 0.8264)]),
    ("a (b", [("a ", 1.0), ("b", 1.1)]),
    ("(a (b) c", [("a ", 1.1), ("b", 1.21), (" c", 1.1)]),
    ("unbalanced)", [("unbalanced)", 1.0)]),
    ("unbalanced]", [("unbalanced]", 1.0)]),
    ("a) b (c)", [("a) b ", 1.0), ("c", 1.1)]),
    ("(a]", [("a]", 1.1)]),
    ("[a)", [("a)", 0.9091)]),
    ("(a [b) c]", [("a ", 1.1), ("b", 1.0), (" c", 0.9091)]),
    ("()", [("", 1.0)]),
    ("[]", [("", 1.0)]),
    ("(())", [("", 1.0)]),
    ("\\(literal\\)", [("(literal)", 1.0)]),
    ("\\[literal\\]", [("[literal]", 1.0)]),
    ("\\\\", [("\\", 1.0)]),
    ("a\\\\b", [("a\\b", 1.0)]),
    ("\\(literal\\] x", [("(literal] x", 1.0)]),
    ("(a \\(b\\):1.2)", [("a (b)", 1.2)]),
    ("(unnecessary)(parens)", [("unnecessaryparens", 1.1)]),
    ("lone \\ backslash", [("lone  backslash", 1.0)]),
    ("a\\b", [("ab", 1.0)]),
    ("\\", [("", 1.0)]),
    ("\\\\(a)", [("\\", 1.0), ("a", 1.1)]),
    ("hatsune_miku \\(vocaloid\\), (smile:1.2)", [("hatsune_miku (vocaloid), ", 1.0), ("smile", 1.2)]),
    (
        "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
        [
            ("a ", 1.0),
            ("house", 1.573),
            (" ", 1.1),
            ("on", 1.0),
            (" a ", 1.1),
            ("hill", 0.55),
            (", sun, ", 1.1),
            ("sky", 1.4641),
            (".", 1.1),
        ],
    ),
    ("a BREAK b", [("a", 1.0), ("BREAK", -1.0), ("b", 1.0)]),
    ("aBREAKb", [("aBREAKb", 1.0)]),
    ("a_BREAK_b", [("a_BREAK_b", 1.0)]),
    ("BREAK", [("", 1.0), ("BREAK", -1.0), ("", 1.0)]),
    ("a BREAK", [("a", 1.0), ("BREAK", -1.0), ("", 1.0)]),
    ("BREAK a", [("", 1.0), ("BREAK", -1.0), ("a", 1.0)]),
    ("a BREAK BREAK b", [("a", 1.0), ("BREAK", -1.0), ("", 1.0), ("BREAK", -1.0), ("b", 1.0)]),
    ("a, BREAK, b", [("a,", 1.0), ("BREAK", -1.0), (", b", 1.0)]),
    ("a\nBREAK\nb", [("a", 1.0), ("BREAK", -1.0), ("b", 1.0)]),
    ("(a:1.2) BREAK (b:0.8)", [("a", 1.2), ("", 1.0), ("BREAK", -1.0), ("", 1.0), ("b", 0.8)]),
    ("(a BREAK b)", [("a", 1.1), ("BREAK", -1.1), ("b", 1.1)]),
    ("break", [("break", 1.0)]),
    ("日本語 (猫:1.2)", [("日本語 ", 1.0), ("猫", 1.2)]),
    ("😀 (🎉)", [("😀 ", 1.0), ("🎉", 1.1)]),
    ("(a:１.５)", [("a", 1.5)]),
    ("<lora:x:1> (a)", [("<lora:x:1> ", 1.0), ("a", 1.1)]),
    ("{a} (b)", [("{a} ", 1.0), ("b", 1.1)]),
    ("(a:1.2.3)", [("a:1.2.3", 1.1)]),
]

PIECES = [*"()[]\\:,. ab", "1.3", "-1", ":1.2)", ":-1)", "BREAK", " BREAK ", "BR", "\n", "猫", "\u3000"]
prompts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[repr(text)[:40] for text, _ in CASES])
def test_gives_the_segments_of_the_web_ui(text, expected):
    assert [(part, round(weight, 4)) for part, weight in parse(text)] == expected


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[repr(text)[:40] for text, _ in CASES])
def test_case_survives_writing_and_reading(text, expected):
    assert parse(render(parse(text))) == parse(text)


def test_weights_multiply_in_the_web_ui_s_order_to_the_last_bit():
    assert parse("((((a))))")[0][1] == 1.0 * 1.1 * 1.1 * 1.1 * 1.1
    assert parse("[([a:1.3])]")[0][1] == 1.0 * (1 / 1.1) * 1.1 * (1 / 1.1)
    assert parse("((a:1.3)")[0][1] == 1.0 * 1.3 * 1.1


@settings(deadline=None, max_examples=400)
@given(prompts)
def test_every_text_has_segments_that_survive_a_round_trip(text):
    segments = parse(text)
    assert segments
    assert parse(render(segments)) == segments


@settings(deadline=None)
@given(prompts)
def test_neighbours_never_have_equal_weights_and_weights_stay_finite(text):
    weights = [weight for _, weight in parse(text)]
    assert all(first != second for first, second in pairwise(weights))
    assert all(abs(weight) <= MAX_WEIGHT for weight in weights)


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="()[]\\:"), max_size=80).filter(lambda text: "BREAK" not in text))
def test_text_without_special_characters_is_left_alone(text):
    assert parse(text) == [(text, 1.0)]


@settings(deadline=None)
@given(st.text(max_size=40), st.floats(-4, 4))
def test_any_text_and_weight_can_be_written(text, weight):
    assert parse(render([("before ", 7.0), (text, weight), (" after", 8.0)])) == [
        ("before ", 7.0),
        (text, weight),
        (" after", 8.0),
    ]


def test_blanks_beside_a_break_survive():
    segments = [("a ", 1.0), BREAK, (" ", 1.0), BREAK, ("\tb", 1.0)]
    assert parse(render(segments)) == segments


def test_written_prompts_read_like_typed_ones():
    assert render(parse("a cat, (blue eyes:1.2) BREAK night")) == "a cat, (blue eyes:1.2) BREAK night"
    assert render(parse("miku \\(vocaloid\\)")) == "miku \\(vocaloid\\)"
    assert render(parse("")) == ""


def test_a_thousand_brackets_give_the_greatest_weight_and_not_infinity():
    assert parse("(" * 1000 + "a" + ")" * 1000) == [("a", MAX_WEIGHT)]
    assert parse("(a:" + "9" * 400 + ")") == [("a", MAX_WEIGHT)]
    assert parse("((a:" + "9" * 400 + "):0)") == [("a", 0.0)]


def test_twenty_thousand_characters_of_the_worst_kinds_are_read():
    assert len(parse("[a" * 6_666)) == 6_666
    assert parse(" " * 20_000) == [(" " * 20_000, 1.0)]
    assert len(parse("BREAK " * 3_333)) == 2 * 3_333 + 1
    assert parse("(" * 20_000) == [("", 1.0)]
    assert parse("\\" * 20_000) == [("\\" * 10_000, 1.0)]
    garbage = "".join(random.Random(7).choices(PIECES, k=9_000))
    assert parse(render(parse(garbage))) == parse(garbage)
