"""The page one lives in, as a person uses it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import settled

PREVIEW = '.st-key-stage img[alt^="Preview"]'
LONG = "150"


def fill(page: Page, prompt: str, steps: str = "8", size: str = "64") -> None:
    """A small, quick picture, unless told otherwise."""
    page.get_by_label("Prompt", exact=True).fill(prompt)
    unfold(page, "Sampling")
    type_number(page, "Steps, typed", steps)
    expect(page.locator("summary", has_text="Sampling")).to_contain_text(f"{steps} steps")
    unfold(page, "Size and seed")
    sides = page.locator("summary", has_text="Size and seed")
    type_number(page, "Width", size)
    expect(sides).to_contain_text(f" {size} × ")
    type_number(page, "Height", size)
    expect(sides).to_contain_text(f" {size} × {size}")


def unfold(page: Page, label: str) -> None:
    fold = page.locator("details", has=page.locator("summary", has_text=label))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    expect(fold).to_have_attribute("open", "")


def type_number(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")
    settled(page)


def generate(page: Page) -> None:
    page.get_by_role("button", name="Generate").click()


def cancel(page: Page) -> None:
    page.get_by_role("button", name="Cancel this picture").click()
    expect(page.get_by_role("button", name="Cancel this picture")).to_have_count(0)


def step_of(page: Page) -> int:
    """The step the bar shows; 0 while it shows none."""
    found = re.search(r"(\d+) / \d+", page.locator('.st-key-stage_panel [data-testid="stProgress"]').inner_text())
    return int(found[1]) if found else 0


def loaded(page: Page, selector: str) -> None:
    """Until the image has arrived and has pixels."""
    expect(page.locator(selector)).to_be_visible()
    page.wait_for_function("s => document.querySelector(s)?.naturalWidth > 0", arg=selector)


def test_the_first_picture_is_one_click_away(studio, visit):
    page = settled(visit(studio.address))
    expect(page.get_by_label("Prompt", exact=True)).not_to_be_empty()
    generate(page)
    loaded(page, ".st-key-stage_map img")
    loaded(page, PREVIEW)
    cancel(page)


def test_a_finished_picture_stands_beside_its_control_map(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "a small picture", size="128")
    generate(page)
    loaded(page, '.st-key-stage img[alt="Picture of: a small picture"]')
    loaded(page, ".st-key-stage_map img")
    expect(page.get_by_role("button", name="Cancel this picture")).to_have_count(0)
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_progress_moves_a_preview_shows_and_cancel_stops_it(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "a long run", steps=LONG, size="256")
    generate(page)
    loaded(page, PREVIEW)
    first = step_of(page)
    page.wait_for_function(
        "first => Number(/(\\d+) \\/ \\d+/.exec(document.querySelector('.st-key-stage_panel [data-testid=stProgress]')"
        "?.innerText ?? '')?.[1] ?? 0) > first",
        arg=first,
    )
    expect(page.locator(".st-key-status_line")).to_contain_text("1 running")
    frame = page.locator(PREVIEW).bounding_box()
    cancel(page)
    expect(page.locator(".st-key-status_line")).to_contain_text("idle")
    assert frame and frame["height"] > 200


def test_a_reload_and_a_second_tab_find_the_run_again(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "a run that outlives its page", steps=LONG, size="256")
    generate(page)
    loaded(page, PREVIEW)
    page.reload()
    loaded(page, PREVIEW)
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a run that outlives its page")
    second = page.context.new_page()
    second.goto(studio.address)
    loaded(second, PREVIEW)
    cancel(second)
    expect(page.get_by_role("button", name="Cancel this picture")).to_have_count(0)


def test_ctrl_enter_takes_the_words_as_they_are_typed(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "before")
    prompt = page.get_by_label("Prompt", exact=True)
    prompt.fill("typed and sent at once")
    prompt.press("Control+Enter")
    loaded(page, '.st-key-stage img[alt="Picture of: typed and sent at once"]')


def test_values_survive_a_change_of_page_and_a_reload(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "words that stay", steps="33", size="128")
    expect(page.locator("summary", has_text="128 × 128")).to_be_visible()
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="Models")).to_be_visible()
    page.get_by_role("link", name="Generate").click()
    for _ in range(2):
        settled(page)
        expect(page.get_by_label("Prompt", exact=True)).to_have_value("words that stay")
        expect(page.locator("summary", has_text="33 steps")).to_be_visible()
        expect(page.locator("summary", has_text="128 × 128")).to_be_visible()
        page.reload()


def test_settings_of_a_picture_come_back_into_the_form(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "the first words", steps="6")
    generate(page)
    loaded(page, '.st-key-stage img[alt="Picture of: the first words"]')
    page.get_by_label("Prompt", exact=True).fill("other words")
    page.get_by_label("Prompt", exact=True).press("Tab")
    settled(page)
    page.get_by_role("button", name="Use settings").click()
    expect(page.locator("summary", has_text=re.compile(r"· seed \d"))).to_be_visible()
    # Until the run has ended the field's former widget still stands beside its successor.
    expect(page.get_by_label("Prompt", exact=True).first).to_have_value("the first words")
    expect(page.get_by_role("switch", name="Lock the seed").first).to_be_checked()


def test_a_wrong_size_is_explained_beside_the_size(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "a wrong size", size="515")
    generate(page)
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("515")
    expect(alert).to_contain_text("multiple of 8")
    expect(page.get_by_role("button", name="Cancel this picture")).to_have_count(0)


def test_a_broken_upload_is_refused_in_a_sentence(studio, visit):
    page = settled(visit(studio.address))
    unfold(page, "Start image")
    page.locator("details", has_text="Start image").locator("input[type=file]").set_input_files(
        {"name": "drawing.png", "mimeType": "image/png", "buffer": b"this is no picture"}
    )
    expect(page.get_by_test_id("stAlert")).to_contain_text("not a picture the studio can read")


def test_a_lora_that_does_not_exist_is_named(studio, visit):
    page = settled(visit(studio.address))
    fill(page, "1girl <lora:nowhere:1>")
    generate(page)
    expect(page.get_by_test_id("stAlert")).to_contain_text("nowhere")
    expect(page.get_by_test_id("stException")).to_have_count(0)
