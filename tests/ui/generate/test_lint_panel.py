"""Remarks and their fixes on the real page, by Streamlit's own test runner."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from studio.settings import PROJECT_ROOT
from studio.ui.generate.draft import Draft
from studio.ui.services import services

DESK = "e" * 32


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model_zoo: Path) -> Path:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STUDIO_MODELS", str(model_zoo))
    monkeypatch.setenv("STUDIO_OFFLINE", "1")
    monkeypatch.setattr("studio.ui.desk.desk_id", lambda: DESK)
    return tmp_path


def page(**values: object) -> AppTest:
    services().drafts.save(DESK, Draft.from_values({"checkpoint": "tiny-sd15", "control": "none", **values}))
    test = AppTest.from_file(str(PROJECT_ROOT / "pages" / "main.py"), default_timeout=60)
    test.session_state["prompt_remarks"] = True
    test.run()
    assert not test.exception and not test.error
    return test


def draft() -> Draft:
    kept = services().drafts.load(DESK)
    assert kept is not None
    return kept


def labelled(test: AppTest, label: str):
    (button,) = [button for button in test.button if button.label == label]
    return button


def test_a_fix_is_one_click_away():
    test = page(prompt="day, night, park", negative_prompt="bad hands")
    assert any("contradict each other" in text.value for text in test.markdown)
    labelled(test, "Keep “day”").click().run()
    assert not test.exception
    assert draft().prompt == "day, park"
    assert not any("contradict each other" in text.value for text in test.markdown)


def test_the_weightiest_remark_is_in_view():
    test = page(prompt="1girl, day, night,, park", negative_prompt="bad hands")
    assert any(text.value.endswith("“day” and “night” contradict each other. And 1 more.") for text in test.caption)
    assert any("Nothing odd" in text.value for text in page(prompt="1girl, park", negative_prompt="bad hands").caption)


def test_all_safe_fixes_at_once():
    test = page(prompt="day, night, park,, park", negative_prompt="bad hands, bad hands")
    test.button(key="fix_all").click().run()
    assert (draft().prompt, draft().negative_prompt) == ("day, night, park", "bad hands")


def test_people_are_counted_against_the_pose_of_the_form():
    test = page(prompt="2girls, park", control="pose", pose_name="jogging")
    labelled(test, "Write 1girl").click().run()
    assert draft().prompt == "1girl, park"


def test_words_for_a_problem_are_added_behind_the_own_ones():
    test = page(prompt="park", negative_prompt="my own words")
    (pills,) = [group for group in test.button_group if group.key == "negative_problems"]
    pills.set_value(["hands"]).run()
    test.button(key="add_negatives").click().run()
    assert not test.exception
    assert draft().negative_prompt.startswith("my own words, bad hands")
    (pills,) = [group for group in test.button_group if group.key == "negative_problems"]
    assert "Hands and fingers" not in pills.options


def test_what_looks_like_markup_stays_text():
    test = page(prompt="day, <b>, *night*, (**x**:9)")
    assert not test.exception
    assert any("\\*\\*x\\*\\*" in text.value for text in test.markdown)
