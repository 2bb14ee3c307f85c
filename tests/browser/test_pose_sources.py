"""Where the control of a picture comes from: library, JSON, sketch and editor, by real pointer and keyboard."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from studio.poses import drawing, openpose
from studio.poses.library import PoseEntry, entries
from tests.browser.conftest import settled
from tests.browser.test_generate import fill, generate, loaded, unfold

THUMBNAIL = ".st-key-control_thumbnail img"
FIRST, SECOND = [entry for entry in entries() if entry.name != "jogging"][:2]


def choose(page: Page, label: str) -> None:
    """A source of the first control."""
    radio = page.get_by_role("radiogroup", name="Pose and control").get_by_role("radio", name=label, exact=True)
    radio.click()
    expect(radio).to_be_checked()
    settled(page)


def button(page: Page, key: str) -> Locator:
    """Streamlit draws each button twice, with and without its tooltip."""
    return page.locator(f".st-key-{key} button:visible")


def pick(page: Page, entry: PoseEntry) -> None:
    page.locator(".st-key-picker-pose_name button:visible").first.click()
    page.get_by_role("searchbox", name="Search poses").fill(entry.label)
    page.locator(f'.card[data-name="{entry.name}"]').click()
    expect(page.locator(".st-key-picker-pose_name")).to_contain_text(entry.label)


def map_of(page: Page) -> str:
    """The address of the control map beside the source; one per pose and size."""
    loaded(page, THUMBNAIL)
    return page.locator(THUMBNAIL).get_attribute("src") or ""


def paste(page: Page, text: str) -> None:
    """Into the closed list; what is taken closes it again."""
    page.get_by_role("button", name="Paste text").click()
    page.get_by_role("textbox", name="OpenPose JSON as text").fill(text)
    button(page, "use_pasted_pose").click()


@pytest.fixture
def page(studio, visit) -> Page:
    return settled(visit(studio.address))


def test_a_pose_is_searched_picked_and_kept_over_a_reload(page: Page):
    first = map_of(page)
    pick(page, FIRST)
    expect(page.locator(THUMBNAIL)).not_to_have_attribute("src", first)
    chosen = map_of(page)
    page.reload()
    settled(page)
    expect(page.locator(".st-key-picker-pose_name")).to_contain_text(FIRST.label)
    assert map_of(page) == chosen


def test_text_that_is_no_pose_keeps_the_pose_that_is_there(page: Page):
    choose(page, "JSON")
    good = openpose.write(FIRST.pose)
    paste(page, json.dumps(good))
    expect(page.get_by_role("textbox", name="OpenPose JSON as text")).to_have_count(0)
    pasted = map_of(page)
    good["people"][0]["pose_keypoints_2d"] = [1, 2, 3]
    paste(page, json.dumps(good))
    expect(page.get_by_test_id("stAlert").first).to_contain_text("has 3 numbers")
    assert map_of(page) == pasted
    page.reload()
    settled(page)
    assert map_of(page) == pasted


def draw(page: Page, *places: tuple[float, float]) -> None:
    """A line through ``places``, fractions of the canvas, by the real pointer; until the studio knows of it."""
    canvas = page.locator(".st-key-sketch_canvas canvas").last
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def drawn(page: Page) -> np.ndarray:
    """What the canvas shows, as light per pixel."""
    png = page.locator(".st-key-sketch_canvas").screenshot(animations="disabled")
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=np.float32)


def until_light(page: Page, x: float, y: float, light: bool) -> None:
    """Until the canvas is white (or not) at this place."""
    for _ in range(100):
        pixels = drawn(page)
        if (pixels[int(y * pixels.shape[0]), int(x * pixels.shape[1])] > 128) == light:
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"the canvas is {'dark' if light else 'light'} at {x}, {y}")


def test_a_drawing_is_erased_undone_kept_and_becomes_the_control_map(page: Page):
    fill(page, "a drawn picture", steps="2", size="128")
    choose(page, "Sketch")
    draw(page, (0.2, 0.5), (0.8, 0.5))
    expect(button(page, "sketch_undo")).to_be_enabled()
    page.get_by_role("radio", name="Eraser").click()
    settled(page)
    draw(page, (0.5, 0.3), (0.5, 0.7))
    until_light(page, 0.5, 0.5, light=False)
    until_light(page, 0.3, 0.5, light=True)
    expect(button(page, "sketch_clear")).to_be_enabled()
    page.reload()  # what was drawn is in the draft, what was erased as well
    settled(page)
    until_light(page, 0.3, 0.5, light=True)
    until_light(page, 0.5, 0.5, light=False)
    button(page, "sketch_undo").click()
    until_light(page, 0.5, 0.5, light=True)
    page.get_by_role("combobox", name="Drawn as").click()
    page.get_by_role("option", name="Edges (Canny)").click()
    settled(page)
    generate(page)
    loaded(page, '.st-key-stage img[alt="Picture of: a drawn picture"]')
    stored = page.request.get(page.locator(".st-key-stage_map img").evaluate("image => image.src"))
    pixels = np.asarray(Image.open(io.BytesIO(stored.body())).convert("L"))
    assert pixels.shape == (128, 128)
    assert pixels[64, 64] > 128 and pixels[64, 38] > 128 and not pixels[:40].any() and not pixels[90:].any()
    choose(page, "None")
    page.get_by_role("button", name="Use settings").click()
    expect(page.get_by_role("radio", name="Sketch").first).to_be_checked()
    until_light(page, 0.5, 0.5, light=True)


def test_a_pose_goes_to_the_editor_and_the_picture_follows_it(page: Page):
    pick(page, SECOND)
    chosen = map_of(page)
    button(page, "edit_pose").click()
    page.wait_for_url("**/pose")
    page.get_by_role("link", name="Generate", exact=True).click()
    settled(page)
    expect(page.get_by_role("radio", name="Editor")).to_be_checked()
    assert map_of(page) == chosen


def skeleton_png(entry: PoseEntry) -> bytes:
    file = io.BytesIO()
    Image.fromarray(drawing.draw(entry.pose.scaled_to(512, 512), 512, 512)).save(file, "PNG")
    return file.getvalue()


def upload(page: Page, label: str, data: bytes) -> None:
    """Into the uploader of this label, once it is there."""
    file = {"name": "picture.png", "mimeType": "image/png", "buffer": data}
    page.get_by_role("region", name=label).locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]


def test_the_worker_reads_a_pose_and_makes_a_map_from_a_picture(page: Page):
    choose(page, "Image")
    upload(page, "Photo, render or drawing of somebody", skeleton_png(FIRST))
    found = map_of(page)
    page.reload()
    settled(page)
    assert map_of(page) == found
    choose(page, "Map")
    page.get_by_role("radio", name="From a photo").first.click()
    settled(page)
    upload(page, "Photo to make the map from", skeleton_png(SECOND))
    loaded(page, 'img[alt="The photo"]')
    loaded(page, 'img[alt="The control map"]')
    page.get_by_role("combobox", name="Kind of map").click()
    page.get_by_role("option", name="Depth").click()
    expect(page.get_by_role("button", name="Download 99 MB and make the map").first).to_be_visible()
    expect(page.locator('img[alt="The control map"]')).to_have_count(0)


def test_a_missing_controlnet_is_said_beside_the_control_and_a_second_one_works(page: Page):
    choose(page, "Map")
    page.get_by_role("combobox", name="Kind of map").click()
    page.get_by_role("option", name="Depth").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("There is no ControlNet for Depth")
    choose(page, "Library")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    unfold(page, "Second control")
    second = page.get_by_role("radiogroup", name="Second control")
    second.get_by_role("radio", name="Library").click()
    expect(page.locator(".st-key-fold_second summary").first).to_contain_text("library")
