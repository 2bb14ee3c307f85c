"""The poses that come with the studio, and poses from files."""

import json
from itertools import pairwise

import pytest

from studio.errors import InvalidPose, UnknownName
from studio.poses.library import FOLDER, library_pose, load_pose, pose_names
from studio.poses.openpose import write

TWELVE = [
    "arms-crossed",
    "casting",
    "fighting-stance",
    "jogging",
    "jumping",
    "kneeling",
    "portrait",
    "sitting",
    "sprinting",
    "standing",
    "walking",
    "waving",
]


def limb(body, *indices):
    """Length of the chain of joints in pixels."""
    points = [body[index] for index in indices]
    return sum(((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5 for a, b in pairwise(points))


def test_the_base_poses_are_there():
    assert set(TWELVE) <= set(pose_names())


@pytest.mark.parametrize("name", pose_names())
def test_pose_is_one_person_centred_on_a_canvas_made_for_it(name):
    pose = load_pose(name)
    (person,) = pose.people
    assert pose.width % 64 == pose.height % 64 == 0
    joints = [joint for joint in person.body if joint is not None]
    xs, ys = [joint.x for joint in joints], [joint.y for joint in joints]
    assert abs((min(xs) + max(xs)) / 2 - pose.width / 2) < pose.width * 0.06
    assert min(xs) >= 24 and max(xs) <= pose.width - 24
    assert min(ys) >= 24 and max(ys) <= pose.height - 24  # the feet reach beyond the ankles


@pytest.mark.parametrize("name", [name for name in TWELVE if name != "portrait"])
def test_figure_is_in_proportion(name):
    """Both legs and arms are there; none is longer than a body's length allows, seen from any side."""
    body = load_pose(name).people[0].body
    assert all(body[index] is not None for index in range(14))
    torso = limb(body, 1, 8)
    for leg in ((8, 9, 10), (11, 12, 13)):
        assert 0.6 * torso < limb(body, *leg) < 1.9 * torso
    for arm in ((2, 3, 4), (5, 6, 7)):
        assert 0.5 * torso < limb(body, *arm) < 1.2 * torso
    assert 0.2 * torso < limb(body, 0, 1) < 0.5 * torso


def test_poses_differ():
    assert len({load_pose(name) for name in pose_names()}) == len(pose_names())


@pytest.mark.parametrize("name", pose_names())
def test_files_are_in_the_studio_s_own_form(name):
    text = (FOLDER / f"{name}.json").read_text("utf-8")
    assert json.loads(text) == write(load_pose(name))


def test_unknown_name_gets_near_matches():
    with pytest.raises(UnknownName) as caught:
        load_pose("standng")
    assert "standng" in caught.value.message and "standing" in caught.value.hint
    with pytest.raises(UnknownName) as caught:
        load_pose("xyzzy")
    assert "walking" in caught.value.hint


@pytest.mark.parametrize("name", ["../poses/standing", "/etc/passwd", "standing.json/..", "", ".", "stand\x00ing"])
def test_names_lead_nowhere_but_into_the_library(name):
    with pytest.raises(UnknownName):
        library_pose(name)
    with pytest.raises(UnknownName):
        load_pose(name)


def test_file_by_path(tmp_path):
    path = tmp_path / "mine.JSON"
    path.write_text(json.dumps(write(library_pose("waving"))))
    assert load_pose(path) == load_pose(str(path)) == library_pose("waving")


def test_library_name_with_json_at_its_end_is_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownName, match="no pose file"):
        load_pose("standing.json")


def test_files_that_are_no_pose(tmp_path):
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\xff")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "list.json").write_text("[]")
    for name in ("picture.json", "folder.json", "list.json", "null\x00.json", "x" * 300 + ".json"):
        with pytest.raises(InvalidPose):
            load_pose(tmp_path / name)
