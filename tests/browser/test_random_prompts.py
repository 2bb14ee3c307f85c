"""Random prompts in the browser: what is shown is what is drawn."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random.expansion import draws
from tests.browser.conftest import Studio, settled

TEMPLATE = "1girl, {red|blue|green} hair, {2$$hat|scarf|bag|ribbon}"


def write(page: Page, text: str) -> None:
    field = page.get_by_label("Prompt", exact=True)
    field.fill(text)
    field.press("Tab")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_a_locked_wildcard_seed_shows_what_is_drawn_and_survives_a_reload(studio: Studio, visit, width, scheme):
    page = settled(visit(studio.address, width, scheme))
    write(page, TEMPLATE)
    fold = page.locator(".st-key-fold_random")
    fold.get_by_text("drawn anew at each click").click()
    fold.get_by_text("Lock the wildcard seed").click()
    seed = fold.get_by_label("Wildcard seed", exact=True)
    expect(seed).to_be_enabled()
    seed.fill("12")
    seed.press("Enter")
    expect(fold.get_by_text("wildcard seed 12")).to_be_visible()
    expected = draws(TEMPLATE, 12, 1, Wildcards([]))[0]
    expect(page.locator(".st-key-random_preview li")).to_have_text([expected])
    fold.get_by_text("All combinations", exact=True).click()
    expect(fold.get_by_text("36 pictures, all combinations")).to_be_visible()
    expect(page.locator(".st-key-random_preview li")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.reload()
    expect(settled(page).get_by_text(re.compile("36 pictures"))).to_be_visible()
    page.locator(".st-key-fold_random").scroll_into_view_if_needed()
    page.get_by_text(re.compile("36 pictures")).click()
    expect(page.locator(".st-key-random_preview li")).to_have_count(3)
