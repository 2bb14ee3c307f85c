"""What the editor in the browser is told is plain, whole and the studio's own."""

from __future__ import annotations

import json

from studio.poses import skeletons
from studio.poses.drawing import THICK_STEPS, draw
from studio.poses.editing import editor_data
from studio.poses.expressions import EXPRESSIONS
from studio.poses.gestures import GESTURES
from studio.poses.proportions import PROPORTIONS
from studio.poses.values import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS, Joint, Person, Pose

DATA = editor_data()


def test_it_is_json_and_always_the_same():
    assert json.loads(json.dumps(DATA, allow_nan=False)) == DATA == editor_data()


def test_the_body_is_whole():
    body = DATA["body"]
    assert len(body["names"]) == len(body["colours"]) == len(body["parents"]) == BODY_JOINTS
    assert len(body["limbs"]) == len(body["limb_colours"]) == 17
    assert [index for index, parent in enumerate(body["parents"]) if parent is None] == [1]
    for index in range(BODY_JOINTS):
        seen = []
        while index is not None:
            assert index not in seen
            seen.append(index)
            index = body["parents"][index]
        assert seen[-1] == 1, "every joint hangs on the neck in the end"
    assert {frozenset((i, parent)) for i, parent in enumerate(body["parents"]) if parent is not None} == {
        frozenset(limb) for limb in skeletons.LIMBS
    }
    assert sorted(joint for pair in body["pairs"] for joint in pair) == [2, 3, 4, *range(5, 18)]
    for chain in body["chains"].values():
        assert [body["parents"][joint] for joint in chain[1:]] == chain[:-1]
    assert body["wrists"] == {side: body["chains"][f"{side}_arm"][-1] for side in ("left", "right")}


def test_hand_and_face_are_whole():
    hand, face = DATA["hand"], DATA["face"]
    assert len(hand["edges"]) == len(hand["edge_colours"]) == 20
    assert sorted(joint for joints in hand["fingers"].values() for joint in joints) == list(range(1, HAND_JOINTS))
    joints = [joint for contour in face["contours"].values() for joint in contour["joints"]]
    assert sorted(joints) == list(range(FACE_JOINTS)) == sorted(face["mirror"])


def test_presets_are_those_of_the_studio():
    assert {name: len(one["points"]) for name, one in DATA["gestures"].items()} == dict.fromkeys(GESTURES, HAND_JOINTS)
    assert {name: len(one["points"]) for name, one in DATA["expressions"].items()} == dict.fromkeys(
        EXPRESSIONS, FACE_JOINTS
    )
    assert list(DATA["proportions"]) == list(PROPORTIONS)
    assert set(DATA["proportions"]["adult"]) == {
        "label", "heads", "neck", "face", "shoulder", "arm", "torso", "leg", "hand"
    }  # fmt: skip


def test_sizes_are_those_of_the_drawing():
    sizes = DATA["drawing"]
    pose = Pose(width=64, height=64, people=(Person(body=(Joint(30, 30), *[None] * 17)),))
    across = int(draw(pose, 64, 64)[30].any(axis=1).sum())
    assert across == 2 * sizes["body_dot_radius"] + 1
    assert sizes["thick"] == [list(step) for step in THICK_STEPS]
