"""Every page: reached by its address, in both themes, at a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from studio.catalog.checkpoints import STARTER
from studio.settings import PROJECT_ROOT
from tests.browser.conftest import screenshot, settled, started

PATHS = {
    "": "Generate",
    "pose": "Pose",
    "sweep": "Sweep",
    "prompts": "Prompts",
    "gallery": "Gallery",
    "assistant": "Assistant",
    "models": "Models",
    "activity": "Activity",
}

CONTRAST = """element => {
  const luminance = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(element);
  const [a, b] = [luminance(style.color), luminance(style.backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}"""


@pytest.mark.parametrize("path", PATHS)
def test_a_deep_link_opens_its_page_without_an_error_or_another_machine(studio, visit, path):
    page = visit("about:blank")
    said: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{studio.address}/{path}")
    settled(page)
    for name in PATHS.values():
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.locator(".st-key-status_line")).to_contain_text("cpu")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    # Below a deep link Streamlit's own front end first tries the page's folder for its base address.
    assert [line for line in said if "/_stcore/" not in line] == []
    assert asked and all(url.startswith((studio.address, "data:", "blob:")) for url in asked)


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_fits_its_screen_in_both_themes(studio, visit, scheme, width):
    page = visit(studio.address, width, scheme)
    for path, name in PATHS.items():
        page.goto(f"{studio.address}/{path}")
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        screenshot(page, f"{name}-{scheme}-{width}")
    page.goto(studio.address)
    settled(page)
    button = page.get_by_role("button", name="Generate")
    expect(button).to_be_in_viewport()
    assert button.evaluate(CONTRAST) >= 4.5
    dark = page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == "dark"
    assert dark == (scheme == "dark")


@pytest.mark.skipif((PROJECT_ROOT / STARTER / "checkpoint").exists(), reason="this copy comes with a checkpoint")
def test_without_a_checkpoint_the_studio_starts_and_says_how_to_get_one(visit, tmp_path):
    with started(tmp_path / "home", tmp_path / "models") as empty:
        page = settled(visit(empty.address))
        expect(page.get_by_test_id("stAlert")).to_contain_text("There is no checkpoint yet")
        page.get_by_role("button", name="Generate").click()
        expect(page.get_by_test_id("stAlert")).to_have_count(2)
        expect(page.get_by_test_id("stException")).to_have_count(0)
