"""The poses that come with the studio: by name, by search, and poses from files."""

import json

import pytest

from studio.errors import InvalidPose, UnknownName
from studio.poses import library
from studio.poses.library import CATEGORIES, OTHER, entries, library_pose, load_pose, pose_names, search
from studio.poses.openpose import write

TWELVE = {
    "arms-crossed", "casting", "fighting-stance", "jogging", "jumping", "kneeling", "portrait", "sitting", "sprinting",
    "standing", "walking", "waving",
}  # fmt: skip


def found(text: str, category: str | None = None) -> list[str]:
    return [entry.name for entry in search(text, category)]


def test_names_that_drafts_and_requests_use_are_there():
    assert set(pose_names()) >= TWELVE
    assert pose_names() == sorted(pose_names())


def test_entries_say_what_a_pose_is():
    known = {entry.name: entry for entry in entries()}
    duel = known["duel"]
    assert (duel.label, duel.category, duel.people) == ("Sword duel", "Together", 2)
    assert "two people" in duel.tags and duel.pose == library_pose("duel") == load_pose("duel")
    assert {entry.category for entry in entries()} == set(CATEGORIES)
    assert [entry.category for entry in entries()] == sorted(
        (entry.category for entry in entries()), key=CATEGORIES.index
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("jogging", "jogging"), ("Ninja", "ninja-run"), ("wavign", "waving"), ("jumpign", "jumping"),
        ("sitting crosed legs", "sitting-legs-crossed"), ("krouch", "squatting"), ("grand jete", "ballet-grand-jete"),
        ("GRAND JETÉ", "ballet-grand-jete"), ("hugs", "hug"), ("two people hug", "hug"), ("peace", "peace-sign"),
        ("standing", "standing"), ("sniper", "aiming-rifle"), ("pose with a katana raised", "sword-overhead"),
    ],
)  # fmt: skip
def test_search_finds_what_is_meant(text, first):
    assert found(text)[0] == first


def test_search_by_tag_category_and_nothing():
    assert set(found("katana")) == {"sword-guard", "sword-overhead", "sword-slash", "drawing-sword"}
    assert found("") == found("  ") == [entry.name for entry in entries()]
    assert found("", "Together") == [entry.name for entry in entries() if entry.category == "Together"]
    assert found("sword", "Together") == ["duel"]
    assert found("xyzzy") == found("", "No such category") == [] and found("a" * 5000) == []


def test_unknown_name_gets_near_matches():
    with pytest.raises(UnknownName) as caught:
        load_pose("standng")
    assert "standng" in caught.value.message and "standing" in caught.value.hint
    with pytest.raises(UnknownName) as caught:
        load_pose("katana")
    assert "sword-guard" in caught.value.hint
    with pytest.raises(UnknownName) as caught:
        load_pose("xyzzy")
    assert "There are a-pose" in caught.value.hint


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


def test_a_file_put_in_by_hand_is_shown_with_what_it_says_and_a_broken_one_does_no_harm(tmp_path, monkeypatch):
    pose = write(library_pose("waving"))
    (tmp_path / "my_own-pose.json").write_text(json.dumps(pose))
    (tmp_path / "frames.json").write_text(json.dumps([pose]))
    (tmp_path / "python.json").write_text(str({"title": "Printed", "people": pose["people"]}))
    (tmp_path / "odd.json").write_text(json.dumps({"title": 3, "tags": "no", "category": "Unknown", **pose}))
    (tmp_path / "said.json").write_text(
        json.dumps({"title": " Said ", "tags": ["a", 1, ""], "category": "Floor", **pose})
    )
    (tmp_path / "broken.json").write_text("{")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    assert {entry.name: (entry.label, entry.tags, entry.category) for entry in entries()} == {
        "said": ("Said", ("a",), "Floor"),
        "my_own-pose": ("My own pose", (), OTHER),
        "frames": ("Frames", (), OTHER),
        "python": ("Python", (), OTHER),
        "odd": ("Odd", (), OTHER),
    }
    assert found("own") == ["my_own-pose"] and "broken" in pose_names()
    with pytest.raises(InvalidPose):
        library_pose("broken")
