"""The composer without a language model: lint clean, deterministic, and it keeps what is locked."""

from __future__ import annotations

import pytest

from studio.assistant.composer import Composer
from studio.assistant.slots import SLOTS
from studio.catalog import vocabulary
from studio.errors import StudioError
from studio.prompts.library.library import shipped
from studio.prompts.syntax import phrases, tokens

FAMILIES = ("sd15", "sdxl", "starter")


def composer(family: str = "sd15", checkpoint: str = "") -> Composer:
    return Composer(shipped(), family, checkpoint)


@pytest.mark.parametrize("family", FAMILIES)
def test_surprises_are_lint_clean_and_fit(family: str):
    made = [composer(family).surprise(seed) for seed in range(8)]
    for found in made:
        assert not found.findings and phrases.split(found.prompt)
        assert tokens.estimate(found.prompt) <= composer(family).conventions.tokens
        assert all(found.slots[name] for name in ("subject", "look", "outfit", "action"))
        assert not vocabulary.unknown(family, (phrase.text for phrase in phrases.split(found.prompt)))
    assert len({found.prompt for found in made}) == len(made)


def test_the_same_seed_gives_the_same_prompt():
    assert composer().surprise(7) == composer().surprise(7)


def test_what_is_locked_stays_and_nothing_contradicts_it():
    own = {"subject": ("2girls",), "look": ("black hair", "closed eyes"), "light": ("night",)}
    for seed in range(6):
        found = composer().surprise(seed, own, locked=own)
        assert {name: found.slots[name] for name in own} == own
        assert not [finding for finding in found.findings if finding.severity != "remark"]


def test_a_lock_keeps_other_slots_as_they_fell():
    free = composer().surprise(3)
    locked = composer().surprise(3, {"camera": free.slots["camera"]}, locked=("camera",))
    assert locked.slots == free.slots


def test_quality_stands_where_the_checkpoint_wants_it():
    slots = {"subject": ("1girl",), "quality": ("masterpiece",)}
    assert composer("sdxl").compose(slots).prompt == "masterpiece, 1girl"
    assert composer("sdxl", "illustriousXL_v1").compose(slots).prompt == "1girl, masterpiece"


def test_own_words_and_contradictions_are_composed_and_told():
    found = composer().compose({"subject": ("1girl", " my own hero "), "light": ("night", "day"), "look": ("1girl",)})
    assert found.prompt == "1girl, my own hero, night, day"
    assert "contradiction" in {finding.kind for finding in found.findings}
    assert "bad hands" in found.negative_prompt


def test_a_slot_that_does_not_exist_is_told():
    with pytest.raises(StudioError, match="no slot"):
        composer().compose({"soundtrack": ("jazz",)})
    with pytest.raises(StudioError, match="no slot"):
        composer().choices("soundtrack")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_has_choices_the_checkpoint_understands(family: str, slot: str):
    found = composer(family).choices(slot)
    assert all(entry.works_for(family) for entry in found)
    assert len(found) >= (5 if family != "starter" else 0)


def test_the_slots_name_categories_and_texts_of_the_library():
    known = {category.id for category in shipped().categories}
    for slot in SLOTS.values():
        assert set(slot.categories) <= known
        for draw in slot.draws:
            assert set(draw.categories) <= set(slot.categories) and all(map(shipped().find, draw.texts))
