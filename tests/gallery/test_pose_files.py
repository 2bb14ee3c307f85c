"""Own poses out to files and back, and files from elsewhere."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.database import Database
from studio.errors import InvalidPose
from studio.gallery import pose_files
from studio.gallery import poses as shelf_module
from studio.gallery.pose_files import Described
from studio.gallery.poses import PoseShelf
from studio.poses import openpose
from studio.poses.library import FOLDER, entries, library_pose
from studio.poses.values import Joint, Person, Pose

WAVE, JOG, DUEL = (library_pose(name) for name in ("waving", "jogging", "duel"))


@pytest.fixture
def shelf(settings) -> PoseShelf:
    return PoseShelf(Database(settings.database))


def packed(files: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_an_export_comes_back_whole_on_another_shelf(settings, shelf, tmp_path):
    unsure = Pose.model_validate(
        dict(JOG) | {"people": (Person(body=[j and j._replace(confidence=0.4) for j in JOG.people[0].body]),)}
    )
    for name, pose, tags in (
        ("Grüße", WAVE, ["one", "two"]),
        ("grusse", JOG, []),
        ("決闘", DUEL, ["duel"]),
        ("Unsure", unsure, []),
    ):
        shelf.save(name, pose, tags)
    data = shelf.export()
    assert data == shelf.export()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sorted(archive.namelist()) == ["grue.json", "grusse.json", "pose.json", "unsure.json"]
        for name in archive.namelist():
            assert openpose.read(archive.read(name).decode()).people
    other = PoseShelf(Database(tmp_path / "other.sqlite3"))
    done = other.take(data, "poses.zip")
    assert (len(done.added), done.known, done.problems) == (4, 0, ())
    assert [(own.name, own.tags, openpose.write(own.pose)) for own in other.own()] == [
        (own.name, own.tags, openpose.write(own.pose)) for own in shelf.own()
    ]
    again = other.take(data, "poses.zip")
    assert (again.added, again.known) == ((), 4)
    assert shelf.take(data, "poses.zip").known == 4


def test_exporting_some(shelf):
    ids = [shelf.save(name, WAVE).id for name in ("a", "b", "c")]
    found, problems = pose_files.read(shelf.export(ids[1:]), "x.zip")
    assert [one.title for one in found] == ["b", "c"] and not problems


def test_a_pose_of_another_name_in_use_gets_a_number(shelf):
    shelf.save("Jogging", WAVE)
    done = shelf.take((FOLDER / "jogging.json").read_bytes(), "whatever.json")
    (added,) = done.added
    assert (added.name, added.pose) == ("Jogging 2", JOG) and "sport" in added.tags
    assert shelf.named("Jogging").pose == WAVE


@pytest.mark.parametrize(
    ("name", "title"),
    [("my_best-pose.json", "My best pose"), ("C:\\poses\\run.json", "Run"), (".json", "Json"), ("--.json", "Pose")],
)
def test_files_without_a_title_are_called_after_the_file(shelf, name, title):
    (added,) = shelf.take(json.dumps([openpose.write(WAVE)]).encode("utf-8-sig"), name).added
    assert added.name in {title, ".json"}


def test_titles_and_tags_from_outside_are_made_to_fit(shelf):
    document = {"title": "x" * 300 + "\x00", "tags": ["y" * 99, 3, "", "ok"] + [str(n) for n in range(50)]}
    (added,) = shelf.take(json.dumps(document | openpose.write(WAVE)).encode(), "a.json").added
    assert added.name == "x" * 80 and added.tags[:2] == ("y" * 40, "ok") and len(added.tags) == 20
    (bare,) = shelf.take(json.dumps({"title": ["no"], "tags": "no"} | openpose.write(JOG)).encode(), "b.json").added
    assert (bare.name, bare.tags) == ("B", ())


def test_what_is_no_pose_in_a_zip_is_named_and_the_rest_comes_in(shelf):
    good = json.dumps(openpose.write(WAVE))
    done = shelf.take(
        packed({
            "sub/good.json": good, "bad.json": "{}", "binary.json": b"\xff\xfe\x00", "readme.txt": "hello",
            "__MACOSX/._good.json": b"\x00", ".hidden.json": good, "empty.json": json.dumps({"people": []}),
        }),
        "mixed.zip",
    )  # fmt: skip
    assert [own.name for own in done.added] == ["Good"]
    assert sorted(name for name, _ in done.problems) == ["bad.json", "binary.json", "empty.json"]
    assert all(error.message and error.hint for _, error in done.problems)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x89PNG\r\n", b"hello", b"[]", b"{}", b'{"people": []}', b"PK\x03\x04 not a zip", packed({}),
        packed({"picture.png": b"x"}), packed({"a.json": "{}"}), packed({"a.json": "[]" * 99})[:-30],
        json.dumps(openpose.write(Pose(width=64, height=64))).encode(), b'{"people": [{"pose_keypoints_2d": [1, 2]}]}',
    ],
    ids=range(13),
)  # fmt: skip
def test_files_that_hold_no_pose_say_so_and_change_nothing(shelf, data):
    shelf.save("Mine", WAVE)
    with pytest.raises(InvalidPose) as caught:
        shelf.take(data, "file")
    assert caught.value.hint and shelf.count() == 1


def test_limits(shelf, monkeypatch):
    good = json.dumps(openpose.write(WAVE))
    monkeypatch.setattr(pose_files, "MAX_FILES", 2)
    with pytest.raises(InvalidPose, match="3 files"):
        shelf.take(packed({f"{number}.json": good for number in range(3)}), "many.zip")
    monkeypatch.setattr(shelf_module, "MAX_OWN", 1)
    with pytest.raises(InvalidPose, match="do not fit"):
        shelf.take(packed({"a.json": good, "b.json": json.dumps(openpose.write(JOG))}), "two.zip")
    assert shelf.count() == 0  # all or nothing
    monkeypatch.setattr(pose_files, "MAX_BYTES", 300)
    with pytest.raises(InvalidPose, match="at most"):
        shelf.take(good.encode(), "large.json")
    monkeypatch.setattr(pose_files, "MAX_BYTES", 1000)
    with pytest.raises(InvalidPose, match="too large"):
        shelf.take(packed({"bomb.json": b" " * 300_000}), "bomb.zip")


def test_a_zip_with_a_password_is_refused(shelf):
    data = bytearray(packed({"a.json": json.dumps(openpose.write(WAVE))}))
    for place in (6, data.index(b"PK\x01\x02") + 8):
        data[place] |= 1  # the flag that says: encrypted
    with pytest.raises(InvalidPose, match="cannot be opened"):
        shelf.take(bytes(data), "locked.zip")


def test_the_whole_library_can_be_taken_over(shelf):
    library = {f"{entry.name}.json": (FOLDER / f"{entry.name}.json").read_bytes() for entry in entries()}
    done = shelf.take(packed(library), "library.zip")
    assert len(done.added) == len(library) and not done.problems
    assert {own.name: own.pose for own in shelf.own()} == {entry.label: entry.pose for entry in entries()}


places = st.builds(Joint, st.floats(1, 500), st.floats(1, 500), st.floats(0.1, 1), st.booleans())
bodies = st.lists(st.none() | places, min_size=18, max_size=18)


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4), bodies)
def test_any_pose_round_trips_through_a_file(title, tags, body):
    body[0] = Joint(20, 30)
    pose = Pose(width=512, height=512, people=(Person(body=tuple(body)),))
    (back,), problems = pose_files.read(pose_files.zipped([Described(title, tuple(tags), pose)]), "x.zip")
    assert not problems and openpose.write(back.pose) == openpose.write(pose)
    assert back.title == (title.strip() or "Pose") and back.tags == tuple(t.strip() for t in tags if t.strip())
