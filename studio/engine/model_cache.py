"""Keeps loaded models within a budget of bytes: the least recently used leaves first, never one in use."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from studio.engine.memory import release_memory


@dataclass(frozen=True, slots=True)
class _Entry:
    model: Any
    size: int


class ModelCache:
    """Models by key.

    Args:
        budget: bytes all models together may take. A single model larger than this still loads, alone.
        release: called after models were dropped; gives their memory back to the device.
    """

    def __init__(self, budget: int, release: Callable[[], None] = release_memory) -> None:
        self.budget = budget
        self._release = release
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._pins: Counter[Hashable] = Counter()

    @property
    def used(self) -> int:
        """Bytes the cached models take."""
        return sum(entry.size for entry in self._entries.values())

    @property
    def keys(self) -> tuple[Hashable, ...]:
        """Keys of the cached models, the least recently used first."""
        return tuple(self._entries)

    def get(self, key: Hashable, load: Callable[[], Any], size: Callable[[Any], int], expected: int = 0) -> Any:
        """The model under ``key``, loaded with ``load`` where it is absent.

        Args:
            size: bytes a loaded model takes.
            expected: bytes it is thought to take; so much is freed before loading.
        """
        if key in self._entries:
            self._entries.move_to_end(key)
            return self._entries[key].model
        self.shrink(self.budget - expected)
        model = load()
        self._entries[key] = _Entry(model, size(model))
        self.pin(key)
        self.shrink()
        self.unpin(key)
        return model

    def pin(self, key: Hashable) -> None:
        """Keep ``key`` until as many :meth:`unpin` as pins were seen."""
        self._pins[key] += 1

    def unpin(self, key: Hashable) -> None:
        """Take one pin off ``key``; an unpinned key stays unpinned."""
        if self._pins[key] <= 1:
            del self._pins[key]
        else:
            self._pins[key] -= 1

    def shrink(self, limit: int | None = None) -> int:
        """Drop unpinned models, least recently used first, until ``limit`` bytes (default: the budget) are kept.

        Returns the bytes freed.
        """
        goal = self.budget if limit is None else max(0, limit)
        before = self.used
        for key in [key for key in self._entries if not self._pins[key]]:
            if self.used <= goal:
                break
            del self._entries[key]
        freed = before - self.used
        if freed:
            self._release()
        return freed

    def clear(self) -> int:
        """Drop every unpinned model; returns the bytes freed."""
        return self.shrink(0)
