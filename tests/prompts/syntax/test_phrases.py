"""Phrases: what they are, where they are, taking them out and putting others in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.syntax import schedules
from studio.prompts.syntax.phrases import apart, key_of, masked, remove, replace, split

TEXTS = [
    ("", []),
    ("  , ,\n", []),
    ("1girl", ["1girl"]),
    ("1girl, blonde hair,park", ["1girl", "blonde hair", "park"]),
    ("a  girl\n in  a park", ["a girl", "in a park"]),
    ("(blonde hair:1.2), ((solo))", ["blonde hair", "solo"]),
    ("(a, b:1.2), [c]", ["a", "b", "c"]),
    ("a (big:1.3) cat", ["a big cat"]),
    ("((unbalanced, b", ["unbalanced", "b"]),
    ("miku \\(vocaloid\\), :), :d", ["miku (vocaloid)", ":)", ":d"]),
    ("a <lora:ink, old:0.8> cat, dog", ["a cat", "dog"]),
    ("<lora:ink:0.8>", []),
    ("a # not, this\nb", ["a", "b"]),
    ("no \\# 1, b", ["no # 1", "b"]),
    ("a BREAK b AND c :1.4", ["a", "b", "c"]),
    ("a :1.4 AND b", ["a", "b"]),
    ("BREAKFAST, ANDROID", ["BREAKFAST", "ANDROID"]),
    ("{red, pink|blue} hat, a", ["{red, pink|blue} hat", "a"]),
    ("{a, b", ["{a", "b"]),
    ("__colour__ hat, a", ["__colour__ hat", "a"]),
    ("[day:night:0.5], a", ["day", "night", "a"]),
    ("([day:night:0.5]:1.2)", ["day", "night"]),
    ("[sun, day:night:0.5]", ["sun", "day", "night"]),
    ("[to:0.5]", ["to"]),
    ("[from::5]", ["from"]),
    ("[re:zero]", ["re:zero"]),
    ("[cat|dog|]", ["cat", "dog"]),
    ("[[a|b]:c:0.3]", ["a", "b", "c"]),
    ("a [red:blue:0.5] hat", ["a red blue hat"]),
    ("[{a|b}:c:0.5]", ["{a|b}", "c"]),
]


@pytest.mark.parametrize(("prompt", "texts"), TEXTS)
def test_the_words_of_phrases(prompt, texts):
    assert [phrase.text for phrase in split(prompt)] == texts


@pytest.mark.parametrize(
    ("prompt", "place", "core"),
    [
        ("a, (blonde hair:1.2), b", "(blonde hair:1.2)", "blonde hair"),
        ("a, (( blonde hair )) , b", "(( blonde hair ))", "blonde hair"),
        ("a, (blonde hair, c), b", "blonde hair", "blonde hair"),
        ("a, [blonde hair:b:0.5]", "blonde hair", "blonde hair"),
        ("a, (x) (y), b", "(x) (y)", "(x) (y)"),
        ("a, red <lora:x:1> (hat), b", "red <lora:x:1> (hat)", "red <lora:x:1> (hat)"),
    ],
)
def test_the_places_of_a_phrase(prompt, place, core):
    phrase = split(prompt)[1]
    assert (prompt[phrase.start : phrase.end], prompt[phrase.core_start : phrase.core_end]) == (place, core)


@pytest.mark.parametrize(
    ("prompt", "weights"),
    [
        ("a, (b), (c:1.3), [d]", [1, 1.1, 1.3, 1 / 1.1]),
        ("(a, (b:1.5):2)", [2, 3]),
        ("a (big:0.2) cat", [0.2]),
        ("[day:night:0.5]", [1, 1]),  # a schedule is no emphasis
        ("(open, a", [1.1, 1.1]),
    ],
)
def test_weights(prompt, weights):
    assert [phrase.weight for phrase in split(prompt)] == pytest.approx(weights)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("day, night", False),
        ("day AND night", True),
        ("[day:night:0.5]", True),
        ("[day|night]", True),
        ("[day:sun:0.5], night", False),
        ("[day, night:sun:0.5]", False),
        ("[[day|x]:night:0.5]", True),
        ("[day::0.5], [night:0.5]", False),  # two schedules are not compared step by step
    ],
)
def test_apart(prompt, expected):
    found = {phrase.text: phrase for phrase in split(prompt)}
    assert apart(found["day"], found["night"]) is expected
    assert apart(found["night"], found["day"]) is expected


@pytest.mark.parametrize(
    ("prompt", "text", "expected"),
    [
        ("a, b, c", "a", "b, c"),
        ("a, b, c", "b", "a, c"),
        ("a, b, c", "c", "a, b"),
        ("a", "a", ""),
        ("a, (b:1.2), c", "b", "a, c"),
        ("(a, b:1.2)", "a", "(b:1.2)"),
        ("(a, b:1.2)", "b", "(a:1.2)"),
        ("((b:1.2), c)", "b", "(c)"),
        ("a (b, c:1.2) d", "a b", "(c:1.2) d"),
        ("a (b, c:1.2) d", "c d", "a (b:1.2)"),
        ("((a), b", "a", "(b"),
        ("[a:b:0.5]", "a", "[:b:0.5]"),
        ("[a, x:b:0.5]", "x", "[a:b:0.5]"),
        ("a <lora:x:1> b, c", "a b", "<lora:x:1> c"),
        ("a\nb", "a", "\nb"),
        ("a BREAK b", "b", "a BREAK "),
    ],
)
def test_remove(prompt, text, expected):
    (phrase,) = [phrase for phrase in split(prompt) if phrase.text == text]
    assert remove(prompt, phrase) == expected


def test_several_are_removed_at_once():
    prompt = "a, (b, a:1.2), ((a)), c"
    assert remove(prompt, *[phrase for phrase in split(prompt) if phrase.text == "a"]) == "(b:1.2), c"


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [("b", "new"), ("x, (b:1.3), y", "x, (new:1.3), y"), ("[b:c:0.5]", "[new:c:0.5]"), ("((b, c))", "((new, c))")],
)
def test_replace(prompt, expected):
    (phrase,) = [phrase for phrase in split(prompt) if phrase.text == "b"]
    assert replace(prompt, phrase, "new") == expected


def test_keys_ignore_case_and_underscores():
    assert key_of("Blonde_Hair ") == key_of(" blonde  hair") == "blonde hair"


PIECES = st.lists(
    st.sampled_from(
        [*"()[]:|,\n {}\\#_a", "red hat", ":1.3)", ":0.5]", "\\(", "<lora:x:1>", " BREAK ", " AND ", " :1.4"]
    ),
    max_size=40,
).map("".join)


@given(PIECES)
def test_phrases_of_any_text_stand_in_order_and_hold_their_words(prompt):
    end = 0
    assert len(masked(prompt)) == len(prompt)
    for phrase in split(prompt):
        assert end <= phrase.start <= phrase.core_start < phrase.core_end <= phrase.end <= len(prompt)
        assert set(phrase.text) <= set(prompt) | {" "}
        end = phrase.end


@given(PIECES)
def test_a_removed_phrase_is_gone_and_no_other_phrase_loses_a_letter(prompt):
    before = split(prompt)
    for index, phrase in enumerate(before):
        after = [one.text for one in split(remove(prompt, phrase))]
        if "{" not in prompt and "#" not in prompt and "<" not in prompt and ":" not in prompt and "|" not in prompt:
            others = "".join(one.text for place, one in enumerate(before) if place != index)
            assert _letters("".join(after)) == _letters(others)


def _letters(text):
    return "".join(letter for letter in text if letter.isalpha())


WORDS = st.sampled_from(["day", "night", "sun", "moon", "rain"])
PLAIN = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(", ".join)
NESTED = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.tuples(inner, inner, st.sampled_from(["0.5", "3"])).map(lambda of: f"[{of[0]}:{of[1]}:{of[2]}]"),
        st.tuples(inner, inner).map(lambda of: f"[{of[0]}|{of[1]}]"),
        st.tuples(inner, inner).map(", ".join),
        inner.map(lambda text: f"({text}:1.2)"),
    ),
    max_leaves=5,
)


@given(NESTED)
def test_every_stretch_of_a_schedule_is_made_of_phrases_that_may_act_at_once(prompt):
    found = split(prompt)
    for _, text in schedules.schedule(prompt, 6):
        words = {phrase.text for phrase in split(text)}
        assert words <= {phrase.text for phrase in found}
    alone = {phrase.text: phrase for phrase in found}
    if len(alone) == len(found):
        for _, text in schedules.schedule(prompt, 6):
            active = [alone[phrase.text] for phrase in split(text)]
            assert not any(apart(one, other) for one in active for other in active)
