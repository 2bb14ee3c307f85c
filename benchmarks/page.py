"""The page: time to its first paint in Chromium, time of a rerun, and the memory of the Streamlit process."""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from playwright.sync_api import sync_playwright

from studio.settings import PROJECT_ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Measures the script's own time as Streamlit's test driver runs it, without network or browser.
RERUN = """
import json, sys, time
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("pages/main.py", default_timeout=60)
page.run()
page.switch_page(sys.argv[2])
times, works = [], []
for _ in range(int(sys.argv[1]) + 2):
    start, work = time.perf_counter(), time.process_time()
    page.run()
    times.append(time.perf_counter() - start)
    works.append(time.process_time() - work)
assert not page.exception, page.exception
print(json.dumps({"seconds": times[2:], "work": works[2:]}))
"""


def measure(repeats: int) -> dict[str, float]:
    """All figures of the page, in seconds and megabytes (medians)."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "STUDIO_HOME": home, "STUDIO_DEVICE": "cpu"}
        figures = {
            **_rerun("generate.py", "rerun", repeats, env),
            # With the whole shipped library behind it.
            **_rerun("prompts.py", "prompts_rerun", repeats, env),
        }
        starts, paints, visits, memory = zip(*(_visit(env) for _ in range(repeats)), strict=True)
    return {
        **figures,
        "start_to_answer_seconds": statistics.median(starts),
        "first_paint_seconds": statistics.median(paints),
        "page_complete_seconds": statistics.median(visits),
        "streamlit_megabytes": max(memory),
    }


def lines(figures: dict[str, float]) -> list[tuple[str, ...]]:
    """Rows of a printed table."""
    return [
        ("command to first HTTP answer", f"{figures['start_to_answer_seconds']:.2f} s"),
        ("first contentful paint", f"{figures['first_paint_seconds']:.2f} s"),
        ("page complete (the Generate button is there)", f"{figures['page_complete_seconds']:.2f} s"),
        *(
            (f"rerun of the {page} page", f"{1000 * seconds:.0f} ms, {1000 * work:.0f} ms of processor time")
            for page, seconds, work in (
                ("Generate", figures["rerun_seconds"], figures["rerun_work_seconds"]),
                ("Prompts", figures["prompts_rerun_seconds"], figures["prompts_rerun_work_seconds"]),
            )
        ),
        ("resident memory of the Streamlit process", f"{figures['streamlit_megabytes']:.0f} MB"),
    ]


def _rerun(page: str, name: str, repeats: int, env: dict[str, str]) -> dict[str, float]:
    """Medians of a rerun of ``page``: by the clock, and of the processor, which is what it takes on an idle machine."""
    command = [sys.executable, "-c", RERUN, str(repeats), page]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=env, capture_output=True, text=True, check=True)
    measured = json.loads(done.stdout)
    return {
        f"{name}_seconds": statistics.median(measured["seconds"]),
        f"{name}_work_seconds": statistics.median(measured["work"]),
    }


def _visit(env: dict[str, str]) -> tuple[float, float, float, float]:
    """One cold start and visit: seconds to the first answer, to the first paint, to the page; megabytes."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit("The page benchmark needs Chromium: apt install chromium, or run with --skip-page.")
    with _server(env) as (server, address, answered), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        start = time.perf_counter()
        page.goto(address)
        page.get_by_role("button", name="Generate").first.wait_for(timeout=60_000)
        complete = time.perf_counter() - start
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
        memory = psutil.Process(server.pid).memory_info().rss / 1e6
        chromium.close()
    return answered, paint, complete, memory


@contextmanager
def _server(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    start = time.perf_counter()
    command = [sys.executable, "-m", "studio", "serve", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, cwd=PROJECT_ROOT, env=env, stdout=log, stderr=log)
        try:
            _wait_for(f"{address}/_stcore/health", server)
            yield server, address, time.perf_counter() - start
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("The studio did not start; try: make run")
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("The studio did not answer within half a minute.")
