"""The brackets of a random prompt: what in a text is syntax, and what are words.

    {a|b}  {2$$a|b|c}  {1-3$$ and $$a|b|c}  {0.7::a|b}     choices
    __name__                                               a wildcard
    ${name=value}  ${name}  ${name:else}                   variables

All else is words: LoRA tags, weights, ``[a|b]`` even inside a choice, braces without ``|`` (so JSON stays as it is),
marks such as the ``@`` of ``{@_@|smile}``, and whatever follows a backslash. The backslash stays in the drawn prompt,
where the rules of attention drop it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from studio.errors import InvalidRequest
from studio.prompts.library.wildcards import NAME
from studio.prompts.syntax import comments

MAX_DEPTH = 12
WILDCARD = re.compile(rf"__({NAME})(?:\(([^()]*)\))?__")
VARIABLE = re.compile(r"\$\{\s*([A-Za-z][\w-]*)\s*(\?=!|\?=|=!|=|:|(?=\}))\s*")
BOUND = re.compile(r"\{\s*(\d+-\d+|\d+-|-\d+|\d+)\$\$(?:([^${}]*)\$\$)?")
OPEN_NAME = re.compile(r"__\{[^{}]*\}__")
LORA = re.compile(r"<(?:lora|lyco):[^<>]*>", re.IGNORECASE)


@dataclass(slots=True)
class Group:
    """A pair of braces, ``start`` at the opening one (or its ``$``), ``end`` behind the closing one."""

    start: int
    end: int = -1
    bars: list[int] = field(default_factory=list)
    """Places of the ``|`` that divide it."""
    squares: list[list[int]] = field(default_factory=list)
    """Open square brackets inside it, each with the places of ``|`` after it."""
    variable: bool = False
    bound: re.Match[str] | None = None

    @property
    def is_choice(self) -> bool:
        return not self.variable and bool(self.bars or self.bound)


def is_dynamic(text: str) -> bool:
    """Whether drawing from ``text`` may give something else than ``text``, or is refused."""
    if not any(sign in text for sign in ("{", "__")):
        return False
    words = without_comments(text)
    try:
        found = groups(words)
    except InvalidRequest:
        return True
    return any(group.is_choice or group.variable for group in found.values()) or has_wildcard(words)


def has_wildcard(words: str) -> bool:
    """Whether a wildcard is named, or built by a choice, outside LoRA tags."""
    bare = LORA.sub("", re.sub(r"\\.", "  ", words, flags=re.DOTALL))
    return bool(WILDCARD.search(bare) or OPEN_NAME.search(bare))


def without_comments(text: str) -> str:
    """``text`` without comments; their line ends stay, and so does an escaped ``#``."""
    pieces = comments.outside(text)
    return "".join(piece if counts else "\n" * piece.endswith("\n") for piece, counts in pieces)


def groups(text: str, source: str = "") -> dict[int, Group]:
    """All pairs of braces by their start. ``source`` says in a message where the text comes from.

    Raises:
        InvalidRequest: a brace is never closed, or they nest too deep.
    """
    found: dict[int, Group] = {}
    stack: list[Group] = []
    place = begin = 0
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place += 2
            begin = place
            continue
        if sign == "{":
            stack.append(_opened(text, place, begin))
            if len(stack) > MAX_DEPTH:
                raise InvalidRequest(
                    f"The braces nest more than {MAX_DEPTH} deep {where(text, place, source)}.",
                    "Move the inner choices into a wildcard file.",
                    "prompt",
                )
            if stack[-1].bound:
                place = begin = stack[-1].bound.end()
                continue
        elif stack:
            _take(sign, place, stack, found)
        place += 1
    if stack:
        raise InvalidRequest(
            f"The {{ {where(text, stack[-1].start, source)} is never closed.",
            "Close it with }, or write \\{ where a brace is meant.",
            "prompt",
        )
    return found


def where(text: str, place: int, source: str = "") -> str:
    """In words, for a message: ``at character 12 (“{red|blue”)``."""
    words = " ".join(text[place : place + 24].split())
    shown = f"(“{words}{'…' if place + 24 < len(text) else ''}”)"
    return f"in {source} {shown}" if source else f"at character {place + 1} {shown}"


def _opened(text: str, place: int, begin: int) -> Group:
    """``begin``: from here on a ``$`` is one of its own, neither escaped nor part of ``2$$``."""
    if place > begin and text[place - 1] == "$":
        return Group(place - 1, variable=True)
    return Group(place, bound=BOUND.match(text, place))


def _take(sign: str, place: int, stack: list[Group], found: dict[int, Group]) -> None:
    group = stack[-1]
    if sign == "|":
        (group.squares[-1] if group.squares else group.bars).append(place)
    elif sign == "[":
        group.squares.append([])
    elif sign == "]" and group.squares:
        group.squares.pop()  # its bars are those of an alternation
    elif sign == "}":
        group.bars = sorted(sum(group.squares, group.bars))  # an open square bracket is a word
        group.end = place + 1
        found[group.start] = stack.pop()
