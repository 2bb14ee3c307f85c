"""The prompts of one click: as many drawings as pictures are wanted, or all combinations."""

from __future__ import annotations

from dataclasses import dataclass

from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random import expansion
from studio.prompts.random.expansion import is_dynamic
from studio.request import MAX_SEED

MAX_COMBINATIONS = 64
"""Most combinations that are drawn at once."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The prompts of one picture."""

    prompt: str
    negative_prompt: str = ""
    offset: int = 0
    """What is added to the seed of the first picture."""
    wildcard_seed: int = -1
    """Of this drawing; -1: nothing was left to chance."""


def drawn(
    prompt: str,
    negative_prompt: str,
    wildcard_seed: int,
    count: int,
    wildcards: Wildcards,
    combine: bool = False,
    limit: int = MAX_COMBINATIONS,
) -> list[Drawn]:
    """``count`` pictures, each with a drawing of its own by ``wildcard_seed``, ``wildcard_seed + 1``, …

    ``combine`` gives ``count`` pictures of each combination of the prompt instead, at most ``limit`` combinations; all
    begin with the same seed, so that they can be compared.

    Raises:
        InvalidRequest: says what in a prompt, or in which wildcard, is wrong.
    """
    chance = is_dynamic(negative_prompt) or (is_dynamic(prompt) and not combine)
    seeds = [(wildcard_seed + number) % (MAX_SEED + 1) for number in range(count)] if chance else [-1] * count
    negatives = [expansion.draw(negative_prompt, seed, wildcards) for seed in seeds]
    if combine:
        prompts = expansion.combinations(prompt, wildcards, limit)
        return [Drawn(each, negatives[n], n, seeds[n]) for each in prompts for n in range(count)]
    texts = [expansion.draw(prompt, seed, wildcards) for seed in seeds]
    return [Drawn(texts[n], negatives[n], n, seeds[n]) for n in range(count)]
