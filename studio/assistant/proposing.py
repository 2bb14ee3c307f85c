"""One question from end to end: asked, read, checked, repaired once, flagged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from studio.assistant import answers, grounding, messages
from studio.assistant.asking import Ask
from studio.assistant.checking import Checker, Count, Flag
from studio.assistant.failures import AnswerUnusable, EndpointFailed
from studio.assistant.proposal import SCHEMA, Proposal
from studio.assistant.wire import Cancel
from studio.prompts.library.library import Library
from studio.prompts.syntax import tokens


class Answers(Protocol):
    """What answers: :class:`studio.assistant.client.Client`."""

    def answer(
        self,
        messages: list[dict[str, str]],
        schema: dict | None = None,
        on_text: Callable[[str], None] | None = None,
        cancel: Cancel | None = None,
        seed: int | None = None,
    ) -> str: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """A proposal with what is still wrong with it, and what the model said letter by letter."""

    proposal: Proposal
    flags: tuple[Flag, ...]
    raw: str
    repaired: bool
    """Whether it took a second call."""
    seconds: float


def propose(
    client: Answers,
    ask: Ask,
    library: Library,
    count: Count = tokens.estimate,
    on_text: Callable[[str], None] | None = None,
    cancel: Cancel | None = None,
) -> Outcome:
    """Ask the model, and once more if its answer is unusable or breaks a rule.

    Args:
        count: tokens of a prompt; the checkpoint's own tokenizer knows better than the estimate.
        on_text: is given the raw answer so far whenever something came; see :func:`answers.so_far`.

    Raises:
        AnswerUnusable: there is no proposal in what the model said; that is in ``raw``.
        EndpointFailed: the server refused, failed, or did not answer.
        Stopped: ``cancel`` was cancelled.
    """
    started, rules = time.monotonic(), Checker(ask, library, count)
    asked = messages.conversation(ask, grounding.tags(library, ask), grounding.pose_names(ask))
    raw = client.answer(asked, SCHEMA, on_text, cancel, ask.seed)
    first = _read(raw, rules)
    broken = _broken(first)
    if first is not None and not broken:
        return _outcome(first, raw, False, started)
    try:
        second_raw = client.answer(messages.repair(asked, raw, broken), SCHEMA, on_text, cancel, ask.seed)
    except (AnswerUnusable, EndpointFailed) as error:
        if first is None:
            raise AnswerUnusable(raw=raw) from error
        return _outcome(first, raw, False, started)  # a proposal with a flaw is better than none
    second = _read(second_raw, rules)
    if second is not None and (first is None or len(_broken(second)) < len(broken)):
        return _outcome(second, second_raw, True, started)
    if first is None:
        raise AnswerUnusable(raw=f"{raw}\n\n{second_raw}")
    return _outcome(first, raw, False, started)


Read = tuple[Proposal, tuple[Flag, ...]]


def _read(raw: str, rules: Checker) -> Read | None:
    try:
        proposal = rules.cleaned(answers.proposal_of(raw))
    except AnswerUnusable:
        return None
    return (proposal, rules.check(proposal)) if proposal.prompt else None


def _broken(read: Read | None) -> list[str]:
    if read is None:
        return ["The answer was not a JSON object with a prompt."]
    return [flag.message for flag in read[1] if flag.severe]


def _outcome(read: Read, raw: str, repaired: bool, started: float) -> Outcome:
    return Outcome(*read, raw=raw, repaired=repaired, seconds=time.monotonic() - started)
