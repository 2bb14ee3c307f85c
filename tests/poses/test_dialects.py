"""Every dialect met in the wild, written by test code as its tool writes it: nothing that shows in the file is lost."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.poses.openpose import read, write
from studio.poses.skeletons import BODY_25_TO_18
from studio.poses.values import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS, Joint, Person, Pose

PARTS = {
    "pose_keypoints_2d": "body", "face_keypoints_2d": "face",
    "hand_left_keypoints_2d": "left_hand", "hand_right_keypoints_2d": "right_hand",
}  # fmt: skip


def numbers(joints, width: float = 1, height: float = 1, real: bool = False) -> list[float] | None:
    """x, y, c per joint, absent ones 0, 0, 0; ``real`` keeps the confidence."""
    if joints is None:
        return None
    return [
        number
        for joint in joints
        for number in ((joint.x / width, joint.y / height, joint.confidence if real else 1.0) if joint else (0, 0, 0))
    ]


def people(pose: Pose, width: float = 1, height: float = 1, real: bool = False) -> list[dict[str, Any]]:
    return [
        {key: numbers(getattr(person, part), width, height, real) for key, part in PARTS.items()}
        for person in pose.people
    ]


def a1111_pixels(pose: Pose):
    return {"people": people(pose), "animals": [], "canvas_width": pose.width, "canvas_height": pose.height}


def a1111_fractions(pose: Pose):
    return {"people": people(pose, pose.width, pose.height), "canvas_width": pose.width, "canvas_height": pose.height}


def list_of_frames(pose: Pose):
    return [a1111_pixels(pose)]


def list_of_fractions(pose: Pose):
    return [a1111_fractions(pose)]


def faces_of_68(pose: Pose):
    document = a1111_pixels(pose)
    for person in document["people"]:
        person["face_keypoints_2d"] = person["face_keypoints_2d"] and person["face_keypoints_2d"][: 68 * 3]
    return document


def empty_parts(pose: Pose):
    document = a1111_pixels(pose)
    for person in document["people"]:
        person.update({key: [] for key, value in person.items() if value is None})
    return document


def missing_parts(pose: Pose):
    document = a1111_pixels(pose)
    document["people"] = [{key: value for key, value in one.items() if value} for one in document["people"]]
    return document


def cmu_body_25(pose: Pose):
    """OpenPose's own: 25 joints, real confidences, hips' middle and feet, no canvas."""
    document = {"version": 1.3, "people": people(pose, real=True)}
    for person in document["people"]:
        body = [[50.0 + index, 60.0, 0.8] for index in range(25)]
        for index, place in enumerate(BODY_25_TO_18):
            body[place] = person["pose_keypoints_2d"][3 * index : 3 * index + 3]
        person["pose_keypoints_2d"] = [number for joint in body for number in joint]
        person |= {"person_id": [-1], "pose_keypoints_3d": [], "face_keypoints_3d": []}
    return document


def one_list_per_joint(pose: Pose):
    document = a1111_pixels(pose)
    for person in document["people"]:
        for key, value in person.items():
            person[key] = value and [value[start : start + 3] for start in range(0, len(value), 3)]
    return document


def fkunn(pose: Pose):
    """Flat list of [x, y]; this editor has no absent joints, hands or faces."""
    points = [[joint.x, joint.y] for person in pose.people for joint in person.body]
    return {"width": pose.width, "height": pose.height, "keypoints": points}


def space_nuko(pose: Pose):
    points = [[[joint.x, joint.y] for joint in person.body] for person in pose.people]
    return {"width": pose.width, "height": pose.height, "keypoints": points}


FULL = [a1111_pixels, a1111_fractions, list_of_frames, list_of_fractions, empty_parts, missing_parts, cmu_body_25,
        faces_of_68, one_list_per_joint]  # fmt: skip


def pose_of(source: random.Random, count: int, whole: bool) -> Pose:
    width, height = source.choice([(512, 512), (512, 768), (1216, 832), (1920, 1080)])

    def joint():
        if not whole and source.random() < 0.2:
            return None
        return Joint(source.uniform(3, width), source.uniform(3, height), source.uniform(0.05, 1))

    def part(size):
        return tuple(joint() for _ in range(size))

    def maybe(size):
        return (Joint(9, 9, 0.5), *part(size - 1)) if not whole and source.random() < 0.6 else None

    # One joint in the far corner, so that a canvas that is not in the file is not guessed too small.
    people = tuple(
        Person(
            body=(Joint(width, height), *part(BODY_JOINTS - 1)),
            left_hand=maybe(HAND_JOINTS),
            right_hand=maybe(HAND_JOINTS),
            face=maybe(FACE_JOINTS),
        )
        for _ in range(count)
    )
    return Pose(width=width, height=height, people=people)


def seeds(whole: bool):
    return st.builds(pose_of, st.integers(0, 10**9).map(random.Random), st.integers(1, 3), whole=st.just(whole))


def visible(pose: Pose) -> list[tuple[float, float]]:
    return [
        (joint.x, joint.y)
        for person in pose.people
        for joints in (person.body, person.left_hand, person.right_hand, person.face)
        for joint in joints or ()
        if joint and joint.visible
    ]


def check(pose: Pose, dialect: Callable, again: Pose) -> None:
    assert len(again.people) == len(pose.people)
    for person, other in zip(pose.people, again.people, strict=True):
        for part in PARTS.values():
            joints, others = getattr(person, part), getattr(other, part)
            assert (joints is None) == (others is None), part
            count = 68 if dialect is faces_of_68 and part == "face" else None
            for joint, found in zip((joints or ())[:count], (others or ())[:count], strict=True):
                assert (joint is None) == (found is None)
                if joint is not None:
                    assert found.visible
                    assert (found.x, found.y) == pytest.approx((joint.x, joint.y), abs=0.02)


@pytest.mark.parametrize("dialect", FULL, ids=lambda dialect: dialect.__name__)
@settings(deadline=None, max_examples=15)
@given(pose=seeds(whole=False))
def test_everything_that_shows_arrives(dialect, pose: Pose):
    text = json.dumps(dialect(pose))
    again = read(text)
    check(pose, dialect, again)
    # The pupils of a face of 68 are put on the eyes: no joint of the file is lost.
    in_file = len(visible(pose)) - (
        sum(joint is not None for person in pose.people for joint in (person.face or ())[68:])
        if dialect is faces_of_68
        else 0
    )
    assert len(visible(again)) >= in_file
    assert read(json.dumps(write(again))).people == without_confidences(again).people
    if dialect is not cmu_body_25:
        assert (again.width, again.height) == (pose.width, pose.height)


def without_confidences(pose: Pose) -> Pose:
    """The written form has confidences of 1 and 0 only: what other readers demand."""

    def sure(joints):
        return joints and tuple(joint and joint._replace(confidence=float(joint.visible)) for joint in joints)

    people = [Person(**{part: sure(getattr(person, part)) for part in PARTS.values()}) for person in pose.people]
    return pose.model_copy(update={"people": tuple(people)})


@pytest.mark.parametrize("dialect", [fkunn, space_nuko], ids=lambda dialect: dialect.__name__)
@settings(deadline=None, max_examples=15)
@given(pose=seeds(whole=True))
def test_older_editors(dialect, pose: Pose):
    check(pose, dialect, read(json.dumps(dialect(pose))))


@settings(deadline=None, max_examples=15)
@given(pose=seeds(whole=False))
def test_real_confidences_arrive(pose: Pose):
    again = read(json.dumps(cmu_body_25(pose)))
    for person, other in zip(pose.people, again.people, strict=True):
        assert [joint and joint.confidence for joint in other.body] == [
            joint and joint.confidence for joint in person.body
        ]


@settings(deadline=None, max_examples=15)
@given(pose=seeds(whole=False))
def test_python_s_spelling(pose: Pose):
    assert read(str([a1111_pixels(pose)])) == read(json.dumps(a1111_pixels(pose)))


@settings(deadline=None, max_examples=15)
@given(pose=seeds(whole=False), scale=st.sampled_from([(0, 1), (-1, 1)]))
def test_cmu_s_other_scales(pose: Pose, scale):
    """--keypoint_scale 3 and 4: fractions, and -1…1. Without a canvas in the file, one is made up."""
    low, high = scale
    document = cmu_body_25(pose)
    for person in document["people"]:
        for key in PARTS:
            flat = person[key] or []
            for start in range(0, len(flat), 3):
                if flat[start + 2]:
                    flat[start] = flat[start] / pose.width * (high - low) + low
                    flat[start + 1] = flat[start + 1] / pose.height * (high - low) + low
    again = read(json.dumps(document))
    for (x, y), (found_x, found_y) in zip(visible(pose), visible(again), strict=True):
        assert found_x / again.width == pytest.approx(x / pose.width, abs=1e-4)
        assert found_y / again.height == pytest.approx(y / pose.height, abs=1e-4)


def test_a_fraction_far_outside_the_canvas_is_no_pixel():
    body = [0.5, 0.5, 1, 2.6, -0.4, 1, *[0] * 48]
    pose = read(json.dumps({"people": [{"pose_keypoints_2d": body}], "canvas_width": 512, "canvas_height": 768}))
    assert [(joint.x, joint.y) for joint in pose.people[0].body[:2]] == [(256, 384), (1331.2, -307.2)]


def test_an_arm_that_leaves_the_canvas_does_not_make_fractions_signed():
    body = [0.5, 0.2, 1] * 17 + [-0.3, 0.4, 1]
    pose = read(json.dumps({"people": [{"pose_keypoints_2d": body}], "canvas_width": 512, "canvas_height": 512}))
    assert (pose.people[0].body[0].x, pose.people[0].body[17].x) == (256, -153.6)
