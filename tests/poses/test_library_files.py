"""Every pose file of the library: its form, its place on the canvas, and a body as bodies are made."""

import json
import math

import pytest

from studio.poses.library import CATEGORIES, FOLDER, entries, load_pose, pose_names
from studio.poses.openpose import write
from studio.poses.values import Joint

KEYS = {"title", "category", "tags", "people", "canvas_width", "canvas_height"}
MARGIN = 8
BONES = {  # pairs of joints and the bone's length in a body of 170, in centimetres
    (2, 3): 28, (3, 4): 25, (5, 6): 28, (6, 7): 25, (8, 9): 42, (9, 10): 41, (11, 12): 42, (12, 13): 41,
    (1, 8): 50, (1, 11): 50, (1, 2): 17, (1, 5): 17,
}  # fmt: skip
WAIST_UP = {"double-peace", "hands-on-cheeks", "quiet", "whispering"}
LIMBS = {"arm": ((2, 3, 4), (5, 6, 7)), "leg": ((8, 9, 10), (11, 12, 13))}


def length(body: tuple[Joint | None, ...], first: int, second: int, metres: float) -> float | None:
    a, b = body[first], body[second]
    return math.dist(a[:2], b[:2]) / metres if a and b else None


@pytest.mark.parametrize("name", pose_names())
def test_pose_file(name):
    document = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    pose = load_pose(name)
    assert set(document) == KEYS and {key: document[key] for key in write(pose)} == write(pose)
    assert document["category"] in CATEGORIES and 3 <= len(document["title"]) <= 40
    assert 3 <= len(document["tags"]) <= 8 and all(tag == tag.strip().lower() for tag in document["tags"])
    assert len(set(document["tags"])) == len(document["tags"])

    assert pose.width % 64 == pose.height % 64 == 0 and min(pose.width, pose.height) >= 512
    assert len(pose.people) == (document["category"] == "Together") + 1 + ("three people" in document["tags"])
    for person in pose.people:
        parts = (person.body, person.left_hand, person.right_hand, person.face)
        shown = [joint for part in parts for joint in part or () if joint]
        assert all(joint.visible and joint.confidence == 1 for joint in shown)
        assert all(MARGIN <= j.x <= pose.width - MARGIN and MARGIN <= j.y <= pose.height - MARGIN for j in shown)
        assert_is_a_body(person.body)
    xs = [joint.x for person in pose.people for joint in person.body if joint]
    assert abs((min(xs) + max(xs)) / 2 - pose.width / 2) <= 1


def assert_is_a_body(body: tuple[Joint | None, ...]) -> None:
    """From whatever side: foreshortening makes bones shorter, only what is near the eye a little longer."""
    found = [size for (a, b), metres in BONES.items() if (size := length(body, a, b, metres)) is not None]
    sizes = sorted(found, reverse=True)
    if len(sizes) > 2:
        assert sizes[0] <= 1.35 * sizes[2]
        head = length(body, 0, 1, 31)
        assert head is None or 0.05 * sizes[0] < head < 0.75 * sizes[0]
    assert body[1] is not None and body[2] is not None and body[5] is not None
    assert body[16] is not None or body[17] is not None  # an ear is seen from every side
    for eye, ear in ((14, 16), (15, 17)):
        assert body[eye] is None or body[0] is not None  # eyes are never seen without the nose
        assert body[ear] is None or length(body, 1, ear, 1) > 0


@pytest.mark.parametrize("name", [entry.name for entry in entries() if entry.category != "Portraits"])
def test_a_whole_figure_has_all_its_limbs(name):
    for person in load_pose(name).people:
        if name in WAIST_UP:
            assert all(person.body[index] for index in (3, 4, 6, 7, 8, 11))
        else:
            assert all(person.body[index] for limb in LIMBS.values() for side in limb for index in side)


def test_there_are_many_poses_of_every_category_and_no_two_alike():
    found = entries()
    assert len(found) == len(pose_names()) >= 80
    assert len({entry.label.casefold() for entry in found}) == len(found) == len({entry.pose for entry in found})
    for category in CATEGORIES:
        assert sum(entry.category == category for entry in found) >= 8, category
    assert sum(entry.people == 2 for entry in found) >= 10 and sum(entry.people == 3 for entry in found) >= 3
    assert sum(entry.pose.width > entry.pose.height for entry in found) >= 20
    assert sum(any(p.left_hand or p.right_hand for p in entry.pose.people) for entry in found) >= 15


def test_what_a_person_may_look_for_is_there():
    tags = {word for entry in entries() for word in (entry.name.replace("-", " "), *entry.tags)}
    for wanted in (
        "standing walking jogging sprinting jumping sitting chair seiza kneeling lying kick punch sword bow spear "
        "magic dance ballet waving salute thinking stretching portrait back profile "
        "sleeping shy praying guitar climbing"
    ).split():
        assert any(wanted in tag.split() or wanted in tag for tag in tags), wanted
    names = set(pose_names())
    assert {"ninja-run", "arms-crossed", "peace-sign", "hands-behind-back", "over-the-shoulder", "holding-hands",
            "back-to-back", "high-five", "princess-carry", "duel", "group-photo", "cross-legged"} <= names  # fmt: skip


def test_seen_from_behind_there_is_no_face():
    for name in ("back-view", "walking-away", "back-arms-open", "sitting-from-behind"):
        body = load_pose(name).people[0].body
        assert body[0] is body[14] is body[15] is None and body[16] and body[17]
        assert body[2].x > body[5].x  # the right shoulder is on the picture's right


def test_seen_from_the_side_there_is_one_eye_and_one_ear():
    for name, seen, hidden in (("side-view", (14, 16), (15, 17)), ("side-view-left", (15, 17), (14, 16))):
        body = load_pose(name).people[0].body
        assert body[0] and all(body[index] for index in seen) and not any(body[index] for index in hidden)
