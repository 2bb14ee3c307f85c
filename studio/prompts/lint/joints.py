"""The words that join and choose: BREAK, AND, ``{a|b}`` and wildcards."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from itertools import islice

from rapidfuzz import process

from studio.prompts.library.wildcards import NAME
from studio.prompts.lint.case import Case, Side, finding
from studio.prompts.lint.findings import Finding, named

MANY = 100
_BREAK = re.compile(r"\bBREAK\b")
_AND = re.compile(r"\bAND\b")
_AND_WORD = re.compile(r"\s*\bAND\b")
_JOINT = re.compile(r"\b(?:BREAK|AND)\b")
_LOWER = re.compile(r"(?:^|(?<=[,\n]))[^\S\n]*(break|Break|And)[^\S\n]*(?=[,\n]|$)")
_WILDCARD = re.compile(rf"(?<!\\)__(?:[!@~])?({NAME})(?:\([^()]*\))?__")
_EMPTY = re.compile(r"[\s,]*\Z")


def breaks(case: Case) -> Iterator[Finding]:
    """BREAK where it ends nothing, or inside brackets, where it is a word."""
    for side in case.sides:
        yield from _idle_breaks(case, side)
        inside = (found for found in _BREAK.finditer(side.plain) if _depth(side, found.start()))
        for found in islice(inside, 1):
            yield finding(
                side,
                "break",
                "warning",
                "BREAK stands inside brackets, where it is read as a word.",
                "Close the brackets before it and open them again after it.",
                found.span(),
                case.fix(side, "Use a comma instead", _cut(side.text, found.start(), found.end(), ",")),
            )
        for found in _LOWER.finditer(side.plain):
            word = found[1].upper()
            if word == "AND" and side.in_negative:
                continue
            place = found.span(1)
            yield finding(
                side,
                "break",
                "remark",
                f"“{found[1]}” in small letters is an ordinary word.",
                f"Write {word} in capitals to join prompts or end a chunk; else remove it.",
                place,
                case.fix(side, f"Write {word}", side.text[: place[0]] + word + side.text[place[1] :]),
            )


def ands(case: Case) -> Iterator[Finding]:
    """AND with nothing on one side, inside brackets, or in the negative prompt, where it is a word."""
    for found in list(_AND.finditer(case.negative.plain))[:1]:
        yield finding(
            case.negative,
            "break",
            "warning",
            "AND in the negative prompt is read as a word.",
            "Prompts are joined in the prompt only; separate the words of a negative prompt by commas.",
            found.span(),
            case.fix(case.negative, "Use commas instead", _AND_WORD.sub(",", case.negative.text), safe=True),
        )
    side = case.prompt
    idle = {found.start() for found in _idle(side, "AND")}
    for found in _AND.finditer(side.plain):
        if _depth(side, found.start()):
            yield finding(
                side,
                "break",
                "error",
                "AND inside brackets splits the prompt in the middle of them.",
                "Close the brackets before AND, or use a comma.",
                found.span(),
                case.fix(side, "Use a comma instead", _cut(side.text, *found.span(), ",")),
            )
        elif found.start() in idle:
            yield finding(
                side,
                "break",
                "warning",
                "AND has a prompt on one side only; the other one is empty.",
                "An empty prompt pulls towards chance; remove AND, or write what is missing.",
                found.span(),
                case.fix(side, "Remove it", _cut(side.text, *found.span(), ""), safe=True),
            )


def choices(case: Case) -> Iterator[Finding]:
    """A brace without its partner."""
    for side in case.sides:
        waiting: list[int] = []
        loose: list[int] = []
        for found in re.finditer(r"[{}]", side.plain):
            if found[0] == "{":
                waiting.append(found.start())
            elif waiting:
                waiting.pop()
            else:
                loose.append(found.start())
        if not waiting and not loose:
            continue
        first = min(waiting + loose)
        odd = {*waiting, *loose}
        kept = "".join(letter for at, letter in enumerate(side.text) if at not in odd)
        fixes = [case.fix(side, "Remove it", kept)]
        if not loose:
            fixes.insert(0, case.fix(side, "Close it at the end", side.text + "}" * len(waiting)))
        yield finding(
            side,
            "choice",
            "error" if waiting else "warning",
            f"A choice in the {side.name} {'is never closed' if waiting else 'ends that never began'}.",
            "Choices are written {red|blue}, each brace with its partner.",
            (first, first + 1),
            *fixes,
        )


def wildcards(case: Case) -> Iterator[Finding]:
    """Names of lists that do not exist."""
    names = case.around.wildcards
    if names is None:
        return
    for side in case.sides:
        told: set[str] = set()
        for found in _WILDCARD.finditer(side.plain):
            name = found[1]
            if name in told or fnmatch.filter(names, name):
                continue
            told.add(name)
            near = process.extractOne(name, list(names), score_cutoff=60)
            nearest = f"__{near[0]}__" if near else ""
            yield finding(
                side,
                "wildcard",
                "error",
                f"There is no wildcard called {named(name)}.",
                f"Did you mean {nearest}?" if near else "Add a list of that name, or remove it.",
                found.span(),
                *([case.fix(side, f"Use {nearest}", side.text.replace(found[0], nearest))] if near else []),
                case.fix(side, "Remove it", side.text.replace(found[0], "")),
            )


def _idle_breaks(case: Case, side: Side) -> Iterator[Finding]:
    idle = _idle(side, "BREAK")
    if idle:
        text = side.text
        for found in reversed(idle[:MANY]):
            text = _cut(text, *found.span(), "")
        yield finding(
            side,
            "break",
            "remark",
            "BREAK has no words on one of its sides.",
            "It would make a chunk of nothing but padding; remove it.",
            idle[0].span(),
            case.fix(side, "Remove it", text, safe=True),
        )


def _idle(side: Side, word: str) -> list[re.Match[str]]:
    """The joints called ``word`` with nothing before them since the last one, or nothing behind them at the end."""
    idle, last = [], 0
    for found in _JOINT.finditer(side.plain):
        nothing = _EMPTY.match(side.plain, last, found.start()) or _EMPTY.match(side.plain, found.end())
        if nothing and found[0] == word:
            idle.append(found)
        last = found.end()
    return idle


def _depth(side: Side, place: int) -> bool:
    schedules = {one.bracket.open for one in side.shape.schedules}
    return any(
        bracket.open < place and (bracket.close is None or place < bracket.close)
        for bracket in side.shape.brackets.pairs
        if bracket.open not in schedules
    )


def _cut(text: str, start: int, end: int, new: str) -> str:
    before, after = text[:start].rstrip(" \t"), text[end:].lstrip(" \t")
    if new:
        return f"{before.rstrip(',')}, {after.lstrip(', ')}"
    return f"{before} {after}" if before and after else before or after
