import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.syntax.composition import parts


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a castle", [("a castle", 1.0)]),
        ("", [("", 1.0)]),
        ("a AND b", [("a ", 1.0), (" b", 1.0)]),
        ("a :1.2 AND b:0.5", [("a", 1.2), (" b", 0.5)]),
        ("a: -1 AND b", [("a", -1.0), (" b", 1.0)]),
        ("a AND b : .5 ", [("a ", 1.0), (" b", 0.5)]),
        ("a (b:1.3) AND c", [("a (b:1.3) ", 1.0), (" c", 1.0)]),
        ("HAND and ANDROID", [("HAND and ANDROID", 1.0)]),
        ("AND", [("", 1.0), ("", 1.0)]),
        ("a :x AND b", [("a :x ", 1.0), (" b", 1.0)]),
        ("a castle :1.2", [("a castle :1.2", 1.0)]),
        ("screen ratio 16:9", [("screen ratio 16:9", 1.0)]),
        ("a:2. AND b: +3", [("a", 2.0), (" b", 3.0)]),
        ("a\nAND\nb :2", [("a\n", 1.0), ("\nb", 2.0)]),
        ("[a AND b:3]", [("[a ", 1.0), (" b:3]", 1.0)]),
    ],
)
def test_parts(prompt: str, expected: list):
    assert parts(prompt) == expected


@given(st.lists(st.text("abc, ()", max_size=10), min_size=1, max_size=5))
def test_as_many_parts_as_were_joined(texts: list[str]):
    assert [text for text, _ in parts(" AND ".join(texts))] == [
        f"{' ' if i else ''}{text}{' ' if i + 1 < len(texts) else ''}" for i, text in enumerate(texts)
    ]
