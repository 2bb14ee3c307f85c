"""Skeleton pictures are read back into the joints they were drawn from; nothing else is taken for one."""

from __future__ import annotations

import io
import math
import random

import cv2
import numpy as np
import pytest
from PIL import Image

from starter.render import render
from studio.poses import expressions, gestures, library, skeleton_map
from studio.poses.drawing import draw
from studio.poses.values import Joint, Person, Pose

NAMES = library.pose_names()


def moved(person: Person, right: float, down: float, scale: float = 1.0) -> Person:
    """The body alone, scaled and moved."""
    body = tuple(joint and joint._replace(x=joint.x * scale + right, y=joint.y * scale + down) for joint in person.body)
    return Person(body=body)


def shown(pose: Pose, joints: tuple[Joint | None, ...]) -> dict[int, Joint]:
    return {
        index: joint
        for index, joint in enumerate(joints)
        if joint and joint.visible and 0 <= joint.x < pose.width and 0 <= joint.y < pose.height
    }


def apart(one: Joint, other: Joint) -> float:
    return math.dist(one[:2], other[:2])


def differences(pose: Pose, found: Pose) -> list[float]:
    """For every joint that shows how far off it was read, infinite where it was not."""
    offs: list[float] = []
    for person in pose.people:
        wanted = shown(pose, person.body)
        read = min(
            (shown(pose, other.body) for other in found.people),
            key=lambda other: sum(apart(joint, other[i]) if i in other else 99 for i, joint in wanted.items()),
        )
        offs += [apart(joint, read[index]) if index in read else math.inf for index, joint in wanted.items()]
    return offs


def read(pixels: np.ndarray) -> skeleton_map.SkeletonMap:
    found = skeleton_map.read(pixels)
    assert found is not None
    return found


@pytest.mark.parametrize("part", range(4))
def test_the_librarys_poses_come_back(part):
    """Every fourth pose. Where somebody's dot is covered by another's, a single joint may be lost or estimated."""
    offs, people = [], []
    for name in NAMES[part::16]:
        pose = library.library_pose(name)
        found = read(draw(pose, pose.width, pose.height)).pose
        assert (found.width, found.height) == (pose.width, pose.height)
        people.append(len(found.people) == len(pose.people))
        offs += differences(pose, found)
    assert all(people)
    assert np.mean(np.array(offs) < 2) > 0.97 and np.mean(np.array(offs) > 8) < 0.005


def test_a_whole_figure_comes_back_to_the_pixel():
    pose = library.library_pose("standing")
    pose = Pose(width=pose.width, height=pose.height, people=(moved(pose.people[0], 0, 0),))
    assert max(differences(pose, read(draw(pose, pose.width, pose.height)).pose)) < 1


@pytest.mark.parametrize("seed", range(3))
def test_several_people_are_told_apart(seed):
    chance = random.Random(seed)
    people = []
    for place in range(3):
        figure = chance.choice([name for name in NAMES if len(library.library_pose(name).people) == 1])
        pose = library.library_pose(figure)
        scale = 700 / pose.height
        people.append(moved(pose.people[0], place * 420 + 200 - 0.5 * pose.width * scale, 30, scale))
    pose = Pose(width=1280, height=768, people=tuple(people))
    found = read(draw(pose, 1280, 768)).pose
    assert len(found.people) == 3
    offs = differences(pose, found)
    assert sum(off > 3 for off in offs) <= 2, "joints under another's limbs are estimated"


@pytest.mark.parametrize(("width", "height", "thick"), [(1024, 1024, True), (768, 1152, False), (384, 384, False)])
def test_other_sizes_and_thick_sticks(width, height, thick):
    pose = library.library_pose("standing").scaled_to(width, height)
    assert max(differences(pose, read(draw(pose, width, height, thick)).pose)) < 5


@pytest.mark.parametrize("change", ["jpeg", "half", "double", "grey", "white"])
def test_what_happens_to_pictures_on_their_way(change):
    pose = library.library_pose("sprinting")
    pixels = draw(pose, pose.width, pose.height)
    if change == "jpeg":
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=80)
        pixels = np.asarray(Image.open(file))
    elif change in {"half", "double"}:
        factor = 0.5 if change == "half" else 2.0
        pose = pose.scaled_to(round(pose.width * factor), round(pose.height * factor))
        pixels = cv2.resize(pixels, (pose.width, pose.height), interpolation=cv2.INTER_AREA)
    else:
        pixels[~pixels.any(axis=2)] = 128 if change == "grey" else 255
    offs = differences(pose, read(pixels).pose)
    assert sorted(offs)[-2] < 4


def test_hands_are_read_where_their_dots_lie_apart_and_a_face_is_owned_up_to():
    pose = library.library_pose("standing").scaled_to(1024, 1536)
    person = moved(pose.people[0], 0, 0)
    for side in ("left", "right"):
        person = gestures.place(person, side, "open")
    pose = Pose(width=1024, height=1536, people=(expressions.place(person, "smile"),))
    found = read(draw(pose, 1024, 1536))
    assert found.has_face and not found.lost_hands
    (back,) = found.pose.people
    for wanted, hand in ((person.left_hand, back.left_hand), (person.right_hand, back.right_hand)):
        assert wanted and hand
        offs = [apart(a, b) for a, b in zip(wanted, hand, strict=True) if a and b]
        assert len(offs) >= 18 and max(offs) < 4
    small = pose.scaled_to(256, 384)
    assert read(draw(small, 256, 384)).lost_hands


def no_skeletons() -> dict[str, np.ndarray]:
    numbers = np.random.default_rng(0)
    scene = cv2.GaussianBlur(numbers.integers(0, 256, (300, 300, 3), dtype=np.uint8), (0, 0), 5)
    neon = np.zeros((400, 400, 3), np.uint8)
    for _ in range(60):
        start, end = numbers.integers(0, 400, (2, 2)).tolist()
        cv2.line(neon, start, end, numbers.integers(0, 256, 3).tolist(), 3)
    hand = np.zeros((400, 400, 3), np.uint8)
    pose = Pose(width=400, height=400, people=(Person(body=(None,) * 18, face=(Joint(200, 200),) * 70),))
    return {
        "black": np.zeros((300, 300, 3), np.uint8),
        "white": np.full((300, 300, 3), 255, np.uint8),
        "noise": numbers.integers(0, 256, (300, 300, 3), dtype=np.uint8),
        "blurred": cv2.normalize(scene, np.empty_like(scene), 0, 255, cv2.NORM_MINMAX),
        "coloured lines": neon,
        "canny": np.repeat(cv2.Canny(scene, 10, 20)[:, :, None], 3, axis=2),
        "a face alone": draw(pose, 400, 400),
        "nearly nothing": cv2.circle(hand, (200, 200), 4, (255, 0, 0), -1),
        "one pixel": np.zeros((1, 1, 3), np.uint8),
    }


@pytest.mark.parametrize("name", list(no_skeletons()))
def test_nothing_else_is_taken_for_one(name):
    assert skeleton_map.read(no_skeletons()[name]) is None


@pytest.mark.parametrize("seed", range(8))
def test_anime_drawings_are_not_taken_for_one(seed):
    assert skeleton_map.read(render(seed, 256).image) is None
