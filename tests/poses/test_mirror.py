"""Mirror images: left and right change places, twice is the identity; and one half copied onto the other."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import InvalidPose, UnknownName
from studio.poses.mirror import mirror, mirror_person, symmetric
from studio.poses.skeletons import BODY_NAMES, BODY_PAIRS, FACE_MIRROR, FOUR_LIMBS
from studio.poses.values import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS, Joint, Person, Pose


def any_person(source: random.Random) -> Person:
    def part(size: int, absent: float = 0.2):
        return tuple(
            None
            if source.random() < absent
            else Joint(source.uniform(-99, 900), source.uniform(-99, 900), source.random(), source.random() < 0.9)
            for _ in range(size)
        )

    return Person(
        body=part(BODY_JOINTS),
        left_hand=source.choice([None, part(HAND_JOINTS)]),
        right_hand=source.choice([None, part(HAND_JOINTS)]),
        face=source.choice([None, part(FACE_JOINTS)]),
    )


people = st.integers(0, 10**9).map(random.Random).map(any_person)


def near(person: Person, other: Person, by: float = 0.011) -> bool:
    def same(joints, others) -> bool:
        if joints is None or others is None:
            return joints is others
        return all(
            (a is None and b is None) or (abs(a.x - b.x) <= by and abs(a.y - b.y) <= by and a[2:] == b[2:])
            for a, b in zip(joints, others, strict=True)
        )

    return all(same(getattr(person, part), getattr(other, part)) for part in Person.model_fields)


@settings(deadline=None)
@given(st.lists(people, max_size=3), st.integers(64, 2000))
def test_twice_is_the_identity(figures, width: int):
    pose = Pose(width=width, height=512, people=tuple(figures))
    twice = mirror(mirror(pose))
    assert all(near(a, b) for a, b in zip(pose.people, twice.people, strict=True))
    assert all(near(a, mirror_person(mirror_person(a))) for a in figures)


def test_a_raised_right_arm_becomes_a_raised_left_arm():
    body: list[Joint | None] = [None] * 18
    body[4], body[7] = Joint(100, 50, 0.7), Joint(300, 400, 1.0, False)
    hand, face = (Joint(90, 40),) * 21, tuple(Joint(200 + index, 60) for index in range(70))
    pose = Pose(width=512, height=512, people=(Person(body=tuple(body), right_hand=hand, face=face),))
    person = mirror(pose).people[0]
    assert person.body[7] == Joint(412, 50, 0.7) and person.body[4] == Joint(212, 400, 1.0, False)
    assert person.left_hand == (Joint(422, 40),) * 21 and person.right_hand is None
    assert person.face[0] == Joint(512 - 216, 60) and person.face[68] == Joint(512 - 269, 60)


def test_one_figure_is_mirrored_where_it_stands():
    body: list[Joint | None] = [None] * 18
    body[2], body[5] = Joint(100, 50), Joint(180, 60)
    other = mirror_person(Person(body=tuple(body)))
    assert (other.body[2], other.body[5]) == (Joint(100, 60), Joint(180, 50))
    nobody = Person(body=(None,) * 18)
    assert mirror_person(nobody) == nobody


def test_the_pairs_and_the_face_s_mirror_are_exact_opposites():
    for right, left in BODY_PAIRS:
        assert BODY_NAMES[right].replace("right", "left") == BODY_NAMES[left]
    assert sorted(FACE_MIRROR) == list(range(70)) and all(FACE_MIRROR[FACE_MIRROR[i]] == i for i in range(70))
    assert [i for i in range(70) if FACE_MIRROR[i] == i] == [8, 27, 28, 29, 30, 33, 51, 57, 62, 66]


UPRIGHT = {1: (250, 200), 2: (200, 210), 3: (150, 300), 5: (290, 200), 6: (380, 210), 7: (380, 100),
           8: (230, 400), 11: (270, 400), 12: (300, 500), 13: (260, 600), 0: (255, 120)}  # fmt: skip


def upright(**parts) -> Person:
    return Person(body=tuple(Joint(*UPRIGHT[i]) if i in UPRIGHT else None for i in range(18)), **parts)


def test_symmetric_copies_one_half_onto_the_other():
    hand = tuple(Joint(380 + index, 90) for index in range(21))
    person = symmetric(upright(left_hand=hand), "left")
    for limb in ("arm", "leg"):
        for right, left in zip(FOUR_LIMBS[f"right_{limb}"], FOUR_LIMBS[f"left_{limb}"], strict=True):
            assert person.body[right] == Joint(500 - person.body[left].x, person.body[left].y)
            assert person.body[left] == upright().body[left]
    assert person.right_hand == tuple(Joint(120 - index, 90) for index in range(21)) and person.left_hand == hand
    assert person.body[0] == upright().body[0], "the head stays as it is turned"
    assert near(symmetric(person, "right"), person)


def test_symmetric_takes_absent_joints_along():
    person = symmetric(upright(left_hand=(Joint(1, 1),) * 21), "right")
    assert person.body[7] is None and person.left_hand is None


def test_symmetric_follows_a_leaning_trunk():
    body = list(upright().body)
    body[8], body[11] = Joint(430, 380), Joint(430, 420)  # lying: the trunk runs to the right
    person = symmetric(Person(body=tuple(body)), "left")
    middle = body[1], Joint((430 + 430) / 2, 400)
    for right, left in ((2, 5), (3, 6), (4, 7)):
        a, b = person.body[right], person.body[left]
        along = (middle[1].x - middle[0].x, middle[1].y - middle[0].y)
        across = ((a.x + b.x) / 2 - middle[0].x) * along[1] - ((a.y + b.y) / 2 - middle[0].y) * along[0]
        assert abs(across) < 5  # the middle of each pair lies on the trunk's line


def test_without_a_middle_or_with_an_unknown_side():
    with pytest.raises(InvalidPose, match="no neck"):
        symmetric(Person(body=(None,) * 18), "left")
    with pytest.raises(UnknownName, match="upper"):
        symmetric(upright(), "upper")
    body = list(upright().body)
    body[8] = body[11] = None
    person = symmetric(Person(body=tuple(body)), "left")
    assert person.body[2] == Joint(210, 200), "without hips the axis is upright"
