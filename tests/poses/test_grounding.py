"""Where a figure stands when its bones change."""

from __future__ import annotations

import pytest

from studio.poses.grounding import on_the_ground

STANDING = {1: (100, 100), 8: (90, 200), 9: (90, 300), 10: (90, 400), 11: (110, 200), 12: (110, 300), 13: (110, 400)}


def scaled(places, factor: float):
    return {index: (x * factor, y * factor) for index, (x, y) in places.items()}


def test_both_feet_stay_where_they_stood():
    moved = on_the_ground(STANDING, scaled(STANDING, 0.5))
    assert moved[10][1] == moved[13][1] == 400
    assert (moved[10][0] + moved[13][0]) / 2 == 100
    assert moved[1] == pytest.approx((100, 250))


def test_feet_that_would_part_in_height_are_trimmed_back():
    after = STANDING | {8: (90, 180), 9: (90, 280), 10: (90, 380)}
    moved = on_the_ground(STANDING, after)
    assert moved[10][1] == moved[13][1] == 400
    assert moved[8] == (90, 180) and moved[9][0] == 90, "the leg keeps its direction"


def test_a_lifted_foot_stays_lifted():
    before = STANDING | {13: (150, 320)}
    moved = on_the_ground(before, scaled(before, 0.5))
    assert moved[10][1] == 400 and moved[13][1] == pytest.approx(360)


def test_a_kneeling_figure_rests_on_its_knees():
    before = {1: (100, 100), 8: (100, 250), 9: (100, 400), 10: (180, 396), 13: (190, 396)}
    moved = on_the_ground(before, scaled(before, 2))
    assert moved[9][1] == 400 and moved[10][1] == 392


def test_without_feet_the_lowest_height_stays():
    before = {0: (50, 40), 1: (50, 100), 2: (20, 110), 5: (80, 108)}
    moved = on_the_ground(before, scaled(before, 3))
    assert max(y for _, y in moved.values()) == 110
    assert sum(x for x, _ in moved.values()) == pytest.approx(200)


def test_a_leg_in_one_point_does_no_harm():
    before = dict.fromkeys((8, 9, 10), (5.0, 5.0))
    assert on_the_ground(before, before) == before
