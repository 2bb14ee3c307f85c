"""The judges: right about true pictures, at chance about strangers."""

import numpy as np
import pytest

from starter.evaluate import judgeable
from starter.judge import PlaceJudge, colours_worn, pck, region
from starter.render import render


@pytest.fixture(scope="module")
def pictures():
    return [render(s) for s in range(400)]


def test_places_are_told_apart(pictures):
    known, asked = pictures[:340], pictures[340:]
    judge = PlaceJudge([p.image for p in known], [p.plan.place for p in known])
    named = judge([p.image for p in asked])
    right = np.mean([n == p.plan.place for n, p in zip(named, asked, strict=True)])
    wrong = np.mean([n == p.plan.place for n, p in zip(named, pictures[:60], strict=True)])
    assert right > 0.7 > 0.35 > wrong


def test_pck_counts_body_joints_near_enough():
    asked = np.full((18, 2), np.nan)
    asked[[2, 11, 4, 7]] = (40, 40), (60, 80), (20, 60), (80, 60)
    found = asked.copy()
    assert pck(found, asked) == (4, 4)
    found[4] += 30
    found[7] += 2
    assert pck(found, asked) == (3, 4)


def test_regions_are_on_the_figure(pictures):
    p = next(p for p in pictures if not p.plan.behind and not np.isnan(p.joints[1]).any())
    mask = region(p, p.plan.who.hair_rgb, True)
    y, x = np.nonzero(mask)
    assert mask.any()
    assert np.hypot(x - p.head[0], y - p.head[1]).max() <= 1.36 * p.head[2] + 1


def test_worn_colours_are_found_wherever_the_figure_stands():
    front = judgeable(32)
    worn = [colours_worn(p.image, p.joints) for p in front]
    strangers = [colours_worn(p.image, p.joints) for p in [*front[7:], *front[:7]]]
    right = np.mean([w[0] == p.plan.who.hair for w, p in zip(worn, front, strict=True)])
    wrong = np.mean([w[0] == p.plan.who.hair for w, p in zip(strangers, front, strict=True)])
    assert right > 0.7 > 0.35 > wrong


def test_no_colour_is_worn_where_there_is_no_figure():
    blank = np.full((256, 256, 3), (255, 0, 255), np.uint8)
    assert colours_worn(blank, render(3).joints)[1] is None
