"""The parts of a person: lengths, kinds of numbers, and the older editors' form."""

import pytest

from studio.errors import InvalidPose
from studio.poses.openpose_parts import BODY, FACE, LEFT_HAND, people_of

PLACES = [[100 + 10 * index, 200 + 20 * index] for index in range(18)]
FULL = [number for x, y in PLACES for number in (x, y, 1)]


def person(body=FULL, **parts):
    return {"people": [{BODY: body, **parts}]}


def test_body_is_always_there_and_other_parts_only_where_known():
    assert people_of({"people": [{LEFT_HAND: [7, 8, 0.5] * 21}]}) == [
        {BODY: [None] * 18, LEFT_HAND: [(7.0, 8.0, 0.5)] * 21}
    ]
    assert people_of(person(**{FACE: None})) == [{BODY: [(float(x), float(y), 1.0) for x, y in PLACES]}]


def test_editor_s_flat_list_is_cut_by_eighteen():
    flat, nested = people_of({"keypoints": PLACES * 2}), people_of({"keypoints": [PLACES, PLACES]})
    assert flat == nested == people_of(person()) * 2
    assert people_of({"keypoints": []}) == []


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ({}, "no list of people"),
        ({"people": 3}, "no list of people"),
        ({"people": [3]}, "Person 1 of this pose has no keypoints"),
        ({"people": [{}]}, "Person 1 of this pose has no keypoints"),
        (person(FULL[:-1]), "has 53 numbers"),
        (person({"x": 1}), "not a list of numbers"),
        (person(face_keypoints_2d=[1] * 9), "face of person 1 has 9 numbers"),
        (person(hand_right_keypoints_2d=[1] * 60), "right hand of person 1 has 60 numbers"),
        (person([float("nan"), *FULL[1:]]), "not an ordinary number"),
        (person([float("inf"), *FULL[1:]]), "not an ordinary number"),
        (person([10**400, *FULL[1:]]), "not an ordinary number"),
        (person(["1", *FULL[1:]]), "not an ordinary number"),
        (person([True, *FULL[1:]]), "not an ordinary number"),
        (person([None, *FULL[1:]]), "not an ordinary number"),
        ({"width": 9, "height": 9, "keypoints": PLACES[:17]}, "has 17 joints"),
        ({"width": 9, "height": 9, "keypoints": [1] * 18}, "not a pair of numbers"),
        ({"width": 9, "height": 9, "keypoints": [PLACES, 7]}, "has no joints"),
        ({"width": 9, "height": 9, "keypoints": [["a", 2]] * 18}, "not an ordinary number"),
    ],
    ids=range(18),
)
def test_what_is_wrong_is_told(frame, words):
    with pytest.raises(InvalidPose) as caught:
        people_of(frame)
    assert words in caught.value.message
    assert caught.value.hint
