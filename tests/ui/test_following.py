"""Work of the worker followed from the form: a pose from a photo, a control map from a photo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from studio.database import Database
from studio.jobs import Task
from studio.poses.library import library_pose
from studio.settings import PROJECT_ROOT, Settings
from studio.ui.generate.draft import Draft, pose_from
from studio.ui.services import services

DESK = "d" * 32
PHOTO, OTHER, MADE = "a" * 64, "b" * 64, "c" * 64
POSE = library_pose("jogging")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model_zoo: Path) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STUDIO_MODELS", str(model_zoo))
    monkeypatch.setenv("STUDIO_OFFLINE", "1")
    monkeypatch.setattr("studio.ui.desk.desk_id", lambda: DESK)


def page(**changes: object) -> AppTest:
    services().drafts.save(DESK, Draft(prompt="1girl").with_(**changes))
    test = AppTest.from_file(str(PROJECT_ROOT / "pages" / "main.py"), default_timeout=60).run()
    assert not test.exception
    return test


def draft() -> Draft:
    kept = services().drafts.load(DESK)
    assert kept is not None
    return kept


def only_task() -> Task:
    (task,) = services().tasks.recent()
    return task


def ended(state: str, result: dict | None = None, message: str = "") -> None:
    """The newest task as a worker leaves it."""
    with Database(Settings.from_env().database).transaction() as connection:
        connection.execute(
            "UPDATE tasks SET state = ?, result = ?, error_kind = 'UnusableImage', error_message = ?, "
            "error_hint = 'Do so.' "
            "WHERE id = (SELECT max(id) FROM tasks)",
            (state, result and json.dumps(result), message),
        )


def test_the_pose_of_a_photo_is_found_once_and_kept():
    test = page(control="photo", photo=PHOTO)
    assert (only_task().kind, only_task().payload) == ("pose", {"image": PHOTO})
    assert draft().photo_task == only_task().id and draft().photo_pose is None
    ended("done", {"pose": POSE.model_dump(mode="json"), "note": "One person.", "source": "detected"})
    test.run()
    assert pose_from(draft().photo_pose) == POSE
    assert any("One person" in caption.value for caption in test.caption)
    test.run()
    assert only_task()


def test_another_photo_takes_the_old_pose_away_at_once():
    page(control="photo", photo=PHOTO)
    ended("done", {"pose": POSE.model_dump(mode="json"), "note": "", "source": "detected"})
    page(control="photo", photo=OTHER, photo_task=only_task().id, photo_pose=POSE.model_dump_json())
    assert draft().photo_pose is None
    assert services().tasks.recent()[0].payload == {"image": OTHER}


def test_a_failure_is_shown_with_its_remedy_and_can_be_tried_again():
    test = page(control="photo", photo=PHOTO)
    ended("failed", message="Nobody was found.")
    test.run()
    assert "Do so" in test.error[0].value
    test.button(key="retry_photo_task").click().run()
    assert only_task().active and not test.error


def test_cancelling_leaves_a_way_back():
    test = page(control="photo", photo=PHOTO)
    test.button(key="cancel_photo_task").click().run()
    assert not only_task().active and draft().photo_pose is None
    test.button(key="retry_photo_task").click().run()
    assert only_task().active


@pytest.mark.parametrize(("prefix", "control"), [("", "control"), ("second_", "second")])
def test_a_map_is_made_from_a_photo_and_made_again_for_another_kind(prefix, control):
    fields = {f"{prefix}map_from": "photo", f"{prefix}map_photo": PHOTO, f"{prefix}map_way": "canny"}
    test = page(**{"control": "pose", "pose_name": "jogging", control: "image", **fields})
    assert (only_task().kind, only_task().payload) == ("control_map", {"image": PHOTO, "kind": "canny"})
    ended("done", {"image": MADE, "note": "Thin lines."})
    test.run()
    assert getattr(draft(), f"{prefix}map_made") == MADE
    kept = draft().with_(**{f"{prefix}map_way": "scribble"})
    page(**{name: getattr(kept, name) for name in Draft.__slots__})
    assert getattr(draft(), f"{prefix}map_made") is None
    assert services().tasks.recent()[0].payload == {"image": PHOTO, "kind": "scribble"}


def test_a_large_download_is_asked_for_first():
    test = page(control="image", map_from="photo", map_photo=PHOTO, map_way="depth")
    assert services().tasks.recent() == [] and draft().map_task is None
    button = test.button(key="start_map_task")
    assert "99 MB" in button.label
    button.click().run()
    assert only_task().payload == {"image": PHOTO, "kind": "depth"} and draft().map_task == only_task().id
