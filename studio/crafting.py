"""What heavy work beside drawing (a *craft*: finding a pose, upscaling a picture …) is given to work with.

A craft is a function ``run(payload, bench) -> result``; both are small JSON objects. It runs in a worker process, in a
thread beside the drawing loop. It fails by raising a StudioError.
"""

from __future__ import annotations

from typing import Any, Protocol

from studio.settings import Settings


class TaskCancelled(Exception):
    """Somebody cancelled the task, or the worker is to stop. Let it pass through."""


class Bench(Protocol):
    """A craft's place of work."""

    settings: Settings
    gallery: Any
    """The ``studio.gallery.Gallery`` (not named here: this layer lies below it)."""
    device: str
    """Of the worker: ``cpu``, ``cuda:0``, ``mps`` …"""

    def keep(self, picture_id: int, scores: dict[str, tuple[float | None, str]]) -> None:
        """Store what was measured of a picture: by metric, a value, or None and the reason."""

    def report(self, done: int, total: int, status: str = "") -> None:
        """Say how far the work has come; cheap enough to be called for every tile or block.

        Raises:
            TaskCancelled: the work is to be dropped.
        """
