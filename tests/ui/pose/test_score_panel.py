"""The score in words and figures, drawn by Streamlit."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from studio.poses.library import library_pose
from studio.poses.score import compare
from studio.poses.values import Person, Pose
from studio.ui.pose.score_panel import remarks, verdict

STANDING = library_pose("standing")


def changed(**places) -> Pose:
    """The standing figure with joints moved (dx, dy) or, with None, absent; keys are j and the joint's number."""
    body = list(STANDING.people[0].body)
    for key, move in places.items():
        index = int(key[1:])
        joint = body[index]
        body[index] = move and joint._replace(x=joint.x + move[0], y=joint.y + move[1])
    return STANDING.model_copy(update={"people": (Person(body=tuple(body)),)})


def two(pose: Pose) -> Pose:
    return pose.model_copy(update={"people": pose.people * 2})


def page(intended: str, found: str) -> None:
    from studio.poses.values import Pose
    from studio.ui.pose import score_panel as pose_score_panel

    pose_score_panel.show(Pose.model_validate_json(intended), Pose.model_validate_json(found))


def shown(intended: Pose, found: Pose) -> AppTest:
    test = AppTest.from_function(
        page, args=(intended.model_dump_json(), found.model_dump_json()), default_timeout=60
    ).run()
    assert not test.exception
    return test


def words(found: Pose, intended: Pose = STANDING) -> list[str]:
    return remarks(compare(intended, found))


def test_a_picture_that_obeys():
    test = shown(STANDING, changed(j7=(5, 0)))
    assert [metric.value for metric in test.metric] == ["100%", "100%", "100%", "1 of 1"]
    assert all(metric.help for metric in test.metric)
    text = [element.value for element in test.markdown]
    assert "**The picture obeys the pose closely.**" in text
    assert "Every joint is in place; the furthest is left wrist 5 px off." in text
    table = test.dataframe[0].value
    assert list(table.columns) == ["Joint", "Error in pixels", "Share of torso", "In place"] and len(table) == 17


def test_what_is_wrong_is_said_in_words():
    found = changed(j4=(90, 0), j7=(0, -160), j10=None, j16=None)
    assert words(found) == [
        "Left wrist 160 px off, right wrist 90 px off.",
        "Right ankle not found, right ear not found.",
    ]
    test = shown(STANDING, found)
    assert test.dataframe[0].value["Error in pixels"].isna().sum() == 2


def test_a_long_list_is_cut():
    far = {f"j{index}": (300, 0) for index in (2, 3, 4, 5, 6, 7)}
    (sentence,) = words(changed(**far))
    assert sentence.count("px off") == 4 and sentence.endswith("and 2 more.")


def test_too_many_and_too_few_people():
    assert words(two(STANDING))[0] == "There is 1 person too many in the picture."
    assert words(STANDING, two(STANDING))[0] == "There is 1 person too few in the picture."
    several = words(two(changed(j7=(0, -200))), two(STANDING))
    assert several == ["Left wrist 200 px off (person 1), left wrist 200 px off (person 2)."]
    assert "Person" in shown(two(STANDING), STANDING).dataframe[0].value.columns


def test_nobody_found():
    test = shown(STANDING, Pose(width=512, height=768))
    assert "**Nobody was found in this picture.**" in [element.value for element in test.markdown]
    assert test.metric[3].value == "0 of 1" and not test.dataframe


def test_nobody_intended():
    test = shown(Pose(width=512, height=768), STANDING)
    assert "nobody to compare with" in test.info[0].value and not test.metric


@pytest.mark.parametrize(
    ("joints", "said"),
    [
        ((), "closely"),
        ((4, 7), "roughly"),
        ((3, 4, 6, 7, 9, 10, 12, 13), "in parts"),
        (range(18), "not follow"),
    ],
)
def test_verdicts(joints, said: str):
    moved = changed(**{f"j{index}": (0, 300) for index in joints})
    assert said in verdict(compare(STANDING, moved))
