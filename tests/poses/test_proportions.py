"""Other proportions: angles and ground stay, lengths become those of the table, twice changes nothing more."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import UnknownName
from studio.poses import expressions, gestures
from studio.poses.library import library_pose, pose_names
from studio.poses.proportions import PROPORTIONS, ratios, retarget, retarget_person
from studio.poses.skeletons import LIMBS, PARENTS
from studio.poses.values import Joint, Person, Pose

LIBRARY = [person for name in pose_names() for person in library_pose(name).people]
WHOLE = [person for person in LIBRARY if all(person.body[:14])]


def angles(body) -> dict[tuple, float]:
    """The angle between any two bones that meet in a joint, in degrees; bones too short to have one are left out."""
    found = {}
    for first, second in combinations(LIMBS, 2):
        for joint in set(first) & set(second):
            ends = [next(end for end in limb if end != joint) for limb in (first, second)]
            if all(body[i] is not None for i in (joint, *ends)):
                legs = [(body[end].x - body[joint].x, body[end].y - body[joint].y) for end in ends]
                if min(math.hypot(*leg) for leg in legs) > 4:
                    found[joint, *ends] = math.degrees(math.atan2(*legs[0][::-1]) - math.atan2(*legs[1][::-1]))
    return found


def check_angles(before, after) -> None:
    old, new = angles(before), angles(after)
    for key in set(old) & set(new):
        assert abs(math.remainder(old[key] - new[key], 360)) < 1, key


def length(body, first: int, second: int) -> float:
    return math.dist(body[first][:2], body[second][:2])


def heads_tall(body) -> float:
    """Neck to ankle along the bones, in units of neck to nose."""
    return (length(body, 1, 8) + length(body, 8, 9) + length(body, 9, 10)) / length(body, 0, 1)


def random_person(source: random.Random) -> Person:
    return Person(
        body=tuple(
            Joint(source.uniform(0, 500), source.uniform(0, 700)) if source.random() < 0.8 else None for _ in range(18)
        )
    )


@pytest.mark.parametrize("proportions", PROPORTIONS)
def test_library_keeps_its_angles_and_its_ground(proportions: str):
    for person in LIBRARY:
        other = retarget_person(person, proportions)
        check_angles(person.body, other.body)
        ground = [max(joint.y for joint in one.body if joint) for one in (person, other)]
        feet = [max((one.body[i].y for i in (10, 13) if one.body[i]), default=None) for one in (person, other)]
        if feet[0] is not None and feet[0] >= ground[0] - 1:
            assert feet[1] == pytest.approx(feet[0], abs=0.5)
        else:
            assert ground[1] == pytest.approx(ground[0], abs=0.5)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 10**9).map(random.Random).map(random_person), st.sampled_from(list(PROPORTIONS)))
def test_any_figure_keeps_its_angles_and_its_joints(person: Person, proportions: str):
    other = retarget_person(person, proportions)
    assert [joint is None for joint in other.body] == [joint is None for joint in person.body]
    whole = [i for i in range(18) if person.body[i] and (PARENTS[i] is None or person.body[PARENTS[i]])]
    check_angles(*([joint if i in whole else None for i, joint in enumerate(one.body)] for one in (person, other)))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9).map(random.Random).map(random_person), st.sampled_from(list(PROPORTIONS)))
def test_a_missing_elbow_does_not_bend_the_arm(person: Person, proportions: str):
    """The wrist then hangs on the shoulder, in the same direction as before."""
    body = [joint or Joint(100 + 10 * i, 50 + 20 * i) for i, joint in enumerate(person.body)]
    body[3] = None
    other = retarget_person(Person(body=tuple(body)), proportions).body
    if length(body, 2, 4) > 5:
        before, after = (math.atan2(b[4].y - b[2].y, b[4].x - b[2].x) for b in (body, other))
        assert abs(math.degrees(math.remainder(before - after, 2 * math.pi))) < 1


def test_figures_get_as_many_heads_as_asked():
    wanted = [(one.torso + one.leg) / one.neck for one in PROPORTIONS.values()]
    for person in WHOLE:
        tall = [heads_tall(retarget_person(person, proportions).body) for proportions in PROPORTIONS]
        now, table = ([value / values[-1] for value in values] for values in (tall, wanted))
        assert now == pytest.approx(table, rel=0.15)


@pytest.mark.parametrize("proportions", PROPORTIONS)
def test_twice_changes_nothing_more(proportions: str):
    for person in LIBRARY:
        once = retarget_person(person, proportions)
        for joint, other in zip(once.body, retarget_person(once, proportions).body, strict=True):
            assert (joint is None) == (other is None)
            assert joint is None or math.dist(joint[:2], other[:2]) < 5


def test_to_chibi_and_back_is_the_figure_again():
    """Seen from its neck; where it stands may have moved a little, as other joints touched the ground meanwhile."""
    for person in WHOLE:
        adult = retarget_person(person, "adult").body
        back = retarget_person(retarget_person(Person(body=adult), "chibi_2"), "adult").body
        x, y = adult[1].x - back[1].x, adult[1].y - back[1].y
        for joint, other in zip(adult, back, strict=True):
            assert joint is None or math.hypot(joint.x - other.x - x, joint.y - other.y - y) < 0.04 * 768


def test_the_library_s_figure_is_the_adult():
    person = library_pose("standing").people[0]
    adult = retarget_person(person, "adult")
    assert max(math.dist(a[:2], b[:2]) for a, b in zip(person.body, adult.body, strict=True)) < 4


def test_table_holds_the_lengths_it_names():
    """For a standing figure, measured against its own height."""
    for name, proportions in PROPORTIONS.items():
        body = retarget_person(library_pose("standing").people[0], name).body
        scale = length(body, 1, 8) / proportions.torso  # the standing height in pixels
        assert length(body, 0, 1) / scale == pytest.approx(proportions.neck, rel=0.03)
        assert (length(body, 8, 9) + length(body, 9, 10)) / scale == pytest.approx(proportions.leg, rel=0.03)
        assert (length(body, 2, 3) + length(body, 3, 4)) / scale == pytest.approx(proportions.arm, rel=0.03)


def test_hands_and_face_scale_along_and_stay_attached():
    person = gestures.place(library_pose("waving").people[0], "right", "open")
    person = expressions.place(person, "smile")
    chibi = retarget_person(person, "chibi_2")
    for one in (person, chibi):
        assert math.dist(one.right_hand[0][:2], one.body[4][:2]) < 0.1
        assert math.dist(one.face[30][:2], one.body[0][:2]) < 0.1
    face_before, face_after = (abs(one.face[16].x - one.face[0].x) for one in (person, chibi))
    assert face_after / face_before == pytest.approx(length(chibi.body, 0, 14) / length(person.body, 0, 14), rel=0.01)
    hand_before, hand_after = (math.dist(one.right_hand[0][:2], one.right_hand[12][:2]) for one in (person, chibi))
    assert hand_after / hand_before == pytest.approx(PROPORTIONS["chibi_2"].hand / PROPORTIONS["adult"].hand, rel=0.05)


def test_both_standing_feet_stay_on_a_slope_of_none():
    """Hips that are not level: each leg is trimmed so that both feet stay where the floor is."""
    body = list(library_pose("standing").people[0].body)
    body[8] = body[8]._replace(y=body[8].y - 25)
    after = retarget_person(Person(body=tuple(body)), "chibi_3").body
    assert after[10].y == pytest.approx(body[10].y, abs=0.02) and after[13].y == pytest.approx(body[13].y, abs=0.02)
    check_angles(body, after)


def test_portrait_changes_its_head_only_against_its_shoulders():
    body = library_pose("portrait").people[0].body
    chibi = retarget_person(Person(body=body), "chibi_2").body
    assert length(chibi, 0, 14) / length(chibi, 1, 2) > 2 * length(body, 0, 14) / length(body, 1, 2)


@pytest.mark.parametrize("places", [{}, {0: (5, 5)}, {4: (5, 5), 13: (9, 9)}, dict.fromkeys(range(18), (7, 7))])
def test_hardly_anybody(places: dict):
    person = Person(body=tuple(Joint(*places[i]) if i in places else None for i in range(18)))
    other = retarget_person(person, "heroic")
    assert [joint is None for joint in other.body] == [joint is None for joint in person.body]


def test_confidence_and_visibility_stay():
    body = list(library_pose("standing").people[0].body)
    body[4] = body[4]._replace(confidence=0.4, visible=False)
    after = retarget_person(Person(body=tuple(body)), "child").body[4]
    assert (after.confidence, after.visible) == (0.4, False)


def test_unknown_proportions_are_said():
    with pytest.raises(UnknownName, match="giant") as caught:
        retarget(Pose(width=64, height=64, people=(Person(body=(None,) * 18),)), "giant")
    assert "chibi_2" in caught.value.hint


def test_ratios_are_plain_and_in_order():
    assert [entry["heads"] for entry in ratios().values()] == [2, 3, 5, 6, 7, 8]
