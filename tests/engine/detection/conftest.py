"""Small detectors in the places of the real ones, and pictures with blue figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.catalog.detectors import DETECTORS, network_path
from studio.database import Database
from studio.gallery import Gallery
from studio.settings import Settings
from tests import tiny_detectors


class QuietBench:
    """A bench that notes what it is told, and can be told to stop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.gallery = Gallery(settings, Database(settings.database))
        self.device = "cpu"
        self.said: list[str] = []

    def report(self, done: int, total: int, status: str = "") -> None:
        self.said.append(status)


@pytest.fixture
def bench(settings: Settings) -> QuietBench:
    return QuietBench(settings)


@pytest.fixture(scope="session")
def tiny_networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("networks")
    tiny_detectors.save_person_network(folder / "person.onnx")
    spec = DETECTORS["rtmw"]
    shape = tiny_detectors.body_shape(133)
    tiny_detectors.save_pose_network(folder / "pose.onnx", (spec.pose.width, spec.pose.height), shape, spec.full_score)
    tiny_detectors.save_pose_network(folder / "body.onnx", (192, 256), tiny_detectors.body_shape(17))
    return folder


@pytest.fixture
def detectors(settings: Settings, tiny_networks: Path) -> Settings:
    """Settings of a studio in which ``rtmw`` is there, made small."""
    spec = DETECTORS["rtmw"]
    assert spec.person
    for network, source in ((spec.person, "person.onnx"), (spec.pose, "pose.onnx")):
        place = network_path(settings, network)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((tiny_networks / source).read_bytes())
    return settings


Figure = tuple[int, int, int, int]


@pytest.fixture
def picture() -> Callable[..., Image.Image]:
    """``picture((left, top, right, bottom), …, size=(w, h), blue=200)``: blue figures on grey."""

    def drawn(
        *figures: Figure, size: tuple[int, int] = (400, 600), blue: int = 200, grey: int = 60, mode: str = "RGB"
    ) -> Image.Image:
        pixels = np.full((size[1], size[0], 3), grey, np.uint8)
        for left, top, right, bottom in figures:
            pixels[top:bottom, left:right] = (grey, grey, min(255, grey + blue))
        return Image.fromarray(pixels).convert(mode)

    return drawn
