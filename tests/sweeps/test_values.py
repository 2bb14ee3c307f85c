"""Lists, ranges and ellipses as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.sweeps.values import MAX_VALUES, numbers, texts

NUMBERS = [
    ("20", "20"),
    ("20, 30 ,40", "20 30 40"),
    ("20,,30,", "20 30"),
    ("20-23", "20 21 22 23"),
    ("7-3", "7 6 5 4 3"),
    ("7-3 (-1)", "7 6 5 4 3"),
    ("7-3 (2)", "7 5 3"),
    ("20-40 (+5)", "20 25 30 35 40"),
    ("20-42 (+5)", "20 25 30 35 40"),
    ("0-1 (+0.3)", "0 0.3 0.6 0.9"),
    ("0-0.3(+.1)", "0 0.1 0.2 0.3"),
    ("1-0 (-0.25)", "1 0.75 0.5 0.25 0"),
    ("0-1 [5]", "0 0.25 0.5 0.75 1"),
    ("1-0 [3]", "1 0.5 0"),
    ("0-1 [1]", "0"),
    ("0-1 [4]", "0 0.333333 0.666667 1"),
    ("-1-1", "-1 0 1"),
    ("-3--1", "-3 -2 -1"),
    ("5-5", "5"),
    ("0.5-1.2", "0.5"),
    ("1, 2, .., 5", "1 2 3 4 5"),
    ("1, 2, ..., 5", "1 2 3 4 5"),
    ("1, 3, …, 8", "1 3 5 7"),
    ("10, 8, .., 0", "10 8 6 4 2 0"),
    ("0.1, 0.2, .., 0.5", "0.1 0.2 0.3 0.4 0.5"),
    ("1, .., 3", "1 2 3"),
    ("1-3, 10, 20-22", "1 2 3 10 20 21 22"),
    ("3, 1-5", "3 1 2 4 5"),
    ("20 || 30", "20 30"),
    ("1, 1.0", "1"),
]
TEXTS = [
    ("a, b", ["a", "b"]),
    ('a, "b, c", d', ["a", "b, c", "d"]),
    ('"a" , b', ["a", "b"]),
    (r'"say \"hi\"", b', ['say "hi"', "b"]),
    ('say "hi", b', ['say "hi"', "b"]),
    ("x, y || z", ["x, y", "z"]),
    ("one value, with a comma ||", ["one value, with a comma"]),
    ("a, a, b", ["a", "b"]),
    ('"open, b', ['"open', "b"]),
]
REFUSED = ["", " ", ",", "||", "a", "1-9 (0)", "7-3 (+1)", "1-5 (-1)", "..", ".., 3", "1, ..", "5, 4, .., 9",
           "2, 2, .., 2", "nan", "inf", "1-", "1 [0]", "0-1 [0]", "1-1000000000", "0-1 [1001]",
           "1-2 (+0.0001)", "½"]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers(text: str, expected: str):
    assert numbers(text) == tuple(map(Decimal, expected.split()))


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_texts(text: str, expected: list[str]):
    assert list(texts(text)) == expected


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_has_a_reason_and_a_remedy(text: str):
    with pytest.raises(InvalidRequest) as refused:
        numbers(text)
    assert refused.value.message and refused.value.hint


@given(st.text('0123456789.,-+()[] |"', max_size=40))
def test_any_text_gives_numbers_or_a_reason(text: str):
    try:
        found = numbers(text)
    except InvalidRequest as error:
        assert error.hint
    else:
        assert 1 <= len(found) <= MAX_VALUES and len(set(found)) == len(found)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(
    lambda text: text and "||" not in text), min_size=1, unique=True))  # fmt: skip
def test_quoted_values_come_back(values: list[str]):
    quoted = ", ".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    assert list(texts(quoted)) == list(dict.fromkeys(values))


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 20))
def test_a_range_never_overshoots(start: int, end: int, step: int):
    found = numbers(f"{start}-{end} ({step})")
    low, high = sorted((start, end))
    assert found[0] == start and all(low <= value <= high for value in found)
    assert abs(end - found[-1]) < step
