"""COCO-WholeBody to our skeleton and back."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import InvalidPose
from studio.poses.skeletons import BODY_NAMES
from studio.poses.values import Joint, Person
from studio.poses.wholebody import BODY, KEYPOINTS, keypoints_of, person_of

COCO = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip
POINTS = np.stack([np.arange(KEYPOINTS) * 3.0 + 10, np.arange(KEYPOINTS) * 2.0 + 20], axis=1)
SURE = np.linspace(0.4, 1, KEYPOINTS)


def test_names_agree():
    assert [BODY_NAMES[i] for i, place in enumerate(BODY) if place is None] == ["neck"]
    assert all(COCO[place] == BODY_NAMES[i] for i, place in enumerate(BODY) if place is not None)


def test_every_part_lands_where_it_belongs():
    person = person_of(POINTS, SURE)
    assert person.body[0] == Joint(10, 20, 0.4)
    assert person.body[1] == Joint(*(POINTS[[5, 6]].mean(axis=0)), round(SURE[5], 3))
    assert (person.face[0].x, person.face[67].x) == (POINTS[23, 0], POINTS[90, 0])
    assert person.face[68:] == (person.body[14], person.body[15])
    assert (person.left_hand[0].x, person.left_hand[20].x) == (POINTS[91, 0], POINTS[111, 0])
    assert (person.right_hand[0].x, person.right_hand[20].x) == (POINTS[112, 0], POINTS[132, 0])


def test_what_the_detector_doubts_does_not_show():
    scores = SURE.copy()
    scores[[5, 10, 30]] = 0.29
    scores[91:112] = 0.1
    person = person_of(POINTS, scores)
    assert person.body[5] is person.body[4] is person.body[1] is None, "without both shoulders there is no neck"
    assert person.face[7] is None and person.face[8] is not None
    assert person.left_hand is None and person.right_hand is not None
    assert person_of(POINTS, scores, threshold=0.1).left_hand is not None
    nobody = person_of(POINTS, np.zeros(KEYPOINTS), threshold=0.0)
    assert nobody == Person(body=(None,) * 18)


def test_coco_17_is_a_body_without_hands_and_face():
    person = person_of(POINTS[:17], SURE[:17])
    assert person.body == person_of(POINTS, SURE).body
    assert person.face is person.left_hand is person.right_hand is None


def test_scores_beyond_one_are_cut():
    assert person_of(POINTS, np.full(KEYPOINTS, 1.7)).body[0].confidence == 1


def random_keypoints(seed: int):
    source = np.random.default_rng(seed)
    points = source.uniform(-50, 2000, (KEYPOINTS, 2)).round(2)
    scores = source.uniform(0.3, 1, KEYPOINTS).round(3) * (source.random(KEYPOINTS) > 0.2)
    return points, scores


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9).map(random_keypoints))
def test_round_trip_gives_every_keypoint_we_have_a_place_for(found):
    points, scores = found
    again, again_scores = keypoints_of(person_of(points, scores))
    kept = [i for i in range(KEYPOINTS) if not 17 <= i < 23 and scores[i] > 0]
    assert np.allclose(again[kept], points[kept], atol=0.011) and np.allclose(again_scores[kept], scores[kept])
    lost = [i for i in range(KEYPOINTS) if i not in kept]
    assert not again_scores[lost].any()
    person = person_of(points, scores)
    assert person_of(again, again_scores) == person


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**9).map(random.Random))
def test_hidden_joints_are_not_passed_on(source):
    body = tuple(Joint(source.uniform(0, 99), 9, 1.0, source.random() < 0.5) for _ in range(18))
    _, scores = keypoints_of(Person(body=body))
    shown = [place for place, joint in zip(BODY, body, strict=True) if place is not None and joint.visible]
    assert sorted(np.flatnonzero(scores)) == sorted(shown)


@pytest.mark.parametrize(
    ("points", "scores"),
    [
        (POINTS[:134], SURE[:100]),
        (POINTS[:18], SURE[:18]),
        (POINTS[:, :1], SURE),
        (np.zeros((0, 2)), np.zeros(0)),
        (np.full((KEYPOINTS, 2), np.nan), SURE),
        (POINTS, np.full(KEYPOINTS, np.inf)),
    ],
    ids=range(6),
)
def test_what_is_no_person_is_said(points, scores):
    with pytest.raises(InvalidPose) as caught:
        person_of(points, scores)
    assert caught.value.hint
