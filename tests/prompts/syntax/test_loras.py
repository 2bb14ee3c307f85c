import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.prompts.syntax.loras import extract
from studio.request import LoraRef


@pytest.mark.parametrize(
    ("text", "rest", "found"),
    [
        ("a cat", "a cat", []),
        ("a <lora:miku:0.8> b", "a  b", [("miku", 0.8)]),
        ("<lora:miku>", "", [("miku", 1.0)]),
        ("<lora:a:1>,<lora:b:-0.5>", ",", [("a", 1.0), ("b", -0.5)]),
        ("<lora:a:.5>", "", [("a", 0.5)]),
        ("<lora: spaced name : 0.7 >", "", [("spaced name", 0.7)]),
        ("<lora:styles/ink v2.1:1>", "", [("styles/ink v2.1", 1.0)]),
        ("<lyco:old:0.6>", "", [("old", 0.6)]),
        ("<lora:same:0.6:0.6>", "", [("same", 0.6)]),
        ("<lora:unfinished", "<lora:unfinished", []),
        ("<b>bold</b> 1 < 2 > 0", "<b>bold</b> 1 < 2 > 0", []),
        ("(<lora:a:1> x:1.2)", "( x:1.2)", [("a", 1.0)]),
        ("a # <lora:off:1>\n<lora:on:1>", "a # <lora:off:1>\n", [("on", 1.0)]),
        ("\\#1 <lora:on:1>", "\\#1 ", [("on", 1.0)]),
    ],
)
def test_takes_the_tags_out(text, rest, found):
    assert extract(text) == (rest, tuple(LoraRef(name=name, weight=weight) for name, weight in found))


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("<lora:miku:strong>", "not a number"),
        ("<lora:miku:>", "not a number"),
        ("<lora:miku:nan>", "finite"),
        ("<lora:miku:9>", "out of range"),
        ("<lora::1>", "Name"),
        ("<lora:miku:0.5:0.9>", "more than one weight"),
    ],
)
def test_malformed_tag_is_named_with_its_remedy(tag, word):
    with pytest.raises(InvalidRequest) as caught:
        extract(f"a cat, {tag}")
    assert word in caught.value.message
    assert tag in caught.value.message
    assert "<lora:name:0.8>" in caught.value.hint
    assert caught.value.field == "prompt"


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="<>"), max_size=200))
def test_text_without_tags_is_left_alone(text):
    assert extract(text) == (text, ())


def test_thousands_of_unfinished_tags_are_text():
    text = "<lora:" * 3_300
    assert extract(text) == (text, ())
