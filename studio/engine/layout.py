"""How the rows of cells are laid out in forwards of one fixed number of rows.

A cell has one row, or two with guidance, or more where its prompt has ``AND``. Rows follow each other cell by cell, in
each the negative prompt first; a cell's rows may lie in two forwards. What is not full is filled with copies of the
last row, whose output is dropped. GPU and CPU libraries choose their kernels by shape, so with a fixed shape a cell's
numbers do not depend on how many neighbours it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Span:
    """Rows ``first`` to ``last`` (exclusive) of the cell with the number ``cell``."""

    cell: int
    first: int
    last: int

    @property
    def rows(self) -> int:
        return self.last - self.first


class Layout:
    """The forwards for cells that have ``counts`` rows each."""

    def __init__(self, counts: Sequence[int], size: int) -> None:
        self.counts = tuple(counts)
        self._forwards = _cut(self.counts, size)
        self._size = size

    def run(self, forward: Callable[[list[Span]], Sequence[torch.Tensor]]) -> list[list[torch.Tensor]]:
        """Call ``forward`` with the spans of each forward, fillers at the end; per cell its own rows of all outputs."""
        found: list[list[Sequence[torch.Tensor]]] = [[] for _ in self.counts]
        for spans in self._forwards:
            outputs, place = forward(self._filled(spans)), 0
            for span in spans:
                rows = slice(place, place + span.rows)
                found[span.cell].append([output[rows] for output in outputs])
                place += span.rows
        return [_joined(pieces) for pieces in found]

    def _filled(self, spans: list[Span]) -> list[Span]:
        last = spans[-1]
        missing = self._size - sum(span.rows for span in spans)
        return [*spans, *[Span(last.cell, last.last - 1, last.last)] * missing]


def _cut(counts: Sequence[int], size: int) -> list[list[Span]]:
    forwards: list[list[Span]] = [[]]
    room = size
    for cell, count in enumerate(counts):
        first = 0
        while first < count:
            if not room:
                forwards.append([])
                room = size
            last = min(count, first + room)
            forwards[-1].append(Span(cell, first, last))
            room -= last - first
            first = last
    return forwards


def _joined(pieces: list[Sequence[torch.Tensor]]) -> list[torch.Tensor]:
    if len(pieces) == 1:
        return list(pieces[0])
    return [torch.cat(outputs) for outputs in zip(*pieces, strict=True)]
