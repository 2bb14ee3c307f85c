"""Own prompts: saved under names, in folders, never overwritten or lost by accident; favourites and recent ones."""

from __future__ import annotations

import threading

import pytest

from studio.database import Database
from studio.errors import NameTaken, StudioError, UnknownName
from studio.gallery import prompt_marks, prompt_shelf
from studio.gallery.prompt_shelf import PromptShelf
from studio.prompts.library.entries import Entry, Template
from studio.settings import Settings


@pytest.fixture
def shelf(settings: Settings) -> PromptShelf:
    return PromptShelf(Database(settings.database))


def test_an_entry_and_a_template_are_kept_whole(shelf: PromptShelf, settings: Settings):
    entry = Entry("", "silver hair, braid", "Silver braid", "", ("ginpatsu",), conflicts=("short hair",), count=1)
    template = Template("", "Rain", "", "A wet street.", "{prompt}, rain", "a girl", "sun", {"steps": 20}, "walking")
    saved = shelf.save(entry), shelf.save(template, "Moods")
    again = PromptShelf(Database(settings.database))
    assert [own.item for own in again.own()] == [own.item for own in saved]
    kept, filled = saved[0].item, saved[1].item
    assert isinstance(kept, Entry) and isinstance(filled, Template)
    assert (kept.text, kept.aliases, kept.conflicts, kept.count) == (entry.text, ("ginpatsu",), ("short hair",), 1)
    assert (kept.id, kept.category, kept.key) == ("own-1", "own", saved[0].key)
    assert (filled.settings, filled.pose, filled.category) == ({"steps": 20}, "walking", "own/Moods")


def test_a_name_in_use_is_refused_and_nothing_changes(shelf: PromptShelf):
    shelf.save_entry("Rain", "rain")
    with pytest.raises(NameTaken) as caught:
        shelf.save_template(" rain ", "{prompt}, snow")
    assert "Rain" in caught.value.message and "replace" in caught.value.hint
    assert [own.name for own in shelf.own()] == ["Rain"]


def test_replacing_keeps_the_star_and_the_old_one_can_come_back(shelf: PromptShelf):
    old = shelf.save_entry("Rain", "rain")
    shelf.favour(old.key)
    new = shelf.save_entry("rain", "heavy rain", replace=True)
    assert shelf.favourites() == (new.key,) and shelf.count() == 1
    (back,) = shelf.restore([old.id])
    assert (back.name, back.item.text) == ("Rain 2", "rain")  # type: ignore[union-attr]


def test_deleted_ones_come_back(shelf: PromptShelf):
    ids = [shelf.save_entry(name, name).id for name in ("a", "b", "c")]
    shelf.delete(ids[:2])
    assert [own.name for own in shelf.own()] == ["c"]
    assert [own.name for own in shelf.restore(ids)] == ["a", "b"]
    assert shelf.count() == 3 and shelf.restore(ids) == []


def test_only_the_latest_deleted_ones_are_kept(shelf: PromptShelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompt_shelf, "KEPT_DELETED", 2)
    ids = [shelf.save_entry(name, name).id for name in "abcd"]
    for id in ids:
        shelf.delete([id])
    assert [own.name for own in shelf.restore(ids)] == ["c", "d"]


def test_many_deleted_at_once_all_come_back(shelf: PromptShelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompt_shelf, "KEPT_DELETED", 2)
    ids = [shelf.save_entry(name, name).id for name in "abcd"]
    shelf.delete(ids)
    assert len(shelf.restore(ids)) == 4


def test_changing_renaming_moving(shelf: PromptShelf):
    a, b = shelf.save_entry("a", "one"), shelf.save_entry("b", "two")
    assert shelf.rename(a.id, "A").name == "A"
    with pytest.raises(NameTaken):
        shelf.rename(a.id, "B")
    with pytest.raises(NameTaken):
        shelf.change(a.id, Entry("", "one", "b", ""))
    changed = shelf.change(a.id, Entry("", "three", "c", ""), "x/ y")
    assert (changed.name, changed.item.text, changed.folder) == ("c", "three", "x / y")  # type: ignore[union-attr]
    with pytest.raises(StudioError, match="cannot become"):
        shelf.change(a.id, Template("", "c", "", "", "{prompt}"))
    shelf.move([a.id, b.id], "Both")
    assert shelf.folders() == ("Both",) and len(shelf.own(folder="Both")) == 2 and not shelf.own(folder="")
    assert len(shelf.own("entry")) == 2 and not shelf.own("template")


@pytest.mark.parametrize(
    ("name", "text"),
    [("", "x"), ("  ", "x"), ("#no", "x"), ("a\x07", "x"), ("n" * 121, "x"), ("a", ""), ("a", " \n"), ("a", "x\x00"),
     ("a", "\ud800"), ("a", "x" * 2001)],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_remedy(shelf: PromptShelf, name: str, text: str):
    with pytest.raises(StudioError) as caught:
        shelf.save_entry(name, text)
    assert caught.value.message and caught.value.hint and not shelf.own()


@pytest.mark.parametrize(
    "fields",
    [{"prompt": "", "negative_prompt": ""}, {"settings": {"stpes": 3}}, {"settings": {"steps": "many"}},
     {"pose": "../x"}, {"prompt": "x" * 20_001}, {"tags": ("",)}],
)  # fmt: skip
def test_templates_are_held_to_the_rules_of_packs(shelf: PromptShelf, fields: dict):
    template = Template(**{"id": "", "title": "T", "category": "", "description": "", "prompt": "x", **fields})
    with pytest.raises(StudioError):
        shelf.save(template)
    assert not shelf.own()


def test_a_folder_has_a_name_that_files_can_carry(shelf: PromptShelf):
    assert shelf.save_entry("a", "x", " --- Night // city --").folder == "Night / city"
    with pytest.raises(StudioError, match="folder"):
        shelf.save_entry("b", "x", "f" * 81)


def test_a_full_shelf_refuses_but_still_replaces(shelf: PromptShelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompt_shelf, "MAX_OWN", 2)
    shelf.save_entry("a", "1"), shelf.save_entry("b", "2")
    with pytest.raises(StudioError, match="do not fit"):
        shelf.save_entry("c", "3")
    shelf.save_entry("b", "4", replace=True)
    assert [own.name for own in shelf.own()] == ["a", "b"]


def test_what_is_gone_says_so(shelf: PromptShelf):
    own = shelf.save_entry("a", "x")
    shelf.delete([own.id])
    for act in (shelf.get, lambda id: shelf.rename(id, "b"), lambda id: shelf.move([id], "f")):
        with pytest.raises(UnknownName):
            act(own.id)


def test_favourites_and_recent_ones_come_latest_first(shelf: PromptShelf):
    for key in ("entry:a", "entry:b", "entry:a"):
        shelf.favour(key)
        shelf.note_use(key)
    assert shelf.favourites() == ("entry:b", "entry:a")
    assert shelf.recent() == ("entry:a", "entry:b") and shelf.recent(1) == ("entry:a",)
    shelf.favour("entry:b", on=False)
    assert shelf.favourites() == ("entry:a",)


def test_only_so_many_uses_are_remembered(shelf: PromptShelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompt_marks, "KEPT_USES", 2)
    for key in "abc":
        shelf.note_use(key)
    assert shelf.recent() == ("c", "b")


def test_own_prompts_are_found_in_the_library_with_the_shipped_ones(shelf: PromptShelf):
    before = shelf.library()
    assert shelf.library() is before  # nothing has changed, nothing is built
    shelf.save_entry("My glow", "qqzunseen glow", "Light")
    shelf.save_template("My qqzunseen scene", "{prompt}, a scene")
    library = shelf.library()
    assert [hit.item.title for hit in library.search("qqzunsene")] == ["My glow", "My qqzunseen scene"]
    assert [hit.item.title for hit in library.search("", categories=["own/Light"])] == ["My glow"]
    assert {category.title for category in library.categories} > {"Light", "Own"}
    assert len(library.entries) == len(before.entries) + 1
    shelf.favour("entry:own-1")
    assert shelf.library() is library
    shelf.delete([1])
    assert [hit.item.title for hit in shelf.library().search("qqzunseen")] == ["My qqzunseen scene"]


def test_another_process_sees_what_was_saved(shelf: PromptShelf, settings: Settings):
    shelf.library()
    PromptShelf(Database(settings.database)).save_entry("Other", "qqzunseen")
    assert [hit.item.title for hit in shelf.library().search("qqzunseen")] == ["Other"]


def test_of_many_who_save_one_name_at_once_one_wins(shelf: PromptShelf):
    outcomes: list[str] = []

    def save(number: int) -> None:
        try:
            outcomes.append(shelf.save_entry("Same", f"text {number}").name)
        except NameTaken:
            outcomes.append("taken")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Same", *["taken"] * 7] and shelf.count() == 1
