"""The geometry of tiles: every pixel once, with all that it depends on in sight."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.engine.upscaling.tiles import ALIGN, FAST_OVERLAP, Box, blend, plan

sides = st.integers(1, 300)


@given(width=sides, height=sides, side=st.integers(8, 200), radius=st.integers(0, 60))
def test_tiles_give_every_pixel_once_and_see_what_it_depends_on(width, height, side, radius):
    given_by = np.zeros((height, width), int)
    for tile in plan(width, height, side, radius):
        given_by[tile.own.slices] += 1
        assert tile.kept == tile.own
        assert tile.own.right - tile.own.left <= side and tile.own.bottom - tile.own.top <= side
        for own, seen, end in (
            ((tile.own.left, tile.own.right), (tile.seen.left, tile.seen.right), width),
            ((tile.own.top, tile.own.bottom), (tile.seen.top, tile.seen.bottom), height),
        ):
            assert seen[0] == 0 or (seen[0] <= own[0] - radius and seen[0] % ALIGN == 0)
            assert seen[1] == end or (seen[1] >= own[1] + radius and seen[1] % ALIGN == 0)
    assert (given_by == 1).all()


def test_a_picture_that_fits_is_one_tile():
    [tile] = plan(97, 60, 97, 0)
    assert tile.own == tile.kept == tile.seen == Box(0, 0, 97, 60)


@given(width=st.integers(80, 200), height=st.integers(80, 200), side=st.integers(40, 90))
def test_blended_tiles_of_one_colour_leave_no_seam(width, height, side):
    canvas = np.zeros((height, width, 3), np.uint8)
    for tile in plan(width, height, side, None):
        assert tile.seen.left <= max(0, tile.own.left - FAST_OVERLAP)
        shape = (tile.kept.bottom - tile.kept.top, tile.kept.right - tile.kept.left, 3)
        canvas[tile.kept.slices] = blend(canvas[tile.kept.slices], np.full(shape, 200, np.uint8), tile, 1)
    assert (canvas == 200).all()


def test_a_blend_is_a_ramp_from_the_neighbour_to_the_tile():
    [_, tile] = plan(160, 40, 80, None)
    old, new = np.zeros((40, 96, 3), np.uint8), np.full((40, 96, 3), 240, np.uint8)
    mixed = blend(old, new, tile, 1)[20, :, 0].astype(int)
    assert mixed[0] < 10 and (mixed[32:] == 240).all()
    assert (np.diff(mixed[:32]) > 0).all()
