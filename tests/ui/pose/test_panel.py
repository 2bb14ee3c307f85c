"""The pose strip on the real page, by Streamlit's own test runner: no browser, no worker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from studio.poses import openpose
from studio.poses.library import library_pose
from studio.settings import PROJECT_ROOT
from studio.ui.generate.draft import CONTROLS, Draft
from studio.ui.services import services

DESK = "d" * 32
GOOD = json.dumps(openpose.write(library_pose("jogging")))


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model_zoo: Path) -> Path:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STUDIO_MODELS", str(model_zoo))
    monkeypatch.setenv("STUDIO_OFFLINE", "1")
    monkeypatch.setattr("studio.ui.desk.desk_id", lambda: DESK)
    return tmp_path


def page() -> AppTest:
    test = AppTest.from_file(str(PROJECT_ROOT / "pages" / "main.py"), default_timeout=60).run()
    assert not test.exception and not test.error
    return test


def draft() -> Draft:
    kept = services().drafts.load(DESK)
    assert kept is not None
    return kept


def test_every_source_can_be_chosen_and_is_kept(home):
    test = page()
    for source in CONTROLS:
        next(group for group in test.button_group if group.key.startswith("form.control@")).set_value(source).run()
        assert not test.exception and not test.error, source
        assert draft().control == source


def test_a_draft_of_an_older_version_still_shows(home):
    old = {"prompt": "1girl", "control": "image", "control_image": "a" * 64, "control_type": "canny", "steps": 9}
    services().drafts.save(DESK, Draft.from_values(old))
    page()
    assert (draft().control, draft().control_image, draft().map_from) == ("image", "a" * 64, "file")


def test_pasted_text_becomes_the_pose_and_wrong_text_leaves_it(home):
    services().drafts.save(DESK, Draft(prompt="1girl", control="json"))
    test = page()
    paste(test, GOOD)
    pose = draft().pasted_pose
    assert pose and not test.error
    for wrong in ("no pose", '{"people": []}', '{"people": [{"pose_keypoints_2d": [NaN, 1, 1]}]}', "[1e999]"):
        paste(test, wrong)
        assert test.error and not test.exception
        assert draft().pasted_pose == pose


def paste(test: AppTest, text: str) -> None:
    area = next(area for area in test.text_area if area.label == "OpenPose JSON as text")
    area.set_value(text)
    test.button(key="use_pasted_pose").click().run()


def test_undo_and_clear_lead_back_after_a_reload_too(home):
    strokes = [{"width": 4, "points": [[10, y], [90, y]]} for y in (20, 40)]
    drawn = json.dumps({"width": 512, "height": 768, "strokes": strokes})
    services().drafts.save(DESK, Draft(prompt="1girl", control="sketch", sketch=drawn))
    test = page()
    test.button(key="sketch_clear").click().run()
    assert draft().sketch is None
    test.button(key="sketch_undo").click().run()
    assert draft().sketch == drawn
    test.button(key="sketch_undo").click().run()
    assert len(json.loads(draft().sketch or "")["strokes"]) == 1
    test.button(key="sketch_redo").click().run()
    assert draft().sketch == drawn
    assert not test.exception
