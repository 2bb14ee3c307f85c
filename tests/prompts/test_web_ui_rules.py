"""A1111's documented rules of emphasis and schedules, one row a case, each with the rule it shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.syntax.attention import parse, render
from studio.prompts.syntax.schedules import schedule

UP, DOWN = 1.1, 1 / 1.1
B = ("BREAK", -1.0)

# (text, segments, rule)
EMPHASIS = [
    ("", [("", 1)], "an empty prompt is one empty segment"),
    ("cat", [("cat", 1)], "plain words weigh 1"),
    ("  cat ", [("  cat ", 1)], "blanks are kept"),
    ("cat\ndog", [("cat\ndog", 1)], "so are line ends"),
    ("1girl, solo", [("1girl, solo", 1)], "commas are words"),
    ("a_b", [("a_b", 1)], "underscores are words"),
    ("猫", [("猫", 1)], "any script is words"),
    ("😀", [("😀", 1)], "emoji are words"),
    ("{a}", [("{a}", 1)], "curly braces are words"),
    ("<a>", [("<a>", 1)], "angle brackets are words"),
    ('"a"', [('"a"', 1)], "quotes are words"),
    ("a|b", [("a|b", 1)], "a bar is a word"),
    ("(cat)", [("cat", UP)], "round brackets multiply by 1.1"),
    ("((cat))", [("cat", UP**2)], "nested ones multiply twice"),
    ("(((cat)))", [("cat", UP**3)], "and three times"),
    ("((((cat))))", [("cat", UP**4)], "and four times"),
    ("[cat]", [("cat", DOWN)], "square brackets divide by 1.1"),
    ("[[cat]]", [("cat", DOWN**2)], "nested ones divide twice"),
    ("[[[cat]]]", [("cat", DOWN**3)], "and three times"),
    ("([cat])", [("cat", 1)], "up and down cancel"),
    ("[(cat)]", [("cat", 1)], "in either order"),
    ("[((cat))]", [("cat", UP)], "as far as they do"),
    ("a (b)", [("a ", 1), ("b", UP)], "only what is inside is weighed"),
    ("(a) b", [("a", UP), (" b", 1)], "what follows is not"),
    ("a (b) c", [("a ", 1), ("b", UP), (" c", 1)], "nor what surrounds it"),
    ("(a)(b)", [("ab", UP)], "neighbours of equal weight merge"),
    ("(a) (b)", [("a", UP), (" ", 1), ("b", UP)], "a blank between them keeps weight 1"),
    ("(a)[b]", [("a", UP), ("b", DOWN)], "different weights stay apart"),
    ("((a) b)", [("a", UP**2), (" b", UP)], "an inner bracket adds to the outer one"),
    ("(a (b) c)", [("a ", UP), ("b", UP**2), (" c", UP)], "in the middle too"),
    ("(a [b] c)", [("a ", UP), ("b", 1), (" c", UP)], "an inner square bracket takes back"),
    ("[a (b) c]", [("a ", DOWN), ("b", 1), (" c", DOWN)], "and the other way round"),
    ("(cat:1.3)", [("cat", 1.3)], "a number after a colon is the weight"),
    ("(cat:1)", [("cat", 1)], "a whole number"),
    ("(cat:0)", [("cat", 0)], "zero"),
    ("(cat:0.0)", [("cat", 0)], "zero with a point"),
    ("(cat:.5)", [("cat", 0.5)], "no digit before the point"),
    ("(cat:2.)", [("cat", 2)], "no digit behind it"),
    ("(cat:-1)", [("cat", -1)], "a negative weight"),
    ("(cat:-.5)", [("cat", -0.5)], "a negative fraction"),
    ("(cat:+1.5)", [("cat", 1.5)], "a plus sign"),
    ("(cat: 1.3)", [("cat", 1.3)], "blanks before the number"),
    ("(cat:1.3 )", [("cat", 1.3)], "blanks behind it"),
    ("(cat :1.3)", [("cat ", 1.3)], "a blank before the colon is words"),
    ("( cat:1.3)", [(" cat", 1.3)], "a blank behind the bracket too"),
    ("(cat:10)", [("cat", 10)], "a large weight is taken as it is"),
    ("(cat:1.30)", [("cat", 1.3)], "trailing zeros"),
    ("(a:1.5)(b:1.5)", [("ab", 1.5)], "equal numbers merge"),
    ("(a:1.1)(b)", [("ab", 1.1)], "a written 1.1 equals the bracket's"),
    ("((cat:1.5))", [("cat", 1.5 * UP)], "a bracket around a number multiplies"),
    ("((cat:1.5):2)", [("cat", 3)], "so does a number around a number"),
    ("((a:1.5) b)", [("a", 1.5 * UP), (" b", UP)], "only over what was weighed"),
    ("(a (b:1.5) c:2)", [("a ", 2), ("b", 3), (" c", 2)], "an outer number covers all inside"),
    ("[(cat:1.3)]", [("cat", 1.3 * DOWN)], "a square bracket around a number divides"),
    ("[cat:1.3]", [("cat:1.3", DOWN)], "square brackets know no number"),
    ("([cat:1.3])", [("cat:1.3", 1)], "not even inside round ones"),
    ("(a:b:1.3)", [("a:b", 1.3)], "the last colon counts"),
    ("(a:1.2:1.3)", [("a:1.2", 1.3)], "the last number counts"),
    ("(cat:x)", [("cat:x", UP)], "no number, no weight: a plain bracket"),
    ("(cat:)", [("cat:", UP)], "nothing after the colon"),
    ("(:1.3)", [("", 1)], "nothing before it weighs nothing"),
    ("(cat:1.2.3)", [("cat:1.2.3", UP)], "two points are no number"),
    ("(cat:1,3)", [("cat:1,3", UP)], "a comma is no point"),
    ("(cat:1e1)", [("cat:1e1", UP)], "exponents are unknown"),
    ("(cat:--1)", [("cat:--1", UP)], "two signs are no number"),
    ("(cat:１.５)", [("cat", 1.5)], "digits of other scripts are digits"),
    ("cat:1.3", [("cat:1.3", 1)], "without a bracket it is words"),
    ("cat:1.3)", [("cat:1.3)", 1)], "nor with a closing one alone"),
    ("a: b", [("a: b", 1)], "colons are words"),
    ("::", [("::", 1)], "several too"),
    ("(cat", [("cat", UP)], "an open bracket holds to the end"),
    ("((cat", [("cat", UP**2)], "each of them"),
    ("[cat", [("cat", DOWN)], "a square one as well"),
    ("a (b", [("a ", 1), ("b", UP)], "from where it stands"),
    ("(a (b) c", [("a ", UP), ("b", UP**2), (" c", UP)], "beside a closed one"),
    ("(a [b", [("a ", UP), ("b", 1)], "both kinds at once"),
    ("(cat:1.3", [("cat:1.3", UP)], "its number is then words"),
    ("cat)", [("cat)", 1)], "a closing one alone is a word"),
    ("cat]", [("cat]", 1)], "of either kind"),
    ("cat))", [("cat))", 1)], "however many"),
    ("(a))", [("a", UP), (")", 1)], "one too many is a word"),
    ("(a]", [("a]", UP)], "the wrong kind closes nothing"),
    ("[a)", [("a)", DOWN)], "in either direction"),
    ("(a [b) c]", [("a ", UP), ("b", 1), (" c", DOWN)], "kinds may overlap"),
    (")(", [(")", 1)], "an empty open bracket weighs nothing"),
    ("()", [("", 1)], "an empty bracket is nothing"),
    ("a()b", [("ab", 1)], "also between words"),
    ("[]", [("", 1)], "also a square one"),
    ("\\(cat\\)", [("(cat)", 1)], "escaped round brackets are words"),
    ("\\[cat\\]", [("[cat]", 1)], "escaped square ones too"),
    ("\\\\", [("\\", 1)], "an escaped backslash is one"),
    ("a\\\\b", [("a\\b", 1)], "between words as well"),
    ("\\\\(cat)", [("\\", 1), ("cat", UP)], "the bracket behind it counts again"),
    ("(a \\(b\\):1.2)", [("a (b)", 1.2)], "escaped ones inside a weight"),
    ("miku \\(vocaloid\\)", [("miku (vocaloid)", 1)], "as tags of characters are written"),
    ("(miku \\(vocaloid\\):1.2)", [("miku (vocaloid)", 1.2)], "and weighed"),
    ("a\\b", [("ab", 1)], "a lone backslash vanishes"),
    ("\\", [("", 1)], "also at the end"),
    ("(a\\", [("a", UP)], "also in an open bracket"),
    ("\\{a\\}", [("{a}", 1)], "also before what needs no escape"),
    ("a BREAK b", [("a", 1), B, ("b", 1)], "BREAK ends the chunk, blanks around it go"),
    ("a\nBREAK\nb", [("a", 1), B, ("b", 1)], "line ends too"),
    ("BREAK", [("", 1), B, ("", 1)], "alone"),
    ("a BREAK BREAK b", [("a", 1), B, ("", 1), B, ("b", 1)], "twice"),
    ("a, BREAK, b", [("a,", 1), B, (", b", 1)], "commas stay"),
    ("aBREAK", [("aBREAK", 1)], "only as a word of its own"),
    ("BREAKS", [("BREAKS", 1)], "not as part of one"),
    ("break Break", [("break Break", 1)], "only in capitals"),
    ("(a) BREAK (b)", [("a", UP), ("", 1), B, ("", 1), ("b", UP)], "between brackets"),
    ("(a BREAK b)", [("a", UP), ("BREAK", -UP), ("b", UP)], "inside brackets it is a word, as in A1111"),
    ("a AND b", [("a AND b", 1)], "AND is taken apart before"),
    ("<lora:x:1> (a)", [("<lora:x:1> ", 1), ("a", UP)], "tags are taken out before"),
]

# (text, steps, stretches, rule)
SCHEDULES = [
    ("cat", 10, [(10, "cat")], "no schedule: one stretch"),
    ("", 10, [(10, "")], "an empty prompt too"),
    ("[cat]", 10, [(10, "[cat]")], "a square bracket alone is emphasis"),
    ("[a:b:4]", 10, [(4, "a"), (10, "b")], "from, to, after step 4"),
    ("[a:b:1]", 10, [(1, "a"), (10, "b")], "after the first step"),
    ("[a:b:9]", 10, [(9, "a"), (10, "b")], "the last step alone"),
    ("[a:b:10]", 10, [(10, "a")], "after the last step: never"),
    ("[a:b:99]", 10, [(10, "a")], "beyond it: never"),
    ("[a:b:0]", 10, [(10, "b")], "after none: from the start"),
    ("[a:b:-2]", 10, [(10, "b")], "before it: from the start"),
    ("[a:b:+4]", 10, [(4, "a"), (10, "b")], "a plus sign"),
    ("[a:b:0.4]", 10, [(4, "a"), (10, "b")], "a point makes it a fraction of the steps"),
    ("[a:b:.4]", 10, [(4, "a"), (10, "b")], "also without a digit before it"),
    ("[a:b:0.25]", 10, [(2, "a"), (10, "b")], "rounded down"),
    ("[a:b:0.5]", 5, [(2, "a"), (5, "b")], "rounded down here as well"),
    ("[a:b:0.5]", 1, [(1, "b")], "half of one step is none"),
    ("[a:b:0.0]", 10, [(10, "b")], "no part of the steps"),
    ("[a:b:1.0]", 10, [(10, "a")], "all of them"),
    ("[a:b:1.5]", 10, [(10, "a")], "beyond is the hires pass's"),
    ("[a:b:4.]", 10, [(10, "a")], "a trailing point is a point"),
    ("[a:b:1e0]", 10, [(1, "a"), (10, "b")], "an exponent without a point is a step"),
    ("[a:b: 4 ]", 10, [(4, "a"), (10, "b")], "blanks around the number"),
    ("[ a : b :4]", 10, [(4, " a "), (10, " b ")], "blanks around the words are kept"),
    ("[b:4]", 10, [(4, ""), (10, "b")], "to, after step 4"),
    ("x [b:0.5] y", 10, [(5, "x  y"), (10, "x b y")], "among other words"),
    ("[a::4]", 10, [(4, "a"), (10, "")], "from, until step 4"),
    ("[:b:4]", 10, [(4, ""), (10, "b")], "an empty from is as if there were none"),
    ("[::4]", 10, [(4, ""), (10, "")], "nothing to nothing"),
    ("[a:b:3][c:d:6]", 10, [(3, "ac"), (6, "bc"), (10, "bd")], "two of them"),
    ("[a:b:3][c:d:3]", 10, [(3, "ac"), (10, "bd")], "at the same step"),
    ("[a:[b:c:6]:3]", 10, [(3, "a"), (6, "b"), (10, "c")], "nested in to"),
    ("[[a:b:3]:c:6]", 10, [(3, "a"), (6, "b"), (10, "c")], "nested in from"),
    ("[a:[b:c:2]:5]", 10, [(2, "a"), (5, "a"), (10, "c")], "an inner one may come too early"),
    ("(x [a:b:4]:1.3)", 10, [(4, "(x a:1.3)"), (10, "(x b:1.3)")], "inside a weight"),
    ("[(a:1.3):b:4]", 10, [(4, "(a:1.3)"), (10, "b")], "with a weight inside"),
    ("[(a:1.3):4]", 10, [(4, ""), (10, "(a:1.3)")], "also of the short kind"),
    ("[[[a]]:4]", 10, [(4, ""), (10, "[[a]]")], "emphasis inside is kept"),
    ("[a, b:c, d:4]", 10, [(4, "a, b"), (10, "c, d")], "commas belong to the words"),
    ("[a\nb:4]", 10, [(4, ""), (10, "a\nb")], "so do line ends"),
    ("[赤:青:4]", 10, [(4, "赤"), (10, "青")], "in any script"),
    ("[a:b]", 10, [(10, "[a:b]")], "no number: as it is"),
    ("[a:b:x]", 10, [(10, "[a:b:x]")], "a word is no number"),
    ("[a:b:c:4]", 10, [(10, "[a:b:c:4]")], "one part too many"),
    ("[a:b:4", 10, [(10, "[a:b:4")], "never closed"),
    ("a:b:4]", 10, [(10, "a:b:4]")], "never opened"),
    ("[a:b:4]]", 10, [(4, "a]"), (10, "b]")], "one closing bracket too many"),
    ("[[a:b:4]", 10, [(4, "[a"), (10, "[b")], "one opening bracket too many"),
    ("\\[a:b:4\\]", 10, [(10, "\\[a:b:4\\]")], "escaped brackets"),
    ("[a\\:b:c:4]", 10, [(4, "a\\:b"), (10, "c")], "an escaped colon"),
    ("[a:b:4] \\", 10, [(10, "[a:b:4] \\")], "a lone backslash at the end spoils the grammar"),
    ("x|y [a:b:4]", 10, [(10, "x|y [a:b:4]")], "so does a bar outside brackets"),
    ("[a|b]", 4, [(1, "a"), (2, "b"), (3, "a"), (4, "b")], "another one at every step"),
    ("[a|b|c]", 4, [(1, "a"), (2, "b"), (3, "c"), (4, "a")], "three of them"),
    ("[a|]", 3, [(1, "a"), (2, ""), (3, "a")], "one of them empty"),
    ("[|a]", 3, [(1, ""), (2, "a"), (3, "")], "the first"),
    ("x[a|b]y", 2, [(1, "xay"), (2, "xby")], "among other words"),
    ("[a|b][c|d|e]", 3, [(1, "ac"), (2, "bd"), (3, "ae")], "each with its own turn"),
    ("[(a:1.2)|b]", 2, [(1, "(a:1.2)"), (2, "b")], "with a weight"),
    ("[a|b:0.5]", 4, [(4, "[a|b:0.5]")], "a number and a bar do not go together"),
    ("[[a|b]:c:2]", 4, [(1, "a"), (2, "b"), (3, "c"), (4, "c")], "turns until step 2"),
    ("[[a:b:2]|c]", 4, [(1, "a"), (2, "c"), (3, "b"), (4, "c")], "a schedule that takes turns"),
    ("[a|b", 2, [(2, "[a|b")], "never closed"),
    ("\\[a|b\\]", 2, [(2, "\\[a|b\\]")], "escaped"),
    ("[a:b:2] BREAK c", 4, [(2, "a BREAK c"), (4, "b BREAK c")], "beside BREAK"),
]


def test_there_are_rows_enough():
    texts = [row[0] for row in EMPHASIS] + [(row[0], row[1]) for row in SCHEDULES]
    assert len(texts) == len(set(texts)) >= 150


@pytest.mark.parametrize(("text", "expected", "rule"), EMPHASIS, ids=[row[2] for row in EMPHASIS])
def test_emphasis(text, expected, rule):
    found = parse(text)
    assert [words for words, _ in found] == [words for words, _ in expected]
    assert [weight for _, weight in found] == pytest.approx([weight for _, weight in expected])
    assert parse(render(found)) == found


@pytest.mark.parametrize(("text", "steps", "expected", "rule"), SCHEDULES, ids=[row[3] for row in SCHEDULES])
def test_schedule(text, steps, expected, rule):
    assert schedule(text, steps) == expected


@given(st.text(st.sampled_from("ab,.: ()[]\\1"), max_size=60))
def test_written_and_read_again_a_prompt_is_the_same(text):
    segments = parse(text)
    assert parse(render(segments)) == segments and render(parse(render(segments))) == render(segments)
