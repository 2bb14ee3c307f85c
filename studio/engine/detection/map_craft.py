"""The craft of making a control map from a picture: tasks of kind ``control_map``.

Payload: ``image`` (sha256 of an upload or picture) and ``kind`` (a name of ``studio.catalog.control_maps``). Result:
``image`` (sha256 of the map) and ``note``.
"""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

from studio.catalog.control_maps import ControlMapSpec, find_control_map
from studio.crafting import Bench
from studio.engine.detection.line_maps import LINE_MAPS
from studio.engine.detection.weights import ensure_file
from studio.request import ImageRef

LONGEST_SIDE = 1024
"""Maps are made in this size at most; more detail than that no ControlNet was trained with."""
_FAINT = 0.002
"""Share of drawn pixels below which a map of lines is as good as empty."""


def run(payload: dict, bench: Bench) -> dict:
    """Make the map and store it as an upload."""
    kind = str(payload["kind"])
    spec = find_control_map(kind)
    pixels = _fitting(np.asarray(bench.gallery.open_image(ImageRef(sha256=payload["image"])).convert("RGB")))
    made = _made(kind, spec, pixels, bench)
    if made.shape != pixels.shape:  # some networks work on multiples of 64 pixels only
        made = cv2.resize(made, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    file = io.BytesIO()
    Image.fromarray(made).save(file, "PNG", compress_level=1)
    stored = bench.gallery.put_upload(file.getvalue(), "black")
    return {"image": stored.sha256, "note": _note(spec, made)}


def _made(kind: str, spec: ControlMapSpec, pixels: np.ndarray, bench: Bench) -> np.ndarray:
    bench.report(0, 0, f"Making the map: {spec.label}")
    if kind in LINE_MAPS:
        return LINE_MAPS[kind](pixels)
    # Imported where needed: torch and what lies on it take seconds, and most maps do without.
    if spec.file:
        weights = ensure_file(bench.settings, spec.file, bench.report)
        from studio.engine.detection.annotators import annotate

        bench.report(0, 0, f"Making the map: {spec.label}")
        return annotate(kind, weights, bench.device, pixels)
    from studio.engine.detection.hub_maps import HUB_MAPS, ensure_model

    folder = ensure_model(bench.settings, spec, lambda text: bench.report(0, 0, text))
    bench.report(0, 0, f"Making the map: {spec.label}")
    return HUB_MAPS[kind](folder, bench.device, pixels)


def _fitting(pixels: np.ndarray) -> np.ndarray:
    scale = LONGEST_SIDE / max(pixels.shape[:2])
    if scale >= 1:
        return pixels.copy()  # torch wants to be allowed to write, even where it does not
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _note(spec: ControlMapSpec, made: np.ndarray) -> str:
    size = f"{spec.label}, {made.shape[1]} × {made.shape[0]} pixels."
    if spec.control in {"depth", "seg", "tile"} or (made.max(axis=2) > 64).mean() >= _FAINT:
        return size
    return f"{size} The map is almost empty: the picture has too little contrast for it."
