"""The rules a proposal has to keep, checked by us and not left to the model's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.assistant.asking import Ask
from studio.assistant.linting import surroundings
from studio.assistant.proposal import Alternative, Proposal
from studio.assistant.protection import lora_tags, missing, without_new_tags
from studio.prompts.library.library import Library
from studio.prompts.lint.rules import lint
from studio.prompts.syntax import phrases, tokens

Count = Callable[[str], int]
"""Tokens of a prompt."""
LINTED = frozenset("contradiction bracket nesting weight escape break choice people unknown-word family".split())
"""Kinds of lint's findings that a proposal must not have, if they are more than remarks."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that is broken. ``severe`` ones are worth a second call to the model."""

    rule: str
    message: str
    severe: bool = True


class Checker:
    """The rules for the answers to one question."""

    def __init__(self, ask: Ask, library: Library, count: Count = tokens.estimate) -> None:
        self._ask, self._count = ask, count
        self._around = surroundings(library, ask.family)
        self._known_tags = lora_tags(f"{ask.prompt} {ask.negative_prompt} {' '.join(ask.triggers)}")
        self._old = {message for _, message in self._linted(ask.prompt, ask.negative_prompt)}

    def cleaned(self, proposal: Proposal) -> Proposal:
        """``proposal`` without LoRA tags of the model's own, and without alternatives that are none or break a rule.

        Variations that were asked for are left in for :meth:`check` to say what is wrong with them.
        """
        vary = self._ask.mode == "vary"
        others: dict[frozenset[str], Alternative] = {}
        for other in proposal.alternatives:
            text = without_new_tags(other.prompt, self._known_tags)
            wanted = not same(text, self._ask.prompt) if vary else not self._of_prompt(text, "")
            if text and wanted:
                others.setdefault(_substance(text), Alternative(prompt=text, reason=other.reason))
        negative = proposal.negative_prompt
        return proposal.model_copy(
            update={
                "prompt": without_new_tags(proposal.prompt, self._known_tags),
                "negative_prompt": negative and without_new_tags(negative, self._known_tags),
                "alternatives": tuple(others.values())[: self._ask.count if vary else None],
            }
        )

    def check(self, proposal: Proposal) -> tuple[Flag, ...]:
        """What is wrong with ``proposal``, the worst first."""
        vary = self._ask.mode == "vary"
        flags: list[Flag] = []
        for number, prompt in enumerate(proposal.prompts if vary else (proposal.prompt,), 1):
            flags += self._of_prompt(prompt, f"Prompt {number}" if vary else "The prompt")
        flags += self._of_lint("", proposal.negative_prompt or "")
        if vary and len(proposal.alternatives) < self._ask.count:
            have = len(proposal.alternatives)
            flags.append(Flag("variations", f"Only {have} of {self._ask.count} variations differ from each other."))
        return tuple(sorted(flags, key=lambda flag: not flag.severe))

    def _of_prompt(self, prompt: str, where: str) -> list[Flag]:
        flags: list[Flag] = []
        if not phrases.split(prompt):
            flags.append(Flag("empty", f"{where} holds no words."))
        for words in missing(prompt, self._ask.kept):
            flags.append(Flag("kept", f"{where} lacks {words}, which has to stay."))
        length = self._count(prompt)
        if length > self._ask.budget:
            flags.append(Flag("budget", f"{where} takes {length} tokens; {self._ask.budget} is the most."))
        return flags + self._of_lint(prompt, "")

    def _of_lint(self, prompt: str, negative_prompt: str) -> list[Flag]:
        # What the person's own prompt has already is theirs to mend, and no reason to ask again.
        found = self._linted(prompt, negative_prompt)
        return [Flag(rule, message, severe=message not in self._old) for rule, message in found]

    def _linted(self, prompt: str, negative_prompt: str) -> list[tuple[str, str]]:
        found = lint(prompt, negative_prompt, self._around)
        return [(one.kind, one.message) for one in found if one.kind in LINTED and one.severity != "remark"]


def same(first: str, second: str) -> bool:
    """Whether two prompts say the same, whatever the order, brackets and weights."""
    return _substance(first) == _substance(second)


def _substance(prompt: str) -> frozenset[str]:
    return frozenset(phrase.key for phrase in phrases.split(prompt)) | frozenset(lora_tags(prompt))
