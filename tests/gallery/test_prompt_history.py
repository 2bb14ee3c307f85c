from __future__ import annotations

import time
from zlib import crc32

import pytest
from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, Provenance
from studio.gallery.prompt_history import PromptHistory
from studio.request import GenerationRequest
from studio.settings import Settings


@pytest.fixture
def database(settings: Settings) -> Database:
    return Database(settings.database)


@pytest.fixture
def history(database: Database) -> PromptHistory:
    return PromptHistory(database)


@pytest.fixture
def gallery(settings: Settings, database: Database) -> Gallery:
    return Gallery(settings, database)


def draw(gallery: Gallery, prompt: str, seed: int = 1, provenance: Provenance | None = None, **fields: object):
    values = {"prompt": prompt, "checkpoint": "anime", "width": 64, "height": 64, "seed": seed, **fields}
    image = Image.new("RGB", (8, 8), (seed % 256, len(prompt) % 256, crc32(prompt.encode()) % 256))
    return gallery.add(image, GenerationRequest.build(**values), provenance or Provenance(device="cpu"))


def test_each_prompt_stands_there_once_with_its_pictures_the_newest_first(gallery, history):
    draw(gallery, "a cat", seed=1)
    draw(gallery, "a dog")
    newest = draw(gallery, "a cat", seed=2, checkpoint="another")
    first, second = history.find()
    assert (first.prompt, first.pictures, first.thumbnail, first.checkpoint) == ("a cat", 2, newest.sha256, "another")
    assert (second.prompt, second.pictures) == ("a dog", 1)
    assert history.count() == 2


def test_another_negative_prompt_makes_another_entry(gallery, history):
    draw(gallery, "a cat", negative_prompt="blurry")
    draw(gallery, "a cat", negative_prompt="")
    assert {used.negative_prompt for used in history.find()} == {"blurry", ""}


def test_what_was_asked_for_counts_before_there_is_a_picture(gallery, history):
    history.note("a cat", "blurry", "anime")
    (used,) = history.find()
    assert (used.pictures, used.thumbnail) == (0, None)
    assert used.used == pytest.approx(time.time(), abs=60)
    draw(gallery, "a cat", negative_prompt="blurry")
    (used,) = history.find()
    assert used.pictures == 1


def test_a_random_prompt_stands_there_as_it_was_typed(gallery, history):
    told = Provenance(device="cpu", template_prompt="a {cat|dog}", wildcard_seed=3)
    draw(gallery, "a cat", provenance=told, negative_prompt="blurry")
    draw(gallery, "a dog", provenance=told, negative_prompt="blurry")
    (used,) = history.find()
    assert (used.prompt, used.negative_prompt, used.pictures) == ("a {cat|dog}", "blurry", 2)


def test_what_was_typed_stays_whole_though_the_request_has_less_of_it(gallery, history):
    asked = GenerationRequest.build(prompt="a cat", checkpoint="anime", width=64, height=64, seed=1)
    history.note("a cat <lora:line:0.5> # mine", "", "anime", [asked])
    picture = draw(gallery, "a cat", seed=1)
    (used,) = history.find()
    assert (used.prompt, used.pictures, used.thumbnail) == ("a cat <lora:line:0.5> # mine", 1, picture.sha256)
    draw(gallery, "a cat", seed=2)
    assert {(used.prompt, used.pictures) for used in history.find()} == {(used.prompt, 1), ("a cat", 1)}


def test_pictures_of_before_are_taken_in(settings, database, gallery):
    first, second = draw(gallery, "a cat", seed=1), draw(gallery, "a cat", seed=2)
    draw(gallery, "a dog", negative_prompt="blurry")
    history = PromptHistory(database)
    by_prompt = {used.prompt: used for used in history.find()}
    assert by_prompt["a cat"].pictures == 2 and by_prompt["a cat"].thumbnail in {first.sha256, second.sha256}
    assert by_prompt["a dog"].negative_prompt == "blurry"
    assert [used.prompt for used in history.find("dog")] == ["a dog"]


def test_words_find_by_their_beginnings_and_a_minus_excludes(history):
    for prompt in ("red_hair, running", "red dress, standing", "blue hair (smile:1.2)"):
        history.note(prompt, "lowres", "anime")
    assert {used.prompt for used in history.find("red")} == {"red_hair, running", "red dress, standing"}
    assert [used.prompt for used in history.find("hair smi")] == ["blue hair (smile:1.2)"]
    assert [used.prompt for used in history.find("red -dress")] == ["red_hair, running"]
    assert len(history.find("lowres")) == 3 and not history.find("nothing")
    assert history.count("red") == 2


@pytest.mark.parametrize("text", ['"', "* OR (", "a NEAR b", "prompt:x", "-", "'; --", "😀"])
def test_nothing_that_is_searched_for_is_an_operator(history, text):
    history.note("a cat", "", "anime")
    history.find(text)


def test_pinned_ones_come_first_until_they_are_let_go(history):
    for prompt in ("one", "two", "three"):
        history.note(prompt, "", "anime")
    oldest = history.find()[-1]
    history.pin(oldest.id)
    assert [used.prompt for used in history.find()] == ["one", "three", "two"]
    assert history.find()[0].pinned
    history.pin(oldest.id, pinned=False)
    assert [used.prompt for used in history.find()] == ["three", "two", "one"]


def test_pages_follow_each_other(history):
    for number in range(7):
        history.note(f"prompt {number}", "", "anime")
    pages = [used.prompt for offset in (0, 3, 6) for used in history.find(limit=3, offset=offset)]
    assert pages == [f"prompt {number}" for number in range(6, -1, -1)]


def test_a_picture_in_the_trash_is_neither_counted_nor_shown(gallery, history):
    kept, gone = draw(gallery, "a cat", seed=1), draw(gallery, "a cat", seed=2)
    gallery.trash([gone.id])
    (used,) = history.find()
    assert (used.pictures, used.thumbnail) == (1, kept.sha256)


def test_an_older_use_changes_neither_order_nor_checkpoint(history, database):
    history.note("a cat", "", "new")
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO images (kind, sha256, request, width, height, created, checkpoint)"
            """ VALUES ('generated', 'x', '{"prompt":"a cat"}', 8, 8, 1000, 'old')"""
        )
    (used,) = history.find()
    assert used.checkpoint == "new" and used.used > 1000 and used.pictures == 1
