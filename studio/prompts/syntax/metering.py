"""A prompt measured for people: the tokens of each chunk, and where in the text as it was typed a chunk ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from studio.prompts.syntax import attention, chunks, reading
from studio.prompts.syntax.tokens import TokenCounter, estimate

STEPS = 20
"""For a prompt that changes on its way, where the caller does not say how long the way is."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Tokens of a prompt."""

    sizes: tuple[int, ...] = ()
    """Tokens in each chunk of up to 75; empty where they could only be estimated."""
    ends: tuple[int, ...] = ()
    """Where each chunk but the last ends, in UTF-16 units of the typed text, as browsers count."""
    about: int | None = None
    """A rough count, for a checkpoint whose tokenizer is not at hand."""
    problem: str = ""
    """Why nothing could be counted."""


def rough(prompt: str) -> Measure:
    """For when there is no tokenizer. Never fails."""
    return Measure(about=estimate(prompt))


def measure(prompt: str, counter: TokenCounter, negative: bool = False, steps: int = STEPS) -> Measure:
    """Count with the checkpoint's own tokenizer. Of a prompt with schedules or ``AND`` the longest variant counts.

    Raises:
        InvalidRequest: a LoRA tag is malformed, or brackets nest too deep.
    """
    walk = reading.Walk(steps)
    stretches = [reading.stretches(prompt, walk)] if negative else [p.stretches for p in reading.parts(prompt, walk)]
    variants = dict.fromkeys(text for way in stretches for _, text in way)
    return max((_measured(prompt, text, counter) for text in variants), key=lambda found: sum(found.sizes))


def _measured(prompt: str, text: str, counter: TokenCounter) -> Measure:
    heard: list[str] = []

    def encode(piece: str) -> list[int]:
        heard.append(piece)
        return counter.encode(piece)

    sizes = [len(chunk.tokens) for chunk in chunks.chunk(attention.parse(text), encode, counter.comma)]
    return Measure(tuple(sizes), _ends(prompt, heard, sizes, counter) if len(sizes) > 1 else ())


def _ends(prompt: str, heard: list[str], sizes: list[int], counter: TokenCounter) -> tuple[int, ...]:
    """Chunks hold the tokens of ``heard`` in order: a chunk ends where the first token of the next one begins."""
    before = accumulate((len(piece) for piece in heard), initial=0)
    starts = [shift + start for piece, shift in zip(heard, before, strict=False) for start in counter.starts(piece)]
    said = "".join(heard)
    places = [*starts, len(said)]
    # Blanks belong to no token; the mark stands right behind the last word.
    ends = [len(said[: places[total]].rstrip()) for total in accumulate(sizes[:-1])]
    return _in_typed(prompt, said, ends)


def _in_typed(prompt: str, said: str, ends: list[int]) -> tuple[int, ...]:
    """Places of ``said`` in ``prompt``, from which brackets, weights, comments and tags were left out.

    What is left keeps its order, so each of its characters is looked for after the one before it. In a weight that
    happens to begin like the next word a place may come out a few characters early.
    """
    found, typed, units = [], 0, 0
    wanted = iter([*ends, -1])
    end = next(wanted)
    for place, character in enumerate(said):
        while end == place:
            found.append(units)
            end = next(wanted)
        at = prompt.find(character, typed)
        if at >= 0:
            units += len(prompt[typed : at + 1].encode("utf-16-le", "surrogatepass")) // 2
            typed = at + 1
    return (*found, *([units] * (len(ends) - len(found))))
