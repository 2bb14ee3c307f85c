"""The prompt editor by keyboard, pointer and finger. What counts is what has arrived in the studio's database."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from studio.database import Database
from studio.settings import Settings
from studio.ui.desk import COOKIE
from studio.ui.generate.drafts import Drafts
from tests.browser.conftest import Studio, settled
from tests.browser.test_generate import cancel, fill, generate, loaded, unfold

LONG = (
    "masterpiece, (red hair:1.2), ((smile)), [dull], [day:night:0.5], {cat|dog}, __colour__, <lora:style:0.8>, "
    "miku \\(vocaloid\\)\nBREAK\n# a note of mine\n(never closed, " + ", ".join(["long flowing dress"] * 40)
)


class Writing:
    """The Generate page of one browser, and the draft behind it."""

    def __init__(self, studio: Studio, page: Page) -> None:
        self.studio, self.page = studio, settled(page)
        self._drafts = Drafts(Database(Settings(home=studio.home, models=studio.models).database))
        expect(self.field).to_be_visible()

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Prompt", exact=True)

    @property
    def host(self) -> Locator:
        return self.page.locator(".prompt-editor").first

    @property
    def options(self) -> Locator:
        return self.host.get_by_role("option")

    def write(self, text: str, slowly: bool = False) -> None:
        """Over everything that stood there, as by keyboard."""
        self.field.fill("")
        self.field.press_sequentially(text, delay=20 if slowly else 0)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.field.press(key)

    def settle(self) -> None:
        """Until the studio has answered to the last change."""
        expect(self.page.locator('.prompt-editor[data-state="settled"]').first).to_be_attached()
        expect(self.host.locator('.meter[data-state="current"]')).to_be_attached()

    def stored(self) -> str:
        self.settle()
        return self.draft().prompt

    def draft(self):
        (desk,) = [cookie["value"] for cookie in self.page.context.cookies() if cookie["name"] == COOKIE]
        draft = self._drafts.load(desk)
        assert draft is not None
        return draft

    def caret(self) -> tuple[int, int]:
        return tuple(self.field.evaluate("field => [field.selectionStart, field.selectionEnd]"))


@pytest.fixture
def writing(studio, visit) -> Callable[..., Writing]:
    return lambda width=1440, scheme="dark": Writing(studio, visit(studio.address, width, scheme))


def test_a_tag_is_completed_by_keyboard_and_the_list_goes_on(writing):
    desk = writing()
    desk.write("1girl, twin ta")
    expect(desk.options.first).to_contain_text("twintails")
    expect(desk.field).to_have_attribute("role", "combobox")
    chosen = desk.field.get_attribute("aria-activedescendant")
    expect(desk.host.locator(f"#{chosen}")).to_have_attribute("aria-selected", "true")
    desk.press("Enter")
    expect(desk.field).to_have_value("1girl, twintails, ")
    expect(desk.options).to_have_count(0)
    expect(desk.field).not_to_have_attribute("role", "combobox")
    desk.field.press_sequentially("school uni")
    expect(desk.options.first).to_contain_text("school uniform")
    desk.press("Tab")
    assert desk.stored() == "1girl, twintails, school uniform, "
    desk.press("Control+z")
    expect(desk.field).to_have_value("1girl, twintails, school uni")


def test_arrows_choose_escape_closes_and_a_click_takes(writing):
    desk = writing()
    desk.write("long ha")
    expect(desk.options.nth(1)).to_be_visible()
    second = desk.options.nth(1).locator(".words").inner_text().split(" ←")[0]
    desk.press("ArrowDown")
    expect(desk.options.nth(1)).to_have_attribute("aria-selected", "true")
    desk.press("ArrowUp", "ArrowUp")
    expect(desk.options.last).to_have_attribute("aria-selected", "true")
    desk.press("Escape")
    expect(desk.options).to_have_count(0)
    desk.press("Enter")
    expect(desk.field).to_have_value("long ha\n")
    desk.press("Backspace", "Control+Space")
    desk.options.nth(1).click()
    expect(desk.field).to_have_value(f"{second}, ")
    expect(desk.field).to_be_focused()


def test_a_phrase_that_is_put_in_at_once_opens_no_list(writing):
    desk = writing()
    desk.field.fill("1girl, long hair, twin")
    desk.settle()
    expect(desk.options).to_have_count(0)
    desk.field.press_sequentially("t")
    expect(desk.options.first).to_be_visible()


def test_loras_are_offered_by_name_and_a_slip_of_the_fingers_is_forgiven(writing):
    desk = writing()
    desk.write("1girl <lora:li")
    expect(desk.options.first).to_contain_text("line")
    desk.press("Enter")
    expect(desk.field).to_have_value("1girl <lora:line:1>, ")
    desk.write("shcool unif")
    expect(desk.options.first).to_contain_text("school uniform")


def test_weights_are_nudged_and_undone_by_key_and_by_button(writing):
    desk = writing()
    desk.write("1girl, red hair, solo")
    desk.press("Escape", "Home", *["ArrowRight"] * 8)
    desk.press("Control+ArrowUp", "Control+ArrowUp")
    expect(desk.field).to_have_value("1girl, (red:1.2) hair, solo")
    desk.press("Control+ArrowDown", "Control+ArrowDown", "Control+ArrowDown")
    assert desk.stored() == "1girl, (red:0.9) hair, solo"
    desk.press("Control+z", "Control+z")
    expect(desk.field).to_have_value("1girl, (red:1.1) hair, solo")
    desk.press("Control+Shift+z")
    expect(desk.field).to_have_value("1girl, red hair, solo")
    desk.press("Control+z")
    desk.host.get_by_role("button", name="Stronger").click()
    assert desk.stored() == "1girl, (red:1.2) hair, solo"
    desk.host.get_by_role("button", name="Undo").click()
    expect(desk.field).to_have_value("1girl, (red:1.1) hair, solo")


def test_the_painted_text_lies_exactly_under_the_typed_one(writing):
    for width in (1440, 390):
        desk = writing(width)
        desk.field.fill(LONG)
        desk.settle()
        painted, height, own = desk.host.evaluate(
            "host => { const [p, f] = [host.querySelector('.painted'), host.querySelector('textarea')];"
            "return [p.textContent, p.offsetHeight, f.scrollHeight] }"
        )
        assert painted.rstrip("\u200b") == LONG
        assert abs(height - own) <= 1
        for kind in ("weight", "lora", "keyword", "schedule", "choice", "wildcard", "comment", "escape", "lone"):
            expect(desk.host.locator(f".painted .{kind}").first).to_be_attached()
        ends = desk.host.locator(".painted .end")
        assert ends.count() == desk.host.locator(".meter b").count() - 1 > 0
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_bracket_at_the_caret_shows_its_other_half(writing):
    desk = writing()
    desk.write("(a [b] c)")
    expect(desk.host.locator(".painted .pair")).to_have_text(["(", ")"])
    desk.press("Home", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(desk.host.locator(".painted .pair")).to_have_text(["[", "]"])


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_colour_passes_aa_on_the_fields_ground(writing, scheme):
    desk = writing(scheme=scheme)
    desk.field.fill(LONG + " (((( deep ))))")
    desk.settle()
    ratios = desk.host.evaluate(
        """host => {
          const parse = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
          const light = colour => parse(colour).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0)
          const ground = light(getComputedStyle(host.querySelector('.sheet')).backgroundColor)
          const ratio = ink => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)
          return [...host.querySelectorAll('.painted, .painted span')]
            .map(span => [span.className, ratio(light(getComputedStyle(span).color))])
        }"""
    )
    assert len({name for name, _ in ratios}) >= 12
    assert not {name: round(ratio, 2) for name, ratio in ratios if ratio < 4.5}


def test_on_a_phone_every_button_is_large_enough_for_a_finger(writing):
    desk = writing(390)
    desk.write("school")
    expect(desk.options.first).to_be_visible()
    for target in (*desk.host.locator(".tools > button").all(), *desk.options.all()):
        box = target.bounding_box()
        assert box and box["height"] >= 40 and box["width"] >= 40
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_generate_takes_the_words_that_were_typed_an_instant_before(writing):
    desk = writing()
    fill(desk.page, "the words before", steps="6")
    desk.settle()
    desk.write("typed and clicked at once")
    generate(desk.page)
    loaded(desk.page, '.st-key-stage img[alt="Picture of: typed and clicked at once"]')


def test_typing_goes_on_through_reruns_and_the_caret_stays(writing):
    desk = writing()
    fill(desk.page, "end of it", steps="150", size="256")
    generate(desk.page)
    loaded(desk.page, '.st-key-stage img[alt^="Preview"]')
    desk.field.focus()
    desk.press("Home")
    for word in ("one ", "two ", "three "):
        desk.field.press_sequentially(word, delay=60)
        desk.page.wait_for_timeout(600)  # long enough for the words to be sent and the page drawn anew
        assert desk.caret() == (desk.field.input_value().index("end of it"),) * 2
    assert desk.stored() == "one two three end of it"
    cancel(desk.page)


def test_nothing_typed_is_lost_by_a_reload_or_a_change_of_page_at_once(writing):
    desk = writing()
    desk.write("typed just before the reload")
    desk.page.reload()
    settled(desk.page)
    expect(desk.field).to_have_value("typed just before the reload")
    assert desk.stored() == "typed just before the reload"
    desk.write("typed just before leaving")
    desk.page.get_by_role("link", name="Models").click()
    expect(desk.page.get_by_role("heading", name="Models")).to_be_visible()
    desk.page.get_by_role("link", name="Generate").click()
    settled(desk.page)
    expect(desk.field).to_have_value("typed just before leaving")
    assert desk.stored() == "typed just before leaving"
    desk.field.focus()
    desk.press("Control+z")
    expect(desk.field).not_to_have_value("typed just before leaving")


def test_an_input_method_composes_without_being_disturbed(writing):
    desk = writing()
    desk.write("1girl, ")
    desk.settle()
    session = desk.page.context.new_cdp_session(desk.page)
    for text in ("さ", "さく", "さくら"):
        session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        desk.page.wait_for_timeout(550)  # longer than the pause after which words are sent
    expect(desk.field).to_have_value("1girl, さくら")
    session.send("Input.insertText", {"text": "桜"})
    assert desk.stored() == "1girl, 桜"


def test_a_used_prompt_is_found_and_put_back_and_that_can_be_undone(writing):
    desk = writing()
    page = desk.page
    fill(page, "a violet lighthouse", steps="6")
    unfold(page, "Negative prompt")
    page.get_by_label("Negative prompt", exact=True).fill("people and boats")
    generate(page)
    loaded(page, '.st-key-stage img[alt="Picture of: a violet lighthouse"]')
    desk.write("other words")
    desk.settle()
    page.get_by_role("button", name="History").click()
    search = page.get_by_label("Search in used prompts")
    search.fill("viol light")
    search.press("Enter")
    entry = page.locator('[class*="st-key-used_prompt_"]').first
    expect(entry).to_contain_text("a violet lighthouse")
    expect(entry).to_contain_text("without people and boats")
    expect(entry.locator("img")).to_be_visible()
    entry.get_by_role("button", name="Use").click()
    expect(desk.field).to_have_value("a violet lighthouse")
    page.keyboard.press("Escape")
    assert (desk.stored(), desk.draft().negative_prompt) == ("a violet lighthouse", "people and boats")
    desk.field.focus()
    desk.press("Control+z")
    expect(desk.field).to_have_value("other words")
    desk.press("Control+y")
    assert desk.stored() == "a violet lighthouse"
    page.reload()
    settled(page)
    expect(desk.field).to_have_value("a violet lighthouse")


def test_pinned_prompts_stay_at_the_top_of_the_history(writing):
    desk = writing()
    page = desk.page
    for prompt in ("an early heron", "a later heron"):
        fill(page, prompt, steps="6")
        generate(page)
        loaded(page, f'.st-key-stage img[alt="Picture of: {prompt}"]')
    page.get_by_role("button", name="History").click()
    search = page.get_by_label("Search in used prompts")
    search.fill("heron")
    search.press("Enter")
    entries = page.locator('[class*="st-key-used_prompt_"]')
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("a later heron")
    entries.filter(has_text="an early heron").get_by_role("button", name=re.compile("^(keep )?Pin")).click()
    expect(entries.first).to_contain_text("an early heron")
    expect(entries.first.get_by_role("button", name="Unpin")).to_be_visible()
