"""How the cells of a sweep are laid out: which line runs across, which down, and which turn the pages.

Laying out again costs nothing: the cells stay what they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studio.errors import InvalidRequest
from studio.sweeps.expansion import Expanded


@dataclass(frozen=True)
class Layout:
    """Lines by their number in ``Expanded.lines``. The lines named by neither ``across`` nor ``down`` make pages."""

    across: int = 0
    down: int | None = None
    hidden: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """Places that are not shown, by line."""


@dataclass(frozen=True)
class Sheet:
    """One page: numbers of cells (positions in ``Expanded.cells``), None where a cell is skipped."""

    title: str
    """The values that all its cells share; empty on an only page."""
    axes: str
    """What runs across and what down, in words."""
    across: tuple[str, ...]
    """Headers of the columns."""
    down: tuple[str, ...]
    """Headers of the rows; one empty header where nothing runs down."""
    rows: tuple[tuple[int | None, ...], ...]


def default_layout(expanded: Expanded) -> Layout:
    """The longest line of the first two runs down, as pages scroll that way; further lines make pages."""
    if len(expanded.lines) == 1:
        return Layout(across=0)
    first, second = (len(line.values) for line in expanded.lines[:2])
    return Layout(across=0, down=1) if first <= second else Layout(across=1, down=0)


def sheets(expanded: Expanded, layout: Layout) -> list[Sheet]:
    """The pages of a layout.

    Raises:
        InvalidRequest: the layout names a line twice or one that does not exist, or hides everything.
    """
    _check(expanded, layout)
    numbers = {cell.place: number for number, cell in enumerate(expanded.cells)}
    shown = [_shown(expanded, layout, line) for line in range(len(expanded.lines))]
    rest = [line for line in range(len(expanded.lines)) if line not in (layout.across, layout.down)]
    down: Sequence[int | None] = [None] if layout.down is None else shown[layout.down]
    found = []
    for turned in itertools.product(*(shown[line] for line in rest)):
        fixed = dict(zip(rest, turned, strict=True))

        def place(row: int | None, column: int, fixed: dict[int, int] = fixed) -> tuple[int, ...]:
            at = {**fixed, layout.across: column}
            if layout.down is not None and row is not None:
                at[layout.down] = row
            return tuple(at[line] for line in range(len(expanded.lines)))

        found.append(
            Sheet(
                title=", ".join(
                    f"{expanded.lines[n].label} {expanded.lines[n].headers[at]}" for n, at in fixed.items()
                ),
                axes=_axes(expanded, layout),
                across=_headers(expanded, layout.across, shown[layout.across]),
                down=("",) if layout.down is None else _headers(expanded, layout.down, shown[layout.down]),
                rows=tuple(tuple(numbers.get(place(row, column)) for column in shown[layout.across]) for row in down),
            )
        )
    return found


def _axes(expanded: Expanded, layout: Layout) -> str:
    across = f"across: {expanded.lines[layout.across].label}"
    return across if layout.down is None else f"{across}, down: {expanded.lines[layout.down].label}"


def _headers(expanded: Expanded, line: int, places: Sequence[int]) -> tuple[str, ...]:
    return tuple(expanded.lines[line].headers[place] for place in places)


def _shown(expanded: Expanded, layout: Layout, line: int) -> list[int]:
    hidden = layout.hidden.get(line, frozenset())
    return [place for place in range(len(expanded.lines[line].values)) if place not in hidden]


def _check(expanded: Expanded, layout: Layout) -> None:
    count = len(expanded.lines)
    named = [line for line in (layout.across, layout.down) if line is not None]
    if len(set(named)) < len(named) or any(not 0 <= line < count for line in named):
        raise InvalidRequest("The layout does not fit this sweep.", "Choose two different axes.")
    if not all(_shown(expanded, layout, line) for line in range(count)):
        raise InvalidRequest("All values of an axis are hidden.", "Show at least one.")
