"""From a sweep to its cells: every combination of values, as requests."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from studio.errors import InvalidRequest, StudioError
from studio.request import GenerationRequest
from studio.sweeps.axes import find_axis, order_of, read_values, words
from studio.sweeps.conditions import Condition
from studio.sweeps.parsing import Named, Setting, Value
from studio.sweeps.spec import SweepSpec

MAX_CELLS = 20_000
_EMPTY = {"ablation": "whole prompt"}
"""What an empty text is called, where it does not mean that there is none."""


@dataclass(frozen=True)
class Line:
    """One dimension of the grid: an axis, or several zipped ones that advance together."""

    names: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    """One tuple for each place, with a value for each name."""

    @property
    def label(self) -> str:
        return " + ".join(find_axis(name)[0].label + _number(name) for name in self.names)

    @cached_property
    def headers_by_name(self) -> tuple[tuple[str, ...], ...]:
        """Of every place, its values in words: one for each name."""
        return tuple(
            tuple(words(value) or _EMPTY.get(name, "none") for name, value in zip(self.names, place, strict=True))
            for place in self.values
        )

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """What stands above the places."""
        return tuple(", ".join(place) for place in self.headers_by_name)


@dataclass(frozen=True)
class Cell:
    """One picture of a sweep."""

    place: tuple[int, ...]
    """Its position along every line, from 0."""
    values: dict[str, Value]
    request: GenerationRequest


@dataclass(frozen=True)
class Expanded:
    """A sweep spelled out. ``cells`` are in the order of the grid, the last line fastest; skipped ones are left out."""

    lines: tuple[Line, ...]
    cells: tuple[Cell, ...]
    skipped: int


def lines_of(spec: SweepSpec) -> tuple[Line, ...]:
    """The dimensions of the grid, in the order of the spec.

    Raises:
        StudioError: an axis is empty, unknown, named twice, unparsable, or does not fit the request.
    """
    names = [axis.axis for axis in spec.axes]
    for name in names:
        if names.count(name) > 1:
            raise InvalidRequest(f"The axis {name[:40]!r} is there twice.", "Put all its values into one axis.", name)
    values = _values(spec)
    groups: dict[object, list[str]] = {}
    for axis in spec.axes:
        groups.setdefault(axis.zip or ("alone", axis.axis), []).append(axis.axis)
    return tuple(_line(members, values) for members in groups.values())


def expand(spec: SweepSpec) -> Expanded:
    """All cells of a sweep.

    Raises:
        StudioError: as :func:`lines_of`; or too many cells, or a cell whose values do not go together.
    """
    lines = lines_of(spec)
    count = math.prod(len(line.values) for line in lines)
    if count > MAX_CELLS:
        raise InvalidRequest(
            f"This sweep has {count:,} cells; {MAX_CELLS:,} are allowed.", "Take fewer values, or fewer axes at a time."
        )
    condition = Condition(spec.skip, {axis.axis for axis in spec.axes}) if spec.skip.strip() else None
    cells = [cell for cell in _cells(spec, lines, condition) if cell is not None]
    if not cells:
        raise InvalidRequest("The skip condition leaves no cell.", "Loosen it, or remove it.", "skip")
    return Expanded(lines, tuple(cells), count - len(cells))


def _values(spec: SweepSpec) -> dict[str, tuple[Value, ...]]:
    """The values of every axis. Axes are read in the order in which they act, so that later ones see the earlier."""
    values: dict[str, tuple[Value, ...]] = {}
    request, own = spec.request, {name: one.named(name) for name, one in spec.templates.items()}
    for axis in sorted(spec.axes, key=lambda axis: order_of(find_axis(axis.axis) and axis.axis)):
        values[axis.axis] = read_values(axis.axis, axis.values, Setting(request, spec.poses, own))
        if find_axis(axis.axis)[0].reshapes:
            request = _changed(request, axis.axis, values[axis.axis][-1])
    return values


def _line(names: list[str], values: dict[str, tuple[Value, ...]]) -> Line:
    counts = {name: len(values[name]) for name in names}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{name} has {count}" for name, count in counts.items())
        raise InvalidRequest(f"Zipped axes need equally many values: {told}.", "Add or remove values.")
    return Line(tuple(names), tuple(zip(*(values[name] for name in names), strict=True)))


def _cells(spec: SweepSpec, lines: tuple[Line, ...], condition: Condition | None) -> Iterator[Cell | None]:
    order = sorted((name for line in lines for name in line.names), key=order_of)
    # Cells that differ only in later axes share the work of the earlier ones.
    known: dict[tuple, GenerationRequest] = {}
    for place in itertools.product(*(range(len(line.values)) for line in lines)):
        values = {
            name: value
            for line, position in zip(lines, place, strict=True)
            for name, value in zip(line.names, line.values[position], strict=True)
        }
        if condition and condition.holds({name: _plain(value) for name, value in values.items()}):
            yield None
        else:
            yield Cell(place, values, _request(spec.request, order, values, known))


def _request(
    request: GenerationRequest, order: list[str], values: dict[str, Value], known: dict[tuple, GenerationRequest]
) -> GenerationRequest:
    so_far: tuple = ()
    for name in order:
        so_far = (*so_far, (name, str(values[name])))
        if so_far not in known:
            known[so_far] = _changed(request, name, values[name])
        request = known[so_far]
    return request


def _changed(request: GenerationRequest, name: str, value: Value) -> GenerationRequest:
    axis, number = find_axis(name)
    try:
        return axis.change(request, value, number)
    except StudioError as error:
        raise InvalidRequest(
            f"The cell with {axis.label} {words(value)} cannot be drawn: {error.message}",
            error.hint or "Change the values, or skip it by a condition.",
            name,
        ) from None


def _plain(value: Value) -> Any:
    return str(value) if isinstance(value, Named) else value


def _number(name: str) -> str:
    number = name.partition("@")[2]
    return f" {number}" if number else ""
