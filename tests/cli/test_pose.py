import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.poses import openpose
from studio.poses.drawing import draw
from studio.poses.library import load_pose, pose_names
from studio.poses.score import compare
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


def test_render_draws_thick_sticks_for_xinsir(run, file: Path, tmp_path: Path):
    run("pose", "render", file, tmp_path / "out.png", "--size", "512x1024", "--thick")
    with Image.open(tmp_path / "out.png") as image:
        assert np.array_equal(np.asarray(image), draw(POSE, 512, 1024, thick=True))
        assert not np.array_equal(np.asarray(image), draw(POSE, 512, 1024))


def test_score_compares_two_files(run, tmp_path: Path):
    found = load_pose("standing").people[0]
    body = [joint and joint._replace(x=joint.x + (12 if index == 7 else 0)) for index, joint in enumerate(found.body)]
    body[10] = None
    pose = load_pose("standing").model_copy(update={"people": (Person(body=tuple(body)),)})
    path = tmp_path / "found.json"
    path.write_text(json.dumps(openpose.write(pose)))
    outcome = run("pose", "score", "standing", path, "--json")
    assert outcome.status == 0
    assert outcome.document == json.loads(json.dumps(compare(load_pose("standing"), pose).to_json()))
    assert outcome.document["count_error"] == 0 and 0.9 < outcome.document["oks"] < 1
    text = run("pose", "score", "standing", path).out
    assert "left wrist 12 px off" in text and "right ankle not found" in text and "person" not in text.split("\n", 5)[5]
    assert "1 found, 1 intended" in text


def test_score_names_people_where_there_are_several(run, tmp_path: Path):
    path = tmp_path / "two.json"
    path.write_text(json.dumps(openpose.write(POSE.model_copy(update={"people": POSE.people * 2}))))
    text = run("pose", "score", path, path).out
    assert "person 2: nose 0 px off" in text
    assert "2 found, 2 intended" in text


def test_score_with_nobody(run, file: Path, tmp_path: Path):
    path = tmp_path / "nobody.json"
    path.write_text('{"people": [], "canvas_width": 64, "canvas_height": 64}')
    document = run("pose", "score", file, path, "--json").document
    assert (document["oks"], document["count_error"], document["mean_error"]) == (0, 1, None)
    assert "nose not found" in run("pose", "score", file, path).out


@pytest.mark.parametrize("command", ["render", "convert", "score"])
def test_help_has_an_example(run, command: str):
    outcome = run("pose", command, "--help")
    assert outcome.status == 0 and f"example:\n  python -m studio pose {command} " in outcome.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"people": [{"pose_keypoints_2d": [NaN, 1, 1]}]}', "has 3 numbers"),
        (json.dumps({"people": [{"pose_keypoints_2d": [float("nan"), 1, 1] * 18}]}), "not an ordinary number"),
        (json.dumps({"people": [{"pose_keypoints_2d": [1e12, 1, 1] * 18}]}), "far outside"),
        (json.dumps({"people": [{"pose_keypoints_2d": [9, 9, 1] * 18}] * 51}), "51 people"),
        (json.dumps({"people": [{"pose_keypoints_2d": [9, 9, 1] * 19}]}), "57 numbers"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read as JSON"),
    ],
    ids=["short", "nan", "huge", "crowd", "long", "svg"],
)
@pytest.mark.parametrize("command", ["render", "convert", "score"])
def test_bad_poses_give_one_clear_message(run, tmp_path: Path, command: str, content: str, said: str):
    path, target = tmp_path / "bad.json", tmp_path / "out.json"
    path.write_text(content)
    outcome = run("pose", command, path, "standing" if command == "score" else target)
    assert outcome.status == 1 and said in outcome.err and len(outcome.err.splitlines()) == 2
    assert outcome.out == "" and not target.exists()


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
    assert "no pose called 'xyzzy'" in run("pose", "render", "xyzzy", tmp_path / "out.png").err
    assert "There is no folder" in run("pose", "render", file, tmp_path / "absent" / "out.png").err
    assert "is a folder" in run("pose", "render", file, tmp_path).err
