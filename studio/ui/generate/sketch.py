"""A drawing as strokes, in the pixels of the picture it is for: from and to the canvas, and as a control map."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

import cv2
import numpy as np
from PIL import Image
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from studio.request import MAX_SIDE

LINE, ERASER = "#ffffff", "#000000"
MAX_STROKES, MAX_POINTS = 2000, 5000
_FRACTION_BITS = 4
_CURVE_PARTS = 6

Place = Annotated[float, Field(ge=-MAX_SIDE, le=2 * MAX_SIDE), AfterValidator(lambda value: round(value, 1) + 0.0)]
Point = tuple[Place, Place]


class Stroke(BaseModel):
    """One line of the brush, or of the eraser: where the pointer was."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    width: Annotated[float, Field(gt=0, le=MAX_SIDE), AfterValidator(lambda value: round(value, 1))]
    erases: bool = False
    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=MAX_POINTS)]


class Sketch(BaseModel):
    """Strokes on a picture of ``width`` × ``height`` pixels, the oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    width: Annotated[int, Field(ge=1, le=MAX_SIDE)]
    height: Annotated[int, Field(ge=1, le=MAX_SIDE)]
    strokes: Annotated[tuple[Stroke, ...], Field(max_length=MAX_STROKES)] = ()

    @property
    def has_lines(self) -> bool:
        return any(not stroke.erases for stroke in self.strokes)

    def scaled_to(self, width: int, height: int) -> Sketch:
        """The same drawing for another size: scaled to fit inside it (aspect kept) and centred."""
        if (width, height) == (self.width, self.height):
            return self
        scale = min(width / self.width, height / self.height)
        left, top = (width - self.width * scale) / 2, (height - self.height * scale) / 2
        strokes = [
            Stroke(
                width=max(stroke.width * scale, 0.1),
                erases=stroke.erases,
                points=tuple((x * scale + left, y * scale + top) for x, y in stroke.points),
            )
            for stroke in self.strokes
        ]
        return Sketch(width=width, height=height, strokes=tuple(strokes))


def read(text: str | None) -> Sketch | None:
    """The drawing in a field of a draft, or None where it holds none."""
    try:
        return Sketch.model_validate_json(text) if text else None
    except ValueError:
        return None


def from_canvas(objects: Any, width: int, height: int, scale: float) -> Sketch | None:
    """What a canvas says has been drawn on it; None if it cannot be understood.

    Args:
        objects: Fabric's free-hand paths, ``scale`` times as large as the picture.
    """
    try:
        paths = [object for object in objects if object["type"].lower() == "path"]
        strokes = [
            Stroke(
                width=path["strokeWidth"] / scale,
                erases=path["stroke"] == ERASER,
                points=tuple((x / scale, y / scale) for x, y in _pointer_places(path["path"])),
            )
            for path in paths
        ]
        return Sketch(width=width, height=height, strokes=tuple(strokes))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def to_canvas(sketch: Sketch, scale: float) -> dict[str, Any]:
    """The drawing as a canvas takes it, ``scale`` times as large as the picture."""
    return {"objects": [_fabric_path(stroke, scale) for stroke in sketch.strokes]}


def draw(sketch: Sketch) -> np.ndarray:
    """The control map: white lines on black, uint8, (height, width, 3)."""
    canvas = np.zeros((sketch.height, sketch.width), np.uint8)
    for stroke in sketch.strokes:
        places = np.rint(np.array(_curve(stroke.points)) * 2**_FRACTION_BITS).astype(np.int32)
        thickness = max(1, round(stroke.width))
        colour = 0 if stroke.erases else 255
        cv2.polylines(canvas, [places.reshape(-1, 1, 2)], False, colour, thickness, cv2.LINE_AA, _FRACTION_BITS)
    return np.repeat(canvas[..., None], 3, axis=2)


def png(sketch: Sketch) -> bytes:
    """The control map as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(draw(sketch)).save(file, "PNG")
    return file.getvalue()


# Fabric smooths a line by curves from middle to middle of the pointer's places, which are their control points.


def _pointer_places(path: Sequence[Sequence[Any]]) -> list[tuple[float, float]]:
    places = [(command[1], command[2]) for command in path if command[0] in ("Q", "L")]
    if len(places) < 2:
        places.insert(0, (path[0][1], path[0][2]))
    if not all(isinstance(number, int | float) and math.isfinite(number) for place in places for number in place):
        raise ValueError("a path with places that are no numbers")
    return places[:MAX_POINTS]


def _fabric_path(stroke: Stroke, scale: float) -> dict[str, Any]:
    points = [(x * scale, y * scale) for x, y in stroke.points]
    curves = [["Q", *point, *middle] for point, middle in zip(points, _middles(points), strict=False)]
    return {
        "type": "Path",
        "path": [["M", *points[0]], *curves, ["L", *points[-1]]],
        "fill": None,
        "stroke": ERASER if stroke.erases else LINE,
        "strokeWidth": stroke.width * scale,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }


def _curve(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """``points`` smoothed as on the canvas, as a line of many short pieces."""
    line = [points[0]]
    for (x, y), (end_x, end_y) in zip(points, _middles(points), strict=False):
        start_x, start_y = line[-1]
        for part in range(1, _CURVE_PARTS + 1):
            t = part / _CURVE_PARTS
            before, control, after = (1 - t) ** 2, 2 * t * (1 - t), t * t
            line.append(
                (before * start_x + control * x + after * end_x, before * start_y + control * y + after * end_y)
            )
    return [*line, points[-1]]


def _middles(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [((x + next_x) / 2, (y + next_y) / 2) for (x, y), (next_x, next_y) in pairwise(points)]
