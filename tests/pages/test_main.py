from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["generate.py", "pose.py", "sweep.py", "prompts.py", "gallery.py", "assistant.py", "models.py", "activity.py"]
HEAVY = ["torch", "torchvision", "diffusers", "transformers", "accelerate", "peft", "spandrel", "onnxruntime"]

RENDER_ALL = """
import json, sys
from streamlit.testing.v1 import AppTest
import app
test = AppTest.from_file("pages/main.py", default_timeout=60).run()
for page in json.loads(sys.argv[1]):
    test.switch_page(page).run()
    assert not test.exception, test.exception
test.switch_page("generate.py").run()
test.button(key="generate").click().run()
assert not test.exception and not test.error, test.error
# Not ru_maxrss: a child inherits that from the process it was forked off.
memory = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"modules": sorted(sys.modules), "megabytes": int(memory.split()[1]) / 1024}))
"""


def test_the_page_process_never_holds_torch_and_stays_small(studio_settings):
    done = subprocess.run(
        [sys.executable, "-c", RENDER_ALL, json.dumps(PAGES)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    assert not set(HEAVY) & set(facts["modules"])
    assert facts["megabytes"] < 250


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_the_status_line(open_page, page):
    (link,) = open_page(page).sidebar.get("page_link")
    assert "no worker" in link.proto.label


def test_the_navigation_lists_every_page_script():
    main = (ROOT / "pages" / "main.py").read_text(encoding="utf-8")
    scripts = {path.name for path in (ROOT / "pages").glob("*.py")} - {"main.py"}
    assert scripts == set(PAGES)
    assert all(f'st.Page("{name}"' in main for name in scripts)
