import pytest

from studio.prompts.comments import strip


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
