"""Medians of both arms, interleaved in one run, after warm-ups."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from benchmarks.arms import Ours, Pictures, Stock
from studio.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one case came to. ``ratio`` above 1: ours is faster."""

    case: str
    stock_seconds: float
    our_seconds: float
    ratio: float
    lowest_ratio: float
    highest_ratio: float
    largest_difference: int
    """Between the two arms' pictures, of 255."""

    def row(self) -> tuple[str, ...]:
        """The cells of a printed table."""
        seconds = (f"{value:.3f} s" for value in (self.stock_seconds, self.our_seconds))
        spread = f"{self.lowest_ratio:.2f}–{self.highest_ratio:.2f}"
        return (self.case, *seconds, f"{self.ratio:.2f}×", spread, f"{self.largest_difference} of 255")

    def document(self) -> dict[str, object]:
        return asdict(self)


HEAD = ("case", "stock", "ours", "ratio", "spread", "pictures differ by")


def compare(case: str, requests: list[GenerationRequest], stock: Stock, ours: Ours, repeats: int) -> Comparison:
    """Make ``requests`` with both, ``repeats`` times after one warm-up each."""
    difference = _largest_difference(stock.make(requests), ours.make(requests))
    stock_times, our_times = [], []
    for repeat in range(repeats):
        arms = [(stock.make, stock_times), (ours.make, our_times)]
        for make, times in arms if repeat % 2 == 0 else reversed(arms):
            times.append(_seconds(make, requests))
    ratios = [one / other for one, other in zip(stock_times, our_times, strict=True)]
    return Comparison(
        case=case,
        stock_seconds=statistics.median(stock_times),
        our_seconds=statistics.median(our_times),
        ratio=statistics.median(ratios),
        lowest_ratio=min(ratios),
        highest_ratio=max(ratios),
        largest_difference=difference,
    )


def _seconds(make: Callable[[list[GenerationRequest]], Pictures], requests: list[GenerationRequest]) -> float:
    gc.collect()
    start = time.perf_counter()
    make(requests)  # Pictures in main memory: on a GPU nothing is still under way.
    return time.perf_counter() - start


def _largest_difference(first: Pictures, second: Pictures) -> int:
    pairs = zip(first, second, strict=True)
    return max(int(np.abs(one.astype(int) - other.astype(int)).max()) for one, other in pairs)
