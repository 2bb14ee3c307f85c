"""The illustrator: deterministic, in the frame, honest about its joints, never the same twice."""

import numpy as np
import pytest

from starter.drawing.canvas import SIZE
from starter.drawing.face import EXPRESSIONS
from starter.drawing.hair import STYLES
from starter.drawing.outfits import OUTFITS
from starter.drawing.palette import GARMENT, HAIR
from starter.drawing.poses import BASE, blend, mirrored
from starter.drawing.scenes import INDOOR, OUTDOOR
from starter.drawing.skeleton import COLOURS, draw_skeleton
from starter.judge import colour_regions, found_colour, nearest
from starter.render import HELD_OUT, draw, render
from starter.world import draw_plan, held_colours, recoloured

SEEDS = range(40, 64)


@pytest.fixture(scope="module")
def pictures():
    return [render(s) for s in SEEDS]


def test_a_seed_is_a_picture(pictures):
    again = render(SEEDS[3])
    assert np.array_equal(again.image, pictures[3].image)
    assert np.array_equal(again.joints, pictures[3].joints, equal_nan=True)
    assert again.caption == pictures[3].caption


def test_seeds_differ(pictures):
    assert len({p.image.tobytes() for p in pictures}) == len(pictures)
    assert len({p.caption for p in pictures}) == len(pictures)


def test_the_world_is_as_wide_as_promised():
    assert len(BASE) >= 25 and len(HAIR) >= 10 and len(STYLES) >= 6 and len(OUTFITS) >= 12
    assert len(OUTDOOR) + len(INDOOR) >= 10 and len(EXPRESSIONS) >= 6


def test_joints_lie_inside_the_picture(pictures):
    for p in pictures:
        seen = p.joints[~np.isnan(p.joints[:, 0])]
        assert len(seen) >= 2
        assert ((seen >= 0) & (seen < SIZE)).all()


def test_another_size_is_the_same_picture():
    small, large = render(5, 128), render(5, 256)
    assert np.allclose(small.joints * 2, large.joints, equal_nan=True)
    assert small.caption == large.caption
    shrunk = large.image.reshape(128, 2, 128, 2, 3).mean((1, 3))
    assert np.abs(shrunk - small.image).mean() < 6


def test_named_colours_are_in_the_picture(pictures):
    right = []
    for p in pictures:
        hair, outfit = colour_regions(p)
        right.append(found_colour(p.image, hair, HAIR) in (p.plan.who.hair, None))
        if outfit is not None:
            right.append(found_colour(p.image, outfit, GARMENT) in (p.plan.who.colour, None))
    assert np.mean(right) > 0.9


def test_recolouring_changes_little_else():
    plan = draw_plan(np.random.default_rng(11))
    other = "red" if plan.who.hair != "red" else "green"
    a, b = draw(plan, 1), draw(recoloured(plan, hair=other), 1)
    assert np.array_equal(a.joints, b.joints, equal_nan=True)
    assert 0.005 < (a.image != b.image).any(-1).mean() < 0.6


def test_held_out_pictures_keep_to_held_out_colours():
    for s in range(12):
        who = render(HELD_OUT + s).plan.who
        assert held_colours(who.hair, who.colour)
        who = render(s).plan.who
        assert not held_colours(who.hair, who.colour)


def test_mirroring_twice_is_nothing_and_blends_lie_between():
    p = BASE["jogging"]
    assert mirrored(mirrored(p)) == p
    assert blend(p, BASE["waving"], 0.0).left_arm == p.left_arm


def test_skeleton_follows_the_controlnet_rule():
    joints = np.full((18, 2), np.nan)
    joints[[2, 3]] = (30, 40), (90, 40)
    im = draw_skeleton(joints, 128)
    assert tuple(im[40, 30]) == COLOURS[2] and tuple(im[40, 90]) == COLOURS[3]
    assert tuple(im[40, 60]) == tuple(int(v * 0.6) for v in COLOURS[2])
    assert im[44, 60].any() and not im[46, 60].any()
    assert not draw_skeleton(np.full((18, 2), np.nan)).any()


def test_nearest_names_a_colour():
    assert nearest((250, 20, 30), GARMENT) == "red"
