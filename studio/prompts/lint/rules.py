"""Lint: what is odd in a prompt, explained, with fixes that one click applies. Offline, and never an obstacle.

A rule is a function from a :class:`Case` to findings; the modules beside this one hold them by subject,
:data:`RULES` names them in the order in which "Fix all" works through them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from studio.prompts.lint import (
    brackets,
    contradictions,
    family,
    joints,
    loras,
    negatives,
    people,
    repeats,
    writing,
)
from studio.prompts.lint.case import Case, Surroundings
from studio.prompts.lint.findings import SEVERITIES, Finding

Rule = Callable[[Case], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    loras.lora_tags,
    writing.full_width,
    brackets.unclosed,
    brackets.stray,
    brackets.escapes,
    brackets.nesting,
    brackets.weights,
    joints.ands,
    joints.breaks,
    joints.choices,
    joints.wildcards,
    writing.underscores,
    writing.script,
    contradictions.contradictions,
    people.people,
    family.unknown_words,
    family.foreign_words,
    repeats.in_both,
    repeats.duplicates,
    repeats.synonyms,
    repeats.implied,
    negatives.missing,
    writing.tidiness,
)
MOST = 20
"""Findings of one rule; whoever has more begins with these."""
ROUNDS = 5
"""Passes over all rules; a fix may lay bare what another rule minds."""


def lint(prompt: str, negative_prompt: str = "", around: Surroundings | None = None) -> tuple[Finding, ...]:
    """All findings, the weightiest first, then by place. Never raises."""
    case = Case(prompt, negative_prompt, around or Surroundings())
    found = [finding for rule in RULES for finding in islice(rule(case), MOST)]
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.in_negative, one.start)))


def fix_all(prompt: str, negative_prompt: str = "", around: Surroundings | None = None) -> tuple[str, str]:
    """Both prompts after all safe fixes, applied one after the other until none is left."""
    case = Case(prompt, negative_prompt, around or Surroundings())
    for _ in range(ROUNDS):
        before = case
        for rule in RULES:
            case = _applied(rule, case)
        if case is before:
            break
    return case.prompt.text, case.negative.text


def _applied(rule: Rule, case: Case) -> Case:
    """The case after the rule's safe fixes; the same one where there are none."""
    for _ in range(MOST):
        fixes = (finding.safe_fix for finding in islice(rule(case), MOST))
        fix = next((fix for fix in fixes if fix and case.is_changed_by(fix)), None)
        if fix is None:
            break
        case = Case(fix.prompt, fix.negative_prompt, case.around)
    return case
