"""``pose detect`` through real queues and a real worker; the networks are small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.catalog.detectors import DETECTORS, network_path
from studio.jobs import Supervisor
from studio.jobs.supervisor import environment as as_variables
from studio.poses import library
from studio.poses.drawing import draw
from studio.settings import Settings
from tests import tiny_detectors


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A studio with small detectors whose worker runs already."""
    folder = tmp_path_factory.mktemp("studio")
    settings = Settings(folder / "home", folder / "models", device="cpu", dtype="float32", slots=2, offline=True)
    spec = DETECTORS["rtmw"]
    assert spec.person
    tiny_detectors.save_person_network(network_path(settings, spec.person))
    size, shape = (spec.pose.width, spec.pose.height), tiny_detectors.body_shape(133)
    tiny_detectors.save_pose_network(network_path(settings, spec.pose), size, shape, spec.full_score)
    with Supervisor(settings):
        yield settings


@pytest.fixture
def beside(running: Settings, run, monkeypatch: pytest.MonkeyPatch):
    for name, value in as_variables(running).items():
        monkeypatch.setenv(name, value)
    return run


def photo(path: Path, *figures: tuple[int, int, int, int]) -> Path:
    pixels = np.full((600, 400, 3), 60, np.uint8)
    for left, top, right, bottom in figures:
        pixels[top:bottom, left:right] = (60, 60, 250)
    Image.fromarray(pixels).save(path)
    return path


def test_a_photo_becomes_openpose_json(beside, tmp_path):
    out = tmp_path / "pose.json"
    outcome = beside("pose", "detect", photo(tmp_path / "photo.png", (120, 80, 280, 520)), out, "--json")
    assert outcome.status == 0, outcome.err
    assert outcome.document == {
        "path": str(out), "width": 400, "height": 600, "people": 1, "source": "detected", "detector": "rtmw",
        "note": "Found 1 person.",
    }  # fmt: skip
    written = json.loads(out.read_text())
    assert (written["canvas_width"], written["canvas_height"]) == (400, 600)
    assert [len(written["people"][0][part]) for part in ("pose_keypoints_2d", "hand_left_keypoints_2d")] == [54, 63]
    assert "Found 1 person." in outcome.err


def test_a_skeleton_map_comes_back_as_it_was_drawn(beside, tmp_path):
    pose, image, out = library.library_pose("walking"), tmp_path / "map.png", tmp_path / "pose.json"
    Image.fromarray(draw(pose, 512, 768)).save(image)
    outcome = beside("pose", "detect", image, out, "--json")
    assert outcome.document["source"] == "skeleton"
    for wanted, found in zip(pose.people[0].body, library.load_pose(out).people[0].body, strict=True):
        assert (wanted is None) == (found is None)
        assert wanted is None or found is None or np.hypot(wanted.x - found.x, wanted.y - found.y) < 1.5


def test_nobody_leaves_no_file(beside, tmp_path):
    out = tmp_path / "pose.json"
    outcome = beside("pose", "detect", photo(tmp_path / "empty.png"), out)
    assert outcome.status == 1 and "No figure could be found" in outcome.err and "box" in outcome.err
    assert not out.exists()


def test_a_box_and_a_detector_are_passed_on(beside, tmp_path):
    image = photo(tmp_path / "photo.png", (120, 80, 280, 520))
    outcome = beside("pose", "detect", image, tmp_path / "a.json", "--person", "0,0,20,20", "--detector", "RTMW")
    assert outcome.status == 1 and "inside the box" in outcome.err
    assert beside("pose", "detect", image, tmp_path / "a.json", "--person", "1,2,3").status == 2
    unknown = beside("pose", "detect", image, tmp_path / "a.json", "--detector", "nobody")
    assert unknown.status == 1 and "no pose detector" in unknown.err
    dwpose = beside("pose", "detect", image, tmp_path / "a.json", "--detector", "dwpose")
    assert dwpose.status == 1 and "dw-ll_ucoco_384.onnx" in dwpose.err


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", b"", b"\x89PNG\r\n\x1a\n cut"])
def test_what_is_no_picture_is_refused_before_any_work(beside, tmp_path, content):
    (tmp_path / "photo.png").write_bytes(content)
    outcome = beside("pose", "detect", tmp_path / "photo.png", tmp_path / "pose.json")
    assert outcome.status == 1 and outcome.err and not (tmp_path / "pose.json").exists()
