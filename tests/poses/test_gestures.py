"""Gestures as data, and hands where a figure's arms end."""

from __future__ import annotations

import math

import pytest

from studio.errors import InvalidPose, UnknownName
from studio.poses.gestures import GESTURES, place
from studio.poses.library import library_pose
from studio.poses.mirror import mirror_person
from studio.poses.skeletons import FINGERS, HAND_EDGES
from studio.poses.values import HAND_JOINTS, Joint, Person

WANTED = {"open", "fist", "point", "peace", "thumbs_up", "relaxed", "grip", "ok"}


def arms(right=((200, 200), (190, 300), (185, 400)), left=((300, 200), (310, 300), (315, 400)), **more) -> Person:
    body: list[Joint | None] = [None] * 18
    body[1] = Joint(250, 195)
    body[2:5] = [Joint(*place) for place in right]
    body[5:8] = [Joint(*place) for place in left]
    for index, place_of in more.items():
        body[int(index[1:])] = Joint(*place_of)
    return Person(body=tuple(body))


def reach(name: str, finger: str) -> float:
    """How far from the wrist a finger's tip is."""
    return math.hypot(*GESTURES[name].points[FINGERS[finger][3]])


def test_the_usual_ones_are_there():
    assert set(GESTURES) >= WANTED and len(GESTURES) >= 14
    assert len({gesture.points for gesture in GESTURES.values()}) == len(GESTURES)
    assert len({gesture.label for gesture in GESTURES.values()}) == len(GESTURES)


@pytest.mark.parametrize("name", GESTURES)
def test_a_gesture_is_a_hand(name: str):
    points = GESTURES[name].points
    assert len(points) == HAND_JOINTS and points[0] == (0, 0)
    assert all(math.hypot(*point) < 1.1 for point in points)
    for start, end in HAND_EDGES:
        longest = 0.55 if start == 0 else 0.24  # the palm, and the longest bone of a finger
        assert math.dist(points[start], points[end]) <= longest
    assert points[2][0] > 0 > points[17][0], "thumb and little finger are on their own sides"


def test_fingers_do_what_their_names_say():
    assert reach("open", "middle") == pytest.approx(1, abs=0.03)
    straight = {"point": {"index"}, "peace": {"index", "middle"}, "rock": {"index", "little"}, "fist": set(),
                "three": {"index", "middle", "ring"}, "finger_gun": {"index"}}  # fmt: skip
    for name, long in straight.items():
        for finger in ("index", "middle", "ring", "little"):
            assert (reach(name, finger) > 0.7) == (finger in long), (name, finger)
    ok = GESTURES["ok"].points
    assert math.dist(ok[FINGERS["thumb"][3]], ok[FINGERS["index"][3]]) < 0.08
    thumb = [GESTURES["thumbs_up"].points[index] for index in FINGERS["thumb"]]
    assert thumb[3][0] - thumb[0][0] > 0.4 and abs(thumb[3][1] - thumb[1][1]) < 0.1


@pytest.mark.parametrize("side", ["left", "right"])
def test_hand_begins_at_the_wrist_and_goes_on_along_the_forearm(side: str):
    person = place(arms(), side, "open")
    hand = getattr(person, f"{side}_hand")
    wrist, elbow = (person.body[index] for index in ((7, 6) if side == "left" else (4, 3)))
    assert hand[0] == wrist
    along = (wrist.x - elbow.x, wrist.y - elbow.y)
    tip = (hand[12].x - wrist.x, hand[12].y - wrist.y)
    turn = math.atan2(*tip) - math.atan2(*along)
    assert abs(math.degrees(math.remainder(turn, math.tau))) < 8
    assert math.hypot(*tip) == pytest.approx(0.74 * math.hypot(*along), rel=0.03)
    assert getattr(person, "left_hand" if side == "right" else "right_hand") is None


def test_size_follows_the_longer_of_forearm_and_upper_arm():
    foreshortened = place(arms(right=((200, 200), (190, 300), (189, 310))), "right", "open")
    assert math.dist(foreshortened.right_hand[0][:2], foreshortened.right_hand[12][:2]) == pytest.approx(58, rel=0.04)
    dot = place(arms(right=((200, 200), (200, 200), (200, 200))), "right", "open")
    assert math.dist(dot.right_hand[0][:2], dot.right_hand[12][:2]) == pytest.approx(8, rel=0.05)


@pytest.mark.parametrize(
    ("right", "thumb"),
    [
        (((200, 200), (190, 300), (185, 400)), "right"),  # hanging: towards the body
        (((200, 200), (170, 120), (165, 30)), "right"),  # raised: towards the head
        (((200, 200), (120, 205), (20, 205)), "up"),  # stretched out
        (((200, 200), (210, 300), (300, 300)), "up"),  # across the body
    ],
)
def test_thumbs_point_to_the_body_or_up(right, thumb):
    hand = place(arms(right=right), "right", "open").right_hand
    thumb_tip, little_tip = hand[4], hand[20]
    assert (thumb_tip.x > little_tip.x) if thumb == "right" else (thumb_tip.y < little_tip.y)
    turned = place(arms(right=right), "right", "open", flip=True).right_hand
    assert (turned[4].x < turned[20].x) if thumb == "right" else (turned[4].y > turned[20].y)


def test_from_behind_and_from_the_side():
    behind = arms(right=((300, 200), (310, 300), (315, 400)), left=((200, 200), (190, 300), (185, 400)))
    hand = place(behind, "right", "open").right_hand
    assert hand[4].x < hand[20].x
    line = ((250, 200), (250, 300), (250, 400))
    looking_left = arms(right=line, left=line, j0=(220, 130), j8=(250, 420))
    assert place(looking_left, "right", "open").right_hand[4].x < 250
    assert place(looking_left, "left", "open").left_hand[4].x < 250


@pytest.mark.parametrize("name", ["open", "peace", "grip"])
def test_a_mirrored_figure_has_mirrored_hands(name: str):
    person = library_pose("waving").people[0]
    left, right = (place(mirror_person(person), side, name) for side in ("left", "right"))
    assert close(left.left_hand, mirror_person(place(person, "right", name)).left_hand, person)
    assert close(right.right_hand, mirror_person(place(person, "left", name)).right_hand, person)


def close(joints, others, person: Person) -> bool:
    """Equal but for the place: a hand moves the middle that a figure is mirrored at."""
    x = joints[0].x - others[0].x
    return all(math.hypot(a.x - b.x - x, a.y - b.y) < 0.05 for a, b in zip(joints, others, strict=True))


def test_what_cannot_be_placed_is_said():
    with pytest.raises(UnknownName, match="wave") as unknown:
        place(arms(), "left", "wave")
    assert "thumbs_up" in unknown.value.hint
    with pytest.raises(UnknownName, match="middle"):
        place(arms(), "middle", "open")
    body = list(arms().body)
    body[4] = None
    with pytest.raises(InvalidPose, match="no right forearm"):
        place(Person(body=tuple(body)), "right", "open")
