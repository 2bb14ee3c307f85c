"""The starter's words: its own captions are known word by word, other words are named."""

from __future__ import annotations

import numpy as np
import pytest

from starter.captions import write_caption
from starter.world import draw_plan
from studio.catalog import vocabulary


@pytest.mark.parametrize(
    "phrase",
    ["1girl", "long brown hair", "light blue tracksuit", "Twin_Tails", "jogging", "red ribbon", "blue background"],
)
def test_the_starter_knows_the_words_it_was_trained_on(phrase: str):
    assert vocabulary.knows("starter", phrase) is True


@pytest.mark.parametrize(
    ("phrase", "strange"),
    [("dragon", ("dragon",)), ("blue dragon", ("dragon",)), ("chainsaw in a park", ("chainsaw",))],
)
def test_what_it_does_not_know_is_named_word_by_word(phrase: str, strange: tuple[str, ...]):
    assert vocabulary.knows("starter", phrase) is False
    assert vocabulary.strange_words("starter", phrase) == strange


def test_large_checkpoints_have_an_open_vocabulary():
    assert vocabulary.knows("sd15", "dragon") is None
    assert vocabulary.unknown("sdxl", ["dragon"]) == ()
    assert vocabulary.words("sd15") is None


def test_unknown_phrases_are_named_once_and_in_order():
    assert vocabulary.unknown("starter", ["dragon", "park", "elf ears", "dragon"]) == ("dragon", "elf ears")


def test_every_caption_of_the_training_pictures_is_known():
    for seed in range(60):
        caption = write_caption(draw_plan(np.random.default_rng(seed)), np.random.default_rng(seed))
        assert vocabulary.strange_words("starter", caption) == (), caption
