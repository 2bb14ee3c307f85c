"""Every dialect of OpenPose JSON in, one out, and a clear sentence for what is none."""

import json

import pytest

from studio.errors import InvalidPose
from studio.poses.openpose import read, write
from studio.poses.values import BODY_JOINTS, Joint, Person, Pose

PLACES = [(100 + 10 * index, 200 + 20 * index) for index in range(BODY_JOINTS)]
FULL = [number for x, y in PLACES for number in (x, y, 1)]


def frame(body=FULL, width=512, height=768, **parts):
    person = {"pose_keypoints_2d": body, **parts}
    return {"people": [person], "canvas_width": width, "canvas_height": height}


def body_of(document) -> tuple[Joint | None, ...]:
    return read(json.dumps(document)).people[0].body


def places_of(document):
    return [joint and (joint.x, joint.y) for joint in body_of(document)]


def test_pixels():
    pose = read(json.dumps(frame()))
    assert (pose.width, pose.height, len(pose.people)) == (512, 768, 1)
    assert [(joint.x, joint.y) for joint in pose.people[0].body] == PLACES
    assert pose.people[0].left_hand is pose.people[0].right_hand is pose.people[0].face is None


def test_fractions_of_the_canvas():
    body = [number for x, y in PLACES for number in (x / 512, y / 768, 1.0)]
    assert places_of(frame(body)) == PLACES


def test_fractions_may_leave_the_canvas_a_little():
    body = [number for x, y in PLACES for number in (x / 512, y / 768, 1.0)]
    body[:2] = [1.25, -0.1]
    assert places_of(frame(body))[0] == (640, -76.8)


def test_signed_fractions():
    body = [number for x, y in PLACES for number in (x / 256 - 1, y / 384 - 1, 1.0)]
    assert places_of(frame(body)) == PLACES


def test_the_whole_file_decides_about_the_units():
    """A hand near the corner of a picture in pixels is not in fractions of it."""
    hand = [1, 1, 1] * 21
    person = read(json.dumps(frame(hand_left_keypoints_2d=hand))).people[0]
    assert person.left_hand[0] == Joint(1, 1)


def test_list_of_frames_gives_the_first_with_people():
    empty = {"people": [], "canvas_width": 64, "canvas_height": 64}
    assert read(json.dumps([empty, frame(), frame(width=1024)])) == read(json.dumps(frame()))
    assert read(json.dumps([empty])) == Pose(width=64, height=64)


def test_body_25_is_mapped():
    body = [number for index in range(25) for number in (100 + index, 300, 0.9)]
    kept = [*range(8), *range(9, 19)]
    assert places_of(frame(body)) == [(100 + index, 300) for index in kept]


def test_real_confidences_are_kept_and_visible():
    body = [number for x, y in PLACES for number in (x, y, 0.37)]
    assert all(joint.confidence == 0.37 and joint.visible for joint in body_of(frame(body)))


def test_confidences_beyond_one_are_cut():
    assert body_of(frame([300, 300, 1.02, *FULL[3:]]))[0] == Joint(300, 300, 1.0)


@pytest.mark.parametrize("absent", [[0, 0, 0], [-1, -1, 0], [None, None, None]])
def test_absent_joints(absent):
    assert body_of(frame([*absent, *FULL[3:]]))[0] is None


def test_joint_without_confidence_but_with_a_place_is_hidden():
    assert body_of(frame([300, 300, 0, *FULL[3:]]))[0] == Joint(300, 300, 0.0, visible=False)


@pytest.mark.parametrize("nothing", [None, [], [0.0] * 63])
def test_absent_hands(nothing):
    person = read(json.dumps(frame(hand_left_keypoints_2d=nothing, hand_right_keypoints_2d=[9, 9, 1] * 21))).people[0]
    assert person.left_hand is None and person.right_hand == (Joint(9, 9),) * 21


def test_face_of_seventy_and_of_sixty_eight():
    assert read(json.dumps(frame(face_keypoints_2d=[9, 9, 1] * 70))).people[0].face == (Joint(9, 9),) * 70
    face = read(json.dumps(frame(face_keypoints_2d=[9, 9, 1] * 68))).people[0].face
    assert face[:68] == (Joint(9, 9),) * 68
    assert face[68:] == (Joint(*PLACES[14]), Joint(*PLACES[15]))  # the eyes stand in for the pupils


def test_person_without_a_body():
    document = {"people": [{"pose_keypoints_2d": None, "hand_left_keypoints_2d": [9, 9, 1] * 21}]}
    person = read(json.dumps(document)).people[0]
    assert person.body == (None,) * 18 and person.left_hand == (Joint(9, 9),) * 21


def test_openpose_output_with_version_ids_and_3d_lists():
    person = {"person_id": [-1], "pose_keypoints_2d": FULL, "face_keypoints_2d": [], "pose_keypoints_3d": []}
    assert places_of({"version": 1.3, "people": [person]}) == PLACES


def test_names_of_openpose_1_0():
    assert places_of({"people": [{"pose_keypoints": FULL}]}) == PLACES


def test_older_editors_flat_list():
    pose = read(json.dumps({"width": 640, "height": 800, "keypoints": PLACES + PLACES}))
    assert (pose.width, pose.height, len(pose.people)) == (640, 800, 2)
    assert [(joint.x, joint.y) for joint in pose.people[1].body] == PLACES


def test_older_editors_list_per_person_with_gaps():
    pose = read(json.dumps({"width": 640, "height": 800, "keypoints": [PLACES, [None, *PLACES[1:]]]}))
    assert pose.people[0].body[0] == Joint(100, 200) and pose.people[1].body[0] is None


def test_python_s_spelling_of_a_dict():
    assert places_of(json.loads(json.dumps(frame()))) == PLACES
    assert read(str(frame(hand_left_keypoints_2d=None))) == read(json.dumps(frame()))


def test_byte_order_mark():
    assert read("\ufeff" + json.dumps(frame())) == read(json.dumps(frame()))


@pytest.mark.parametrize(
    ("document", "canvas"),
    [
        (frame(width=None, height=None), (512, 576)),
        ({"people": [{"pose_keypoints_2d": [900, 100, 1] * 18}]}, (960, 512)),
        ({"people": [{"pose_keypoints_2d": [0.5, 0.5, 1] * 18}]}, (512, 512)),
        (frame(width=600.0, height=400.4), (600, 400)),
    ],
)
def test_canvas_is_read_or_inferred(document, canvas):
    pose = read(json.dumps(document))
    assert (pose.width, pose.height) == canvas


def test_nobody_is_a_pose():
    assert read('{"people": [], "canvas_width": 512, "canvas_height": 512}') == Pose(width=512, height=512)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read as JSON"),
        ("a cat", "cannot be read as JSON"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("1" * 5_000, "cannot be read as JSON"),
        ("3", "not a pose"),
        ("[]", "not a pose"),
        ("[1, 2]", "not a pose"),
        (json.dumps(frame([1e9, *FULL[1:]])), "far outside"),
        (json.dumps(frame([1e300, *FULL[1:]])), "far outside"),
        (json.dumps(frame(width=0)), "canvas width of this pose is 0"),
        (json.dumps(frame(height=20_000)), "canvas height of this pose is 20000"),
        (json.dumps(frame(width=float("nan"))), "canvas width of this pose is not a number"),
        (json.dumps(frame(width=10**400)), "canvas width of this pose is not a number"),
        (json.dumps(frame(width="512")), "canvas width of this pose is not a number"),
        (json.dumps({"people": frame()["people"] * 51}), "51 people"),
    ],
    ids=range(15),
)
def test_bad_input_is_told_with_a_remedy(text, words):
    with pytest.raises(InvalidPose) as caught:
        read(text)
    assert words in caught.value.message
    assert caught.value.hint


def test_far_too_long_text_is_not_parsed():
    with pytest.raises(InvalidPose, match="longer than"):
        read(" " * 20_000_001)


def test_written_form_is_the_one_every_reader_takes():
    person = Person(body=(Joint(10.5, 20, 0.4), None, Joint(30, 40, 0.9, False)) + (None,) * 15)
    written = write(Pose(width=512, height=768, people=(person,)))
    assert written == {
        "people": [
            {
                "pose_keypoints_2d": [10.5, 20, 1, 0, 0, 0, 30, 40, 0] + [0] * 45,
                "face_keypoints_2d": None,
                "hand_left_keypoints_2d": None,
                "hand_right_keypoints_2d": None,
            }
        ],
        "canvas_width": 512,
        "canvas_height": 768,
    }
    assert read(json.dumps(written)).people[0].body[2] == Joint(30, 40, 0.0, visible=False)
