"""Where the emphasis brackets of a prompt open and close, by the same rules as ``attention``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from studio.prompts.syntax import attention

ROUND, SQUARE = 1.1, 1 / 1.1


@dataclass(frozen=True, slots=True)
class Bracket:
    """``(`` or ``[`` at ``open``; ``close`` is the place of the closing one, or None where it never closes."""

    sign: str
    open: int
    close: int | None
    weight_start: int | None
    """Place of the colon of a written weight; None: no weight is written."""
    factor: float

    @property
    def content_end(self) -> int | None:
        """Where the words inside end."""
        return self.close if self.weight_start is None else self.weight_start


@dataclass(frozen=True, slots=True)
class Brackets:
    """All brackets in the order in which they multiply weights, and the places of closing ones without a partner."""

    pairs: tuple[Bracket, ...]
    stray: tuple[int, ...]


def find(text: str) -> Brackets:
    """The brackets of ``text``, which has neither comments nor LoRA tags (see :func:`phrases.masked`). Never fails."""
    waiting: dict[str, list[int]] = {"(": [], "[": []}
    pairs: list[Bracket] = []
    stray: list[int] = []
    for token in attention.TOKEN.finditer(text):
        word = token[0]
        if word in waiting:
            waiting[word].append(token.start())
        elif word[-1] == ")" and word[0] in ":)":
            _close_round(token.start(), token.end() - 1, attention.number(token[1]), waiting["("], pairs, stray)
        elif word == "]" and waiting["["]:
            pairs.append(Bracket("[", waiting["["].pop(), token.start(), None, SQUARE))
        elif word == "]":
            stray.append(token.start())
    pairs += [Bracket("(", start, None, None, ROUND) for start in waiting["("]]
    pairs += [Bracket("[", start, None, None, SQUARE) for start in waiting["["]]
    return Brackets(tuple(pairs), tuple(stray))


def _close_round(
    start: int, end: int, weight: float | None, waiting: list[int], pairs: list[Bracket], stray: list[int]
) -> None:
    if not waiting:
        stray.append(end)
    elif weight is None:  # a plain one, or a weight that is no number, as ":1.2.3)": the colon is text then
        pairs.append(Bracket("(", waiting.pop(), end, None, ROUND))
    else:
        pairs.append(Bracket("(", waiting.pop(), end, start, weight))


def weights(pairs: Iterable[Bracket], length: int) -> np.ndarray:
    """The weight of each of ``length`` characters, within ±:data:`attention.MAX_WEIGHT`: float64, shape (length,).

    ``pairs`` come in the order of :class:`Brackets`, so that the last bit of a weight is A1111's.
    """
    result = np.ones(length)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for bracket in pairs:
            result[bracket.open : bracket.close] *= bracket.factor
    return np.nan_to_num(result, nan=0.0).clip(-attention.MAX_WEIGHT, attention.MAX_WEIGHT)
