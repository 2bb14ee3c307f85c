"""The gallery as a person uses it: found, rated, compared, reused, deleted, imported, taken away."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, TimeoutError, expect

from studio.database import Database
from studio.gallery import Gallery
from studio.settings import Settings
from tests.browser.conftest import settled
from tests.gallery_pictures import add

NUMBERS = range(9000, 9012)
FOREIGN = "an abandoned lighthouse\nNegative prompt: people\nSteps: 21, Sampler: Euler a, Seed: 77, Size: 96x64"


@pytest.fixture(scope="module")
def pictures(studio):
    """Twelve pictures put into the running studio's gallery, by number."""
    settings = Settings(home=studio.home, models=studio.models, device="cpu", dtype="float32", slots=2, offline=True)
    gallery = Gallery(settings, Database(settings.database))
    return {number: add(gallery, number) for number in NUMBERS}


@pytest.fixture
def gallery(studio, visit, pictures):
    """``gallery(width=1440)``: the page, drawn."""

    def opened(width: int = 1440, path: str = "gallery") -> Page:
        return settled_list(visit(f"{studio.address}/{path}", width))

    return opened


def settled_list(page: Page) -> Page:
    settled(page)
    expect(page.locator(".tile").first).to_be_visible()
    return page


def search(page: Page, words: str, count: int) -> None:
    page.get_by_label("Search", exact=True).fill(words)
    expect(page.locator(".tile")).to_have_count(count)


def tile(page: Page, picture):
    return page.locator(f'.tile[data-id="{picture.id}"]')


def choose(page: Page, label: str, option: str) -> None:
    """A list that was opened while its surroundings still moved closes again: it is opened until it stays."""
    for _ in range(20):
        settled(page)
        page.get_by_role("combobox", name=label).click()
        with suppress(TimeoutError):
            page.get_by_role("option", name=option).click(timeout=3000)
            return
    raise AssertionError(f"{label} does not open")


def shown(page: Page, selector: str) -> None:
    """Until the image has arrived and has pixels."""
    expect(page.locator(selector)).to_be_visible()
    expect(page.locator(selector)).to_have_js_property("complete", True)
    assert page.locator(selector).evaluate("image => image.naturalWidth") > 0


def test_search_filter_and_rate_by_keyboard(gallery, pictures):
    page = gallery()
    search(page, "witch hat", 2)
    first, second = pictures[9009], pictures[9004]
    tile(page, first).locator(".open").focus()
    page.keyboard.press("4")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    page.keyboard.press("f")
    page.keyboard.press("t")
    page.get_by_label("Tags, separated by commas").fill("spellbound")
    page.keyboard.press("Enter")
    expect(tile(page, second).locator(".open")).to_be_focused()
    # What is shown at once must also have been kept: the reload asks the database.
    page.reload()
    settled_list(page)
    search(page, "spellbound", 1)
    search(page, "witch hat", 2)
    expect(tile(page, first).locator(".stars")).to_have_text("★★★★")
    expect(tile(page, second).locator(".stars")).to_have_text("★★")
    expect(tile(page, second)).to_have_attribute("data-favourite", "")
    page.locator("summary", has_text="Filters").click()
    choose(page, "Rating", "3 stars or more")
    expect(page.locator(".tile")).to_have_count(1)
    expect(page.locator(".st-key-gallery_status")).to_contain_text("1 picture · 3 stars or more")
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_label("Search", exact=True)).to_have_value("")
    expect(tile(page, first)).to_be_visible()


def test_two_are_compared_under_the_slider_and_by_their_recipes(gallery, pictures):
    page = gallery()
    search(page, "witch hat", 2)
    tile(page, pictures[9009]).locator(".open").focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Compare").click()
    shown(page, ".compare .left img")
    shown(page, ".compare .right img")
    divider = page.get_by_role("slider", name="Divider")
    box = page.locator(".compare .frame").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "25")
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "27")
    page.keyboard.press("End")
    expect(divider).to_have_attribute("aria-valuenow", "100")
    page.keyboard.press("3")
    expect(page.locator(".compare .right")).to_be_hidden()
    page.get_by_role("button", name="Show the other").click()
    expect(page.locator(".compare .left")).to_be_hidden()
    page.get_by_role("radio", name="Side by side").click()
    expect(page.locator(".compare .left")).to_be_visible()
    table = page.locator(".st-key-differences table")
    expect(table).to_contain_text(str(pictures[9009].request.seed))
    expect(table).to_contain_text(str(pictures[9004].request.seed))


def test_a_picture_opens_large_and_its_settings_come_into_the_form(gallery, pictures):
    page = gallery()
    search(page, "armor", 2)
    tile(page, pictures[9008]).locator(".open").focus()
    page.keyboard.press("Enter")
    shown(page, ".viewer .picture img")
    page.keyboard.press("5")
    expect(page.get_by_role("radio", name="5 stars")).to_be_checked()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"picture={pictures[9003].id}$"))
    page.keyboard.press("z")
    shown(page, ".viewer .large img")
    page.keyboard.press("Escape")
    expect(page.locator(".viewer .large")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(tile(page, pictures[9008]).locator(".stars")).to_have_text("★★★★★")
    expect(tile(page, pictures[9003]).locator(".open")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Use all").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(pictures[9003].request.prompt)
    expect(page.locator("summary", has_text=f"seed {pictures[9003].request.seed}")).to_be_visible()
    expect(page.locator("summary", has_text=f"{pictures[9003].request.steps} steps")).to_be_visible()


def test_what_was_deleted_comes_back(gallery, pictures):
    page = gallery()
    search(page, "ballroom", 3)
    tile(page, pictures[9005]).locator(".pick").click()
    tile(page, pictures[9010]).locator(".pick").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".tile")).to_have_count(1)
    page.get_by_role("button", name="Undo delete of 2 pictures").click()
    expect(page.locator(".tile")).to_have_count(3)
    tile(page, pictures[9000]).locator(".open").focus()
    page.keyboard.press("Delete")
    expect(page.locator(".tile")).to_have_count(2)
    expect(page.get_by_role("button", name="Undo delete of 1 picture")).to_be_visible()
    tile(page, pictures[9010]).locator(".open").focus()
    page.keyboard.press("Control+z")
    expect(page.locator(".tile")).to_have_count(3)


def test_a_foreign_picture_is_imported_with_its_recipe(gallery):
    page = gallery()
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "lighthouse.png", "mimeType": "image/png", "buffer": foreign_png()}
    )
    shown(page, ".viewer .picture img")
    expect(page.locator(".st-key-facts table")).to_contain_text("Euler a")
    expect(page.get_by_text("an abandoned lighthouse").first).to_be_visible()
    page.get_by_role("button", name="Back").click()
    search(settled_list(page), "abandoned lighthouse", 1)


def test_a_selection_is_downloaded_as_one_file_and_a_picture_in_each_format(gallery, pictures):
    page = gallery()
    search(page, "holding hands", 2)
    tile(page, pictures[9007]).locator(".open").focus()
    page.keyboard.press("Control+a")
    with page.expect_download() as download:
        page.get_by_role("button", name="ZIP").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".png")]) == 2
    tile(page, pictures[9007]).locator(".open").click()
    for kind, mark in (("PNG", b"\x89PNG"), ("JPEG", b"\xff\xd8"), ("WebP", b"RIFF")):
        page.get_by_role("button", name="Download", exact=False).first.click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download {kind}").click()
        assert download.value.path().read_bytes().startswith(mark)
        page.keyboard.press("Escape")


def test_a_picture_is_upscaled_with_progress_and_belongs_to_the_first(gallery, pictures):
    page = gallery()
    search(page, "sunset", 2)
    tile(page, pictures[9002]).locator(".open").click()
    shown(page, ".viewer .picture img")
    # The bar may be gone before anybody looks, so the page itself keeps what it said.
    page.evaluate(
        "window.bars = []; new MutationObserver(() => document.querySelectorAll('[data-testid=stProgress]')"
        ".forEach(bar => window.bars.push(bar.innerText))).observe(document.body, {childList: true, subtree: true})"
    )
    page.get_by_role("button", name="Upscale", exact=True).click()
    choices = page.get_by_test_id("stPopoverBody")
    choices.get_by_text("×2", exact=True).click()
    expect(choices.get_by_text("384 × 256 → 768 × 512")).to_be_visible()
    choices.get_by_role("button", name="Upscale", exact=True).click()
    page.get_by_role("button", name="Upscaled", exact=True).click()
    expect(page.locator(".viewer .facts")).to_have_text("768 × 512")
    expect(page.get_by_role("button", name="Made from", exact=True)).to_be_enabled()
    assert page.evaluate("window.bars.length")


def test_on_a_phone_a_tap_opens_selects_and_compares(gallery, pictures):
    page = gallery(390)
    search(page, "cherry blossoms", 3)
    for number in (9001, 9006):
        tile(page, pictures[number]).locator(".pick").click()
    page.get_by_role("button", name="Compare").click()
    shown(page, ".compare .left img")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    page.get_by_role("button", name="Open picture").first.click()
    shown(page, ".viewer .picture img")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def foreign_png() -> bytes:
    texts = PngInfo()
    texts.add_text("parameters", FOREIGN)
    file = io.BytesIO()
    Image.linear_gradient("L").resize((96, 64)).convert("RGB").save(file, "PNG", pnginfo=texts)
    return file.getvalue()
