import pytest

from tests.lint_library import findings


@pytest.mark.parametrize(
    ("prompt", "fixed"),
    [
        ("BREAK a", ["a"]),
        ("a BREAK", ["a"]),
        ("a BREAK BREAK b", ["a BREAK b"]),
        ("a BREAK b", []),
        ("(a BREAK b)", ["(a, b)"]),
        ("[a:b BREAK c:0.5]", []),
        ("a, break, b", ["a, BREAK, b"]),
        ("tea break, b", []),
        ("a AND b", []),
        ("AND a", ["a"]),
        ("a AND", ["a"]),
        ("(a AND b)", ["(a, b)"]),
        ("ANDROID", []),
    ],
)
def test_joints(prompt, fixed):
    assert [fix.prompt for finding in findings("break", prompt) for fix in finding.fixes] == fixed


def test_and_is_a_word_in_the_negative_prompt():
    (found,) = findings("break", "a", "b AND c")
    assert found.in_negative and found.safe_fix
    assert found.safe_fix.negative_prompt == "b, c"


@pytest.mark.parametrize(
    ("prompt", "fixed"),
    [
        ("{a|b", ["{a|b}", "a|b"]),
        ("a|b}", ["a|b"]),
        ("{a|{b}", ["{a|{b}}", "a|{b}"]),
        ("{a|b}", []),
        ("# {\na", []),
    ],
)
def test_choices(prompt, fixed):
    found = findings("choice", prompt)
    assert all(finding.severity == ("warning" if prompt == "a|b}" else "error") for finding in found)
    assert [fix.prompt for finding in found for fix in finding.fixes][: len(fixed)] == fixed


def test_unknown_wildcards_with_the_nearest_name():
    (found,) = findings("wildcard", "__color__ hat, __color__ bag", wildcards=("colour", "place"))
    assert [fix.prompt for fix in found.fixes] == ["__colour__ hat, __colour__ bag", " hat,  bag"]
    assert not findings("wildcard", "__colour__, __col*__, \\__color__", wildcards=("colour",))
    assert findings("wildcard", "__cel*__", wildcards=("colour",))
    assert not findings("wildcard", "__color__")
