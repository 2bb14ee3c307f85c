"""Remarks on the prompt and the negative-prompt builder in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import screenshot
from tests.browser.test_generate import unfold
from tests.browser.test_prompt_editor import writing  # noqa: F401  (a fixture)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (1440, "light"), (390, "dark"), (390, "light")])
def test_a_fix_is_applied_and_can_be_undone(writing, width, scheme):  # noqa: F811
    desk = writing(width, scheme)
    page = desk.page
    desk.write("1girl, day, night, (((park))), park, 2girls,, ((smile")
    desk.press("Escape")  # the list of completions
    desk.settle()
    page.get_by_role("button", name="Remarks").click()
    # The list stays open while one remark after the other is dealt with.
    expect(page.get_by_text("“day” and “night” contradict each other.")).to_be_visible()
    page.mouse.move(0, 0)
    screenshot(page, f"lint-{width}-{scheme}")
    page.get_by_role("button", name="Keep “day”").click()
    expect(page.get_by_text("“day” and “night” contradict each other.")).to_have_count(0)
    page.get_by_role("button", name="Fix all").click()
    expect(desk.field).to_have_value("1girl, day, (park:1.33), 2girls, ((smile))")
    page.keyboard.press("Escape")
    assert desk.stored() == "1girl, day, (park:1.33), 2girls, ((smile))"
    desk.field.focus()
    desk.press("Control+z")
    expect(desk.field).to_have_value("1girl, day, (((park))), park, 2girls,, ((smile")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_negative_words_are_added_by_problem(writing, width, scheme):  # noqa: F811
    desk = writing(width, scheme)
    page = desk.page
    unfold(page, "Negative prompt")
    negative = page.get_by_label("Negative prompt", exact=True)
    negative.fill("my own words")
    desk.settle()
    page.locator(".st-key-negative_builder").get_by_role("button", name="Hands and fingers").click()
    page.locator(".st-key-negative_builder").get_by_role("button", name="Blur").click()
    screenshot(page, f"negatives-{width}-{scheme}")
    page.get_by_role("button", name="Add the words").click()
    expect(negative).to_have_value(re.compile(r"^my own words, bad hands, .*blurry"))
    expect(page.locator(".st-key-negative_builder").get_by_role("button", name="Blur")).to_have_count(0)
