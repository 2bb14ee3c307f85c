"""The pace to reckon with, from measurements that other programs on the machine disturb."""

from __future__ import annotations

from collections.abc import Sequence

Measured = tuple[float, float, float]
"""When it was made (unix time), units of work, seconds."""
HORIZON_SECONDS = 600.0
"""Of work: what lies further back tells of another time."""
PAUSE_SECONDS = 120.0
"""A gap this long between two measurements begins a new run; older runs count only while the new one is short."""
ENOUGH_SECONDS = 5.0
"""A run that was measured for so long speaks for itself."""
TRIMMED = 0.05
"""The slowest and the quickest share of the time that is left out: a hiccup is no pace."""


def typical_pace(measured: Sequence[Measured]) -> float:
    """Seconds per unit of work. ``measured`` is newest first, and not empty."""
    recent = _recent(measured)
    by_pace = sorted(((seconds / units, units) for _, units, seconds in recent))
    total = sum(units for _, units in by_pace)
    low, high = total * TRIMMED, total * (1 - TRIMMED)
    so_far = kept = spent = 0.0
    for pace, units in by_pace:
        inside = max(0.0, min(so_far + units, high) - max(so_far, low))
        so_far += units
        kept += inside
        spent += inside * pace
    return spent / kept


def _recent(measured: Sequence[Measured]) -> list[Measured]:
    found: list[Measured] = []
    seconds = 0.0
    for one in measured:
        gap = found[-1][0] - one[0] if found else 0.0
        if seconds >= HORIZON_SECONDS or (gap >= PAUSE_SECONDS and seconds >= ENOUGH_SECONDS):
            break
        found.append(one)
        seconds += one[2]
    return found
