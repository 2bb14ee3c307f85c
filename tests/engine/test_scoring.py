"""Measuring pictures. A picture that is a skeleton itself is read by its palette, so no detector is needed here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from studio.database import Database
from studio.engine import scoring
from studio.gallery import Gallery, Picture, Provenance
from studio.poses.drawing import draw
from studio.poses.library import library_pose
from studio.request import GenerationRequest

SIDE = 256


class Bench:
    """Keeps what it is told."""

    device = "cpu"

    def __init__(self, settings, gallery) -> None:
        self.settings, self.gallery = settings, gallery
        self.kept: dict[int, dict] = {}
        self.told: list[tuple[int, int]] = []

    def report(self, done: int, total: int, status: str = "") -> None:
        self.told.append((done, total))

    def keep(self, picture_id: int, scores: dict) -> None:
        self.kept[picture_id] = scores


@pytest.fixture
def bench(settings) -> Bench:
    return Bench(settings, Gallery(settings, Database(settings.database)))


@pytest.fixture
def add(bench) -> Callable[..., Picture]:
    def added(image: Image.Image, pose: str | None = "standing", seed: int = 1) -> Picture:
        controls = [{"type": "openpose", "pose": library_pose(pose)}] if pose else []
        request = GenerationRequest.build(checkpoint="x", seed=seed, width=SIDE, height=SIDE, controls=controls)
        return bench.gallery.add(image, request, Provenance())

    return added


def skeleton(name: str) -> Image.Image:
    return Image.fromarray(draw(library_pose(name), SIDE, SIDE))


def measured(bench: Bench, *pictures: Picture) -> list[dict]:
    scoring.run({"pictures": [picture.id for picture in pictures]}, bench)
    return [bench.kept[picture.id] for picture in pictures]


def test_a_picture_that_obeys_scores_higher(bench, add):
    right, wrong = measured(bench, add(skeleton("standing")), add(skeleton("jumping"), seed=2))
    assert right["pose_oks"][0] > 0.95 and right["pose_pck"][0] > 0.95
    assert wrong["pose_oks"][0] < right["pose_oks"][0] - 0.2
    assert bench.told[0] == (0, 2)


@pytest.mark.usefixtures("without_starter")
def test_what_cannot_be_measured_says_why(bench, add):
    drawing = Image.new("RGB", (SIDE, SIDE), "teal")
    ImageDraw.Draw(drawing).ellipse((60, 60, 190, 190), fill="pink")
    free, posed = measured(bench, add(drawing, pose=None), add(drawing, seed=2))
    assert free["pose_oks"] == (None, scoring.NO_POSE)
    value, reason = posed["pose_oks"]
    assert value is None and reason, "no detector is on this machine, and there is no network"


def test_sharpness_grows_with_detail(bench, add):
    flat = Image.new("RGB", (SIDE, SIDE), "teal")
    assert scoring.sharpness(flat) == 0
    assert scoring.sharpness(skeleton("standing")) > scoring.sharpness(
        skeleton("standing").resize((64, 64)).resize((SIDE, SIDE))
    )


def test_a_lost_file_keeps_nobody_from_the_others(bench, add):
    lost, there = add(skeleton("standing")), add(skeleton("standing"), seed=2)
    bench.gallery.file_of(lost.sha256).unlink()
    found = measured(bench, lost, there)
    assert found[0]["sharpness"][0] is None and found[0]["sharpness"][1]
    assert found[1]["sharpness"][0] > 0
