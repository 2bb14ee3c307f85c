"""Attention weights by the rules of A1111's web UI.

    (a)       weight × 1.1                 [a]      weight ÷ 1.1
    (a:1.3)   weight × 1.3                 \\( \\) \\[ \\] \\\\   the character itself
    BREAK     ends the chunk of 75 tokens

Brackets nest and multiply; a bracket that is never closed applies up to the end; a closing one without an opening one
is text; a lone backslash vanishes. As in A1111, BREAK ends the chunk only outside brackets: their weight would fall on
the word itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import numpy as np

Segment = tuple[str, float]

BREAK: Segment = ("BREAK", -1.0)
MAX_WEIGHT = 1e30
"""A thousand nested brackets would overflow a tensor's floats; weights end here, in both directions."""

_ROUND, _SQUARE = 1.1, 1 / 1.1
TOKEN = re.compile(r"\\[()\[\]\\]|\\|\(|\[|:\s*([+-]?[.\d]+)\s*\)|\)|\]|[^\\()\[\]:]+|:")
"""Splits every text without a gap; group 1 is the weight of a bracket that ends here."""
_BREAK_WORD = re.compile(r"\bBREAK\b")
_SPECIAL = re.compile(r"\bBREAK\b|[\\()\[\]]")


def parse(text: str) -> list[Segment]:
    """Split ``text`` into ``(text, weight)``, neighbours of equal weight merged, ``BREAK`` as ``("BREAK", -1.0)``.

    Never fails and never returns an empty list: an empty text gives ``[("", 1.0)]``.
    """
    reader = _Reader(len(text))
    for token in TOKEN.finditer(text):
        reader.take(token[0], number(token[1]))
    return reader.segments()


def render(segments: Iterable[Segment]) -> str:
    """Write segments as a prompt that :func:`parse` reads back as the same segments (after merging)."""
    parts = list(segments)
    if parts == [("", 1.0)]:
        return ""
    breaks = [_is_plain_break(parts, index) for index in range(len(parts))]
    written = []
    for index, (text, weight) in enumerate(parts):
        after = index > 0 and breaks[index - 1]
        before = index + 1 < len(parts) and breaks[index + 1]
        if breaks[index]:
            written.append("BREAK")
        elif weight == 1.0 and (text or after or before):
            written.append(_beside_breaks(text, after, before))
        else:
            written.append(f"({_escape(text)}{'' if text else chr(92)}:{_decimal(weight)})")
    return "".join(written)


class _Reader:
    """What A1111's loop remembers between two tokens."""

    def __init__(self, length: int) -> None:
        self.texts: list[str] = []
        # An array, because a bracket multiplies everything after it: thousands of brackets stay cheap, and the order
        # of the multiplications (hence the last bit of each weight) stays A1111's.
        self.weights = np.ones(length + 1)
        self.round: list[int] = []
        self.square: list[int] = []

    def take(self, token: str, weight: float | None) -> None:
        if token[0] == "\\":
            self.add(token[1:])
        elif token == "(":
            self.round.append(len(self.texts))
        elif token == "[":
            self.square.append(len(self.texts))
        elif weight is not None and self.round:
            self.multiply(self.round.pop(), weight)
        elif token == ")" and self.round:
            self.multiply(self.round.pop(), _ROUND)
        elif token == "]" and self.square:
            self.multiply(self.square.pop(), _SQUARE)
        elif weight is None and len(token) > 1 and token[-1] == ")":  # a weight that is no number, as ":1.2.3)"
            self.add_words(token[:-1])
            self.take(")", None)
        else:
            self.add_words(token)

    def add(self, text: str, weight: float = 1.0) -> None:
        self.weights[len(self.texts)] = weight
        self.texts.append(text)

    def add_words(self, text: str) -> None:
        words = _BREAK_WORD.split(text)
        for index, part in enumerate(words):
            if index:
                self.add(*BREAK)
                part = part.lstrip()
            self.add(part.rstrip() if index + 1 < len(words) else part)

    def multiply(self, start: int, factor: float) -> None:
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            self.weights[start : len(self.texts)] *= factor

    def segments(self) -> list[Segment]:
        for start in self.round:
            self.multiply(start, _ROUND)
        for start in self.square:
            self.multiply(start, _SQUARE)
        if not self.texts:
            return [("", 1.0)]
        weights = np.nan_to_num(self.weights[: len(self.texts)], nan=0.0).clip(-MAX_WEIGHT, MAX_WEIGHT)
        runs = groupby(zip(self.texts, weights.tolist(), strict=True), key=itemgetter(1))
        return [("".join(text for text, _ in run), weight) for weight, run in runs]


def number(text: str | None) -> float | None:
    """A written weight; None for what is none, such as ``1.2.3``."""
    try:
        return None if text is None else min(max(float(text), -MAX_WEIGHT), MAX_WEIGHT)
    except ValueError:
        return None


def _is_plain_break(parts: list[Segment], index: int) -> bool:
    # "x BREAK y" always yields a segment of weight 1 on both sides; a BREAK without them came from elsewhere.
    if parts[index] != BREAK or not 0 < index < len(parts) - 1:
        return False
    return parts[index - 1][1] == 1.0 == parts[index + 1][1]


def _beside_breaks(text: str, after: bool, before: bool) -> str:
    """Plain text between BREAKs. Blanks beside a BREAK are swallowed, so real ones are fenced off by a backslash."""
    left = right = ""
    if after:
        left = "\\" if text[:1].isspace() else " "
    if before:
        right = "\\" if text[-1:].isspace() else " "
    return left + _escape(text) + right


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda found: "BR\\EAK" if found[0] == "BREAK" else "\\" + found[0], text)


def _decimal(weight: float) -> str:
    return f"{Decimal(repr(weight)):f}"  # never an exponent: the grammar has none
