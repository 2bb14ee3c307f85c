"""A pose from a picture in a real browser: refused, not found, boxed, found, taken over, still there after a reload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from studio.catalog.detectors import DETECTORS, network_path
from studio.poses.drawing import draw
from studio.poses.library import library_pose
from studio.settings import Settings
from tests import tiny_detectors
from tests.browser.conftest import Studio, only, settled, started


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio whose only models are small detectors."""
    folder = tmp_path_factory.mktemp("detecting")
    settings, spec = Settings(folder / "home", folder / "models"), DETECTORS["rtmw"]
    assert spec.person
    tiny_detectors.save_person_network(network_path(settings, spec.person))
    size, shape = (spec.pose.width, spec.pose.height), tiny_detectors.body_shape(133)
    tiny_detectors.save_pose_network(network_path(settings, spec.pose), size, shape, spec.full_score)
    with started(settings.home, settings.models) as running:
        yield running


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "drawing.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    Image.new("RGB", (400, 600), (90, 90, 90)).save(folder / "nobody.png")
    pixels = np.full((600, 400, 3), 60, np.uint8)
    pixels[80:520, 120:280] = (60, 60, 250)
    Image.fromarray(pixels).save(folder / "photo.png")
    Image.fromarray(draw(library_pose("jogging"), 512, 768)).save(folder / "map.png")
    return folder


def give(page: Page, file: Path) -> None:
    only(page.get_by_test_id("stFileUploaderDropzoneInput")).set_input_files(file)


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_from_picture_to_editor(studio, visit, pictures):
    page = visit(f"{studio.address}/pose", width=390)
    page.get_by_role("tab", name="From an image").click()
    give(page, pictures / "drawing.png")
    expect(page.get_by_text("The file is an SVG drawing, which has no pixels.")).to_be_visible()
    give(page, pictures / "nobody.png")
    expect(page.get_by_text("No figure could be found in this picture.")).to_be_visible()
    expect(page.get_by_text("The pose in the editor is as it was.")).to_be_visible()
    page.get_by_text("Look inside a box only").click()
    expect(page.get_by_label("Box around the person")).to_be_visible()
    expect(page.get_by_text("No figure could be found in this picture.")).to_be_visible()
    button(page, "Look again").click()
    expect(page.get_by_text("No figure could be found inside the box.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    button(page, "Another picture").click()
    give(page, pictures / "photo.png")
    expect(page.get_by_text("Found 1 person.")).to_be_visible()
    page.reload()
    settled(page).get_by_role("tab", name="From an image").click()
    expect(page.get_by_role("img", name="The pose that was found")).to_be_visible()
    button(page, "Use this pose").click()
    expect(page.get_by_text("Control map · 400 × 600")).to_be_visible()
    button(page, "Another picture").click()
    give(page, pictures / "map.png")
    expect(page.get_by_text("This is a skeleton map")).to_be_visible()
