"""The values of an axis as a person types them.

    20, 30, 40          a list; "a, b" in quotes keeps its comma; with || between values commas are plain text
    20-40               every whole step; 40-20 counts down
    20-40 (+5)          in steps of 5; the end is included where it is hit and never overshot
    0-1 [5]             five values, evenly spaced, both ends included
    1, 2, .., 10        goes on like the two values before the dots

Numbers are decimal all the way, so 0-1 (+0.1) gives 0.3 and not 0.30000000000000004.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from studio.errors import InvalidRequest

T = TypeVar("T")

MAX_VALUES = 1000
MAX_TEXT = 100_000
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_RANGE = re.compile(
    rf"({_NUMBER})\s*-\s*({_NUMBER})\s*(?:\(\s*({_NUMBER})\s*\)|\[\s*(\d{{1,9}})\s*\])?",
)
_DOTS = {"..", "...", "…"}
_PART = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"\s*(?=,|$)|([^,]*))(?:,|$)')


def texts(text: str) -> tuple[str, ...]:
    """The values as texts, in order, blanks around them removed, empty ones and repetitions left out.

    Raises:
        InvalidRequest: there is none, or more than :data:`MAX_VALUES`.
    """
    if len(text) > MAX_TEXT:
        raise InvalidRequest("The list of values is too long.", f"Use at most {MAX_TEXT:,} characters.")
    parts = text.split("||") if "||" in text else _comma_separated(text)
    return _checked([part.strip() for part in parts if part.strip()])


def numbers(text: str) -> tuple[Decimal, ...]:
    """The values as numbers, ranges and ellipses spelled out.

    Raises:
        InvalidRequest: a value is no number, a range leads nowhere, or there are too many.
    """
    found: list[Decimal] = []
    parts = iter(texts(text))
    for part in parts:
        if part in _DOTS:
            if not found or (end := next(parts, None)) is None:
                raise InvalidRequest("The dots stand between two values.", "Write for example 1, 2, .., 10.")
            found += _onwards(found, _number(end))
        elif span := _RANGE.fullmatch(part):
            found += _range(part, *span.groups())
        else:
            found.append(_number(part))
        _refuse_too_many(len(found))
    return _checked(found)


def _comma_separated(text: str) -> list[str]:
    parts, place = [], 0
    while place <= len(text):
        found = _PART.match(text, place)
        assert found is not None, "the pattern matches anything"
        quoted, plain = found.groups()
        parts.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain)
        if found.end() == len(text) and not found[0].endswith(","):
            break
        place = found.end() if found.end() > place else place + 1
    return parts


def _checked(values: list[T]) -> tuple[T, ...]:
    if not values:
        raise InvalidRequest("The axis has no values.", "Write at least one, for example 20, 30, 40.")
    _refuse_too_many(len(values))
    return tuple(dict.fromkeys(values))


def _refuse_too_many(count: int | Decimal) -> None:
    if count > MAX_VALUES:
        raise InvalidRequest(
            f"The axis has more than {MAX_VALUES} values.", "Take a larger step, or fewer values: 20-40 [5] gives five."
        )


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
        if value.is_finite() and abs(value) < 10**12:
            return value
    except InvalidOperation:
        pass
    raise InvalidRequest(
        f"{text[:40]!r} is not a number or a range.", "Write 20, 30, 40 or 20-40 (+5) or 0-1 [5]."
    ) from None


def _range(text: str, first: str, last: str, step: str | None, count: str | None) -> list[Decimal]:
    start, end = _number(first), _number(last)
    if count is not None:
        return _spaced(text, start, end, int(count))
    wanted = Decimal(1) if step is None else abs(_number(step))
    if not wanted:
        raise InvalidRequest(f"The step in {text!r} is 0.", "Write a step such as (+5).")
    if step is not None and step[0] in "+-" and start != end and (step[0] == "-") != (end < start):
        raise InvalidRequest(
            f"The step in {text!r} leads away from its end.", "Turn the sign of the step, or swap the two ends."
        )
    return _steps(start, end, wanted)


def _steps(start: Decimal, end: Decimal, step: Decimal) -> list[Decimal]:
    count = abs(end - start) // step + 1
    _refuse_too_many(count)
    sign = 1 if end >= start else -1
    return [start + sign * step * number for number in range(int(count))]


def _spaced(text: str, start: Decimal, end: Decimal, count: int) -> list[Decimal]:
    if count < 1:
        raise InvalidRequest(f"The number of values in {text!r} is 0.", "Write for example 0-1 [5].")
    _refuse_too_many(count)
    if count == 1:
        return [start]
    exact = [start + (end - start) * number / (count - 1) for number in range(count)]
    return [value.quantize(Decimal("1e-6")).normalize() + 0 for value in exact]


def _onwards(found: list[Decimal], end: Decimal) -> list[Decimal]:
    """The values after the last of ``found`` up to ``end``, going on like the last two."""
    step = found[-1] - found[-2] if len(found) > 1 else Decimal(1 if end >= found[-1] else -1)
    if not step or (end - found[-1]) * step < 0:
        raise InvalidRequest(
            f"The dots do not lead from {found[-1]:f} to {end:f}.",
            "Write two values that go towards the end: 1, 2, .., 10.",
        )
    return _steps(found[-1], end, abs(step))[1:]
