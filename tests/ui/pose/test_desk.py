from __future__ import annotations

import pytest

from studio.database import Database
from studio.poses.library import library_pose
from studio.ui.pose import desk as pose_desk
from studio.ui.pose import desks as pose_desks
from studio.ui.pose.desks import PoseDesks, PoseOnDesk

STANDING, WAVING = library_pose("standing"), library_pose("waving")


def test_each_browser_has_its_own_pose_and_photo(settings):
    store = PoseDesks(Database(settings.database))
    store.save("one", PoseOnDesk(STANDING, None))
    store.save("two", PoseOnDesk(WAVING, "ab" * 32))
    store.save("one", PoseOnDesk(WAVING, None))
    again = PoseDesks(Database(settings.database))
    assert again.load("one") == PoseOnDesk(WAVING, None)
    assert again.load("two") == PoseOnDesk(WAVING, "ab" * 32)
    assert again.load("three") is None


def test_only_the_latest_browsers_are_kept(settings, monkeypatch):
    monkeypatch.setattr(pose_desks, "KEPT", 2)
    store = PoseDesks(Database(settings.database))
    for desk in ("one", "two", "three"):
        store.save(desk, PoseOnDesk(STANDING, None))
    assert [bool(store.load(desk)) for desk in ("one", "two", "three")] == [False, True, True]


@pytest.mark.parametrize("damaged", ["", "{}", "no json", '{"width": 0}'])
def test_a_damaged_row_is_an_empty_desk(settings, damaged):
    database = Database(settings.database)
    store = PoseDesks(database)
    store.save("one", PoseOnDesk(STANDING, None))
    with database.transaction() as connection:
        connection.execute("UPDATE pose_desks SET pose = ?", (damaged,))
    assert store.load("one") is None


def test_another_pose_leaves_the_photo_where_it_is(settings, monkeypatch):
    monkeypatch.setenv("STUDIO_HOME", str(settings.home))
    assert pose_desk.current("me") is None and pose_desk.background("me") is None
    pose_desk.keep_background("me", STANDING, "cd" * 32)
    pose_desk.keep("me", WAVING)
    assert (pose_desk.current("me"), pose_desk.background("me")) == (WAVING, "cd" * 32)
    pose_desk.keep_background("me", WAVING, None)
    assert (pose_desk.current("me"), pose_desk.background("me")) == (WAVING, None)
