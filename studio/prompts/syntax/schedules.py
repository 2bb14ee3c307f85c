"""Prompts that change while the picture is drawn, by the rules of A1111's web UI.

    [from:to:when]   ``from`` up to step ``when``, then ``to``       [to:when]   nothing, then ``to``
    [from::when]     ``from``, then nothing                         [a|b|c]     another one at every step

``when`` is the last step before the change, counted from 1, or with a decimal point a fraction of the steps. A hires
pass counts on: its steps follow those of the first pass, its fractions go from 1.0 to 2.0. Everything nests. As in
A1111 a text that does not fit the grammar as a whole (a ``|`` outside brackets, a lone backslash at the end) is taken
literally.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studio.errors import InvalidRequest

MAX_DEPTH = 100
_PLAIN = re.compile(r"(?:[^\\\[\]():|]|\\.)+")
_WHEN = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*\]")
_SCHEDULES = re.compile(r"\[[^\[\]]*[:|]|[:|][^\[\]]*\]")
_BRACKETS = "[]():"


@dataclass(frozen=True, slots=True)
class _Span:
    """The steps of a pass, and how many steps and passes there were before it."""

    steps: int
    before: int = 0
    passes: int = 0


@dataclass(frozen=True, slots=True)
class Scheduled:
    """``[before:after:when]``, ``when`` as written."""

    before: tuple[Node, ...]
    after: tuple[Node, ...]
    when: str

    def last_step(self, span: _Span) -> int:
        """The last step that has ``before``; below 1: none has."""
        value = float(self.when)
        steps = (value - span.passes) * span.steps if "." in self.when else value - span.before
        return int(min(span.steps, max(0, steps)))


@dataclass(frozen=True, slots=True)
class Alternating:
    """``[a|b]``: its parts take turns, step by step."""

    parts: tuple[tuple[Node, ...], ...]


Node = str | Scheduled | Alternating
Parsed = tuple[tuple[Node, ...], int] | None


def schedule(text: str, steps: int, before: int | None = None) -> list[tuple[int, str]]:
    """``(last step, prompt)`` for every stretch of equal prompt, the last one ending at ``steps``.

    ``before`` makes it the schedule of a hires pass that follows a first pass of so many steps.

    As in A1111, neighbouring stretches may have equal text (``[a|b]`` gives one entry for each step).

    Raises:
        InvalidRequest: brackets nest deeper than :data:`MAX_DEPTH`.
    """
    nodes, span = _nodes(text), _Span(steps) if before is None else _Span(steps, before, passes=1)
    ends = sorted({steps, *(end for node in nodes for end in _ends(node, span))})
    return [(end, _at(nodes, end, span)) for end in ends]


def changes(text: str) -> bool:
    """Whether the prompt is not the same at all steps."""
    return any(not isinstance(node, str) for node in _nodes(text))


def _nodes(text: str) -> tuple[Node, ...]:
    if not _SCHEDULES.search(text):
        return (text,)
    return _Parser(text).start() or (text,)


def _ends(node: Node, span: _Span) -> Iterator[int]:
    """The steps after which a node's text changes."""
    if isinstance(node, Alternating):
        yield from range(1, span.steps + 1)
    elif isinstance(node, Scheduled):
        if (last := node.last_step(span)) >= 1:
            yield last
        for inner in (*node.before, *node.after):
            yield from _ends(inner, span)


def _at(nodes: tuple[Node, ...], step: int, span: _Span) -> str:
    """The text at ``step`` (from 1)."""
    return "".join(node if isinstance(node, str) else _at(_chosen(node, step, span), step, span) for node in nodes)


def _chosen(node: Scheduled | Alternating, step: int, span: _Span) -> tuple[Node, ...]:
    if isinstance(node, Alternating):
        return node.parts[(step - 1) % len(node.parts)]
    return node.before if step <= node.last_step(span) else node.after


class _Parser:
    """Recursive descent with memory, so that brackets which turn out to be plain text cost no more than others.

    prompt    := (round | scheduled | alternating | square | plain)*
    round     := "(" prompt (":" prompt)? ")"
    square    := "[" prompt "]"
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, tuple[tuple[Node, ...], int]] = {}
        self._depth = 0

    def start(self) -> tuple[Node, ...] | None:
        """The whole text, where brackets and colons that fit nowhere are text; None where it does not fit even so."""
        nodes: list[Node] = []
        place = 0
        while place < len(self._text):
            found, end = self._prompt(place)
            nodes += found
            if end < len(self._text):
                if self._text[end] not in _BRACKETS:
                    return None
                nodes.append(self._text[end])
                end += 1
            place = end
        return tuple(nodes)

    def _prompt(self, place: int) -> tuple[tuple[Node, ...], int]:
        if place not in self._known:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise InvalidRequest(
                    f"The prompt nests brackets more than {MAX_DEPTH} deep.",
                    "Remove some brackets; a weight can be written as (word:1.3).",
                    "prompt",
                )
            self._known[place] = self._sequence(place)
            self._depth -= 1
        return self._known[place]

    def _sequence(self, place: int) -> tuple[tuple[Node, ...], int]:
        nodes: list[Node] = []
        while place < len(self._text) and (found := self._item(place)):
            nodes += found[0]
            place = found[1]
        return tuple(nodes), place

    def _item(self, place: int) -> Parsed:
        if self._text[place] == "(":
            return self._round(place)
        if self._text[place] == "[":
            return self._scheduled(place) or self._alternating(place) or self._square(place)
        plain = _PLAIN.match(self._text, place)
        return plain and ((plain[0],), plain.end())

    def _round(self, place: int) -> Parsed:
        inner, end = self._prompt(place + 1)
        if self._is(":", end):
            more, end = self._prompt(end + 1)
            inner = (*inner, ":", *more)
        return (("(", *inner, ")"), end + 1) if self._is(")", end) else None

    def _square(self, place: int) -> Parsed:
        inner, end = self._prompt(place + 1)
        return (("[", *inner, "]"), end + 1) if self._is("]", end) else None

    def _scheduled(self, place: int) -> Parsed:
        first, end = self._prompt(place + 1)
        if not self._is(":", end):
            return None
        second, next_end = self._prompt(end + 1)
        if self._is(":", next_end) and (when := _WHEN.match(self._text, next_end + 1)):
            return (Scheduled(first, second, when[1]),), when.end()
        if when := _WHEN.match(self._text, end + 1):
            return (Scheduled((), first, when[1]),), when.end()
        return None

    def _alternating(self, place: int) -> Parsed:
        part, end = self._prompt(place + 1)
        parts = [part]
        while self._is("|", end):
            part, end = self._prompt(end + 1)
            parts.append(part)
        return ((Alternating(tuple(parts)),), end + 1) if len(parts) > 1 and self._is("]", end) else None

    def _is(self, sign: str, place: int) -> bool:
        return self._text[place : place + 1] == sign
