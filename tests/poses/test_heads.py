"""A head is found again from the joints it was drawn from, however it is turned."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import InvalidPose
from studio.poses.heads import EAR_BACK, EAR_DOWN, EAR_OUT, NOSE_DOWN, NOSE_OUT, Head, head_of
from studio.poses.library import library_pose, pose_names
from studio.poses.values import Joint, Person

JOINTS = {0: (0, NOSE_DOWN, NOSE_OUT), 14: (-1, 0, 0), 15: (1, 0, 0),
          16: (-EAR_OUT, EAR_DOWN, -EAR_BACK), 17: (EAR_OUT, EAR_DOWN, -EAR_BACK)}  # fmt: skip


def person_with(head: Head, joints=tuple(JOINTS)) -> Person:
    body: list[Joint | None] = [None] * 18
    for index, place in zip(joints, head.place([JOINTS[index] for index in joints]), strict=True):
        body[index] = Joint(*place)
    neck = head._replace(yaw=0, pitch=0).place([(0, 4, 0)])[0]
    body[1] = Joint(*neck)
    return Person(body=tuple(body))


@settings(deadline=None, max_examples=200)
@given(
    st.builds(
        Head,
        x=st.floats(100, 400),
        y=st.floats(100, 400),
        scale=st.floats(15, 80),
        roll=st.floats(-1.2, 1.2),
        pitch=st.floats(-0.6, 0.5),
        yaw=st.floats(-1.2, 1.2),
    )
)
def test_a_turned_head_is_found_again(head: Head):
    found = head_of(person_with(head))
    assert (found.x, found.y) == pytest.approx((head.x, head.y), abs=0.02)
    points = [(0, 3.6, 0.3), (-2.2, 1, -2), (0.8, 2.2, 0.4)]
    for place, other in zip(head.place(points), found.place(points), strict=True):
        assert math.dist(place, other) < 0.12 * head.scale  # joints are rounded to a hundredth of a pixel


def test_eyes_and_nose_are_met_exactly():
    for name in pose_names():
        for person in library_pose(name).people:
            nose, right, left = (person.body[index] for index in (0, 14, 15))
            if nose and right and left and math.dist(right[:2], left[:2]) > 2:
                head = head_of(person)
                placed = head.place([JOINTS[0], (0, 0, 0)])
                middle = ((right.x + left.x) / 2, (right.y + left.y) / 2)
                assert math.dist(placed[0], nose[:2]) < 0.1 and math.dist(placed[1], middle) < 0.1


@pytest.mark.parametrize(("eye", "ear", "yaw"), [(14, 16, 1), (15, 17, -1)])
def test_profile_from_one_eye_and_an_ear(eye: int, ear: int, yaw: int):
    """Who shows only the right eye looks to the left, and the other way round."""
    head = Head(200, 200, 30, yaw=math.radians(70) * yaw)
    found = head_of(person_with(head, (0, eye, ear)))
    assert found == pytest.approx(head, abs=0.05)
    without_ear = head_of(person_with(head, (0, eye)))
    assert without_ear == pytest.approx(head, abs=0.05)


def test_nose_and_neck_give_a_head_that_looks_ahead():
    body = [Joint(200, 100), Joint(200, 160), *[None] * 16]
    head = head_of(Person(body=tuple(body)))
    assert head.scale == pytest.approx(15.6) and (head.roll, head.pitch, head.yaw) == (0, 0, 0)
    assert head.place([JOINTS[0]])[0] == pytest.approx((200, 100))


def test_through_the_back_of_the_head():
    """Eyes that are swapped: the head is not upside down but turned away."""
    head = head_of(
        person_with(Head(200, 200, 30)).model_copy(update={"body": swapped(person_with(Head(200, 200, 30)))})
    )
    assert head.place([(0, 3, 0)])[0][1] > 260 and abs(head.yaw) > math.pi / 2


def swapped(person: Person):
    body = list(person.body)
    body[14], body[15] = body[15], body[14]
    return tuple(body)


@pytest.mark.parametrize(
    "joints", [{}, {1: (9, 9)}, {0: (9, 9)}, {14: (5, 5), 15: (9, 5)}, dict.fromkeys(range(18), (7, 7))]
)
def test_too_little_of_a_head(joints: dict):
    with pytest.raises(InvalidPose, match="too little of its head"):
        head_of(Person(body=tuple(Joint(*joints[i]) if i in joints else None for i in range(18))))
