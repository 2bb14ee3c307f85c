"""A person at the pose editor: real pointers on the canvas, and what has arrived in the studio's database."""

from __future__ import annotations

import io
import itertools
import math

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from studio.database import Database
from studio.poses.values import Pose
from studio.settings import Settings
from studio.ui.desk import COOKIE
from studio.ui.pose.desks import PoseDesks
from tests.browser.conftest import Studio, settled

Point = tuple[float, float]


class PosingDesk:
    """The Pose page of one browser."""

    def __init__(self, studio: Studio, page: Page) -> None:
        self.page = settled(page)
        self._store = PoseDesks(Database(Settings(home=studio.home, models=studio.models).database))
        self.canvas = page.locator(".pose-editor canvas")
        expect(self.canvas).to_be_visible()

    def pose(self) -> Pose:
        """The pose as Python has it, once everything that was sent has been answered."""
        expect(self.page.locator('.pose-editor .map[data-state="current"]')).to_be_attached()
        (desk,) = [cookie["value"] for cookie in self.page.context.cookies() if cookie["name"] == COOKIE]
        kept = self._store.load(desk)
        assert kept is not None
        return kept.pose

    def view(self) -> tuple[float, float, float]:
        """Screen pixels per pose pixel, and where the pose's corner lies on the canvas."""
        scale, x, y = map(float, (self.canvas.get_attribute("data-view") or "").split())
        return scale, x, y

    def on_screen(self, x: float, y: float) -> Point:
        """Where a point of the pose lies in the window."""
        box = self.canvas.bounding_box()
        assert box is not None
        scale, left, top = self.view()
        return box["x"] + left + x * scale, box["y"] + top + y * scale

    def drag(self, start: Point, stop: Point, steps: int = 8) -> None:
        """By mouse, between two points of the pose."""
        self.page.mouse.move(*self.on_screen(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.on_screen(*stop), steps=steps)
        self.page.mouse.up()

    def swipe(self, start: Point, stop: Point, steps: int = 6) -> None:
        """By finger, between two points of the pose."""
        (x, y), (to_x, to_y) = self.on_screen(*start), self.on_screen(*stop)
        paths = [[(x + (to_x - x) * i / steps, y + (to_y - y) * i / steps)] for i in range(steps + 1)]
        self.fingers(paths)

    def fingers(self, path: list[list[Point]]) -> None:
        """All fingers down at the first entry of ``path`` (window pixels), moved along it, and lifted."""
        client = self.page.context.new_cdp_session(self.page)
        for number, points in enumerate(path):
            client.send(
                "Input.dispatchTouchEvent",
                {
                    "type": "touchMove" if number else "touchStart",
                    "touchPoints": [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)],
                },
            )
        client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def button(self, name: str) -> Locator:
        return self.page.locator(".pose-editor").get_by_role("button", name=name, exact=True)

    def click(self, name: str) -> None:
        self.button(name).click()


def apart(one: Point, other: Point) -> float:
    return math.dist(one[:2], other[:2])


def bones(pose: Pose, *joints: int) -> list[float]:
    """Lengths between neighbouring joints of the first person's body, in pixels."""
    body = pose.people[0].body
    return [apart(body[a], body[b]) for a, b in itertools.pairwise(joints)]


def colour_at(desk: PosingDesk, x: float, y: float) -> tuple[int, int, int]:
    """The colour of the window's pixel at (x, y)."""
    shot = desk.page.screenshot(clip={"x": x, "y": y, "width": 1, "height": 1})
    return Image.open(io.BytesIO(shot)).convert("RGB").getpixel((0, 0))  # type: ignore[return-value]
