from __future__ import annotations

from studio.database import Database
from studio.ui.generate import drafts
from studio.ui.generate.draft import Draft
from studio.ui.generate.drafts import Drafts


def test_each_browser_has_its_own_draft(settings):
    store = Drafts(Database(settings.database))
    store.save("one", Draft(prompt="first"))
    store.save("two", Draft(prompt="second"))
    store.save("one", Draft(prompt="changed"))
    again = Drafts(Database(settings.database))
    assert again.load("one").prompt == "changed"
    assert again.load("two").prompt == "second"
    assert again.load("three") is None


def test_only_the_latest_browsers_are_kept(settings, monkeypatch):
    monkeypatch.setattr(drafts, "KEPT", 2)
    store = Drafts(Database(settings.database))
    for desk in ("one", "two", "three"):
        store.save(desk, Draft())
    assert [bool(store.load(desk)) for desk in ("one", "two", "three")] == [False, True, True]
