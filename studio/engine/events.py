"""What the engine tells its caller after a tick: values, as one cell's failure is no failure of the tick."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from studio.errors import StudioError


@dataclass(frozen=True, slots=True)
class Progress:
    """A cell has done ``step`` of ``steps`` steps. ``preview`` holds WebP bytes every few steps.

    ``shared``: another cell took the step for it.
    """

    cell: str
    step: int
    steps: int
    preview: bytes | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """A cell's picture, with what is known about how it was made (seconds, slots, device, versions, notes)."""

    cell: str
    image: Image.Image
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """A cell that came to nothing, and why."""

    cell: str
    error: StudioError


Event = Progress | Finished | Failed
