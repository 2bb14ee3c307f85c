"""Random prompts: what is drawn, what is left alone, what is refused before anything is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random.expansion import combinations, draw, draws, is_dynamic
from studio.prompts.random.template_text import MAX_DEPTH

FILES = {
    "hair": "blonde hair\n9::black hair\n{dark|light} brown hair",
    "colours/warm": "red\norange",
    "colours/cold": "blue",
    "outfit": "${colour:white} dress",
    "empty": "# nothing yet",
    "round-a": "x __round-b__",
    "round-b": "y __round-a__",
    "itself": "a\n__itself__",
    "broken": "fine\n{a|b",
    "double": ", ".join(["__ten__"] * 10),
    "ten": ", ".join(["__hundred__"] * 10),
    "hundred": ", ".join(["a long phrase of words"] * 100),
}


@pytest.fixture(scope="module")
def lists(tmp_path_factory) -> Wildcards:
    folder: Path = tmp_path_factory.mktemp("wildcards")
    for name, text in FILES.items():
        file = folder / f"{name}.txt"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    return Wildcards([folder])


NONE = Wildcards([])
ALL = [
    ("{a|b}", ["a", "b"]),
    ("1girl, {red|blue} hair", ["1girl, red hair", "1girl, blue hair"]),
    ("{a|b} {c|d}", ["a c", "a d", "b c", "b d"]),
    ("{ a | b}", ["a", "b"]),
    ("x{|y}", ["x", "xy"]),
    ("{a|a|b}", ["a", "b"]),
    ("{a|{b|c}}", ["a", "b", "c"]),
    ("{a{1|2}|b}", ["a1", "a2", "b"]),
    ("{2$$a|b|c}", ["a,b", "a,c", "b,a", "b,c", "c,a", "c,b"]),
    ("{2$$ and $$a|b}", ["a and b", "b and a"]),
    ("{2$$、$$a|b}", ["a、b", "b、a"]),
    ("{1-2$$ $$a|b}", ["a", "b", "a b", "b a"]),
    ("{0-1$$a|b}", ["", "a", "b"]),
    ("{-1$$a|b}", ["a", "b"]),
    ("{2-$$ + $$a|b}", ["a + b", "b + a"]),
    ("{5$$a|b}", ["a,b", "b,a"]),
    ("{2$${a|b}|c}", ["a,c", "b,c", "c,a", "c,b"]),
    ("{0.9::a|0.1::b}", ["a", "b"]),
    ("{2::[x:y:0.5]|z}", ["[x:y:0.5]", "z"]),
    ("__colours/warm__", ["red", "orange"]),
    ("__colours/*__", ["blue", "red", "orange"]),
    ("__hair__", ["blonde hair", "black hair", "dark brown hair", "light brown hair"]),
    ("{2$$__colours/warm__}", ["red,orange", "orange,red"]),
    ("__outfit__", ["white dress"]),
    ("__outfit(colour={red|blue})__", ["red dress", "blue dress"]),
    ("${c=red}${c} shoes, ${c} hat", ["red shoes, red hat"]),
    ("${c=!{red|blue}}${c} shoes, ${c} hat", ["red shoes, red hat", "blue shoes, blue hat"]),
    ("${c={red|blue}}${c} or ${c}", ["red or red", "red or blue", "blue or red", "blue or blue"]),
    ("${a=!{1|2}}${b=!{3|4}}${a}${b}", ["13", "14", "23", "24"]),
    ("${c:green} eyes", ["green eyes"]),
    ("{[red|blue] hair|bald}", ["[red|blue] hair", "bald"]),
    ("{[a|b}", ["[a", "b"]),
    ("{(a:1.2)|b} [c:d:5] AND e :0.5", ["(a:1.2) [c:d:5] AND e :0.5", "b [c:d:5] AND e :0.5"]),
    ("<lora:{ink|glow}:0.8> x", ["<lora:ink:0.8> x", "<lora:glow:0.8> x"]),
    ("<lora:my__hair__v2:1> {a|b}", ["<lora:myblonde hairv2:1> a"]),
    ("<lora:my__style__v2:1> {a|b}", ["<lora:my__style__v2:1> a", "<lora:my__style__v2:1> b"]),
    ('{"a": 1} {a|b}', ['{"a": 1} a', '{"a": 1} b']),
    ("{red} {a|b}", ["{red} a", "{red} b"]),
    ("\\{a|b\\} {c|d}", ["\\{a|b\\} c", "\\{a|b\\} d"]),
    ("\\__hair__ {c|d}", ["\\__hair__ c", "\\__hair__ d"]),
    ("{a\\|b|c}", ["a\\|b", "c"]),
    ("{@_@|>_<|^_^|!?|~}", ["@_@", ">_<", "^_^", "!?", "~"]),
    ("100% $5 // /* */ %{ } {a|b}", ["100% $5 // /* */ %{ } a", "100% $5 // /* */ %{ } b"]),
    ("a\tb  c {d|e}\n\nf", ["a\tb  c d\n\nf", "a\tb  c e\n\nf"]),
    ("L0E {L1E|L2E}", ["L0E L1E", "L0E L2E"]),
    ("{赤い|青い}髪", ["赤い髪", "青い髪"]),
    ("{a|b} # {c|d} __nope__", ["a", "b"]),
    ("# {c|d}\n{a|b}", ["a", "b"]),
]


@pytest.mark.parametrize(("template", "expected"), ALL)
def test_all_combinations(template, expected, lists):
    found = combinations(template, lists, 100)
    assert found[: len(expected)] == expected
    assert "hair__v2" in template or len(found) == len(expected)


@pytest.mark.parametrize(("template", "expected"), ALL)
def test_what_is_drawn_is_one_of_all(template, expected, lists):
    assert set(draws(template, 5, 8, lists)) <= set(combinations(template, lists, 1000))


PLAIN = [
    "",
    "1girl, solo",
    '{"a": 1, "b": [1, 2, {"c": null}]}',
    "{red}",
    "{[a|b]}",
    "[a|b] [c:d:0.5] (e:1.2) AND f :0.3",
    "a | b",
    "<lora:my__style__v2:0.8>",
    "\\{a|b}",
    "\\__hair__",
    "a } b",
    "a__b",
    "____",
    "$5 $$ 100%",
    "# {a|b}\nc",
    "  blanks \t stay\n",
]


@pytest.mark.parametrize("text", PLAIN)
def test_what_holds_no_syntax_is_left_as_it_is(text):
    assert not is_dynamic(text)
    assert draw(text, 1, NONE) == text
    assert combinations(text, NONE, 5) == [text]


REFUSED = [
    ("{a|b", r"\{ at character 1 .* never closed"),
    ("a cat, {red", r"\{ at character 8"),
    ("{a|{b|c}", "never closed"),
    ("{" * 1000, "nest more than"),
    ("{" * 1000 + "a|b" + "}" * 1000, "nest more than"),
    ("{a|" * 40 + "b" + "}" * 40, f"nest more than {MAX_DEPTH} deep at character"),
    ("a __nope__ b", r"no wildcard __nope__ at character 3"),
    ("__hairs__", "no wildcard __hairs__"),
    ("__nope*__", r"no wildcard __nope\*__"),
    ("{a|__nope__}", "no wildcard __nope__"),
    ("{0::__nope__|a}", "no wildcard __nope__"),
    ("__empty__", "__empty__ has no options"),
    ("__round-a__", "round-a → round-b → round-a"),
    ("x {y|__round-b__}", "round-b → round-a → round-b"),
    ("__itself__", "itself → itself"),
    ("__broken__", "line 2 of the wildcard broken"),
    ("__double__", "characters long"),
    ("__{a|b}__", "is drawn itself"),
    ("${x}", r"variable \$\{x\} at character 1 .* has no value"),
    ("${a=${a}}${a}", "has no value"),
    ("${a=x}${b=${a}}${a=${b}}${a}", "need each other"),
    ("${5}", "is not understood"),
    ("{a|${x=1}}", "inside braces"),
    ("{0::a|0::b}", "only weights of 0"),
    ("__outfit(colour)__", "values of the wildcard"),
]


@pytest.mark.parametrize(("template", "message"), REFUSED)
def test_refused_with_what_and_where(template, message, lists):
    assert is_dynamic(template)
    for call in (lambda: draw(template, 1, lists), lambda: combinations(template, lists, 5)):
        with pytest.raises(InvalidRequest, match=message) as caught:
            call()
        assert caught.value.hint and caught.value.field == "prompt"


def test_a_mistyped_wildcard_is_guessed(lists):
    with pytest.raises(InvalidRequest) as caught:
        draw("__hairs__", 1, lists)
    assert "Did you mean __hair__?" in caught.value.hint


def test_a_choice_of_more_than_there_is_has_no_combinations(lists):
    with pytest.raises(InvalidRequest, match="more options than it has different ones"):
        combinations("{3$$a|a|b}", lists, 5)


def test_the_seed_decides(lists):
    template = "{a|b|c|d|e} __hair__"
    assert draw(template, 7, lists) == draw(template, 7, lists)
    assert draws(template, 7, 3, lists) == [draw(template, seed, lists) for seed in (7, 8, 9)]
    assert len(set(draws(template, 0, 40, lists))) > 8


def test_weights_weigh(lists):
    drawn = draws("{9::a|b}", 0, 200, lists)
    assert 150 < drawn.count("a") < 200
    hair = draws("__hair__", 0, 200, lists)
    assert hair.count("black hair") > 120


def test_the_limit_bounds_what_is_computed(lists):
    assert len(combinations("{a|b}" * 14, lists, 100)) == 100


def test_the_deepest_nesting_fits_the_stack_of_a_page():
    def beneath(frames: int) -> str:
        return beneath(frames - 1) if frames else draw("{a|" * MAX_DEPTH + "b" + "}" * MAX_DEPTH, 3, NONE)

    assert beneath(300) in {"a", "b"}


words = st.text(st.characters(exclude_characters="{}_\\#", exclude_categories=("Cs",)), max_size=40)


@given(words, words)
def test_words_around_a_choice_are_untouched(before, after):
    if before.endswith("$") or after.startswith("$"):
        before, after = before.rstrip("$"), after.lstrip("$")
    text = f"{before}{{x|y}}{after}"
    assert combinations(text, NONE, 5) == [f"{before}x{after}".strip(), f"{before}y{after}".strip()]


@given(st.text(st.sampled_from("ab {}|$_\\[]:1-,#\n<>@"), max_size=40), st.integers(0, 3))
def test_any_text_is_drawn_or_refused(text, seed):
    try:
        drawn = draw(text, seed, NONE)
    except InvalidRequest as error:
        assert error.hint
        return
    assert is_dynamic(text) or drawn == text
    assert draw(text, seed, NONE) == drawn


@given(st.lists(st.text("abc ", min_size=1, max_size=6).map(str.strip).filter(bool), min_size=2, max_size=5))
def test_what_is_drawn_is_an_option(options):
    assert draw("{" + "|".join(options) + "}", 3, NONE) in options
    assert not re.search(r"L\d+E", draw("{" + "|".join(options) + "}", 3, NONE))
