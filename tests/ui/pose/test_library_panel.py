"""The library's panel under Streamlit's test driver: what is shown, saved, imported, and what is said."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from studio.gallery.pose_rows import library_key
from studio.poses.library import entries, library_pose
from studio.poses.openpose import write
from studio.ui.components.pose_grid import acts
from studio.ui.pose import library_own as pose_library_own
from studio.ui.pose import library_panel as pose_library_panel
from studio.ui.services import Services, services


@pytest.fixture
def parts(settings, monkeypatch) -> Services:
    monkeypatch.setenv("STUDIO_HOME", str(settings.home))
    monkeypatch.setenv("STUDIO_MODELS", str(settings.models))
    return services()


@pytest.fixture
def panel(parts) -> AppTest:
    def page() -> None:
        import streamlit as st

        from studio.poses.library import library_pose
        from studio.ui.pose import library_panel as pose_library_panel

        def picked(pose, label) -> None:
            st.session_state["picked"] = (pose, label)

        pose_library_panel.show(picked, lambda: None if st.session_state.get("nothing") else library_pose("waving"))

    return run(AppTest.from_function(page, default_timeout=60))


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def button(test: AppTest, label: str):
    (found,) = [element for element in test.button if element.label == label]
    return found


def field(test: AppTest, label: str):
    (found,) = [element for element in test.text_input if element.label == label]
    return found


def text_of(test: AppTest) -> str:
    said = [*test.caption, *test.info, *test.warning, *test.error]
    return " ".join(f"{getattr(element.proto, 'title', '')} {element.value}" for element in said)


def test_all_poses_then_one_category_then_a_search_in_it(panel):
    assert f"{len(entries())} poses." in text_of(panel)
    panel.session_state["poses.category"] = "Together"
    run(panel)
    together = sum(entry.category == "Together" for entry in entries())
    assert f"{together} poses." in text_of(panel)
    field(panel, "Search poses").set_value("sowrd")
    assert "1 pose." in text_of(run(panel))
    field(panel, "Search poses").set_value("zzqx *wwvv*")
    assert "No pose has these words: zzqx" in text_of(run(panel)) and " *wwvv*" not in text_of(panel)
    button(panel, "Clear the search").click()
    assert f"{together} poses." in text_of(run(panel))


def test_empty_states_lead_on(panel):
    panel.session_state["poses.section"] = "own"
    assert "save or import" in text_of(run(panel))
    panel.session_state["poses.section"] = "favourites"
    assert "star" in text_of(run(panel))
    button(panel, "Look through the library").click()
    assert f"{len(entries())} poses." in text_of(run(panel))


def save(test: AppTest, name: str, tags: str = "") -> AppTest:
    field(test, "Name").set_value(name)
    field(test, "Tags").set_value(tags)
    button(test, "Save").click()
    return run(test)


def test_saving_asks_before_it_replaces_and_replacing_is_undone(panel, parts):
    save(panel, "Hello", "greeting, front")
    first = parts.pose_shelf.named("hello")
    assert first.tags == ("greeting", "front") and first.pose == library_pose("waving")
    assert "Saved as “Hello”." in text_of(panel)
    save(panel, "HELLO", "other")
    assert "called “HELLO” already" in text_of(panel) and parts.pose_shelf.own() == [first]
    button(panel, "Replace it").click()
    run(panel)
    assert parts.pose_shelf.named("hello").tags == ("other",) and "was replaced" in text_of(panel)
    button(panel, "Undo").click()
    run(panel)
    assert parts.pose_shelf.own() == [first] and "was replaced" not in text_of(panel)
    save(panel, "hello")
    button(panel, "Keep both").click()
    run(panel)
    assert [own.name for own in parts.pose_shelf.own()] == ["Hello", "hello 2"]


def test_what_cannot_be_saved_is_said(panel, parts):
    save(panel, "   ")
    assert "needs a name" in text_of(panel)
    panel.session_state["nothing"] = True
    save(panel, "Pose")
    assert "no pose in the editor yet" in text_of(panel) and parts.pose_shelf.count() == 0


def test_rename_replace_and_delete_in_the_dialog(panel, parts):
    own = parts.pose_shelf.save("Jog", library_pose("jogging"), ["sport"])
    parts.pose_shelf.save("Taken", library_pose("duel"))
    panel.session_state["poses.section"], panel.session_state["poses.edited"] = "own", own.id
    run(panel)
    name = panel.text_input(key=f"poses.name_of.{own.id}")
    name.set_value("taken")
    button(panel, "Save changes").click()
    assert "called “Taken” already" in text_of(run(panel))
    panel.text_input(key=f"poses.name_of.{own.id}").set_value("Morning run")
    panel.text_input(key=f"poses.tags_of.{own.id}").set_value("sport, park")
    button(panel, "Save changes").click()
    run(panel)
    renamed = parts.pose_shelf.get(own.id)
    assert (renamed.name, renamed.tags) == ("Morning run", ("sport", "park"))
    panel.session_state["poses.edited"] = own.id
    run(panel)
    button(panel, "Put the editor's pose here").click()
    run(panel)
    put = parts.pose_shelf.named("Morning run")
    assert put.pose == library_pose("waving") and put.tags == ("sport", "park")
    panel.session_state["poses.edited"] = put.id
    run(panel)
    button(panel, "Delete").click()
    run(panel)
    assert parts.pose_shelf.named("Morning run") is None and "“Morning run” was deleted." in text_of(panel)
    button(panel, "Undo").click()
    run(panel)
    assert parts.pose_shelf.named("Morning run") == put


def test_import_adds_says_what_was_known_and_names_what_it_could_not_read(panel, parts):
    good = json.dumps({"title": "From elsewhere", **write(library_pose("duel"))}).encode()
    uploads = [("duel.json", good, "application/json"), ("bad *name*.json", b"{}", "application/json")]
    panel.file_uploader[0].set_value(uploads)
    run(panel)
    said = text_of(panel)
    assert "1 pose added." in said and "name" in said and "list of people" in said
    assert [own.name for own in parts.pose_shelf.own()] == ["From elsewhere"]
    assert panel.session_state["poses.section"] == "own"
    panel.file_uploader[0].set_value(uploads[:1])
    run(panel)
    assert "No pose was added. 1 was there already." in text_of(panel)


def test_summaries():
    assert pose_library_own._summary(0, 0) == "No pose was added."
    assert pose_library_own._summary(2, 3) == "2 poses added. 3 were there already."


def test_cards_of_favourites_are_of_both_kinds(parts):
    shelf = parts.pose_shelf
    own = shelf.save("My *run*", library_pose("jogging"), ["sport"])
    for key in (own.key, library_key("duel"), library_key("gone"), "own:99"):
        shelf.favour(key)
    found = pose_library_panel._cards("favourites", "", None, shelf.own(), shelf.favourites())
    assert [(card.label, card.own, card.favourite, card.about) for card in found] == [
        ("My *run*", True, True, "sport"),
        ("Sword duel", False, True, ", ".join(next(e.tags for e in entries() if e.name == "duel"))),
    ]
    assert all(card.url.startswith("/app/static/studio/map/") for card in found)


def test_acts_are_done_once_in_order_and_nothing_strange_passes():
    log = [
        {"n": 7, "do": "star", "card": "library:duel"}, {"n": 5, "do": "pick", "card": "own:1"},
        {"n": 3, "do": "pick", "card": "x"},
        {"n": 8, "do": "format", "card": "x"}, {"n": True, "do": "pick", "card": "x"},
        {"n": 9.5, "do": "pick", "card": "x"},
        {"n": 9, "do": "pick", "card": 3}, {"n": float("nan"), "do": "pick", "card": "x"}, "text", None, {},
    ]  # fmt: skip
    assert list(acts(log, 3)) == [(5, "pick", "own:1"), (7, "star", "library:duel")]
    assert list(acts(log, 7)) == list(acts(None, 0)) == list(acts({"n": 1}, 0)) == []
