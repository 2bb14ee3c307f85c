from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.generate.draft import CONTROLS, SECOND_CONTROLS, Draft, kept_pose

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from([*Draft.__slots__, "unknown"])


def test_a_draft_comes_back_as_it_was():
    draft = Draft(prompt="桜 🌸", checkpoint="demo", loras={"ink": 0.7}, control="pose", pose_name="jog", steps=40)
    assert Draft.from_json(draft.to_json()) == draft


@given(st.dictionaries(names, json_values))
def test_whatever_was_stored_gives_a_draft_the_widgets_can_show(values):
    draft = Draft.from_values(values)
    assert 1 <= draft.steps <= 150 and 0 <= draft.guidance_scale <= 30 and 1 <= draft.count <= 16
    assert 0 <= draft.control_start < draft.control_end <= 1
    assert isinstance(draft.prompt, str) and draft.control in CONTROLS
    assert 0 <= draft.second_start < draft.second_end <= 1 and draft.second in SECOND_CONTROLS
    assert Draft.from_json(draft.to_json()) == draft


@given(st.text())
def test_any_text_in_the_database_gives_a_draft(text):
    assert isinstance(Draft.from_json(text), Draft)


@pytest.mark.parametrize(("stored", "shown"), [(0, 1), (500, 150), (30, 30), ("30", 28), (True, 28), (None, 28)])
def test_numbers_are_brought_into_the_sliders_range(stored, shown):
    assert Draft.from_values({"steps": stored}).steps == shown


def test_a_kept_pose_that_is_no_pose_is_none():
    assert kept_pose(Draft(pose_json='{"width": 1}')) is None
    assert kept_pose(Draft(pose_json="no json")) is None
    assert kept_pose(Draft()) is None


@pytest.mark.parametrize(
    ("stored", "kept"), [(7, 7), (None, None), (0, None), (-1, None), (2**70, None), ("7", None), (True, None)]
)
def test_only_the_number_of_a_task_is_one(stored, kept):
    assert Draft.from_values({"map_task": stored}).map_task == kept


def test_a_draft_of_the_first_version_keeps_its_control():
    pose = Draft.from_json('{"control": "pose", "pose_name": "jogging", "control_weight": 0.7}')
    assert (pose.control, pose.pose_name, pose.control_weight, pose.second) == ("pose", "jogging", 0.7, "none")
    image = Draft.from_json('{"control": "image", "control_type": "canny", "control_image": "x"}')
    assert (image.control, image.control_image, image.map_from) == ("image", "x", "file")
