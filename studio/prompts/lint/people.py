"""How many people the prompt speaks of, against how many stand in the pose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studio.prompts.lint.case import Case, Side, finding
from studio.prompts.lint.findings import Finding, Fix
from studio.prompts.syntax import phrases
from studio.prompts.syntax.phrases import Phrase

NUMBERS = {
    word: number
    for number, words in enumerate(("a an one single", "two", "three", "four", "five", "six", "seven", "eight"), 1)
    for word in words.split()
}
_TAG = re.compile(r"(\d{1,2})\s?(\+?)\s?(girl|boy|other|person|people|man|men|woman|women)s?", re.IGNORECASE)
_WORDS = re.compile(
    rf"\b({'|'.join(NUMBERS)})\s+(?:[a-z-]+\s+){{0,3}}?(girls?|boys?|m[ae]n|wom[ae]n|people|persons?)\b", re.IGNORECASE
)
_SEX = {"man": "boy", "men": "boy", "woman": "girl", "women": "girl", "people": "other", "person": "other"}
ENTRY_KINDS = re.compile(r"girl|boy|other", re.IGNORECASE)
AT_LEAST_TWO = frozenset(
    "multiple girls,multiple boys,couple,duo,siblings,sisters,brothers,twins,friends,rivals,group,mother and daughter,"
    "mother and son,father and daughter,father and son,family".split(",")
)
ANY_NUMBER = frozenset(("crowd", "people"))


@dataclass(frozen=True, slots=True)
class People:
    """What the prompt says: from ``least`` to ``most`` people; ``most`` None: no upper bound."""

    least: int
    most: int | None
    counted: tuple[Phrase, ...] = ()
    """The tags that say so, one for each kind."""

    @property
    def said(self) -> bool:
        return self.least > 0 or self.most is not None


def people_in(side: Side) -> People:
    """The people of ``side``: girls, boys and others add up; of several numbers for one kind the largest holds."""
    tags: dict[str, tuple[int, bool, Phrase]] = {}
    words: dict[str, tuple[int, bool, Phrase]] = {}
    open_end, least = False, 0
    for phrase in side.fixed:
        if phrase.key in AT_LEAST_TWO:
            open_end, least = True, max(least, 2)
        elif phrase.key in ANY_NUMBER:
            open_end = True
        elif found := _tag(side, phrase):
            _add(tags, *found, phrase)
        else:
            for found in _WORDS.finditer(phrase.text):
                _add(words, _sex(found[2]), NUMBERS[found[1].casefold()], False, phrase)
    counted = tags or words
    total = sum(count for count, _, _ in counted.values())
    open_end = open_end or any(more for _, more, _ in counted.values())
    if any(phrase.key == "no humans" for phrase in side.fixed) and not total and not open_end:
        return People(0, 0)
    if not total and any(phrase.key == "solo" for phrase in side.fixed):
        return People(1, 1)
    most = None if open_end or not total else total
    return People(max(total, least), most, tuple(phrase for _, _, phrase in counted.values()))


def people(case: Case) -> Iterator[Finding]:
    """The prompt and the pose speak of different numbers of people."""
    side, posed = case.prompt, case.around.people_in_pose
    if not posed:
        return
    said = people_in(side)
    if not said.said:
        if posed > 1 and side.text.strip():
            yield _unsaid(case, posed)
        return
    if said.least <= posed and (said.most is None or posed <= said.most):
        return
    number = _number(said.least) + ("" if said.most is not None else " or more")
    place = (said.counted[0].start, said.counted[0].end) if said.counted else (0, 0)
    yield finding(
        side,
        "people",
        "warning",
        f"The prompt speaks of {number}, the pose shows {_number(posed)}.",
        "Make them agree, or figures melt into each other.",
        place,
        *_agreeing(case, said, posed),
    )


def _unsaid(case: Case, posed: int) -> Finding:
    text = case.prompt.text
    return finding(
        case.prompt,
        "people",
        "remark",
        f"The pose shows {_number(posed)}, the prompt does not say how many there are.",
        f"Say it first, as {posed}girls or {posed}boys: checkpoints trained on tags count by them.",
        (0, 0),
        *(case.fix(case.prompt, f"Add {posed}{kind}", f"{posed}{kind}, {text}") for kind in ("girls", "boys")),
    )


def _agreeing(case: Case, said: People, posed: int) -> Iterator[Fix]:
    """Only where one tag counts the people is it plain what has to change."""
    if len(said.counted) != 1 or posed > 9:
        return
    (phrase,), side = said.counted, case.prompt
    found = _TAG.fullmatch(phrase.text) or _WORDS.search(phrase.text)
    kind = _sex(found[3] if found.re is _TAG else found[2]) if found else ""
    if not kind or (found and found.re is _WORDS and found[0] != phrase.text):
        return
    tag = f"{posed}{kind}{'s' if posed > 1 else ''}"
    text = phrases.replace(side.text, phrase, tag)
    if posed > 1:
        text = phrases.remove(text, *(one for one in phrases.split(text) if one.key == "solo"))
    yield case.fix(side, f"Write {tag}", text)


def _tag(side: Side, phrase: Phrase) -> tuple[str, int, bool] | None:
    """Kind of people, how many, and whether there may be more."""
    if found := _TAG.fullmatch(phrase.text):
        return _sex(found[3]), int(found[1]), bool(found[2])
    entry = side.library.find(phrase.text)
    if entry is not None and entry.count:
        kind = ENTRY_KINDS.search(entry.text)
        return (kind[0].casefold() if kind else "other"), entry.count, "+" in entry.text
    return None


def _add(counts: dict[str, tuple[int, bool, Phrase]], kind: str, number: int, more: bool, phrase: Phrase) -> None:
    if number > counts.get(kind, (0, False, phrase))[0]:
        counts[kind] = (number, more, phrase)


def _sex(word: str) -> str:
    word = word.casefold()
    return _SEX.get(word, word.removesuffix("s"))


def _number(count: int) -> str:
    return "one person" if count == 1 else f"{count} people" if count else "nobody"
