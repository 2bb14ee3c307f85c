"""The library's panel on the Pose page: find, mark, take, save, export, import, delete and undo."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from studio.database import Database
from studio.gallery.poses import PoseShelf
from studio.poses.library import entries, library_pose
from studio.settings import Settings
from tests.browser.posing import PosingDesk

TARGET = "element => Math.min(element.getBoundingClientRect().width, element.getBoundingClientRect().height)"


@pytest.fixture
def shelf(studio) -> PoseShelf:
    return PoseShelf(Database(Settings(home=studio.home, models=studio.models).database))


def cards(page: Page) -> Locator:
    return page.locator(".card:has(.pick)")


def card(page: Page, label: str) -> Locator:
    return cards(page).filter(has=page.get_by_text(label, exact=True))


def search(page: Page, text: str) -> None:
    page.get_by_placeholder("For example: sitting, sword, two people").fill(text)


def named(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def test_a_pose_is_found_marked_taken_and_saved(studio, visit, shelf):
    page = visit(f"{studio.address}/pose")
    desk = PosingDesk(studio, page)
    expect(cards(page)).to_have_count(len(entries()))
    cards(page).first.scroll_into_view_if_needed()  # thumbnails out of sight wait
    expect(cards(page).first.locator("img")).to_have_js_property("complete", True)
    search(page, "katanna")
    expect(cards(page)).to_have_count(4)

    for label in ("Sword guard", "Sword slash"):  # faster than a run of the page
        card(page, label).locator(".star").click()
    expect(page.get_by_text("Favourites · 2")).to_be_visible()
    assert shelf.favourites() == {"library:sword-guard", "library:sword-slash"}

    card(page, "Sword guard").locator(".pick").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".card .pick[aria-pressed=true]")).to_have_count(1)
    label = page.locator(".card .pick[aria-pressed=true] span").inner_text()
    (picked,) = [entry for entry in entries() if entry.label == label]
    assert label != "Sword guard"
    expect(page.get_by_test_id("stToast")).to_contain_text(label)  # for those who do not see the editor
    assert desk.pose() == picked.pose

    page.get_by_role("button", name="Save this pose").click()
    named(page, "Name").fill("My <b>*guard*</b>")
    named(page, "Tags").fill("mine, samurai")
    page.get_by_role("button", name="Save", exact=True).click()  # at once after typing: nothing of it is lost
    expect(page.get_by_text("Yours · 1")).to_be_visible()
    (own,) = shelf.own()
    assert (own.name, own.tags, own.pose) == ("My <b>*guard*</b>", ("mine", "samurai"), picked.pose)

    page.get_by_text("Yours · 1").click()
    search(page, "")
    expect(card(page, own.name)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export", exact=True).click()
    data = Path(download.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["my-b-guard-b.json"]

    card(page, own.name).locator(".edit").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Poses that you save or import will be here.")).to_be_visible()
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "x.zip", "mimeType": "application/zip", "buffer": data}
    )
    expect(page.get_by_text("1 pose added.")).to_be_visible()
    expect(card(page, own.name)).to_be_visible()
    assert [one.pose for one in shelf.own()] == [own.pose]
    shelf.delete([one.id for one in shelf.own()])
    for key in shelf.favourites():
        shelf.favour(key, on=False)


def test_on_a_phone_poses_are_large_enough_for_a_finger_and_nothing_sticks_out(studio, visit, shelf):
    own = shelf.save("Waving on the phone", library_pose("waving"))
    page = visit(f"{studio.address}/pose", 390, "light")
    expect(cards(page)).to_have_count(len(entries()))
    for part in (".star", ".pick"):
        assert cards(page).first.locator(part).evaluate(TARGET) >= 40
    page.get_by_text("Yours · 1").click()
    card(page, own.name).locator(".edit").click()
    dialog = page.get_by_role("dialog")
    named(page, "Name").fill("Hello")
    dialog.get_by_role("button", name="Save changes").click()
    expect(dialog).to_have_count(0)
    expect(card(page, "Hello")).to_be_visible()
    assert shelf.get(own.id).name == "Hello"
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    shelf.delete([own.id])
