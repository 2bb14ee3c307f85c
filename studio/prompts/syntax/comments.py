"""Comments in a prompt: from ``#`` to the end of the line. ``\\#`` is a plain ``#``."""

from __future__ import annotations

import re

_WHOLE_LINE = re.compile(r"(?:^|\n)#[^\n]*(?:\n|$)")
_END_OF_LINE = re.compile(r"(?<!\\)#[^\n]*(?:\n|$)")


def strip(text: str) -> str:
    """``text`` without its comments; the line ends stay, as in A1111 (``\\#`` is the studio's addition)."""
    text = _WHOLE_LINE.sub("\n", text)
    text = _END_OF_LINE.sub("\n", text)
    return text.replace("\\#", "#")


def outside(text: str) -> list[tuple[str, bool]]:
    """``text`` in pieces, each with whether it counts (True) or is a comment (False). Joined they are ``text``."""
    pieces, place = [], 0
    for found in _END_OF_LINE.finditer(text):
        pieces += [(text[place : found.start()], True), (found[0], False)]
        place = found.end()
    return [*pieces, (text[place:], True)]
