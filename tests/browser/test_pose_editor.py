"""The pose editor by mouse, finger and keyboard. What counts is what has arrived in Python."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from studio.poses import openpose
from studio.poses.skeletons import BODY_PAIRS
from tests.browser.conftest import only, settled
from tests.browser.posing import PosingDesk, apart, bones, colour_at

SHOULDER, ELBOW, WRIST = 2, 3, 4


@pytest.fixture
def posing(studio, visit):
    def opened(width: int = 1440, scheme: str = "dark") -> PosingDesk:
        return PosingDesk(studio, visit(f"{studio.address}/pose", width, scheme))

    return opened


def uploader(page: Page, label: str) -> Locator:
    return only(page.get_by_test_id("stFileUploader").filter(has_text=label).locator("input[type=file]"))


def upload_json(page: Page, name: str, text: str) -> None:
    file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    uploader(page, "Import OpenPose JSON").set_input_files(file)  # type: ignore[arg-type]


def test_a_locked_wrist_bends_its_arm_a_free_one_stretches_it_and_undo_finds_the_start(posing):
    desk = posing()
    start = desk.pose()
    shoulder, _, wrist = (start.people[0].body[at] for at in (SHOULDER, ELBOW, WRIST))
    lengths = bones(start, SHOULDER, ELBOW, WRIST)

    target = (shoulder.x - 70.0, shoulder.y + 20.0)
    desk.drag(wrist[:2], target)
    bent = desk.pose()
    assert apart(bent.people[0].body[WRIST], target) < 2
    assert bones(bent, SHOULDER, ELBOW, WRIST) == pytest.approx(lengths, abs=1)

    desk.drag(bent.people[0].body[WRIST][:2], (shoulder.x - 240.0, shoulder.y))
    stretched = desk.pose()
    assert bones(stretched, SHOULDER, ELBOW, WRIST) == pytest.approx(lengths, abs=1)
    assert apart(stretched.people[0].body[WRIST], stretched.people[0].body[SHOULDER]) == pytest.approx(
        sum(lengths), abs=1
    )

    desk.click("Undo")
    assert desk.pose() == bent
    desk.click("Undo")
    assert desk.pose() == start
    expect(desk.button("Undo")).to_be_disabled()
    desk.click("Redo")
    assert desk.pose() == bent
    desk.click("Undo")

    desk.click("Keep bone lengths")
    desk.drag(wrist[:2], target)
    free = desk.pose()
    assert apart(free.people[0].body[WRIST], target) < 2
    assert free.people[0].body[ELBOW] == start.people[0].body[ELBOW]
    assert bones(free, ELBOW, WRIST)[0] != pytest.approx(lengths[1], abs=1)


def test_a_mirror_mirrors_and_people_are_added_ordered_and_given_other_proportions(posing):
    desk = posing()
    desk.drag(desk.pose().people[0].body[WRIST][:2], (100.0, 200.0))
    start = desk.pose()
    desk.click("Mirror")
    mirrored = desk.pose()
    middle = sum(f(joint.x for joint in start.people[0].body) for f in (min, max))
    for right, left in BODY_PAIRS:
        assert mirrored.people[0].body[left].x == pytest.approx(middle - start.people[0].body[right].x, abs=0.011)
        assert mirrored.people[0].body[left].y == start.people[0].body[right].y
    desk.click("Mirror")
    assert desk.pose() == start

    desk.click("Right to left")
    body = desk.pose().people[0].body
    assert apart(body[WRIST], body[SHOULDER]) == pytest.approx(apart(body[7], body[5]), abs=0.1)
    desk.click("Undo")

    desk.click("Chibi, 2 heads")
    small = desk.pose()
    assert small != start
    assert max(joint.y for joint in small.people[0].body) == pytest.approx(
        max(joint.y for joint in start.people[0].body), abs=0.1
    )
    desk.click("Undo")
    assert desk.pose() == start

    desk.click("Duplicate person 1")
    two = desk.pose()
    assert len(two.people) == 2 and two.people[0] == start.people[0]
    desk.click("Send farther: person 2")
    assert desk.pose().people == two.people[::-1]
    desk.click("Delete person 1")
    assert desk.pose().people == start.people


def test_hands_and_faces_are_edited_by_finger_and_outlive_a_reload(posing):
    desk = posing(390, "light")
    desk.click("Right hand")
    desk.click("Open")
    opened = desk.pose().people[0].right_hand
    assert opened is not None and apart(opened[0], desk.pose().people[0].body[WRIST]) < 1
    desk.canvas.scroll_into_view_if_needed()
    tip, knuckle = opened[8], opened[7]
    desk.swipe(tip[:2], (knuckle.x - 9.0, knuckle.y - 2.0))
    bent = desk.pose().people[0].right_hand
    assert apart(bent[8], bent[7]) == pytest.approx(apart(tip, knuckle), abs=1)
    assert apart(bent[8], tip) > 4 and bent[:8] == opened[:8] and bent[9:] == opened[9:]

    desk.click("Face")
    desk.click("Neutral")
    face = desk.pose().people[0].face
    desk.canvas.scroll_into_view_if_needed()
    desk.swipe(face[8][:2], (face[8].x, face[8].y + 8.0))
    longer = desk.pose().people[0].face
    assert longer[8].y == pytest.approx(face[8].y + 8, abs=1)
    assert 0 < longer[7].y - face[7].y < longer[8].y - face[8].y and longer[0] == face[0] and longer[30] == face[30]

    desk.click("Body")
    before, scale = desk.pose(), desk.view()[0]
    x, y = desk.on_screen(before.width * 0.85, before.height * 0.2)
    desk.fingers([[(x - 20 - step * 8, y), (x + 20 + step * 8, y)] for step in range(6)])
    expect(desk.canvas).not_to_have_attribute("data-view", re.compile(rf"^{re.escape(str(scale))} "))
    assert desk.view()[0] > scale * 2

    desk.page.reload()
    settled(desk.page)
    assert desk.pose() == before
    desk.click("Undo")
    assert desk.pose().people[0].face == face


def test_a_bad_file_keeps_the_pose_a_good_one_is_one_undo_away_and_generate_follows_the_editor(posing):
    desk = posing()
    start = desk.pose()
    page = desk.page
    page.get_by_role("tab", name="Import and export").click()
    for text in ('{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}', "no pose at all"):
        uploader(page, "Import OpenPose JSON").set_input_files(
            {"name": "bad.json", "mimeType": "application/json", "buffer": text.encode()}
        )
        alert = page.get_by_test_id("stAlert")
        expect(alert).to_contain_text("Export the pose as OpenPose JSON" if text[0] != "{" else "body")
        assert desk.pose() == start

    other = start.model_copy(update={"people": start.people * 2}).scaled_to(640, 640)
    data = json.dumps(openpose.write(other)).encode()
    uploader(page, "Import OpenPose JSON").set_input_files(
        {"name": "two.json", "mimeType": "application/json", "buffer": data}
    )
    expect(desk.button("Person 2")).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert desk.pose() == other
    with page.expect_download() as download:
        page.get_by_role("button", name="Export OpenPose JSON").click()
    assert openpose.read(download.value.path().read_text()) == other
    desk.click("Undo")
    assert desk.pose() == start

    page.get_by_role("button", name="Use in Generate").click()
    expect(page.locator(".st-key-generate")).to_be_visible()
    expect(page.get_by_role("button", name="Open the pose editor")).to_be_visible()
    page.get_by_role("link", name="Pose", exact=True).click()
    expect(desk.button("Redo")).to_be_enabled()
    desk.click("Redo")
    assert desk.pose() == other


def test_the_keyboard_does_it_all_and_a_photo_lies_behind(posing):
    desk = posing()
    start = desk.pose()
    page = desk.page
    desk.canvas.focus()
    keys = page.keyboard
    keys.press("l")
    keys.press("[")
    last = start.people[0].body[17]
    for _ in range(3):
        keys.press("Shift+ArrowRight")
    keys.press("ArrowDown")
    expect(page.locator(".pose-editor .status")).to_contain_text("Left ear")
    moved = desk.pose().people[0].body[17]
    assert (moved.x, moved.y) == (pytest.approx(last.x + 30), pytest.approx(last.y + 1))
    keys.press("h")
    assert desk.pose().people[0].body[17].visible is False
    for key in ("Control+z", "Control+z"):
        keys.press(key)
    assert desk.pose() == start
    keys.press("Control+y")
    keys.press("Control+z")
    keys.press("d")
    keys.press("PageDown")
    keys.press("m")
    keys.press("Delete")
    assert desk.pose().people == start.people
    keys.press("?")
    expect(page.get_by_text("Keep bone lengths, or not")).to_be_visible()
    keys.press("Escape")

    page.get_by_role("tab", name="Photo").click()
    photo = io.BytesIO()
    Image.new("RGB", (300, 200), "orange").save(photo, "PNG")
    uploader(page, "Photo behind the figures").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    )
    expect(desk.button("Move the photo").first).to_be_visible()
    middle = desk.on_screen(start.width / 2 - 90, start.height / 2)
    red, green, blue = colour_at(desk, *middle)
    assert red > green > blue and 120 < red < 180
    page.get_by_label("Opacity in percent").fill("0")
    page.get_by_label("Opacity in percent").press("Enter")
    expect(page.get_by_label("Opacity", exact=True)).to_have_value("0")
    assert colour_at(desk, *middle) == (0, 0, 0)
    page.get_by_role("button", name="Remove the photo").click()
    expect(desk.button("Move the photo")).to_have_count(0)
    assert desk.pose().people == start.people


def test_five_people_with_hands_and_faces_are_dragged_frame_by_frame(posing, record_property):
    desk = posing()
    desk.click("Right hand")
    desk.click("Relaxed")
    desk.pose()
    desk.click("Face")
    desk.click("Smile")
    desk.pose()
    desk.click("Body")
    for number in range(1, 5):
        desk.click(f"Duplicate person {number}")
    start = desk.pose()
    assert len(start.people) == 5 and all(person.face and person.right_hand for person in start.people)
    desk.page.evaluate(
        "() => { const times = window.frameTimes = []; let last = performance.now();"
        " const next = now => { times.push(now - last); last = now; window.frameAsked = requestAnimationFrame(next); };"
        " requestAnimationFrame(next); }"
    )
    wrist = start.people[4].body[WRIST]
    desk.drag(wrist[:2], (wrist.x - 80.0, wrist.y - 160.0), steps=90)
    times = sorted(desk.page.evaluate("() => { cancelAnimationFrame(window.frameAsked); return window.frameTimes; }"))
    after = desk.pose()
    assert after.people[:4] == start.people[:4]
    assert apart(after.people[4].body[WRIST], wrist) > 50
    # Measured, not judged: a shared machine may be slow.
    record_property("frame_ms", {"median": times[len(times) // 2], "p95": times[int(len(times) * 0.95)]})
    print(f"{len(times)} frames, median {times[len(times) // 2]:.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms")
