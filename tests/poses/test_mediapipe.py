"""MediaPipe's landmarks to our skeleton and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import InvalidPose
from studio.poses.mediapipe import BODY, FACE, LANDMARKS, landmarks_of, person_of, with_face, with_hand
from studio.poses.skeletons import BODY_NAMES
from studio.poses.values import BODY_JOINTS, Joint, Person

NAMES = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
    "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index", "left_thumb",
    "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel",
    "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
POSE = [(index / 40, index / 80, 0.9) for index in range(LANDMARKS)]
HAND = [(0.1 + index / 100, 0.5, 0.0) for index in range(21)]


def test_names_agree():
    assert len(BODY) == BODY_JOINTS and len(NAMES) == LANDMARKS
    assert all(NAMES[place] == BODY_NAMES[i] for i, place in enumerate(BODY) if place is not None)


def test_fractions_become_pixels_and_the_neck_is_between_the_shoulders():
    person = person_of(POSE, 800, 400)
    assert person.body[0] == Joint(0, 0, 0.9) and person.body[4] == Joint(320, 80, 0.9)
    assert person.body[1] == Joint(230, 57.5, 0.9)


def test_invisible_landmarks_do_not_show():
    landmarks = [(x, y, 0.49 if index in (11, 16) else 0.5) for index, (x, y, _) in enumerate(POSE)]
    body = person_of(landmarks, 100, 100).body
    assert body[4] is body[5] is body[1] is None and body[2] is not None
    assert all(person_of([(x, y) for x, y, _ in POSE], 100, 100).body), "without visibility everything shows"


landmark_lists = st.lists(
    st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5), st.sampled_from([0.1, 0.5, 0.75, 1.0])),
    min_size=LANDMARKS,
    max_size=LANDMARKS,
)


@settings(deadline=None, max_examples=60)
@given(landmark_lists, st.integers(64, 4000), st.integers(64, 4000))
def test_round_trip_gives_every_landmark_we_have_a_place_for(landmarks, width: int, height: int):
    person = person_of(landmarks, width, height)
    again = landmarks_of(person, width, height)
    for place, landmark in enumerate(landmarks):
        if place in BODY and landmark[2] >= 0.5:
            assert again[place] == pytest.approx(landmark, abs=0.006 / min(width, height) + 1e-9)
        else:
            assert again[place] == (0, 0, 0)
    assert sum(joint is not None for joint in person.body) >= sum(
        landmark[2] >= 0.5 for place, landmark in enumerate(landmarks) if place in BODY
    )


def test_a_hand_goes_to_the_nearest_wrist():
    body: list[Joint | None] = [None] * 18
    assert with_hand(Person(body=tuple(body)), HAND, 100, 100).right_hand is not None
    body[4], body[7] = Joint(90, 50), Joint(12, 48)
    person = with_hand(Person(body=tuple(body)), HAND, 100, 100)
    assert person.right_hand is None and person.left_hand[0] == Joint(10, 50, 0.0)
    assert all(joint.visible for joint in person.left_hand)


@pytest.mark.parametrize("count", [468, 478])
def test_face_mesh(count: int):
    mesh = [(index / 1000, 0.5) for index in range(count)]
    body: list[Joint | None] = [None] * 18
    body[14] = Joint(5, 6)
    face = with_face(Person(body=tuple(body)), mesh, 1000, 100).face
    assert face[0] == Joint(127, 50) and face[3] == Joint((132 + 58) / 2, 50) and face[67] == Joint(87, 50)
    assert face[68:] == ((Joint(468, 50), Joint(473, 50)) if count == 478 else (Joint(5, 6), None))


def test_the_face_map_has_68_different_places():
    flat = [index for at in FACE for index in (at if isinstance(at, tuple) else (at,))]
    assert len(FACE) == 68 and max(flat) < 468
    assert len(set(FACE)) == 68


@pytest.mark.parametrize("landmarks", [POSE[:-1], [], [(0.1,)] * 33, [(float("nan"), 0.0, 1.0)] * 33])
def test_what_is_no_pose_is_said(landmarks):
    with pytest.raises(InvalidPose) as caught:
        person_of(landmarks, 100, 100)
    assert caught.value.hint


def test_what_is_no_hand_or_face_is_said():
    nobody = Person(body=(None,) * 18)
    with pytest.raises(InvalidPose, match="20 landmarks are no hand"):
        with_hand(nobody, HAND[:20], 100, 100)
    with pytest.raises(InvalidPose, match="68 landmarks are no face"):
        with_face(nobody, [(0.1, 0.1)] * 68, 100, 100)
