"""Brackets that never close or never opened, that nest without need, and weights beyond what pictures bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from studio.prompts.lint.case import Case, Side, finding
from studio.prompts.lint.findings import Finding, Fix, named
from studio.prompts.syntax.brackets import Bracket
from studio.prompts.syntax.phrases import Phrase
from studio.prompts.syntax.schedules import MAX_DEPTH

LIGHT, HEAVY = 0.5, 1.5
NESTED = 3
"""((word)) is a habit of many; from here on a written weight is easier to read."""
_SMILEY = re.compile(r"[:;=x8>]['o-]?[)\]]|[)\]]['o-]?[:;=]")
_QUALIFIED = re.compile(r"(?<=[\w.!])([ _])\(([^()\[\]:|,{}<>]+)\)")
CLOSING = {"(": ")", "[": "]"}


def unclosed(case: Case) -> Iterator[Finding]:
    """Opening brackets without an end weigh everything that follows."""
    for side in case.sides:
        found = sorted((bracket for bracket in side.shape.brackets.pairs if bracket.close is None), key=_opening)
        if not found:
            continue
        closing = "".join(CLOSING[bracket.sign] for bracket in reversed(found))
        many = f"{len(found)} brackets in the {side.name} are" if len(found) > 1 else f"A bracket in the {side.name} is"
        yield finding(
            side,
            "bracket",
            "warning",
            f"{many} never closed.",
            "Everything up to the end is weighed by it; close it where it should end, or write \\( for a plain one.",
            (found[0].open, found[0].open + 1),
            *_closed_after_its_phrase(case, side, found),
            case.fix(side, "Close it at the end", _appended(side.text, closing), safe=True),
        )


def stray(case: Case) -> Iterator[Finding]:
    """Closing brackets without a beginning are read as text."""
    for side in case.sides:
        smiles = {at for found in _SMILEY.finditer(side.plain) for at in range(*found.span())}
        found = [at for at in side.shape.brackets.stray if at not in smiles]
        if not found:
            continue
        many = f"{len(found)} closing brackets" if len(found) > 1 else "A closing bracket"
        gone, escaped = list(side.text), list(side.text)
        for at in found:
            gone[at], escaped[at] = "", f"\\{side.text[at]}"
        yield finding(
            side,
            "bracket",
            "warning",
            f"{many} in the {side.name} {'have' if len(found) > 1 else 'has'} no opening one.",
            "It is read as a letter; remove it, or write \\) where a plain bracket is meant.",
            (found[0], found[0] + 1),
            case.fix(side, "Remove it", "".join(gone), safe=True),
            case.fix(side, "Make it a plain bracket", "".join(escaped)),
        )


def nesting(case: Case) -> Iterator[Finding]:
    """Brackets around nothing but brackets: a written weight says the same."""
    for side in case.sides:
        for chain in _chains(side):
            outer, inner = chain[0], chain[-1]
            weight = 1.0
            for bracket in reversed(chain):
                weight *= bracket.factor
            words = side.text[inner.open + 1 : inner.content_end]
            plain = words if round(weight, 2) == 1 else f"({words}:{written(weight)})"
            text = side.text[: outer.open] + plain + side.text[(outer.close or 0) + 1 :]
            yield finding(
                side,
                "nesting",
                "error" if len(chain) > MAX_DEPTH else "remark",
                f"{len(chain)} brackets stand around {named(words)}.",
                f"Together they are the weight {written(weight)}, which can be written as a number.",
                (outer.open, (outer.close or 0) + 1),
                case.fix(side, f"Write {named(plain)}", text, safe=True),
            )


def weights(case: Case) -> Iterator[Finding]:
    """Written weights, and what nested ones add up to, outside 0.5–1.5."""
    for side in case.sides:
        odd = [bracket for bracket in side.shape.brackets.pairs if not LIGHT <= bracket.factor <= HEAVY]
        for bracket in sorted(odd, key=_opening):
            if bracket.close is not None and bracket.weight_start is not None:
                words = side.text[bracket.open + 1 : bracket.weight_start]
                bound = _bound(bracket.factor)
                text = side.text[: bracket.weight_start] + f":{written(bound)})" + side.text[bracket.close + 1 :]
                fix = case.fix(side, f"Write {written(bound)}", text)
                yield _weight(side, words, bracket.factor, (bracket.open, bracket.close + 1), fix)
        for phrase in side.phrases if not odd else ():
            if not LIGHT <= round(phrase.weight, 3) <= HEAVY:
                yield _weight(
                    side, phrase.text, phrase.weight, (phrase.start, phrase.end), *_lighter(case, side, phrase)
                )


def escapes(case: Case) -> Iterator[Finding]:
    """``miku (vocaloid)``: brackets that belong to a name are read as emphasis."""
    for side in case.sides:
        for found in _QUALIFIED.finditer(side.plain):
            after = side.plain[found.end() :].lstrip(" \t")[:1]
            if after not in ("", ",", "\n", ")", ":", "|", "]") or "\\" in found[0]:
                continue
            sure = found[1] == "_"
            text = side.text[: found.start()] + f"{found[1]}\\({found[2]}\\)" + side.text[found.end() :]
            yield finding(
                side,
                "escape",
                "warning" if sure else "remark",
                f"The brackets around {named(found[2])} are read as emphasis.",
                f"Where they belong to a name, write \\({found[2]}\\).",
                found.span(),
                case.fix(side, "Make them plain brackets", text, safe=sure),
            )


def written(weight: float) -> str:
    """A weight as prompts have it: at most two decimals, never an exponent."""
    return f"{Decimal(repr(round(weight, 2))).normalize():f}"


def _closed_after_its_phrase(case: Case, side: Side, found: list[Bracket]) -> Iterator[Fix]:
    first = next((phrase for phrase in side.phrases if phrase.start > found[-1].open), None)
    if len(found) == 1 and first is not None and first is not side.phrases[-1]:
        text = side.text[: first.end] + CLOSING[found[0].sign] + side.text[first.end :]
        yield case.fix(side, f"Close it after {named(first.text)}", text)


def _appended(text: str, closing: str) -> str:
    last_line = text.rpartition("\n")[2]
    commented = re.search(r"(?<!\\)#", last_line) is not None
    return text + ("\n" if commented or text.endswith("\\") else "") + closing


def _chains(side: Side) -> Iterator[list[Bracket]]:
    """Runs of brackets that hold nothing but the next, the outermost first: long ones, and ones that cancel out."""
    schedules = {one.bracket.open for one in side.shape.schedules}
    by_open = {
        bracket.open: bracket
        for bracket in side.shape.brackets.pairs
        if bracket.close is not None and bracket.open not in schedules
    }
    used: set[int] = set()
    for opening in sorted(by_open):
        chain = [by_open[opening]] if opening not in used else []
        while chain and (inner := by_open.get(chain[-1].open + 1)) and (inner.close or 0) + 1 == chain[-1].content_end:
            chain.append(inner)
        used.update(bracket.open for bracket in chain)
        mixed = {bracket.sign for bracket in chain} == {"(", "["} or any(
            bracket.weight_start is not None for bracket in chain[:-1]
        )
        if len(chain) >= (2 if mixed else NESTED):
            yield chain


def _weight(side: Side, words: str, weight: float, place: tuple[int, int], *fixes: Fix) -> Finding:
    hint = "Pictures burn and break above 1.5; 1.1 to 1.4 is usual."
    if weight <= 0:
        hint = "Nothing of it will be seen; remove it, or put it into the negative prompt."
    elif weight < LIGHT:
        hint = "So little hardly shows; remove it, or give it 0.5 or more."
    return finding(side, "weight", "warning", f"{named(words)} has the weight {written(weight)}.", hint, place, *fixes)


def _lighter(case: Case, side: Side, phrase: Phrase) -> Iterator[Fix]:
    """The phrase with a weight of its own such that all brackets together stay within bounds."""
    own = 1.0
    for bracket in side.shape.brackets.pairs:
        if phrase.start <= bracket.open < phrase.core_start:
            own *= bracket.factor
    outer = phrase.weight / own if own else 0.0
    if phrase.start < phrase.core_start and outer:
        words = side.text[phrase.core_start : phrase.core_end]
        new = f"({words}:{written(_bound(phrase.weight) / outer)})"
        yield case.fix(side, f"Write {named(new)}", side.text[: phrase.start] + new + side.text[phrase.end :])


def _bound(weight: float) -> float:
    return HEAVY if weight > HEAVY else LIGHT


def _opening(bracket: Bracket) -> int:
    return bracket.open
