"""The assistant in Chromium: a server connected, an answer streamed, a part accepted and undone; and offline."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.assistant import scripted
from tests.assistant.scripted import PROPOSAL, event, listing
from tests.browser.conftest import screenshot, settled, started

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def serve() -> Iterator[scripted.Servers]:
    with scripted.servers() as running:
        yield running


@pytest.fixture(scope="module")
def quiet(model_zoo, tmp_path_factory) -> Iterator:
    """A studio of its own: what is connected here is nobody else's business."""
    with started(tmp_path_factory.mktemp("assistant") / "home", model_zoo) as running:
        yield running


def section(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()
    settled(page)


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def held_up(text: str) -> tuple[scripted.Step, Callable[[], None]]:
    """A step that stops in the middle of the answer until it is let go."""
    go = threading.Event()

    def step(handler: scripted.Handler) -> None:
        handler.start_stream()
        half = len(text) // 2
        handler.write(event(text[:half]))
        go.wait(60)
        handler.write(event(text[half:]))
        handler.write(event(None, "stop"))
        handler.write("data: [DONE]\n\n")
        handler.close_connection = True

    return step, go.set


def test_from_the_connection_to_a_part_accepted_undone_and_sent_to_generate(quiet, visit, serve):
    step, let_go = held_up(json.dumps({**PROPOSAL, "settings": {"steps": 32}, "pose": None}))
    server = serve(listing("other", "tiny"), step)
    page = settled(visit(f"{quiet.address}/assistant"))
    section(page, "Connection")
    page.get_by_role("textbox", name="Address").fill(server.url)
    page.get_by_role("textbox", name="Address").press("Tab")
    page.get_by_role("textbox", name="Key").fill(KEY)
    button(page, "Test connection").click()
    expect(page.get_by_text("The server answers, with 2 models.")).to_be_visible()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="tiny", exact=True).click()
    button(page, "Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Key")).to_have_value("")
    assert KEY not in page.content()

    section(page, "Ask")
    before = page.locator(".st-key-assistant_base [data-testid='stText']").inner_text()
    page.get_by_test_id("stChatInputTextArea").fill("calm evening")
    page.keyboard.press("Enter")
    expect(page.get_by_text(PROPOSAL["note"])).to_be_visible()
    expect(page.get_by_text("characters so far")).to_be_visible()
    page.get_by_role("link", name="Gallery", exact=True).click()
    settled(page)
    page.get_by_role("link", name="Assistant", exact=True).click()
    expect(page.get_by_text("characters so far")).to_be_visible()
    let_go()
    steps = page.locator(".st-key-review_steps_prompt")
    expect(steps.get_by_role("button", name="Accept all")).to_be_visible()
    screenshot(page, "assistant-proposal")

    page.locator("summary", has_text="Accept one by one").first.click()
    row = page.locator("[class*='st-key-part_prompt_']", has_text="sunset")
    row.get_by_role("button", name="Accept").click()
    expect(page.locator(".studio-diff ins.taken")).to_have_text("sunset")
    steps.get_by_role("button", name="Undo").click()
    expect(page.locator(".studio-diff ins.taken")).to_have_count(0)
    row.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="changes in Generate").click()
    editor = page.get_by_label("Prompt", exact=True)
    expect(editor).to_have_value(re.compile("1girl, solo, .*school uniform, .*sunset"))
    button(page, "Undo what came from the assistant").click()
    expect(editor).to_have_value(before)


def test_the_offline_composer_from_a_surprise_to_a_picture_s_prompt(quiet, visit):
    page = settled(visit(f"{quiet.address}/assistant", 390, "light"))
    section(page, "Compose")
    expect(page.get_by_text("Works offline, no language model")).to_be_visible()
    page.get_by_role("combobox", name="Subject").click()
    page.get_by_role("option", name="2girls", exact=True).click()
    page.keyboard.press("Escape")
    page.locator(".st-key-hold_subject button:visible").click()
    expect(page.locator(".st-key-hold_subject button[kind='primary']:visible")).to_be_visible()
    button(page, "Surprise me").click()
    expect(page.locator(".st-key-slot_place [data-tag]").first).to_be_visible()
    code = page.get_by_test_id("stCode").first
    expect(code).to_contain_text("2girls")
    page.reload()
    settled(page)
    section(page, "Compose")
    expect(page.get_by_test_id("stCode").first).to_contain_text("2girls")
    composed = page.get_by_test_id("stCode").first.inner_text().strip()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    screenshot(page, "assistant-composer")
    button(page, "Use in Generate").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(composed)
