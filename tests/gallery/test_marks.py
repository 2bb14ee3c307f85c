from __future__ import annotations

import pytest

from studio.database import Database
from studio.errors import StudioError, UnknownName
from studio.gallery import Gallery, Query
from studio.jobs import Queue
from studio.request import ImageRef, SourceImage
from tests.gallery.pictures import put


def test_ratings_and_favourites(gallery: Gallery):
    ids = [put(gallery, number).id for number in range(3)]
    gallery.rate(ids[:2], 4)
    gallery.favour(ids[1:])
    gallery.favour(ids[2:], False)
    assert [(p.rating, p.favourite) for p in gallery.pick(ids)] == [(4, False), (4, True), (0, False)]
    with pytest.raises(StudioError, match="does not exist"):
        gallery.rate(ids, 6)


def test_tags_and_collections(gallery: Gallery):
    first, second = put(gallery, 1).id, put(gallery, 2).id
    gallery.tag([first, second, 999], add=["  my \n tag ", "keep"])
    gallery.tag([second], add=["keep"], remove=["my tag", "never there"])
    gallery.collect([first, second], "Set ‘A’; DROP TABLE")
    gallery.uncollect([first], "Set ‘A’; DROP TABLE")
    assert (gallery.get(first).tags, gallery.get(second).tags) == (("keep", "my tag"), ("keep",))
    assert (gallery.get(first).collections, gallery.get(second).collections) == ((), ("Set ‘A’; DROP TABLE",))
    assert [picture.id for picture in gallery.search("my")] == [first]
    gallery.tag([first], remove=["my tag"])
    assert gallery.search("my") == []


@pytest.mark.parametrize("name", ["", "  \n", "x" * 81])
def test_names_of_labels_have_limits(gallery: Gallery, name: str):
    with pytest.raises(StudioError):
        gallery.tag([1], add=[name])
    with pytest.raises(StudioError):
        gallery.collect([1], name)


def test_emptying_the_trash_deletes_files_and_keeps_the_rest(gallery: Gallery):
    gone, kept, trashed = (put(gallery, number) for number in range(3))
    gallery.tag([gone.id], add=["x"])
    gallery.trash([gone.id, trashed.id])
    assert gallery.empty_trash([gone.id, kept.id]) == 1  # What is not in the trash is not deleted.
    assert not gallery.file_of(gone.sha256).exists()
    assert gallery.file_of(kept.sha256).exists() and gallery.file_of(trashed.sha256).exists()
    with pytest.raises(UnknownName):
        gallery.get(gone.id)
    gallery.restore([gone.id])
    assert gallery.ids() == [kept.id]
    assert gallery.empty_trash() == 1
    assert gallery.ids(Query(trashed=True)) == [] and gallery.facets().tags == []
    report = gallery.repair()
    assert (report.adopted, report.missing, report.removed) == (0, 0, 0)
    again = put(gallery, 0)
    assert again.id != gone.id and gallery.find(gone.digest) == again


def test_a_finished_job_of_a_deleted_picture_does_not_hinder(gallery: Gallery, database: Database):
    picture = put(gallery, 1)
    queue = Queue(database)
    queue.submit([picture.request])
    with database.transaction() as connection:
        connection.execute("UPDATE jobs SET state = 'done', picture_id = ?", (picture.id,))
    gallery.trash([picture.id])
    assert gallery.empty_trash() == 1
    assert gallery.count() == 0


def test_the_source_of_another_picture_stays_as_an_upload(gallery: Gallery):
    source = put(gallery, 1)
    child = put(gallery, 2, source=SourceImage(image=ImageRef(sha256=source.sha256)), parent_id=source.id)
    gallery.trash([source.id])
    gallery.empty_trash()
    assert gallery.ids() == [child.id]
    assert gallery.open_image(ImageRef(sha256=source.sha256)).size == (64, 64)
    assert gallery.lineage(child.id).parents == []
    assert gallery.repair().removed == 0


def test_lineage_and_duplicates(gallery: Gallery):
    first = put(gallery, 1)
    second = put(gallery, 2, parent_id=first.id)
    third, fourth = put(gallery, 3, parent_id=second.id), put(gallery, 4, parent_id=second.id)
    assert [p.id for p in gallery.lineage(third.id).parents] == [second.id, first.id]
    assert [p.id for p in gallery.lineage(second.id).children] == [third.id, fourth.id]
    gallery.trash([second.id])
    assert [p.id for p in gallery.lineage(third.id).parents] == [first.id]
    twin = gallery.add(gallery.open_picture(first.sha256), first.request.with_(steps=9), first.provenance)
    assert [[p.id for p in group] for group in gallery.duplicates()] == [[first.id, twin.id]]
