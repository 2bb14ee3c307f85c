"""The phrases of a prompt and their places in it: what lint, fixes, diffs and ablation work on.

A phrase ends at a comma, a line's end, ``BREAK``, ``AND`` and at the parts of a schedule such as ``[day:night:0.5]``.
Commas inside ``{…}`` do not count: what is inside is chosen later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.prompts.random.anatomy import Anatomy, Branch, anatomy

TAG = re.compile(r"<\w+:[^<>]+>")
_COMMENT = re.compile(r"(?<!\\)#[^\n]*")
_ESCAPE = re.compile(r"\\([()\[\]\\#])|\\")
_COMMA_FIRST, _COMMA_LAST = re.compile(r"[^\S\n]*,[^\S\n]*"), re.compile(r"[^\S\n]*,[^\S\n]*$")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase. ``prompt[start:end]`` holds it with its own brackets, ``prompt[core_start:core_end]`` without."""

    text: str
    """The words as the text encoder gets them, blanks collapsed."""
    start: int
    end: int
    weight: float
    """Of its most emphasised letter."""
    core_start: int = 0
    core_end: int = 0
    part: int = 0
    """Which of the prompts joined by AND."""
    branch: Branch = ()
    """The parts of schedules it stands in."""

    @property
    def key(self) -> str:
        """What makes it the same phrase as another: case and underscores do not count."""
        return key_of(self.text)


def key_of(text: str) -> str:
    """``text`` in the spelling by which phrases are compared."""
    return _BLANKS.sub(" ", text.casefold().replace("_", " ")).strip()


def split(prompt: str) -> tuple[Phrase, ...]:
    """The phrases of ``prompt``, in order and without overlap; empty ones are left out. Never fails."""
    plain = masked(prompt)
    shape = anatomy(plain)
    weights = shape.weights()
    places = [shape.trimmed(*place) for place in shape.segments()]
    found: list[Phrase] = []
    for (start, end), branch in zip(places, shape.branches(start for start, _ in places), strict=True):
        core_start, core_end = shape.peeled(start, end)
        text = _words(plain, shape, core_start, core_end)
        if text:
            letters = [weights[at] for at in range(core_start, core_end) if shape.is_word(at)]
            weight = float(max(letters, key=lambda value: abs(value - 1), default=1.0))
            found.append(Phrase(text, start, end, weight, core_start, core_end, shape.part(start), branch))
    return tuple(found)


def apart(first: Phrase, second: Phrase) -> bool:
    """Whether the two never act at once: joined by AND, or in different parts of one schedule."""
    if first.part != second.part:
        return True
    for one, other in zip(first.branch, second.branch, strict=False):  # brackets nest: the first difference decides
        if one != other:
            return one[0] == other[0]
    return False


def masked(prompt: str) -> str:
    """``prompt`` with comments and LoRA tags blanked out: every other character keeps its place."""
    return TAG.sub(_blank, _COMMENT.sub(_blank, prompt))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def remove(prompt: str, *phrases: Phrase) -> str:
    """``prompt`` without ``phrases`` (of ``split(prompt)``) and their commas; brackets around others stay whole."""
    shape = anatomy(masked(prompt))
    for phrase in sorted(phrases, key=lambda one: one.start, reverse=True):
        prompt = _removed(prompt, shape, phrase)
    return prompt


def _removed(prompt: str, shape: Anatomy, phrase: Phrase) -> str:
    kept = _kept(prompt, shape, phrase.start, phrase.end)
    before, after = prompt[: phrase.start], prompt[phrase.end :]
    following, preceding = _COMMA_FIRST.match(after), _COMMA_LAST.search(before[-100:])
    if following and not _closes(kept):
        after = after[following.end() :]
    elif preceding:
        before = before[: len(before) - len(preceding[0])]
    if kept.endswith(">") and after[:1].strip():
        kept += " "
    return before + kept + after if kept else _without_empty_brackets(before, after)


def replace(prompt: str, phrase: Phrase, text: str) -> str:
    """``prompt`` with other words in the place of ``phrase``; its brackets and weight stay."""
    kept = _kept(prompt, anatomy(masked(prompt)), phrase.core_start, phrase.core_end)
    return prompt[: phrase.core_start] + text + kept + prompt[phrase.core_end :]


def _closes(kept: str) -> bool:
    return kept[:1] in {")", "]", ":"}


def _words(plain: str, shape: Anatomy, start: int, end: int) -> str:
    raw = "".join(plain[at] if shape.is_text(at) else " " for at in range(start, end))
    return _BLANKS.sub(" ", _ESCAPE.sub(r"\1", raw)).strip()


def _kept(prompt: str, shape: Anatomy, start: int, end: int) -> str:
    """The brackets between ``start`` and ``end`` whose partner stands outside, and the tags: not the phrase's own."""
    tags = [(found.start(), found[0]) for found in TAG.finditer(prompt[start:end])]
    loose = [(at - start, prompt[at:stop]) for at, stop in shape.loose(start, end)]
    return "".join(text for _, text in sorted(tags + loose))


def _without_empty_brackets(before: str, after: str) -> str:
    while (opening := re.search(r"[(\[]\s*$", before[-200:])) and not before[: -len(opening[0])].endswith("\\"):
        closing = re.match(r"\s*(?::\s*[+-]?[.\d]+\s*)?\)" if opening[0][0] == "(" else r"\s*\]", after)
        if closing is None:
            break
        before, after = before[: -len(opening[0])], after[closing.end() :]
    return before + after
