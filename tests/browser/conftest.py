"""A running studio and a real Chromium. Pages, queue, worker and engine are real, the models tiny."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENSHOTS = Path(__file__).with_name("screenshots")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 60_000

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Studio:
    """A studio process and where it answers."""

    address: str
    home: Path
    models: Path
    process: subprocess.Popen


@contextlib.contextmanager
def started(home: Path, models: Path) -> Iterator[Studio]:
    """``streamlit run app.py`` on a free port, until it answers; ended as a person would, with Ctrl+C."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ, "STUDIO_HOME": str(home), "STUDIO_MODELS": str(models), "STUDIO_DEVICE": "cpu",
        "STUDIO_DTYPE": "float32", "STUDIO_SLOTS": "2", "STUDIO_OFFLINE": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--server.fileWatcherType", "none"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _until_it_answers(address, process, home / "server.log")
        yield Studio(address, home, models, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _until_it_answers(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(240):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            if answer.status == 200:
                return
        assert process.poll() is None, log.read_text()
        time.sleep(0.25)
    raise AssertionError(f"the studio does not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def studio(model_zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One studio for all tests of the session: a worker takes seconds to start."""
    with started(tmp_path_factory.mktemp("studio") / "home", model_zoo) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "The browser tests need Chromium: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """``visit(address, width=1440, scheme="dark")``: a new browser on that page, with a screenshot at the end."""
    contexts: list[BrowserContext] = []

    def visited(address: str, width: int = 1440, scheme: str = "dark") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield visited
    for number, context in enumerate(contexts):
        for tab, page in enumerate(context.pages):
            screenshot(page, f"{request.node.name}-{number}{tab}")
        context.close()


def screenshot(page: Page, name: str) -> None:
    """Kept for looking at, in a folder git ignores."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}.png")


def settled(page: Page) -> Page:
    """Until the page has been drawn and no script runs."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
    expect(page.locator('[data-testid="stMain"] h1, .st-key-generate').first).to_be_visible()
    return page


def only(locator: Locator) -> Locator:
    """That element, once it is alone: after a change the page may show the old one beside the new one for a moment."""
    expect(locator).to_have_count(1)
    return locator
