from __future__ import annotations

import pytest
from PIL import Image

from studio.database import Database
from studio.errors import UnknownName
from studio.gallery import Gallery, Provenance, read_metadata
from studio.request import GenerationRequest, ImageRef
from studio.settings import Settings

PICTURE = Image.new("RGB", (64, 48), "orchid")


def request(**fields) -> GenerationRequest:
    return GenerationRequest.build(**{"checkpoint": "tiny", "seed": 1, **fields})


def test_a_picture_comes_back_with_its_recipe(gallery: Gallery):
    recipe = request(prompt="a girl, \U0001f338", negative_prompt="blurry")
    parent = gallery.add(PICTURE, request(seed=2), Provenance())
    picture = gallery.add(PICTURE, recipe, Provenance(device="cpu", seconds=1.5), parent_id=parent.id)
    assert gallery.find(recipe.digest) == gallery.get(picture.id) == picture
    assert picture.request == recipe
    assert (picture.width, picture.height, picture.seconds, picture.parent_id) == (64, 48, 1.5, parent.id)
    assert picture.provenance.device == "cpu"
    assert read_metadata(gallery.file_of(picture.sha256)).request == recipe
    assert gallery.open_image(ImageRef(sha256=picture.sha256)).tobytes() == PICTURE.tobytes()
    assert gallery.thumbnail_of(picture.sha256).exists()


def test_a_request_has_one_picture(gallery: Gallery):
    first = gallery.add(PICTURE, request(), Provenance(seconds=1))
    again = gallery.add(PICTURE, request(), Provenance(seconds=2))
    assert again == first
    assert list(gallery.files.stored()) == [first.sha256]


def test_adding_again_brings_back_a_lost_file_and_a_trashed_picture(gallery: Gallery):
    first = gallery.add(PICTURE, request(), Provenance(seconds=1))
    gallery.file_of(first.sha256).unlink()
    again = gallery.add(PICTURE, request(), Provenance(seconds=2))
    assert (again.id, again.seconds) == (first.id, 2)
    gallery.trash([first.id])
    assert gallery.find(request().digest) is None
    assert gallery.add(PICTURE, request(), Provenance()).id == first.id
    assert gallery.find(request().digest) is not None


def test_the_row_belongs_to_the_outer_transaction(gallery: Gallery, database: Database):
    with pytest.raises(RuntimeError), database.transaction():
        gallery.add(PICTURE, request(), Provenance())
        raise RuntimeError
    assert gallery.find(request().digest) is None
    assert gallery.repair().adopted == 1
    assert gallery.find(request().digest) is not None


def test_pages_follow_each_other_without_gap_or_repeat(gallery: Gallery, database: Database):
    ids = [gallery.add(PICTURE, request(seed=seed), Provenance()).id for seed in range(7)]
    database.connection().execute("UPDATE images SET created = 5 WHERE id > 2")  # ties are paged by id
    pages, before = [], None
    while page := gallery.recent(limit=3, before=before):
        pages.append([picture.id for picture in page])
        before = page[-1].id
    assert sorted(id for page in pages for id in page) == ids
    assert [len(page) for page in pages] == [3, 3, 1]
    assert gallery.count() == 7
    plan = database.connection().execute(
        "EXPLAIN QUERY PLAN SELECT * FROM images WHERE kind = 'generated' AND deleted IS NULL AND missing = 0"
        " AND (created, id) < (5.0, 4) ORDER BY created DESC, id DESC LIMIT 3"
    )
    assert "images_newest" in plan.fetchone()["detail"]


def test_the_trash_hides_pictures_until_they_are_restored(gallery: Gallery):
    picture = gallery.add(PICTURE, request(prompt="moon"), Provenance())
    gallery.trash([picture.id])
    assert gallery.recent() == gallery.search("moon") == []
    assert gallery.get(picture.id).trashed
    gallery.restore([picture.id])
    assert gallery.recent() == gallery.search("moon") == [picture]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("blue hair", {1, 2}),
        ("blue_hair", {1, 2}),
        ("BLU", {1, 2}),
        ("hair smile", {2}),
        ("extra fingers", {3}),
        ("cafe", {3}),
        ("桜", {4}),
        ("green", set()),
        ('"', {1, 2, 3, 4}),
        ("blue AND", set()),
        ("prompt:blue*", set()),
    ],
)
def test_search_finds_words_and_their_beginnings(gallery: Gallery, text: str, found: set[int]):
    prompts = ["1girl, blue_hair", "blue hair, smile", "at the café", "桜 tree"]
    for number, prompt in enumerate(prompts, 1):
        negative = "extra fingers" if number == 3 else ""
        gallery.add(PICTURE, request(prompt=prompt, negative_prompt=negative, seed=number), Provenance())
    assert {picture.request.seed for picture in gallery.search(text)} == found


def test_an_unknown_picture_is_said(gallery: Gallery):
    with pytest.raises(UnknownName):
        gallery.get(99)


def test_two_galleries_share_a_data_folder(settings: Settings, gallery: Gallery):
    picture = gallery.add(PICTURE, request(), Provenance())
    assert Gallery(settings, Database(settings.database)).recent() == [picture]
