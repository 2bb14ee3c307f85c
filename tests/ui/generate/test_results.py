"""The finished picture on the real page, by Streamlit's own test runner."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from studio.gallery.importing import import_file
from studio.gallery.provenance import Provenance
from studio.poses.library import library_pose
from studio.request import ControlUnit, GenerationRequest
from studio.settings import PROJECT_ROOT
from studio.ui.generate import suggestions
from studio.ui.services import services

DESK = "d" * 32
POSE = library_pose("sitting").scaled_to(64, 64)


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model_zoo: Path) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STUDIO_MODELS", str(model_zoo))
    monkeypatch.setattr("studio.ui.desk.desk_id", lambda: DESK)


def page() -> AppTest:
    test = AppTest.from_file(str(PROJECT_ROOT / "pages" / "main.py"), default_timeout=60).run()
    assert not test.exception and not test.error
    return test


def add(*controls: ControlUnit, seed: int = 1) -> None:
    request = GenerationRequest.build(
        prompt="1girl", checkpoint="tiny-sd15", seed=seed, width=64, height=64, controls=controls
    )
    services().gallery.add(Image.new("RGB", (64, 64), (seed, 0, 0)), request, Provenance())


def said(test: AppTest) -> str:
    return " ".join(caption.value for caption in test.caption)


def test_use_settings_brings_pose_and_second_control_back():
    add(ControlUnit(pose=POSE, weight=0.7), ControlUnit(pose=library_pose("jogging"), end=0.5))
    test = page()
    next(button for button in test.button if button.label == "Use settings").click().run()
    assert not test.exception
    draft = services().drafts.load(DESK)
    assert draft is not None
    assert (draft.control, draft.pose_name, draft.pose_json) == ("pose", "", POSE.model_dump_json())
    assert (draft.control_weight, draft.second, draft.second_pose_name, draft.second_end) == (
        0.7,
        "pose",
        "jogging",
        0.5,
    )


def test_the_pose_of_a_picture_goes_into_the_editor():
    add(ControlUnit(pose=POSE))
    test = page()
    test.button(key="edit_picture_pose").click().run()
    kept, draft = services().pose_desks.load(DESK), services().drafts.load(DESK)
    assert kept is not None and kept.pose == POSE
    assert draft is not None and draft.control == "editor"


def test_suggestions_stand_under_the_first_pictures_only():
    assert "What next" not in said(page())
    for seed in range(1, suggestions.NEWCOMER + 2):
        add(seed=seed)
        assert ("What next" in said(page())) == (seed <= suggestions.NEWCOMER)


def test_an_imported_picture_without_a_recipe_does_not_stop_the_page():
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(file, "PNG")
    import_file(services().gallery, file.getvalue(), "found.png")
    assert "Use settings" not in [button.label for button in page().button]
