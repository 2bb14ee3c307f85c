"""The crafts a worker has learnt: kind of task → where its function lives. Imported there only when first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from studio.crafting import Bench

Craft = Callable[[dict, Bench], dict]

CRAFTS: dict[str, str] = {
    "control_map": "studio.engine.detection.map_craft:run",
    "import": "studio.gallery.importing:run",
    "pose": "studio.engine.detection.craft:run",
    "score": "studio.engine.scoring:run",
    "upscale": "studio.engine.upscaling.craft:run",
}


def craft_of(kind: str) -> Craft:
    """The function for tasks of ``kind``.

    Raises:
        KeyError: nobody has learnt it.
    """
    module, _, function = CRAFTS[kind].partition(":")
    return getattr(import_module(module), function)
