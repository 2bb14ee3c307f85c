from __future__ import annotations

import dataclasses

import pytest
from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, Provenance
from studio.gallery.prompt_pictures import PromptPictures, Trial, words_of
from studio.prompts.library.entries import Entry
from studio.request import GenerationRequest

SCARF = Entry("own-1", "red scarf", "Scarf", "own")


@pytest.fixture
def database(settings):
    return Database(settings.database)


@pytest.fixture
def gallery(settings, database):
    return Gallery(settings, database)


@pytest.fixture
def pictures(database, gallery):
    return PromptPictures(database)


@pytest.fixture
def request_(pictures):
    made = GenerationRequest.build(prompt="red scarf", checkpoint="anime", seed=1)
    pictures.note("anime", [Trial(SCARF.key, words_of(SCARF), made.digest, 5)])
    return made


def test_a_trial_has_a_picture_once_the_gallery_has_it_and_while_it_has(pictures, gallery, request_):
    (waiting,) = pictures.of([SCARF], "anime").values()
    assert waiting.trial.job == 5 and waiting.sha256 is None
    picture = gallery.add(Image.new("RGB", (64, 64)), request_, Provenance(device="cpu"))
    assert pictures.of([SCARF], "anime")[SCARF.key][1:] == (picture.sha256, picture.id)
    gallery.trash([picture.id])
    assert pictures.of([SCARF], "anime")[SCARF.key].sha256 is None
    gallery.restore([picture.id])
    assert pictures.of([SCARF], "anime")[SCARF.key].sha256 == picture.sha256


def test_another_checkpoint_and_other_words_have_no_picture_yet(pictures, request_):
    assert pictures.of([SCARF], "other") == {}
    assert pictures.of([dataclasses.replace(SCARF, text="blue scarf")], "anime") == {}
    renamed = dataclasses.replace(SCARF, title="My scarf", aliases=("shawl",))
    assert list(pictures.of([renamed], "anime")) == [SCARF.key]


def test_a_new_trial_takes_the_place_of_the_old_one(pictures, request_):
    pictures.note("anime", [Trial(SCARF.key, words_of(SCARF), "another", 6)])
    assert pictures.of([SCARF], "anime")[SCARF.key].trial.digest == "another"
