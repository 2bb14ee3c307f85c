"""The Python side of the pose editor: what is believed of what a browser sends, and who wins when both have a pose."""

from __future__ import annotations

import io
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.errors import InvalidPose, StudioError, UnknownName
from studio.poses import drawing
from studio.poses.gestures import GESTURES
from studio.poses.library import library_pose
from studio.poses.values import Pose
from studio.ui import media
from studio.ui.components.pose_editor import edits, files
from studio.ui.components.pose_editor.exchange import Exchange
from studio.ui.components.pose_editor.figure import standing_figure

STANDING = standing_figure()


def sent(pose: Pose = STANDING) -> dict:
    """As the browser's JSON has it."""
    return json.loads(pose.model_dump_json())


def with_joint(*joint: object) -> dict:
    data = sent()
    data["people"][0]["body"][4] = list(joint)
    return data


def test_every_pose_of_the_editor_arrives_as_it_was_sent():
    two = library_pose("waving").model_copy(update={"people": library_pose("waving").people * 2})
    assert edits.read(sent(two)) == two
    hidden = edits.read(with_joint(10.126, -3, 1, False)).people[0].body[4]
    assert tuple(hidden) == (10.13, -3.0, 1.0, False)
    assert edits.read(with_joint(1, 2, 0.5, True)).people[0].body[4].confidence == 0.5


@pytest.mark.parametrize(
    "wrong",
    [
        None, [], "pose", {}, {**sent(), "width": 0}, {**sent(), "width": 99999}, {**sent(), "more": 1},
        {**sent(), "people": sent()["people"] * 51}, {**sent(), "people": [{"body": [None] * 17}]},
        {**sent(), "people": [{"body": [None] * 18, "left_hand": [None] * 20}]},
        {**sent(), "people": [{"body": [None] * 18, "face": [None] * 68}]},
        with_joint(None, 1, 1, True), with_joint(math.nan, 1, 1, True), with_joint(math.inf, 1, 1, True),
        with_joint(1e6, 1, 1, True), with_joint(1, -2e5, 1, True), with_joint(1),
    ],
)  # fmt: skip
def test_what_is_no_pose_is_refused_in_a_sentence(wrong):
    with pytest.raises(InvalidPose) as refused:
        edits.read(wrong)
    assert refused.value.message.endswith(".") and refused.value.hint


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["people", "width", "body"]), inner),
    max_leaves=12,
)


@given(json_values, json_values)
def test_nothing_a_browser_sends_is_more_than_refused(pose, command):
    shared = Exchange()
    shared.settle(STANDING, stored_elsewhere=True)
    shared.receive({"seq": "1", "revision": shared.revision, "pose": pose, "command": command})
    assert shared.settle(STANDING, stored_elsewhere=True) == STANDING
    with pytest.raises(StudioError):
        edits.obey(STANDING, {"name": command, "value": pose, "person": 0})


def test_a_command_changes_one_person_only():
    two = STANDING.model_copy(update={"people": STANDING.people * 2})
    for command in (
        {"name": "gesture", "value": "peace", "side": "left", "person": 1},
        {"name": "expression", "value": "smile", "person": 1},
        {"name": "proportions", "value": "chibi_2", "person": 1},
    ):
        after = edits.obey(two, command)
        assert after.people[0] == two.people[0] and after.people[1] != two.people[1]
    assert (
        len(edits.obey(two, {"name": "gesture", "value": "peace", "side": "left", "person": 1}).people[1].left_hand)
        == 21
    )
    for wrong in ({"person": 2}, {"person": True}, {"person": -1}, 5):
        with pytest.raises(InvalidPose):
            edits.obey(two, wrong)
    with pytest.raises(UnknownName):
        edits.obey(two, {"name": "gesture", "value": "no such", "side": "left", "person": 0})


def edit(shared: Exchange, pose: Pose, seq: str, **more: object) -> Pose | None:
    return shared.receive({"seq": seq, "revision": shared.revision, "pose": sent(pose), "command": None, **more})


def test_an_edit_is_taken_once_and_makes_no_new_revision():
    shared, waving = Exchange(), library_pose("waving")
    shared.settle(STANDING, stored_elsewhere=True)
    revision = shared.revision
    assert edit(shared, waving, "a") == waving
    assert shared.settle(waving, stored_elsewhere=True) == waving
    assert (shared.revision, shared.seen) == (revision, "a")
    assert edit(shared, STANDING, "a") is None


def test_an_edit_of_a_pose_that_was_replaced_meanwhile_comes_too_late():
    shared, waving = Exchange(), library_pose("waving")
    shared.settle(STANDING, stored_elsewhere=True)
    late = shared.revision
    shared.settle(waving, stored_elsewhere=True)
    assert shared.revision != late
    assert edit(shared, STANDING, "a", revision=late) is None
    assert shared.settle(waving, stored_elsewhere=True) == waving


def test_a_refused_edit_shows_its_reason_and_the_browser_gets_the_former_pose_again():
    shared = Exchange()
    shared.settle(STANDING, stored_elsewhere=True)
    revision = shared.revision
    assert shared.receive({"seq": "a", "revision": revision, "pose": with_joint(1e9, 0, 1, True)}) is None
    assert shared.problem is not None and shared.revision != revision
    assert shared.settle(STANDING, stored_elsewhere=True) == STANDING
    assert edit(shared, STANDING, "b") == STANDING
    assert shared.problem is None


def test_python_doing_more_than_was_sent_makes_a_new_revision():
    shared = Exchange()
    shared.settle(STANDING, stored_elsewhere=True)
    revision = shared.revision
    after = edit(shared, STANDING, "a", command={"name": "expression", "value": "smile", "person": 0})
    assert after is not None and after.people[0].face and shared.revision != revision


def test_without_a_store_of_its_own_the_page_gets_the_browsers_pose_until_it_sets_another():
    shared, waving = Exchange(), library_pose("waving")
    assert shared.settle(STANDING, stored_elsewhere=False) == STANDING
    edit(shared, waving, "a")
    assert shared.settle(STANDING, stored_elsewhere=False) == waving
    assert shared.settle(waving, stored_elsewhere=False) == waving
    assert shared.settle(STANDING, stored_elsewhere=False) == STANDING


def test_the_modules_are_served_under_an_address_that_follows_their_content():
    client = TestClient(Starlette(routes=files.ROUTES))
    address = f"{files.PREFIX}/{files.version()}"
    assert f"{address}/editor.js" in files.loader()
    for path in files.FOLDER.glob("*.js"):
        answer = client.get(f"{address}/{path.name}")
        assert answer.headers["content-type"].startswith("text/javascript") and answer.text == path.read_text("utf-8")
        for imported in re.findall(r'from "\./([a-z]+\.js)"', answer.text):
            assert (files.FOLDER / imported).is_file()
    assert set(client.get(f"{address}/skeleton.json").json()["gestures"]) == set(GESTURES)
    for elsewhere in ("__init__.py", "..%2f__init__.py", "editor.css"):
        assert client.get(f"{address}/{elsewhere}").status_code == 404


@pytest.mark.parametrize("thick", [False, True])
def test_the_control_map_is_the_exact_drawing_at_the_canvas_size(thick):
    client = TestClient(Starlette(routes=media.ROUTES))
    answer = client.get(media.map_url(STANDING, 640, 960, thick))
    shown = np.asarray(Image.open(io.BytesIO(answer.content)))
    assert np.array_equal(shown, drawing.draw(STANDING, 640, 960, thick))


@pytest.mark.parametrize("path", sorted(files.FOLDER.glob("*.*s")), ids=lambda path: path.name)
def test_the_modules_are_small_and_load_nothing_from_elsewhere(path: Path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "") and "innerHTML" not in text
