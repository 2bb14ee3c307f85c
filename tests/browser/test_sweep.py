"""A sweep in Chromium: built, planned, run across a reload, laid out anew, compared, used, exported."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import screenshot, settled
from tests.browser.test_generate import fill

DONE = ".cell[data-state='done']"
DRAWING_MS = 300_000
"""Eight pictures on a machine that does other things as well."""


def values_of(page: Page, row: int, text: str) -> None:
    field = page.get_by_label("Values", exact=True).nth(row)
    field.fill(text)
    field.press("Enter")
    settled(page)


def axis(page: Page, row: int, label: str, starts_with: str) -> None:
    """Choose another axis, and wait for the values that it starts with."""
    box = page.get_by_role("combobox", name=f"Axis {row}")
    box.click()
    box.fill(label)  # the list shows only the options in view
    page.get_by_role("option", name=label, exact=True).click()
    expect(page.get_by_label("Values", exact=True).nth(row - 1)).to_have_value(starts_with)
    settled(page)


def choose(page: Page, label: str, *names: str) -> None:
    """Pick values by name from the list of the last axis that has one."""
    page.get_by_role("button", name="Choose").last.click()
    box = page.get_by_role("combobox", name=f"{label}: values")
    for name in names:
        box.fill(name)
        page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take these").click()
    settled(page)


def saved(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("button", name=name, exact=True).click()
    target = folder / coming.value.suggested_filename
    coming.value.save_as(target)
    return target


def test_a_sweep_from_its_axes_to_its_report(studio, visit, tmp_path):
    page = visit(studio.address)
    settled(page)
    fill(page, "1girl, sweep", steps="6")
    page.get_by_role("link", name="Sweep", exact=True).click()
    expect(page.get_by_text("3 × 3 = 9 cells")).to_be_visible()

    axis(page, 1, "Steps", "20-40 (+10)")
    values_of(page, 0, "6, x")
    expect(page.get_by_text("is not a number or a range")).to_be_visible()
    values_of(page, 0, "6, 20")
    values_of(page, 1, "1-2")
    page.get_by_role("button", name="Add an axis").click()
    expect(page.get_by_role("combobox", name="Axis 3")).to_be_visible()
    axis(page, 3, "Pose", "standing, jogging")
    choose(page, "Pose", "standing", "jogging")
    expect(page.get_by_label("Values", exact=True).nth(2)).to_have_value("standing, jogging")
    expect(page.get_by_text("2 × 2 × 2 = 8 cells")).to_be_visible()
    expect(page.get_by_text("2 values: standing, jogging")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 × 2 × 2 = 8 cells")).to_be_visible()

    page.get_by_role("button", name="Draw 8 cells").click()
    expect(page.locator(DONE).first).to_be_visible()
    page.reload()
    expect(page.get_by_text("8 of 8 cells done")).to_be_visible(timeout=DRAWING_MS)
    expect(page.locator(DONE)).to_have_count(4)
    screenshot(page, "sweep-done")

    page.get_by_role("combobox", name="Across").click()
    page.get_by_role("option", name="Pose").click()
    expect(page.locator("th", has_text="jogging")).to_be_visible()

    for place in (0, 3):
        page.locator(".mark").nth(place).click()
        expect(page.locator(".mark[aria-pressed='true']")).to_have_count(1 + (place > 0))
    page.locator(".compare .divider").press("ArrowRight")
    expect(page.locator(".compare .divider")).to_have_attribute("aria-valuenow", "52")

    page.get_by_text("Export", exact=True).click()
    table = saved(page, "CSV", tmp_path).read_text("utf-8-sig")
    assert len(table.splitlines()) == 9
    report = saved(page, "Web page", tmp_path)

    page.locator(".cell .open").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("All settings")).to_be_visible()
    dialog.get_by_role("button", name="Favourite").click()
    expect(dialog.get_by_role("button", name="No favourite")).to_be_visible()
    screenshot(page, "sweep-cell")
    dialog.locator(".st-key-cell_neighbours button").first.click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Favourite")).to_be_visible()
    dialog.get_by_role("button", name="Use all").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("1girl, sweep")

    offline = visit(report.as_uri())
    expect(offline.locator("td img")).to_have_count(8)
    offline.locator("#across").select_option(label="Pose")
    expect(offline.locator("thead th", has_text="jogging").first).to_be_visible()
    offline.locator("td button").first.click()
    expect(offline.locator("#large dd").first).to_be_visible()
    screenshot(offline, "sweep-report")


def test_a_sweep_on_a_phone(studio, visit):
    page = visit(f"{studio.address}/sweep", width=390, scheme="light")
    settled(page)
    expect(page.get_by_role("button", name="Add an axis")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
