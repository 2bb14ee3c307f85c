"""Expressions as data, and faces that follow the head."""

from __future__ import annotations

import math

import pytest

from studio.errors import InvalidPose, UnknownName
from studio.poses.expressions import EXPRESSIONS, place
from studio.poses.heads import Head, head_of
from studio.poses.library import library_pose
from studio.poses.skeletons import FACE_MIRROR
from studio.poses.values import FACE_JOINTS, Joint, Person

WANTED = {"neutral", "smile", "laugh", "angry", "sad", "surprised", "wink"}


def opening(name: str, upper: int, lower: int) -> float:
    points = EXPRESSIONS[name].points
    return points[lower][1] - points[upper][1]


def corner(name: str, index: int = 48) -> float:
    """How much higher than at rest a corner of the mouth is."""
    return EXPRESSIONS["neutral"].points[index][1] - EXPRESSIONS[name].points[index][1]


def test_the_usual_ones_are_there():
    assert set(EXPRESSIONS) >= WANTED
    assert len({expression.points for expression in EXPRESSIONS.values()}) == len(EXPRESSIONS)
    assert len({expression.label for expression in EXPRESSIONS.values()}) == len(EXPRESSIONS)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_is_a_face(name: str):
    points = EXPRESSIONS[name].points
    assert len(points) == FACE_JOINTS and all(abs(x) < 2.6 and -1.8 < y < 4.5 for x, y, _ in points)
    assert [x for x, _, _ in points[:17]] == sorted(x for x, _, _ in points[:17]), "jaw from its right to its left"
    assert max(points[36:48], key=lambda point: point[1])[1] < points[33][1] < points[51][1] < points[8][1]
    assert points[17][1] < points[36][1] and points[26][1] < points[45][1], "brows above the eyes"


@pytest.mark.parametrize("name", sorted(set(EXPRESSIONS) - {"wink", "smirk", "shy"}))
def test_both_halves_are_alike(name: str):
    points = EXPRESSIONS[name].points
    for index, other in enumerate(FACE_MIRROR):
        assert points[index] == pytest.approx((-points[other][0], *points[other][1:]), abs=0.002)


def test_faces_do_what_their_names_say():
    assert corner("smile") > 0.15 > 0 > corner("sad")
    assert opening("laugh", 62, 66) > 0.5 and opening("surprised", 62, 66) > 0.5 > 0.1 > opening("neutral", 62, 66)
    assert opening("surprised", 37, 41) > 1.3 * opening("neutral", 37, 41)
    assert opening("wink", 43, 47) < 0.3 * opening("wink", 37, 41)
    angry, sad, neutral = (EXPRESSIONS[name].points for name in ("angry", "sad", "neutral"))
    assert angry[21][1] > neutral[21][1] > sad[21][1]
    assert opening("closed_eyes", 37, 41) < 0.1


def face_on(**turn) -> tuple[Person, Head]:
    head = Head(256, 200, 20, **turn)
    joints = head.place([(0, 1.1, 0.9), (-1, 0, 0), (1, 0, 0)])
    body: list[Joint | None] = [None] * 18
    for index, point in zip((0, 14, 15), joints, strict=True):
        body[index] = Joint(*point)
    body[1] = Joint(*head._replace(yaw=0, pitch=0).place([(0, 4.5, 0)])[0])
    return place(Person(body=tuple(body)), "neutral"), head


def test_face_lies_on_the_head_s_own_joints():
    person = place(library_pose("standing").people[0], "smile")
    assert math.dist(person.face[30][:2], person.body[0][:2]) < 0.05
    for pupil, eye in ((68, 14), (69, 15)):
        assert math.dist(person.face[pupil][:2], person.body[eye][:2]) < 0.5
    assert person.body[0].y < person.face[8].y < person.body[1].y, "the chin is between nose and neck"


def test_face_tilts_with_the_head():
    person, _ = face_on(roll=0.5)
    eyes = person.face[45].x - person.face[36].x, person.face[45].y - person.face[36].y
    assert math.atan2(eyes[1], eyes[0]) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("yaw", [-0.8, 0.8])
def test_face_turns_with_the_head(yaw: float):
    """The half that is turned away is narrower."""
    face = face_on(yaw=yaw)[0].face
    halves = face[30].x - face[0].x, face[16].x - face[30].x
    assert (halves[0] > 1.8 * halves[1]) if yaw > 0 else (halves[1] > 1.8 * halves[0])
    assert face[30].x != pytest.approx(face[27].x, abs=3)


def test_face_nods_with_the_head():
    up, ahead, down = (face_on(pitch=pitch)[0] for pitch in (-0.4, 0, 0.4))
    lengths = [(one.face[8].y - one.face[30].y) / head_of(one).scale for one in (up, ahead, down)]
    assert lengths[0] > lengths[1] > lengths[2]


def test_what_cannot_be_placed_is_said():
    with pytest.raises(UnknownName, match="bored") as unknown:
        place(library_pose("standing").people[0], "bored")
    assert "surprised" in unknown.value.hint
    with pytest.raises(InvalidPose, match="too little of its head"):
        place(Person(body=(None,) * 18), "smile")
