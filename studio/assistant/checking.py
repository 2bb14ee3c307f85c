"""The rules a proposal has to keep, checked by us and not left to the model's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from studio.assistant.asking import Ask
from studio.assistant.proposal import Alternative, Proposal
from studio.assistant.protection import lora_tags, missing, without_new_tags
from studio.catalog import vocabulary
from studio.prompts import brackets, phrases, tokens

Count = Callable[[str], int]
"""Tokens of a prompt."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that is broken. ``severe`` ones are worth a second call to the model."""

    rule: str
    message: str
    severe: bool = True


def cleaned(proposal: Proposal, ask: Ask, count: Count = tokens.estimate) -> Proposal:
    """``proposal`` without LoRA tags of the model's own, and without alternatives that are none or break a rule.

    Variations that were asked for are left in for :func:`check` to say what is wrong with them.
    """
    known = lora_tags(f"{ask.prompt} {ask.negative_prompt} {' '.join(ask.triggers)}")
    others: dict[frozenset[str], Alternative] = {}
    for other in proposal.alternatives:
        text = without_new_tags(other.prompt, known)
        wanted = not same(text, ask.prompt) if ask.mode == "vary" else not _of_prompt(text, "", ask, count)
        if text and wanted:
            others.setdefault(_substance(text), Alternative(prompt=text, reason=other.reason))
    negative = proposal.negative_prompt
    most = ask.count if ask.mode == "vary" else len(others)
    return proposal.model_copy(
        update={
            "prompt": without_new_tags(proposal.prompt, known),
            "negative_prompt": negative if negative is None else without_new_tags(negative, known),
            "alternatives": tuple(others.values())[:most],
        }
    )


def check(proposal: Proposal, ask: Ask, count: Count = tokens.estimate) -> tuple[Flag, ...]:
    """What is wrong with ``proposal``, the worst first."""
    flags: list[Flag] = []
    prompts = proposal.prompts if ask.mode == "vary" else (proposal.prompt,)
    for number, prompt in enumerate(prompts, 1):
        flags += _of_prompt(prompt, f"Prompt {number}" if ask.mode == "vary" else "The prompt", ask, count)
    if proposal.negative_prompt and _unbalanced(proposal.negative_prompt):
        flags.append(Flag("brackets", "The negative prompt has a bracket without its partner."))
    if ask.mode == "vary" and len(proposal.alternatives) < ask.count:
        have = len(proposal.alternatives)
        flags.append(Flag("variations", f"Only {have} of {ask.count} variations differ from each other."))
    return tuple(sorted(flags, key=lambda flag: not flag.severe))


def same(first: str, second: str) -> bool:
    """Whether two prompts say the same, whatever the order, brackets and weights."""
    return _substance(first) == _substance(second)


def distinct(prompts: tuple[str, ...]) -> bool:
    return not any(same(first, second) for first, second in combinations(prompts, 2))


def _of_prompt(prompt: str, where: str, ask: Ask, count: Count) -> list[Flag]:
    flags: list[Flag] = []
    if not phrases.split(prompt):
        flags.append(Flag("empty", f"{where} holds no words."))
    for words in missing(prompt, ask.kept):
        flags.append(Flag("kept", f"{where} lacks {words}, which has to stay."))
    if _unbalanced(prompt):
        flags.append(Flag("brackets", f"{where} has a bracket without its partner."))
    length = count(prompt)
    if length > ask.budget:
        flags.append(Flag("budget", f"{where} takes {length} tokens; {ask.budget} is the most."))
    strange = vocabulary.unknown(ask.family, (phrase.text for phrase in phrases.split(prompt)))
    if strange:
        listed = ", ".join(strange[:8])
        flags.append(Flag("vocabulary", f"{where} has words that the checkpoint does not know: {listed}."))
    return flags


def _unbalanced(prompt: str) -> bool:
    found = brackets.find(phrases.masked(prompt))
    return bool(found.stray) or any(pair.close is None for pair in found.pairs)


def _substance(prompt: str) -> frozenset[str]:
    return frozenset(phrase.key for phrase in phrases.split(prompt)) | frozenset(lora_tags(prompt))
