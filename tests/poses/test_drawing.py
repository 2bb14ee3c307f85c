"""The drawing, pixel by pixel from the rules, and whole pictures by their checksum.

The checksums were taken after comparing 1,500 random drawings with controlnet_aux 0.0.10: all equal, byte for byte.
"""

import hashlib
import random

import numpy as np
import pytest

from studio.poses.drawing import draw
from studio.poses.library import library_pose, pose_names
from studio.poses.skeletons import BODY_NAMES
from studio.poses.values import Joint, Person, Pose

BLACK = (0, 0, 0)


def body(**places) -> tuple[Joint | None, ...]:
    return tuple(Joint(*places[name]) if name in places else None for name in BODY_NAMES)


def one(width=512, height=512, hands=(None, None), face=None, **places) -> Pose:
    person = Person(body=body(**places), left_hand=hands[0], right_hand=hands[1], face=face)
    return Pose(width=width, height=height, people=(person,))


def at(picture, x, y):
    return tuple(int(channel) for channel in picture[y, x])


def crowd(seed: int, width: int, height: int) -> Pose:
    """Three people with hands and faces anywhere on and around the canvas, some joints absent."""
    source = random.Random(seed)

    def joints(count, absent):
        return tuple(
            None
            if source.random() < absent
            else Joint(source.randint(-40, width + 40) + 0.25, source.randint(-40, height + 40) + 0.75)
            for _ in range(count)
        )

    people = tuple(
        Person(body=joints(18, 0.2), left_hand=joints(21, 0.1), right_hand=joints(21, 0), face=joints(70, 0.1))
        for _ in range(3)
    )
    return Pose(width=width, height=height, people=people)


def checksum(picture: np.ndarray) -> str:
    return hashlib.sha256(picture.tobytes()).hexdigest()[:16]


def test_empty_pose_is_black():
    picture = draw(Pose(width=64, height=48), 64, 48)
    assert picture.shape == (48, 64, 3) and picture.dtype == np.uint8 and not picture.any()


def test_limb_is_a_slim_ellipse_under_full_dots():
    picture = draw(one(neck=(100, 200), right_shoulder=(200, 200)), 512, 512)
    assert at(picture, 150, 200) == (153, 0, 0)
    assert [at(picture, 150, y) != BLACK for y in (195, 196, 204, 205)] == [False, True, True, False]
    assert at(picture, 120, 196) == BLACK  # it tapers
    assert at(picture, 100, 200) == (255, 85, 0)
    assert at(picture, 200, 200) == (255, 170, 0)
    assert at(picture, 96, 200) == (255, 85, 0) and at(picture, 95, 200) == BLACK  # radius 4


def test_colours_are_written_not_blended():
    """Where two limbs cross, the later one stands alone."""
    picture = draw(one(neck=(100, 100), right_shoulder=(200, 200), left_shoulder=(150, 100)), 512, 512)
    colours = {tuple(colour) for colour in np.unique(picture.reshape(-1, 3), axis=0).tolist()}
    assert colours == {BLACK, (153, 0, 0), (153, 51, 0), (255, 85, 0), (255, 170, 0), (85, 255, 0)}


def test_absent_and_hidden_joints_take_their_limbs_along():
    picture = draw(one(neck=(100, 200), right_shoulder=(200, 200, 1.0, False)), 512, 512)
    assert at(picture, 100, 200) == (255, 85, 0)
    assert at(picture, 150, 200) == at(picture, 200, 200) == BLACK


def test_last_person_is_in_front():
    first = Person(body=body(neck=(100, 100)))
    second = Person(body=body(neck=(100, 100), nose=(100, 100)))
    pose = Pose(width=512, height=512, people=(first, second))
    assert at(draw(pose, 512, 512), 100, 100) == (255, 85, 0)
    hand = Person(body=body(), left_hand=(Joint(100, 100),) + (None,) * 20)
    assert at(draw(Pose(width=512, height=512, people=(hand, first)), 512, 512), 100, 100) == (255, 85, 0)
    assert at(draw(Pose(width=512, height=512, people=(first, hand)), 512, 512), 100, 100) == (0, 0, 255)


def test_hand_has_coloured_lines_and_blue_dots():
    hand = (Joint(100, 100), Joint(150, 100)) + (None,) * 3 + (Joint(100, 160),) + (None,) * 15
    picture = draw(one(hands=(hand, None)), 512, 512)
    assert at(picture, 100, 100) == at(picture, 150, 100) == (0, 0, 255)
    assert at(picture, 125, 100) == (255, 0, 0)
    assert at(picture, 100, 130) == (204, 255, 0)  # edge 4 of 20
    assert np.array_equal(picture, draw(one(hands=(None, hand)), 512, 512))


def test_face_is_white_dots_of_radius_three():
    picture = draw(one(face=(Joint(50, 60),) + (None,) * 69), 512, 512)
    assert at(picture, 50, 60) == at(picture, 47, 60) == (255, 255, 255)
    assert at(picture, 46, 60) == BLACK


def test_hand_and_face_points_on_the_first_row_or_column_are_left_out():
    edge = (Joint(0.9, 50), Joint(50, 0.5))
    picture = draw(one(hands=(edge + (None,) * 19, None), face=edge + (None,) * 68), 512, 512)
    assert not picture.any()
    assert draw(one(neck=(0, 0)), 512, 512).any()


def test_thick_scales_sticks_and_dots_with_the_picture():
    pose = one(1024, 1024, neck=(300, 400), right_shoulder=(600, 400))
    picture = draw(pose, 1024, 1024, thick=True)
    assert [at(picture, 450, y) != BLACK for y in (387, 388, 412, 413)] == [False, True, True, False]
    assert at(picture, 288, 400) == (255, 85, 0) and at(picture, 287, 400) == BLACK


@pytest.mark.parametrize(
    ("side", "radius"), [(496, 4), (504, 8), (992, 8), (1000, 12), (1992, 12), (2000, 16), (4096, 24)]
)
def test_thickness_steps(side, radius):
    picture = draw(one(side, 64, neck=(40, 32)), side, 64, thick=True)
    assert np.count_nonzero(picture[32].any(axis=1)) == 2 * radius + 1


def test_thick_leaves_hands_and_faces_alone():
    pose = one(1024, 1024, face=(Joint(50, 60),) + (None,) * 69)
    assert np.array_equal(draw(pose, 1024, 1024, thick=True), draw(pose, 1024, 1024))


def test_other_canvas_is_fitted_before_drawing():
    pose = one(512, 768, neck=(256, 384))
    picture = draw(pose, 1024, 768)
    assert at(picture, 512, 384) == (255, 85, 0)
    assert np.count_nonzero(picture[384].any(axis=1)) == 9  # the dot is not stretched


def test_joints_far_outside_do_no_harm():
    picture = draw(one(neck=(100, 100), right_shoulder=(1e300, 100), left_shoulder=(-1e12, 100)), 512, 512)
    assert at(picture, 100, 100) == (255, 85, 0)
    assert at(picture, 500, 100) == (153, 0, 0)


@pytest.mark.parametrize(
    ("seed", "width", "height", "thick", "expected"),
    [
        (1, 512, 512, False, "dd30c1d574f454a9"),
        (2, 512, 768, False, "aa80348ca40d423d"),
        (3, 832, 1216, False, "6818bf866830eb4f"),
        (4, 1024, 1024, True, "11f94480f786a416"),
    ],
)
def test_whole_pictures_stay_the_same(seed, width, height, thick, expected):
    assert checksum(draw(crowd(seed, width, height), width, height, thick)) == expected


@pytest.mark.parametrize("name", pose_names())
def test_library_poses_show_every_limb_they_have(name):
    pose = library_pose(name)
    picture = draw(pose, pose.width, pose.height)
    assert 2_000 < np.count_nonzero(picture.any(axis=2)) < pose.width * pose.height / 8
