"""Own poses and favourites: nothing is overwritten or lost silently."""

import pytest

from studio.database import Database
from studio.errors import InvalidPose, NameTaken, UnknownName
from studio.gallery import poses as shelf_module
from studio.gallery.pose_rows import library_key
from studio.gallery.poses import PoseShelf
from studio.poses.library import library_pose
from studio.poses.values import Person, Pose

WAVE, JOG = library_pose("waving"), library_pose("jogging")


@pytest.fixture
def shelf(settings) -> PoseShelf:
    return PoseShelf(Database(settings.database))


def names(shelf: PoseShelf) -> list[str]:
    return [own.name for own in shelf.own()]


def test_a_saved_pose_is_there_in_another_process_of_the_same_folder(settings, shelf):
    saved = shelf.save("  Hello  there ", WAVE, ["greeting", " greeting", "", "front  view"])
    again = PoseShelf(Database(settings.database))
    assert again.own() == [saved] and again.get(saved.id).pose == WAVE
    assert (saved.name, saved.tags, saved.key) == ("Hello there", ("greeting", "front view"), f"own:{saved.id}")
    assert again.count() == 1 and again.named("HELLO there") == saved


def test_saving_under_a_name_in_use_asks_first_and_replacing_can_be_undone(shelf):
    first = shelf.save("Greeting", WAVE, ["old"])
    shelf.favour(first.key)
    with pytest.raises(NameTaken, match="Greeting"):
        shelf.save("greeting", JOG)
    assert shelf.own() == [first]
    second = shelf.save("greeting", JOG, replace=True)
    assert [own.pose for own in shelf.own()] == [JOG] and shelf.favourites() == {second.key}
    shelf.undo_replace(second.id, first.id)
    assert shelf.own() == [shelf.get(first.id)] and shelf.get(first.id).pose == WAVE
    assert shelf.favourites() == {first.key}


def test_another_name_and_other_tags(shelf):
    one, two = shelf.save("One", WAVE, ["a"]), shelf.save("Two", JOG)
    with pytest.raises(NameTaken):
        shelf.describe(two.id, "ONE", ["changed"])
    assert shelf.get(two.id) == two
    assert shelf.describe(one.id, "one", ["a"]).name == "one"  # its own name in other letters
    changed = shelf.describe(two.id, "Run", ["fast", "sport"])
    assert (changed.name, changed.tags, changed.pose) == ("Run", ("fast", "sport"), JOG)
    assert shelf.describe(two.id, "Run", []).tags == () and names(shelf) == ["one", "Run"]


def test_deleting_is_undone_also_when_the_name_is_in_use_by_then(shelf):
    first = shelf.save("Pose", WAVE)
    shelf.delete([first.id])
    assert shelf.own() == [] and shelf.named("Pose") is None
    with pytest.raises(UnknownName):
        shelf.get(first.id)
    with pytest.raises(UnknownName):
        shelf.describe(first.id, "x", [])
    shelf.save("pose", JOG)
    assert [own.name for own in shelf.restore([first.id, 999])] == ["Pose 2"]
    assert shelf.get(first.id).pose == WAVE and shelf.restore([first.id]) == []


def test_only_the_last_deleted_poses_are_kept(shelf, monkeypatch):
    monkeypatch.setattr(shelf_module, "KEPT_DELETED", 2)
    ids = [shelf.save(f"Pose {number}", WAVE).id for number in range(4)]
    for id in ids:
        shelf.delete([id])
    assert [own.name for own in shelf.restore(ids)] == ["Pose 2", "Pose 3"]


def test_search_forgives_typing_errors(shelf):
    shelf.save("Café greeting", WAVE, ["friendly"])
    shelf.save("Morning run", JOG, ["sport"])
    assert [own.name for own in shelf.own("cafe")] == ["Café greeting"]
    assert [own.name for own in shelf.own("frendly")] == ["Café greeting"]
    assert [own.name for own in shelf.own("sport run")] == ["Morning run"]
    assert shelf.own("zebra") == []


def test_favourites_are_of_the_library_and_of_own_poses(shelf):
    own = shelf.save("Mine", WAVE)
    for key in (library_key("jogging"), own.key, own.key):
        shelf.favour(key)
    assert shelf.favourites() == {"library:jogging", own.key}
    shelf.favour(own.key, on=False)
    shelf.favour("library:none", on=False)
    assert shelf.favourites() == {"library:jogging"}


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "evil‮name"])
def test_names_that_cannot_be_used(shelf, name):
    with pytest.raises(InvalidPose) as caught:
        shelf.save(name, WAVE)
    assert caught.value.hint and shelf.count() == 0


def test_a_name_with_markup_stays_text(shelf):
    assert shelf.save("<b>'; DROP TABLE own_poses; --", WAVE).name == "<b>'; DROP TABLE own_poses; --"
    assert shelf.count() == 1


@pytest.mark.parametrize("tags", [["x" * 41], [str(number) for number in range(21)], ["a\x07"]])
def test_tags_that_cannot_be_used(shelf, tags):
    with pytest.raises(InvalidPose):
        shelf.save("Pose", WAVE, tags)
    own = shelf.save("Pose", WAVE)
    with pytest.raises(InvalidPose):
        shelf.describe(own.id, "Pose", tags)
    assert shelf.get(own.id).tags == ()


def test_an_empty_pose_is_not_saved(shelf):
    hidden = Person(body=tuple(joint and joint._replace(visible=False) for joint in WAVE.people[0].body))
    for pose in (Pose(width=512, height=512), Pose(width=512, height=512, people=(hidden,))):
        with pytest.raises(InvalidPose, match="nothing in this pose"):
            shelf.save("Empty", pose)


def test_a_full_shelf_says_so_and_still_lets_a_pose_be_replaced(shelf, monkeypatch):
    monkeypatch.setattr(shelf_module, "MAX_OWN", 1)
    shelf.save("Pose", WAVE)
    with pytest.raises(InvalidPose, match="saved already"):
        shelf.save("Another", JOG)
    assert shelf.save("Pose", JOG, replace=True).pose == JOG
