from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.gallery.pose_rows import library_key
from studio.poses.library import entries, library_pose
from studio.ui import desk, problems
from studio.ui.generate.control_sources import FIRST, KEPT
from studio.ui.pose import picker_panel as pose_picker_panel
from studio.ui.services import services

POSE = library_pose("jogging").scaled_to(640, 640)


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The form's fields, without a session behind them."""
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    fields: dict[str, Any] = {"pose_name": "jogging", "pose_json": None}
    monkeypatch.setattr(desk, "value", fields.__getitem__)
    monkeypatch.setattr(desk, "put_values", lambda **values: fields.update(values))
    monkeypatch.setattr(desk, "sync", lambda: None)
    monkeypatch.setattr(pose_picker_panel.st, "session_state", {})
    return fields


def test_all_poses_of_the_library_are_on_offer_by_category(form):
    cards = pose_picker_panel._cards(FIRST)
    assert {card.name for card in cards} == {entry.name for entry in entries()}
    groups = [card.group for card in cards]
    assert [group for number, group in enumerate(groups) if group not in groups[:number]] == list(dict.fromkeys(groups))
    assert all(card.label and card.url.startswith("/app/static/") for card in cards)


def test_favourites_and_own_poses_come_first(form):
    liked = entries()[-1].name
    services().pose_shelf.favour(library_key(liked))
    services().pose_shelf.save("Mine", POSE, ["running"])
    first, second, *_ = pose_picker_panel._cards(FIRST)
    assert (first.label, first.group, first.words) == ("Mine", "Your own", "running")
    assert (second.name, second.group) == (liked, "Favourites")


def test_a_pick_from_the_library_is_a_name_and_closes_the_list(form):
    pose_picker_panel._pick(FIRST, "popover", "sitting")
    assert form["pose_name"] == "sitting"
    assert pose_picker_panel.st.session_state == {"popover": False}


def test_an_own_pose_is_copied_so_that_deleting_it_changes_nothing(form):
    own = services().pose_shelf.save("Mine", POSE)
    pose_picker_panel._pick(FIRST, "popover", own.key)
    services().pose_shelf.delete([own.id])
    assert form == {"pose_name": KEPT, "pose_json": POSE.model_dump_json()}
    cards = pose_picker_panel._cards(FIRST)
    assert (cards[0].name, cards[0].group) == (KEPT, "In use")


def test_a_pose_that_is_gone_is_said_and_the_old_one_stays(form, monkeypatch):
    noted = []
    monkeypatch.setattr(problems, "note", lambda error, place="": noted.append((error.message, place)))
    pose_picker_panel._pick(FIRST, "popover", "own:7")
    assert form["pose_name"] == "jogging" and noted[0][1] == "pose"
