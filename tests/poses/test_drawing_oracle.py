"""The drawing against controlnet_aux's own code, byte for byte, at three sizes.

Its two drawing modules are loaded by file: importing the package itself would bring torch and every detector it has.
"""

from __future__ import annotations

import importlib.util
import random
import sys
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest

from studio.poses import expressions, gestures, proportions
from studio.poses.drawing import draw
from studio.poses.library import library_pose
from studio.poses.values import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS, Joint, Person, Pose

SIZES = [(512, 512), (512, 768), (832, 1216)]


class Keypoint(NamedTuple):
    x: float
    y: float


ABSENT = Keypoint(-1, -1)
"""How controlnet_aux's hands and faces say that a point is absent; bodies have None."""


def folder() -> Path:
    spec = importlib.util.find_spec("controlnet_aux")
    assert spec and spec.origin, "controlnet_aux is needed as the oracle: pip install -r requirements-dev.txt"
    return Path(spec.origin).parent


@cache
def oracle(stick: int = 4, dot: int = 4) -> Any:
    """controlnet_aux's open_pose/util.py, on request with other sizes of sticks and dots."""
    source = (folder() / "open_pose" / "util.py").read_text("utf-8")
    assert source.count("stickwidth = 4") == 1 and source.count("(int(x), int(y)), 4, color") == 1
    source = source.replace("stickwidth = 4", f"stickwidth = {stick}")
    source = source.replace("(int(x), int(y)), 4, color", f"(int(x), int(y)), {dot}, color")
    names = f"oracle_{stick}_{dot}"
    package, body, module = (ModuleType(name) for name in (names, f"{names}.body", f"{names}.util"))
    body.__dict__.update(Keypoint=Keypoint, BodyResult=SimpleNamespace)  # all that it takes from there
    sys.modules.update({names: package, f"{names}.body": body})
    module.__package__ = names
    exec(compile(source, "open_pose/util.py", "exec"), module.__dict__)
    return module


def theirs(pose: Pose, width: int, height: int, stick: int = 4, dot: int = 4) -> np.ndarray:
    """As controlnet_aux's draw_poses goes through the people; points are fractions there."""
    util = oracle(stick, dot)
    canvas = np.zeros((height, width, 3), np.uint8)

    def keypoints(joints, absent):
        return joints and [
            Keypoint(joint.x / width, joint.y / height) if joint and joint.visible else absent for joint in joints
        ]

    for person in pose.people:
        canvas = util.draw_bodypose(canvas, keypoints(person.body, None))
        canvas = util.draw_handpose(canvas, keypoints(person.left_hand, ABSENT))
        canvas = util.draw_handpose(canvas, keypoints(person.right_hand, ABSENT))
        canvas = util.draw_facepose(canvas, keypoints(person.face, ABSENT))
    return canvas


def random_pose(seed: int, width: int, height: int) -> Pose:
    """One to five people on and around the canvas; joints absent, hidden, on whole pixels and between them."""
    source = random.Random(seed)

    def joint(absent: float) -> Joint | None:
        if source.random() < absent:
            return None
        x, y = source.uniform(-60, width + 60), source.uniform(-60, height + 60)
        if source.random() < 0.3:
            x, y = round(x), round(y)
        return Joint(x, y, 1.0, source.random() > 0.1)

    def part(count: int, absent: float):
        return tuple(joint(absent) for _ in range(count))

    def maybe(count: int, absent: float):
        return part(count, absent) if source.random() < 0.7 else None

    people = tuple(
        Person(
            body=part(BODY_JOINTS, 0.15),
            left_hand=maybe(HAND_JOINTS, 0.1),
            right_hand=maybe(HAND_JOINTS, 0.1),
            face=maybe(FACE_JOINTS, 0.1),
        )
        for _ in range(source.randint(1, 5))
    )
    return Pose(width=width, height=height, people=people)


def complete(name: str, gesture: str, expression: str) -> Person:
    person = library_pose(name).people[0]
    for side in ("left", "right"):
        person = gestures.place(person, side, gesture)
    return expressions.place(person, expression)


def hand_made() -> dict[str, Pose]:
    """Figures as people make them, and the corners of the rules."""
    neck, shoulder = Joint(256, 300), Joint(256, 100)
    nothing = (None,) * 16
    one = Person(body=(None, neck, *nothing))
    crossing = Person(body=(Joint(100, 100), Joint(400, 400), Joint(400, 100), Joint(100, 400), *nothing[:14]))
    vertical = Person(body=(None, neck, shoulder, *nothing[:15]))
    point = Person(body=(neck,) * 18, left_hand=(neck,) * 21, right_hand=(neck,) * 21, face=(neck,) * 70)
    edge = Joint(0.5, 200)
    corner = Person(
        body=(Joint(0, 0), Joint(511, 767), *nothing),
        left_hand=(edge, Joint(200, 0.5), *(Joint(-0.5, 3),) * 19),
        face=(edge, Joint(1, 1), *(None,) * 68),
    )
    chibi = proportions.retarget_person(complete("waving", "peace", "laugh"), "chibi_2")
    two = (complete("standing", "open", "smile"), complete("fighting-stance", "fist", "angry"))
    groups = {
        "nobody": (), "one joint": (one,), "crossing limbs": (crossing,), "vertical limb": (vertical,),
        "all in one point": (point,), "first row and column": (corner,), "chibi": (chibi,), "two": two,
        "two, the other in front": two[::-1], "crowd": (*two, chibi, crossing, point),
    }  # fmt: skip
    return {name: Pose(width=512, height=768, people=people) for name, people in groups.items()}


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("seed", range(30))
def test_random_people_are_equal_to_the_byte(seed: int, width: int, height: int):
    pose = random_pose(seed, width, height)
    mine = draw(pose, width, height)
    assert mine.any() and np.array_equal(mine, theirs(pose, width, height))


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("name", hand_made())
def test_hand_made_cases_are_equal_to_the_byte(name: str, width: int, height: int):
    pose = hand_made()[name].scaled_to(width, height)
    assert np.array_equal(draw(pose, width, height), theirs(pose, width, height))


@pytest.mark.parametrize(("width", "height", "times"), [(384, 448, 1), (768, 512, 2), (1024, 1024, 3)])
@pytest.mark.parametrize("seed", range(5))
def test_thick_bodies_are_controlnet_aux_s_with_both_sizes_multiplied(seed: int, width: int, height: int, times: int):
    """The xinsir rule: the stick's half width and the dot's radius are both 4 times the same factor."""
    pose = random_pose(seed, width, height)
    expected = theirs(pose, width, height, stick=4 * times, dot=4 * times)
    assert np.array_equal(draw(pose, width, height, thick=True), expected)


@pytest.mark.parametrize("seed", range(5))
def test_one_body_is_as_dwpose_draws_it(seed: int):
    """The package's other drawing dims the whole canvas instead of each colour; for one person it is the same."""
    spec = importlib.util.spec_from_file_location("oracle_dwpose", folder() / "dwpose" / "util.py")
    assert spec and spec.loader
    util = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(util)
    person = random_pose(seed, 512, 768).people[0]
    shown = [joint if joint and joint.visible else None for joint in person.body]
    candidate = [(joint.x / 512, joint.y / 768) if joint else (0, 0) for joint in shown]
    subset = [[index if joint else -1 for index, joint in enumerate(shown)]]
    canvas = util.draw_bodypose(np.zeros((768, 512, 3), np.uint8), candidate, subset)
    pose = Pose(width=512, height=768, people=(Person(body=tuple(shown)),))
    assert np.array_equal(draw(pose, 512, 768), canvas)


def test_the_oracle_tells_a_wrong_pixel():
    pose = random_pose(1, 512, 512)
    picture = draw(pose, 512, 512)
    assert not np.array_equal(picture, theirs(pose, 512, 512, stick=5))
    assert not np.array_equal(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), theirs(pose, 512, 512))
