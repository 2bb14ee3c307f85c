from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.ui.generate.sketch import ERASER, LINE, Sketch, Stroke, draw, from_canvas, png, read, to_canvas

places = st.floats(-50, 700).map(lambda value: round(value, 1) + 0.0)
strokes = st.builds(
    Stroke,
    width=st.floats(0.5, 40),
    erases=st.booleans(),
    points=st.lists(st.tuples(places, places), min_size=2, max_size=8).map(tuple),
)
sketches = st.builds(Sketch, width=st.just(512), height=st.just(768), strokes=st.lists(strokes, max_size=4).map(tuple))
# The form in which Fabric 7 sends strokes of the free-hand brush.
FABRIC = {
    "objects": [
        {
            "type": "Path", "version": "7.1.0", "left": 20, "top": 20, "width": 60, "height": 0, "fill": None,
            "stroke": LINE, "strokeWidth": 4, "strokeLineCap": "round",
            "path": [["M", 20, 20], ["Q", 20, 20, 30, 20], ["Q", 40, 20, 50, 20], ["L", 80, 20]],
        },
        {"type": "Path", "stroke": ERASER, "strokeWidth": 8, "path": [["M", 50, 10], ["L", 50, 30.01]]},
        {"type": "Rect", "left": 0, "top": 0, "width": 9, "height": 9},
    ]
}  # fmt: skip


def line(*points: tuple[float, float], width: float = 4, erases: bool = False) -> Stroke:
    return Stroke(width=width, erases=erases, points=points)


def test_strokes_come_in_pixels_of_the_picture():
    drawn = from_canvas(FABRIC["objects"], 200, 100, scale=0.5)
    assert drawn is not None and drawn.has_lines
    first, second = drawn.strokes
    assert (first.width, first.erases, first.points) == (8, False, ((40, 40), (80, 40), (160, 40)))
    assert (second.width, second.erases, second.points) == (16, True, ((100, 20), (100, 60)))


@given(sketches, st.sampled_from([0.25, 0.5, 1.0, 2.0]))
def test_a_drawing_put_on_the_canvas_comes_back_as_it_was(drawn, scale):
    again = from_canvas(to_canvas(drawn, scale)["objects"], drawn.width, drawn.height, scale)
    assert again == drawn


@given(sketches)
def test_a_drawing_survives_its_json(drawn):
    assert read(drawn.model_dump_json()) == drawn


@pytest.mark.parametrize("said", [None, 3, "x", [{}], [{"type": "Path"}], [None], {"a": 1},
    [{"type": "Path", "stroke": LINE, "strokeWidth": 0, "path": [["M", 1, 1], ["L", 2, 2]]}],
    [{"type": "Path", "stroke": LINE, "strokeWidth": 4, "path": [["M", 1, 1], ["L", float("nan"), 2]]}],
    [{"type": "Path", "stroke": LINE, "strokeWidth": 4, "path": [["M", 1, 1], ["L", 1e9, 2]]}],
    [{"type": "Path", "stroke": LINE, "strokeWidth": 4, "path": []}],
])  # fmt: skip
def test_what_is_no_drawing_is_none(said):
    assert from_canvas(said, 100, 100, 1) is None


@pytest.mark.parametrize("text", [None, "", "no json", "{}", '{"width": 0, "height": 1}'])
def test_a_field_without_a_drawing_is_none(text):
    assert read(text) is None


def test_lines_are_white_on_black_as_wide_as_the_brush():
    pixels = draw(Sketch(width=100, height=60, strokes=(line((10, 30), (90, 30), width=6),)))
    assert pixels.shape == (60, 100, 3) and pixels.dtype == np.uint8
    assert (pixels[..., 0] == pixels[..., 2]).all()
    column = pixels[:, 50, 0] > 127
    assert column[30] and 5 <= column.sum() <= 8
    assert not pixels[:20].any() and not pixels[40:].any()


def test_the_eraser_leaves_black_and_what_comes_after_it_is_drawn_again():
    crossed = (line((10, 30), (90, 30)), line((50, 10), (50, 50), width=12, erases=True))
    pixels = draw(Sketch(width=100, height=60, strokes=crossed))
    assert pixels[30, 50, 0] == 0 and pixels[30, 20, 0] == 255 and pixels[30, 80, 0] == 255
    again = draw(Sketch(width=100, height=60, strokes=(*crossed, line((10, 30), (90, 30)))))
    assert again[30, 50, 0] == 255


def test_a_click_leaves_a_dot():
    assert draw(Sketch(width=64, height=64, strokes=(line((20, 20), (20, 20), width=8),)))[20, 20, 0] == 255


def test_another_size_keeps_the_shape_and_centres_it():
    drawn = Sketch(width=100, height=100, strokes=(line((0, 0), (100, 100), width=2),))
    wide = drawn.scaled_to(400, 200)
    assert wide.strokes[0].points == ((100, 0), (300, 200)) and wide.strokes[0].width == 4
    assert drawn.scaled_to(100, 100) is drawn


def test_the_file_has_the_size_of_the_picture_and_is_always_the_same():
    drawn = Sketch(width=128, height=64, strokes=(line((5, 5), (100, 50)),))
    assert png(drawn) == png(drawn)
    assert Image.open(io.BytesIO(png(drawn))).size == (128, 64)
    assert not Sketch(width=1, height=1, strokes=(line((0, 0), (1, 1), erases=True),)).has_lines
