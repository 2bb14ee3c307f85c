"""How a prompt is written: letters a text encoder never learnt, underscores, stray commas and blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studio.prompts.lint.case import Case, Side, finding
from studio.prompts.lint.findings import Finding, named
from studio.prompts.syntax import phrases
from studio.prompts.syntax.phrases import Phrase

_KEPT = re.compile(r"(?<!\\)#[^\n]*|<\w+:[^<>]+>|\{[^{}]*\}|__\S+?__")
_FULL_WIDTH = str.maketrans("，、（）：［］｛｝｜　＜＞", ",,():[]{}| <>")
_UNDERSCORE = re.compile(r"(?<=[^\W_]{2})_(?=[^\W_]{2})|(?<=[^\W_]{2})_(?=\\?\()")
_MEANT = re.compile(r"(?:score|rating|source|embedding)_\w+", re.IGNORECASE)


def script(case: Case) -> Iterator[Finding]:
    """Phrases in other than Latin letters: with the library's word for it where it has one."""
    side = case.prompt
    letters = [letter for letter in side.plain if letter.isalpha()]
    foreign = [letter for letter in letters if not _is_latin(letter)]
    for phrase in side.fixed:
        entry = side.library.find(phrase.text) if any(not _is_latin(one) for one in phrase.text) else None
        if entry is not None:
            yield finding(
                side,
                "script",
                "warning",
                f"{named(phrase.text)} is not in Latin letters.",
                f"The text encoders learnt English; the library's word for it is {named(entry.text)}.",
                (phrase.start, phrase.end),
                case.fix(side, f"Write {named(entry.text)}", phrases.replace(side.text, phrase, entry.text), safe=True),
            )
    if letters and 2 * len(foreign) > len(letters):
        yield finding(
            side,
            "script",
            "warning",
            "Most of the prompt is not in Latin letters.",
            "The text encoders learnt English; tags such as 1girl, running, park are understood best.",
            (0, 0),
        )


def full_width(case: Case) -> Iterator[Finding]:
    """Commas and brackets of East Asian keyboards, which separate and weigh nothing."""
    for side in case.sides:
        at = next((place for place, letter in enumerate(side.plain) if ord(letter) in _FULL_WIDTH), None)
        if at is not None:
            yield finding(
                side,
                "script",
                "warning",
                f"The {side.name} has full-width signs such as {named(side.plain[at])}.",
                "Only the plain signs , ( ) : separate and weigh; the wide ones are read as letters.",
                (at, at + 1),
                case.fix(side, "Write plain signs", side.text.translate(_FULL_WIDTH), safe=True),
            )


def underscores(case: Case) -> Iterator[Finding]:
    """``long_hair``: checkpoints were trained on blanks."""
    for side in case.sides:
        odd = [phrase for phrase in side.fixed if _has_underscore(side, phrase)]
        if not odd:
            continue
        text = side.text
        for phrase in reversed(odd):
            words = _UNDERSCORE.sub(" ", text[phrase.start : phrase.end])
            text = text[: phrase.start] + words + text[phrase.end :]
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        yield finding(
            side,
            "underscore",
            "remark",
            f"{named(odd[0].text)}{more} in the {side.name} is written with underscores.",
            "Most checkpoints learnt tags with blanks between the words.",
            (odd[0].start, odd[0].end),
            case.fix(side, "Write blanks", text, safe=True),
        )


def tidiness(case: Case) -> Iterator[Finding]:
    """Commas and blanks too many."""
    for side in case.sides:
        text = tidied(side.text)
        if text != side.text:
            at = next((place for place, pair in enumerate(zip(text, side.text, strict=False)) if len(set(pair)) > 1), 0)
            yield finding(
                side,
                "tidy",
                "remark",
                f"The {side.name} has commas or blanks too many.",
                "They do no harm, but each comma takes a token.",
                (at, min(at + 1, len(side.text))),
                case.fix(side, "Tidy up", text, safe=True),
            )


def tidied(text: str) -> str:
    """``text`` with one comma and one blank where there are several, none at its ends; comments and choices stay."""
    pieces: list[str] = []
    end = 0
    for kept in _KEPT.finditer(text):
        pieces += [_tidied(text[end : kept.start()]), kept[0]]
        end = kept.end()
    last = re.sub(r"[\s,]+\Z", "", _tidied(text[end:]))
    return re.sub(r"\A[\s,]+", "", "".join([*pieces, last]))


def _tidied(piece: str) -> str:
    piece = re.sub(r"[^\S\n]+", " ", piece)
    return re.sub(r" ?,(?: ?,)*", ",", piece)


def _has_underscore(side: Side, phrase: Phrase) -> bool:
    if not _UNDERSCORE.search(phrase.text.replace("(", "\\(")) or _MEANT.search(phrase.text):
        return False
    entry = side.library.find(phrase.text)
    return entry is None or "_" not in entry.text


def _is_latin(letter: str) -> bool:
    return letter.isascii() or not letter.isalpha() or ord(letter) < 0x250
