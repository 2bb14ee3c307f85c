import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.poses import openpose
from studio.poses.drawing import draw
from studio.poses.library import load_pose, pose_names
from studio.poses.values import Joint, Person, Pose

POSE = Pose(width=100, height=200, people=(Person(body=(Joint(50, 20), Joint(50, 60), *[None] * 16)),))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "in.json"
    path.write_text(json.dumps(openpose.write(POSE)))
    return path


def test_render_draws_what_the_controlnet_will_see(run, file: Path, tmp_path: Path):
    outcome = run("pose", "render", file, tmp_path / "out.png", "--size", "64x128", "--json")
    assert outcome.document == {"path": str(tmp_path / "out.png"), "width": 64, "height": 128, "people": 1}
    with Image.open(tmp_path / "out.png") as image:
        assert np.array_equal(np.asarray(image), draw(POSE, 64, 128))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_render_takes_the_canvas_when_no_size_is_given(run, file: Path, tmp_path: Path):
    outcome = run("pose", "render", file, tmp_path / "out.png")
    assert outcome.out == f"{tmp_path / 'out.png'}: 100 × 200, 1 person\n"


def test_render_knows_the_library(run, tmp_path: Path):
    name = pose_names()[0]
    document = run("pose", "render", name, tmp_path / "out.png", "--json").document
    assert document["people"] == len(load_pose(name).people)


def test_convert_writes_one_plain_object_in_pixels(run, tmp_path: Path):
    source = tmp_path / "editor.json"
    fractions = {"people": [{"pose_keypoints_2d": [0.5, 0.1, 1, 0.5, 0.3, 1, *[0] * 48]}]}
    source.write_text(json.dumps([{**fractions, "canvas_width": 100, "canvas_height": 200}]))
    outcome = run("pose", "convert", source, tmp_path / "out.json", "--json")
    assert outcome.status == 0
    written = json.loads((tmp_path / "out.json").read_text())
    assert (written["canvas_width"], written["canvas_height"]) == (100, 200)
    (person,) = written["people"]
    assert person["pose_keypoints_2d"][:6] == [50, 20, 1, 50, 60, 1]
    assert len(person["pose_keypoints_2d"]) == 54
    assert person["hand_left_keypoints_2d"] is None


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "not a pose"), ("{", "not a pose"), ("[]", "not a pose"), ('{"people": 3}', "pose"), (b"\xff\xfe\0", "text")],
    ids=["empty", "half", "list", "number", "binary"],
)
def test_a_file_that_is_no_pose_is_said_and_nothing_written(run, tmp_path: Path, content: str | bytes, said: str):
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    outcome = run("pose", "convert", source, target)
    assert outcome.status == 1
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert not target.exists()


@pytest.mark.parametrize("size", ["0x64", "64x99999"])
def test_an_impossible_size_is_said(run, file: Path, tmp_path: Path, size: str):
    outcome = run("pose", "render", file, tmp_path / "out.png", "--size", size)
    assert outcome.status == 1
    assert "cannot be drawn" in outcome.err


def test_missing_things_are_said(run, file: Path, tmp_path: Path):
    assert "no pose file" in run("pose", "render", tmp_path / "absent.json", tmp_path / "out.png").err
    assert "no pose called 'flying'" in run("pose", "render", "flying", tmp_path / "out.png").err
    assert "There is no folder" in run("pose", "render", file, tmp_path / "absent" / "out.png").err
    assert "is a folder" in run("pose", "render", file, tmp_path).err
