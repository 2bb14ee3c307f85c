from __future__ import annotations

import json

import pytest
import streamlit as st

from studio.errors import UnknownName
from studio.jobs import Priority
from studio.prompts.library import library as shipped_library
from studio.prompts.library.entries import Entry, Template
from studio.prompts.library.library import shipped
from studio.ui import desk
from studio.ui.generate.draft import Draft
from studio.ui.prompts import adding as prompts_adding
from studio.ui.prompts import cards as prompts_cards
from studio.ui.prompts import style as prompts_style
from studio.ui.prompts import transfer as prompts_transfer
from studio.ui.prompts import trials as prompts_trials
from studio.ui.prompts import use as prompts_use
from studio.ui.prompts.use import Taking

JOG, STARTER_JOG = "template:sunny-park-jog", "template:starter-park-jog"


@pytest.fixture
def session(parts, monkeypatch):
    """The page's callbacks outside a page, with the form of a newcomer."""
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(desk, "desk_id", lambda: "me")
    desk.begin(parts.drafts, Draft(prompt="1girl", negative_prompt="", checkpoint="tiny-sd15"))
    return state


def cards(page):
    (grid,) = (node.proto for node in page.get("bidi_component") if node.proto.id.endswith("prompts.grid"))
    return json.loads(grid.json)["cards"]


def test_one_page_of_cards_is_drawn_and_found_with_a_typing_error(open_page):
    page = open_page("prompts.py")
    assert len(cards(page)) == 48
    page.text_input(key="prompts.text").set_value("ponytial").run()
    assert cards(page)[0]["title"] == "Ponytail"
    page.text_input(key="prompts.text").set_value("xqzvwjk").run()
    assert not page.exception
    page.button(key="prompts_first").click().run()
    assert len(cards(page)) == 48


def test_what_the_family_does_not_know_is_marked_or_left_out(open_page):
    page = open_page("prompts.py")
    page.text_input(key="prompts.text").set_value("score_9").run()
    assert any("Stable Diffusion 1.5" in card["remark"] for card in cards(page))
    page.selectbox(key="prompts.family").select("starter").run()
    assert not page.exception and page.button(key="prompts_first").label == "Show all models"


@pytest.mark.parametrize("kind", ["favourites", "recent", "own"])
def test_what_is_empty_says_what_will_be_there_with_one_button(open_page, kind):
    page = open_page("prompts.py")
    page.session_state["prompts.kind"] = kind
    page.run()
    assert not page.exception
    page.button(key="prompts_first").click().run()
    assert not page.exception


def test_own_prompts_stand_among_the_others_and_can_be_deleted_and_brought_back(open_page, parts):
    own = parts.prompt_shelf.save_entry("My hero", "blue scarf, goggles", "People")
    page = open_page("prompts.py")
    page.session_state["prompts.kind"] = "own"
    page.run()
    assert [(card["title"], card["own"], card["where"]) for card in cards(page)] == [("My hero", True, "People")]
    parts.prompt_shelf.favour(own.key)
    page.run()
    assert cards(page)[0]["favourite"]


def test_a_folder_that_is_gone_hides_nothing(open_page, parts):
    own = [parts.prompt_shelf.save_entry(f"Number {folder}", f"word {folder}", folder) for folder in "ABC"]
    page = open_page("prompts.py")
    page.session_state["prompts.kind"] = "own"
    page.session_state["prompts.categories.own"] = ["own/A"]
    page.run()
    assert [card["title"] for card in cards(page)] == ["Number A"]
    parts.prompt_shelf.delete([own[0].id])
    page.run()
    assert not page.exception and [card["title"] for card in cards(page)] == ["Number B", "Number C"]


def test_a_broken_file_is_told_with_its_place_and_the_rest_is_there(open_page, tmp_path, monkeypatch):
    folder = tmp_path / "library"
    (folder / "packs").mkdir(parents=True)
    (folder / "packs" / "good.yaml").write_text(
        "category: good\ntitle: Good\nentries:\n  - {id: lamp, text: oil lamp}\n", encoding="utf-8"
    )
    (folder / "packs" / "bad.yaml").write_text(
        "category: bad\ntitle: Bad\nentries:\n  - {id: nothing}\n", encoding="utf-8"
    )
    monkeypatch.setattr(shipped_library, "FOLDER", folder)
    page = open_page("prompts.py")
    assert [card["title"] for card in cards(page)] == ["Oil lamp"]
    assert any("bad.yaml" in text.value and "line 4" in text.value for text in page.markdown)


def test_a_click_adds_and_a_second_one_takes_out_and_both_are_undone(session, parts):
    entry = next(entry for entry in shipped().entries if entry.text == "ponytail")
    prompts_cards._act("pick", entry.key)
    assert parts.drafts.load("me").prompt == "1girl, ponytail"
    assert parts.prompt_shelf.recent() == (entry.key,)
    prompts_cards._act("pick", entry.key)
    assert desk.value("prompt") == "1girl"
    prompts_adding.undo()
    prompts_adding.undo()
    assert desk.value("prompt") == "1girl" and prompts_adding.last_step() is None


def test_nothing_is_undone_over_what_was_typed_since(session):
    prompts_adding.change("A step", prompt="1girl, rain")
    desk.put_values(prompt="1girl, rain, and more")
    prompts_adding.undo()
    assert desk.value("prompt") == "1girl, rain, and more"


def test_a_template_is_taken_in_one_step_as_far_as_one_wants(session):
    template, family = shipped().get(JOG), prompts_use.traits(prompts_trials.checkpoint())
    assert isinstance(template, Template)
    prompts_use.use(template, Taking("1girl, red hair", negative=False, settings=True, pose=True), family)
    now = desk.draft()
    assert now.prompt == template.fill("1girl, red hair") and now.negative_prompt == ""
    assert (now.control, now.pose_name, now.steps) == ("pose", "jogging", 28)
    assert (now.width / now.height) < 1
    assert prompts_use.own_words("an example") == "1girl"
    prompts_adding.undo()
    assert desk.draft() == Draft(prompt="1girl", negative_prompt="", checkpoint="tiny-sd15")


def test_a_trial_waits_behind_what_was_asked_for_and_is_not_made_twice(session, parts):
    library = shipped()
    items = [library.entries[0], library.get(STARTER_JOG)]
    prompts_trials.start(items)
    jobs = parts.queue.active()
    assert [job.priority for job in jobs] == [Priority.SWEEP] * 2
    assert {key: each.active for key, each in prompts_trials.of(items).items()} == dict.fromkeys(
        (item.key for item in items), True
    )
    assert jobs[1].request.controls[0].pose is not None
    prompts_cards._act("cancel", items[0].key)
    assert [each.active for each in prompts_trials.of(items).values()].count(True) == 1


def test_without_a_checkpoint_a_trial_says_so(session):
    desk.put_values(checkpoint="gone")
    with pytest.raises(UnknownName, match="no checkpoint"):
        prompts_trials.start(shipped().entries[:1])
    prompts_cards._act("try", shipped().entries[0].key)
    assert session["prompts.note"][1].startswith("There is no checkpoint")


def test_words_with_people_of_their_own_get_no_other_figure():
    assert prompts_trials._in_a_picture(Entry("a", "2boys", "2 boys", "s", count=2)) == "2boys"
    assert prompts_trials._in_a_picture(Entry("a", "rain", "Rain", "s")) == "rain, 1girl, solo"
    assert prompts_trials._in_a_picture(Entry("a", "hug", "Hug", "s", conflicts=("solo",))) == "hug, 1girl"


def test_an_import_is_undone_with_what_it_replaced(session, parts):
    old = parts.prompt_shelf.save_template("Rain", "{prompt}, drizzle")
    data = b'name,prompt,negative_prompt\nRain,"{prompt}, rain",\nSnow,snow,\n'
    prompts_transfer._take(data, "styles.csv", "replace")
    assert [own.item.prompt for own in parts.prompt_shelf.own()] == ["{prompt}, rain", "snow"]
    prompts_transfer.notes._undo()
    assert [own.id for own in parts.prompt_shelf.own()] == [old.id]


def test_a_style_stands_around_the_prompt_until_it_is_written_into_it(session):
    template = shipped().template("sunny-park-jog")
    desk.put_values(prompt="1girl # mine", style=JOG)
    styled = prompts_style.worn(desk.draft())
    assert styled.prompt == template.fill("1girl ") and styled.style is None
    prompts_style.write()
    assert desk.value("prompt") == styled.prompt and desk.value("style") is None
    assert prompts_style.worn(desk.draft()) == desk.draft()


def test_a_style_that_is_gone_is_refused_rather_than_left_out(session):
    with pytest.raises(UnknownName, match="style template"):
        prompts_style.worn(Draft(style="template:own-9"))
