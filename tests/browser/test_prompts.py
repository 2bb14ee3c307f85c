"""The Prompts page, and the library beside the prompt editor: what counts is what has arrived in the database."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from studio.database import Database
from studio.gallery.prompt_shelf import PromptShelf
from studio.settings import Settings
from studio.ui.desk import COOKIE
from studio.ui.generate.drafts import Drafts
from tests.browser.conftest import only, settled

SEARCH = "twintails, rain, ponytial"
STYLES = (
    "\ufeffname,prompt,negative_prompt\n# a comment,,\n"
    '"Rainy evening","{prompt}, rain,\numbrella","sunny"\nMy hero,"blue scarf, goggles",\nBroken,a,b,c\n'
)


@pytest.fixture
def database(studio) -> Database:
    return Database(Settings(home=studio.home, models=studio.models).database)


@pytest.fixture
def shelf(database) -> PromptShelf:
    shelf = PromptShelf(database)
    shelf.delete([own.id for own in shelf.own()])
    return shelf


@pytest.fixture
def draft(database):
    def drafted(page: Page):
        (desk,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE]
        return Drafts(database).load(desk)

    return drafted


def cards(page: Page) -> Locator:
    return page.locator(".card:has(.pick)")


def card(page: Page, title: str) -> Locator:
    return cards(page).filter(has=page.locator(".title").get_by_text(title, exact=True))


def search(page: Page, text: str) -> None:
    only(page.get_by_placeholder(SEARCH)).fill(text)


def prompt_bar(page: Page) -> Locator:
    return page.locator(".st-key-prompts_bar")


def test_words_are_found_with_a_typing_error_added_marked_and_still_there_after_a_reload(studio, visit, draft, shelf):
    page = settled(visit(f"{studio.address}/prompts"))
    search(page, "ponytial")
    expect(cards(page).first.locator(".title")).to_have_text("Ponytail")
    card(page, "Ponytail").locator(".star").click()
    card(page, "Ponytail").locator(".pick").click()  # faster than a run of the page
    expect(card(page, "Ponytail")).to_have_attribute("data-taken", "")
    expect(prompt_bar(page)).to_contain_text(", ponytail")
    expect(page.get_by_test_id("stToast").filter(has_text="“Ponytail” added")).to_be_visible()
    assert draft(page).prompt.endswith(", ponytail")
    assert "entry:ponytail" in shelf.favourites()

    card(page, "Low ponytail").locator(".pick").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(prompt_bar(page)).to_contain_text("ponytail, high ponytail")
    prompt_bar(page).get_by_role("button", name="Undo").click()
    expect(card(page, "High ponytail")).not_to_have_attribute("data-taken", "")

    page.reload()
    settled(page)
    expect(prompt_bar(page)).to_contain_text(", ponytail")
    page.get_by_role("radio", name=re.compile("^Favourites")).click()
    expect(card(page, "Ponytail").locator(".star")).to_have_attribute("aria-pressed", "true")
    prompt_bar(page).get_by_role("link", name="Open Generate").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(re.compile(", ponytail$"))


def test_a_styles_file_is_looked_through_imported_taken_back_and_kept(studio, visit, shelf, tmp_path):
    file = tmp_path / "styles.csv"
    file.write_text(STYLES, encoding="utf-8")
    page = settled(visit(f"{studio.address}/prompts"))
    page.get_by_role("button", name="Import").click()
    only(page.get_by_test_id("stFileUploader").locator("input")).set_input_files(file)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("New · 2")
    expect(dialog).to_contain_text("styles.csv, line 6")
    dialog.get_by_role("button", name="Add 2 prompts").click()
    expect(card(page, "Rainy evening")).to_be_visible()
    assert {own.name for own in shelf.own()} == {"Rainy evening", "My hero"}
    page.locator(".st-key-prompts_note").get_by_role("button", name="Undo").click()
    expect(cards(page)).to_have_count(0)
    assert shelf.own() == []

    page.get_by_role("button", name="Import").click()
    only(page.get_by_test_id("stFileUploader").locator("input")).set_input_files(file)
    dialog.get_by_role("button", name="Add 2 prompts").click()
    expect(cards(page)).to_have_count(2)
    page.reload()
    settled(page)
    page.get_by_role("radio", name=re.compile("^Yours")).click()
    expect(cards(page)).to_have_count(2)


def test_words_of_ones_own_are_written_changed_and_deleted(studio, visit, shelf):
    page = settled(visit(f"{studio.address}/prompts"))
    page.get_by_role("button", name="New").click()
    page.get_by_role("button", name="Words", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("My <b>hero</b>")
    dialog.get_by_label("Words", exact=True).fill("blue scarf, goggles")
    dialog.get_by_role("button", name="Save").click()  # at once after typing: nothing of it is lost
    expect(dialog).to_have_count(0)
    (own,) = shelf.own()
    assert (own.name, own.item.text) == ("My <b>hero</b>", "blue scarf, goggles")

    search(page, "gogles")
    mine = card(page, "My <b>hero</b>")
    only(mine).get_by_role("button", name="Change or delete").click()
    dialog.get_by_label("Negative words", exact=True).fill("hat")
    dialog.get_by_role("button", name="Save").click()
    only(mine.filter(has_text="without hat"))
    only(mine).get_by_role("button", name="Change or delete").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(mine).to_have_count(0)
    page.locator(".st-key-prompts_note").get_by_role("button", name="Undo").click()
    expect(mine).to_have_count(1)


def test_a_card_gets_a_picture_that_the_studio_has_drawn(studio, visit):
    page = settled(visit(f"{studio.address}/prompts"))
    search(page, "side ponytial")
    first = card(page, "Side ponytail")
    first.locator('[data-act="try"]').click()
    first.locator('[data-act="cancel"]').click()
    expect(first.locator('[data-act="try"]')).to_be_visible()
    first.locator('[data-act="try"]').click()
    picture = first.locator(".view img")
    expect(picture).to_be_visible(timeout=300_000)
    expect(picture).to_have_js_property("naturalWidth", 256)
    picture.click()
    expect(page.get_by_role("dialog").get_by_role("link", name="Open in the gallery")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    search(settled(page), "side ponytial")
    expect(card(page, "Side ponytail").locator(".view img")).to_be_visible()


def test_a_template_fills_the_form_in_one_step(studio, visit, draft):
    page = settled(visit(f"{studio.address}/prompts"))
    search(page, "ninja leaping energy sphere")
    cards(page).first.locator(".pick").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("spinning energy sphere")
    dialog.get_by_role("button", name="Put it into the form").click()
    expect(prompt_bar(page)).to_contain_text("spinning energy sphere")
    now = draft(page)
    assert (now.control, now.pose_name, now.steps, now.sampler) == ("pose", "leaping", 30, "DPM++ 2M SDE")
    prompt_bar(page).get_by_role("button", name="Undo").click()
    expect(prompt_bar(page)).not_to_contain_text("energy sphere")
    assert draft(page).pose_name != "leaping"


def test_the_library_is_within_reach_of_the_prompt_and_a_style_stands_around_it(studio, visit, draft):
    page = settled(visit(studio.address))
    field = page.get_by_label("Prompt", exact=True)
    field.fill("1girl, lighthouse")
    page.get_by_role("button", name="Library", exact=True).click()
    page.get_by_role("textbox", name="Search in the library").fill("ponytial")
    page.locator('[class*="st-key-pick"]').get_by_role("button", name=re.compile("Ponytail")).first.click()
    expect(field).to_have_value("1girl, lighthouse, ponytail")
    page.keyboard.press("Escape")
    page.locator("summary", has_text="Look").click()
    style = page.get_by_role("combobox", name="Style template")
    style.click()
    style.fill("sunny park")
    page.get_by_role("option", name=re.compile("Girl jogging")).click()
    expect(page.locator(".st-key-style_adds")).to_contain_text("your words, jogging, full body")
    page.get_by_role("button", name="Write it into the prompt").click()
    expect(field).to_have_value(re.compile("1girl, lighthouse, ponytail, jogging, full body"))
    assert draft(page).style is None
