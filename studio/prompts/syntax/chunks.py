"""A long prompt as chunks of up to 75 tokens, cut the way A1111 cuts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from studio.prompts.syntax import attention, reading
from studio.prompts.syntax.attention import BREAK, Segment

CHUNK_LENGTH = 75


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to 75 tokens with one weight each; without start, end and padding tokens."""

    tokens: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()


def chunk(
    segments: Iterable[Segment],
    tokenize: Callable[[str], list[int]],
    comma: int | None,
    backtrack: int = 20,
) -> list[Chunk]:
    """Cut weighted segments into chunks; there is always at least one.

    Args:
        segments: from :func:`studio.prompts.syntax.attention.parse`.
        tokenize: gives a text's token ids without start and end tokens; called once for each segment.
        comma: the id of the token ``,``; None if the vocabulary has none.
        backtrack: if a chunk overflows and a comma lies within that many tokens of its end, what follows the comma
            moves to the next chunk, so that no phrase is torn. 0 turns this off.
    """
    cutter = _Cutter(comma, backtrack)
    for text, weight in segments:
        if (text, weight) == BREAK:
            cutter.close(len(cutter.tokens))
            continue
        for token in tokenize(text):
            cutter.add(token, weight)
    if cutter.tokens or not cutter.done:
        cutter.close(len(cutter.tokens))
    return cutter.done


def of_prompt(prompt: str, tokenize: Callable[[str], list[int]], comma: int | None) -> list[Chunk]:
    """From what was typed to chunks, schedules and ``AND`` taken as words: comments and LoRA tags out, weights read.

    Raises:
        InvalidRequest: a LoRA tag is malformed.
    """
    return chunk(attention.parse(reading.words(prompt)), tokenize, comma)


class _Cutter:
    def __init__(self, comma: int | None, backtrack: int) -> None:
        self.comma = comma
        self.backtrack = backtrack
        self.tokens: list[int] = []
        self.weights: list[float] = []
        self.after_comma = 0
        """Where the text after the chunk's last comma starts; 0: no comma yet."""
        self.done: list[Chunk] = []

    def add(self, token: int, weight: float) -> None:
        is_comma = token == self.comma
        if len(self.tokens) == CHUNK_LENGTH:
            # A comma right at the cut opens the next chunk: it tears no phrase.
            near = self.after_comma and CHUNK_LENGTH - self.after_comma < self.backtrack
            self.close(self.after_comma if near and not is_comma else CHUNK_LENGTH)
        elif is_comma:
            self.after_comma = len(self.tokens) + 1
        self.tokens.append(token)
        self.weights.append(weight)

    def close(self, end: int) -> None:
        """End the chunk at ``end``; the tokens from there on begin the next one."""
        self.done.append(Chunk(tuple(self.tokens[:end]), tuple(self.weights[:end])))
        self.tokens, self.weights = self.tokens[end:], self.weights[end:]
        self.after_comma = 0
