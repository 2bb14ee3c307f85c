"""What holds for every pose that is written and for every text that is read."""

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import StudioError
from studio.poses.openpose import read, write
from studio.poses.values import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS, Joint, Person, Pose


def random_pose(source: random.Random, width: int, height: int, count: int) -> Pose:
    def joint():
        x, y = source.uniform(-1000, 3000), source.uniform(-1000, 3000)
        return source.choice([None, Joint(x, y), Joint(x, y, 0.0, visible=False)])

    def part(size):
        return tuple(joint() for _ in range(size))

    def maybe(size):
        return source.choice([None, (Joint(5, 5), *part(size - 1))])

    people = [
        Person(
            body=part(BODY_JOINTS), left_hand=maybe(HAND_JOINTS), right_hand=maybe(HAND_JOINTS), face=maybe(FACE_JOINTS)
        )
        for _ in range(count)
    ]
    # No real pose lies wholly within two pixels of the corner; this one never does.
    anchor = Person(body=(Joint(400, 400),) + (None,) * 17)
    return Pose(width=width, height=height, people=(anchor, *people))


poses = st.builds(
    random_pose,
    st.integers(0, 10**9).map(random.Random),
    st.integers(64, 4096),
    st.integers(64, 4096),
    st.integers(0, 3),
)


@settings(deadline=None, max_examples=60)
@given(poses)
def test_what_is_written_reads_back_the_same(pose):
    assert read(json.dumps(write(pose))) == pose


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["people", "keypoints", "pose_keypoints_2d", "face_keypoints_2d", "canvas_width", "height"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(json_values.map(json.dumps), st.text(max_size=80)))
def test_any_text_is_a_pose_or_a_clear_error(text):
    try:
        pose = read(text)
    except StudioError as error:
        assert error.kind == "InvalidPose" and error.message and error.hint
    else:
        assert read(json.dumps(write(pose))).width == pose.width
