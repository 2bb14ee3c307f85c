"""The form a newcomer finds: the checkpoint's own example, ready to be drawn at once."""

from __future__ import annotations

from studio import availability
from studio.catalog import vocabulary
from studio.prompts.syntax import phrases
from studio.ui.generate import control_sources, first_visit, forms
from studio.ui.models import shelves


def test_without_other_checkpoints_the_starter_shows_what_it_can(settings):
    draft = first_visit.draft(shelves(settings))
    assert (draft.checkpoint, draft.control) == ("starter", "pose")
    assert (draft.width, draft.height, draft.upscale, draft.upscale_side) == (256, 256, True, 1024)
    (request,) = forms.requests_from(draft, 7, control_sources.pose_of(draft))
    availability.check(settings, request)
    assert request.final_size == (1024, 1024)


def test_the_starter_knows_every_word_of_its_example(settings):
    prompt = first_visit.draft(shelves(settings)).prompt
    assert vocabulary.unknown("starter", [phrase.text for phrase in phrases.split(prompt)]) == ()


def test_a_large_checkpoint_goes_first(zoo_settings):
    draft = first_visit.draft(shelves(zoo_settings))
    assert draft.checkpoint == "tiny-sd15"
    assert (draft.pose_name, draft.upscale) == ("jogging", False)
