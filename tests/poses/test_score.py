"""The score against hand-computed figures, and at its edges."""

from __future__ import annotations

import json
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.poses.library import library_pose, pose_names
from studio.poses.score import SIGMAS, JointError, Score, compare
from studio.poses.skeletons import BODY_NAMES
from studio.poses.values import Joint, Person, Pose

EMPTY = Pose(width=512, height=512)


def pose(*people: Person, width: int = 512, height: int = 512) -> Pose:
    return Pose(width=width, height=height, people=people)


def person(**places) -> Person:
    return Person(body=tuple(Joint(*places[name]) if name in places else None for name in BODY_NAMES))


def moved(figure: Person, x: float, y: float = 0.0) -> Person:
    body = tuple(joint and joint._replace(x=joint.x + x, y=joint.y + y) for joint in figure.body)
    return Person(body=body)


BOX = {"left_shoulder": (300, 100), "right_shoulder": (200, 100), "left_hip": (300, 300), "right_hip": (200, 300)}
TRUNK = person(**BOX)
"""A torso of 200 pixels in a box of 100 by 200."""


def test_sigmas_are_coco_s():
    assert len(SIGMAS) == 17 and "neck" not in SIGMAS and set(SIGMAS) < set(BODY_NAMES)
    assert (SIGMAS["nose"], SIGMAS["left_hip"], SIGMAS["right_ankle"]) == (0.026, 0.107, 0.089)


@pytest.mark.parametrize("name", pose_names()[::6])
def test_a_pose_obeys_itself(name: str):
    score = compare(library_pose(name), library_pose(name))
    assert (score.oks, score.pck, score.f1, score.count_error, score.mean_error) == (1, 1, 1, 0, 0)


def test_oks_by_hand():
    found = dict(BOX, left_shoulder=(310, 100))
    score = compare(pose(TRUNK), pose(person(**found)))
    area = 0.53 * 100 * 200
    one = math.exp(-(10**2) / (2 * area * (2 * 0.079) ** 2))
    assert score.oks == pytest.approx((one + 3) / 4)
    assert score.mean_error == pytest.approx(2.5)
    assert [(error.joint, error.pixels) for error in score.joint_errors if error.pixels] == [("left_shoulder", 10)]


def test_pck_counts_up_to_a_fifth_of_the_torso():
    found = dict(BOX, left_shoulder=(340, 100), right_shoulder=(159, 100))
    score = compare(pose(TRUNK), pose(person(**found)))
    assert score.pck == 0.75
    shares = {error.joint: error.share for error in score.joint_errors}
    assert shares["left_shoulder"] == 0.2 and shares["right_shoulder"] == 0.205


def test_without_a_torso_the_box_is_the_measure():
    """An arm 400 pixels long: a quarter of it stands for the torso."""
    arm = {"left_shoulder": (50, 100), "left_elbow": (250, 100), "left_wrist": (450, 100)}
    score = compare(pose(person(**arm)), pose(person(**dict(arm, left_wrist=(450, 119), left_elbow=(250, 121)))))
    assert score.pck == pytest.approx(2 / 3)
    assert 0.5 < score.oks < 1


def test_joints_that_were_not_found_count_nothing_and_have_words():
    found = {name: place for name, place in BOX.items() if name != "left_hip"}
    score = compare(pose(TRUNK), pose(person(**found)))
    assert (score.oks, score.pck, score.f1) == (0.75, 0.75, pytest.approx(6 / 7))
    missing = next(error for error in score.joint_errors if error.pixels is None)
    assert missing == JointError(0, "left_hip", None, None) and missing.in_words() == "left hip not found"
    assert JointError(0, "left_wrist", 12.4, 0.1).in_words() == "left wrist 12 px off"


def test_joints_that_should_not_show_cost_f1_only():
    found = person(**BOX, nose=(250, 50))
    score = compare(pose(TRUNK), pose(found))
    assert (score.oks, score.pck, score.f1) == (1, 1, pytest.approx(8 / 9))


def test_hidden_joints_are_absent():
    hidden = person(**BOX, nose=(250, 50, 1.0, False))
    assert compare(pose(hidden), pose(TRUNK)).f1 == 1
    assert compare(pose(hidden), pose(person(**BOX, nose=(250, 50)))).f1 == pytest.approx(8 / 9)


def test_the_neck_is_not_scored():
    with_neck = person(**BOX, neck=(250, 100))
    score = compare(pose(with_neck), pose(TRUNK))
    assert (score.oks, score.f1) == (1, 1) and "neck" not in {error.joint for error in score.joint_errors}
    only_neck = person(neck=(250, 100))
    assert compare(pose(TRUNK, only_neck), pose(TRUNK)).people_intended == 1


def test_people_are_matched_by_the_best_sum():
    """Greedily, the first would take the second's place; together it is better the other way round."""
    intended = pose(TRUNK, moved(TRUNK, 60))
    found = pose(moved(TRUNK, 30), moved(TRUNK, -60))
    score = compare(intended, found)
    assert [one.found for one in score.people] == [1, 0]
    shuffled = compare(pose(*[moved(TRUNK, x) for x in (0, 120, 240)]), pose(*[moved(TRUNK, x) for x in (240, 0, 120)]))
    assert shuffled.oks == 1 and [one.found for one in shuffled.people] == [1, 2, 0]


def test_far_away_the_nearest_is_the_likeliest():
    intended = pose(TRUNK, moved(TRUNK, 0, 3000), width=8000, height=8000)
    found = pose(moved(TRUNK, 2000, 3000), moved(TRUNK, 2000), width=8000, height=8000)
    assert [one.found for one in compare(intended, found).people] == [1, 0]


def test_too_many_and_too_few_people():
    many = compare(pose(TRUNK), pose(moved(TRUNK, 200), TRUNK))
    assert (many.count_error, many.oks, many.pck, many.f1) == (1, 1, 1, pytest.approx(8 / 12))
    few = compare(pose(TRUNK, moved(TRUNK, 200)), pose(TRUNK))
    assert (few.count_error, few.oks, few.pck, few.f1) == (1, 0.5, 0.5, pytest.approx(8 / 12))
    assert [one.found for one in few.people] == [0, None]
    assert [error.pixels for error in few.joint_errors if error.person == 1] == [None] * 4


@pytest.mark.parametrize(
    ("intended", "found", "value", "count"),
    [(EMPTY, EMPTY, 1, 0), (EMPTY, pose(TRUNK), 0, 1), (pose(TRUNK), EMPTY, 0, 1),
     (pose(Person(body=(None,) * 18)), EMPTY, 1, 0)],
)  # fmt: skip
def test_nobody(intended: Pose, found: Pose, value: int, count: int):
    score = compare(intended, found)
    assert (score.oks, score.pck, score.f1, score.count_error, score.mean_error) == (value, value, value, count, None)


def test_other_canvas_is_fitted_as_a_drawing_is():
    intended = library_pose("jogging")
    doubled = intended.scaled_to(intended.width * 2, intended.height * 2)
    assert compare(intended, doubled).oks == pytest.approx(1, abs=1e-5)
    wide = intended.scaled_to(1024, 768)
    assert compare(intended, wide).oks == pytest.approx(1, abs=1e-5)
    off = Pose(width=wide.width, height=wide.height, people=tuple(moved(one, 7) for one in wide.people))
    assert compare(intended, off).mean_error == pytest.approx(7, abs=0.02), "in pixels of the found pose"


def test_worse_is_never_better():
    figures = [compare(pose(TRUNK), pose(moved(TRUNK, x))).oks for x in range(0, 200, 10)]
    assert figures == sorted(figures, reverse=True) and figures[-1] < 0.01


def test_one_joint_and_one_point_have_a_score():
    dot = person(nose=(10, 10))
    assert compare(pose(dot), pose(dot)).oks == 1
    assert compare(pose(dot), pose(moved(dot, 5))).oks < 0.1


def test_score_is_json():
    document = compare(pose(TRUNK, moved(TRUNK, 200)), pose(TRUNK)).to_json()
    assert json.loads(json.dumps(document)) == document | {
        "people": list(document["people"]), "joint_errors": list(document["joint_errors"])
    }  # fmt: skip
    assert document["people"][1] == {"person": 1, "found": None, "oks": 0.0, "pck": 0.0}
    assert document["joint_errors"][0] == {"person": 0, "joint": "right_shoulder", "pixels": 0.0, "share": 0.0}


def anybody(source: random.Random) -> Pose:
    def joint():
        spread = source.choice([0, 50, 5000])
        place = source.uniform(-spread, spread), source.uniform(-spread, spread)
        return source.choice([None, Joint(*place), Joint(*place, 1.0, False)])

    people = tuple(Person(body=tuple(joint() for _ in range(18))) for _ in range(source.randint(0, 4)))
    return Pose(width=source.randint(1, 3000), height=source.randint(1, 3000), people=people)


@settings(deadline=None, max_examples=150)
@given(*[st.integers(0, 10**9).map(random.Random).map(anybody)] * 2)
def test_any_two_poses_have_a_score_in_range(intended: Pose, found: Pose):
    score = compare(intended, found)
    assert isinstance(score, Score)
    assert all(0 <= value <= 1 for value in (score.oks, score.pck, score.f1))
    assert all(0 <= one.oks <= 1 and 0 <= one.pck <= 1 for one in score.people)
    assert score.count_error == abs(score.people_intended - score.people_found)
    json.dumps(score.to_json(), allow_nan=False)
    itself = compare(intended, intended)
    assert (itself.oks, itself.pck, itself.f1, itself.count_error) == (1, 1, 1, 0)
