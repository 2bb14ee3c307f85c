import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.syntax.comments import outside, strip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a cat", "a cat"),
        ("a cat # and a dog", "a cat \n"),
        ("a # x\nb", "a \nb"),
        ("# whole line\na", "\na"),
        ("a\n# whole line\nb", "a\nb"),
        ("a\n#", "a\n"),
        ("a ## b", "a \n"),
        ("", ""),
        ("#only", "\n"),
        ("c\\# minor", "c# minor"),
        ("\\#1 # gone", "#1 \n"),
        ("a\n\\# kept", "a\n# kept"),
    ],
)
def test_drops_what_follows_a_hash(text, expected):
    assert strip(text) == expected


def test_comments_are_told_from_what_counts():
    assert outside("a # b\nc \\# d#e") == [("a ", True), ("# b\n", False), ("c \\# d", True), ("#e", False), ("", True)]


@given(st.text(st.sampled_from("a#\\\n "), max_size=30))
def test_pieces_are_the_text(text):
    assert "".join(piece for piece, _ in outside(text)) == text
