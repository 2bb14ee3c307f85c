"""Random prompts on the Generate page."""

from __future__ import annotations

import pytest

from studio.gallery import Provenance
from studio.prompts.library import wildcards
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random.expansion import draws
from studio.ui.generate import random_prompts
from studio.ui.generate.draft import Draft
from tests.pages.test_generate import of, typed

TEMPLATE = "1girl, {red|blue|green|black} hair, {park|beach}"


@pytest.fixture
def page(open_page):
    page = open_page()
    typed(page, TEMPLATE).run()
    return page


def prompts(parts) -> list[str]:
    return [job.request.prompt for job in parts.queue.active()]


def shown(page) -> list[str]:
    return [line for text in page.markdown if text.value.startswith("- ") for line in text.value.split("\n")]


def test_a_plain_prompt_has_no_panel(open_page):
    page = open_page()
    assert not any("Random prompt" in fold.label for fold in page.expander)
    typed(page, '1girl, {"a": 1}, [red|blue] hair').run()
    assert not any("Random prompt" in fold.label for fold in page.expander)


def test_each_picture_takes_its_own_words(page, parts):
    assert any("drawn anew at each click" in fold.label for fold in page.expander)
    of(page.number_input, "count").set_value(3).run()
    page.button(key="generate").click().run()
    assert not page.exception
    seed = of(page.number_input, "wildcard_seed").value
    assert prompts(parts) == draws(TEMPLATE, seed, 3, Wildcards([]))
    requests = [job.request for job in parts.queue.active()]
    assert [request.seed - requests[0].seed for request in requests] == [0, 1, 2]


def test_a_locked_wildcard_seed_shows_what_will_be_drawn(page):
    of(page.toggle, "wildcard_seed_locked").set_value(True).run()
    of(page.number_input, "wildcard_seed").set_value(12).run()
    assert any("wildcard seed 12" in fold.label for fold in page.expander)
    (line,) = shown(page)
    assert line.replace("\\", "") == f"- {draws(TEMPLATE, 12, 1, Wildcards([]))[0]}"


def test_the_words_of_the_last_click_can_be_had_again_and_stay(page, parts):
    page.button(key="generate").click().run()
    page.button(key="last_wildcard_seed").click().run()
    assert of(page.toggle, "wildcard_seed_locked").value is True
    page.button(key="generate").click().run()
    (first, again), seed = (job.request for job in parts.queue.active()), of(page.number_input, "wildcard_seed").value
    assert first.prompt == again.prompt and first.seed != again.seed
    known = parts.gallery.templates.complete(first, Provenance())
    assert (known.template_prompt, known.wildcard_seed) == (TEMPLATE, seed)
    assert parts.prompt_history.find()[0].prompt == TEMPLATE
    page.switch_page("models.py").run()
    page.switch_page("generate.py").run()
    assert of(page.number_input, "wildcard_seed").value == seed


def test_all_combinations_are_made_with_one_seed(page, parts):
    of(page.segmented_control, "combine").set_value(True).run()
    assert any("8 pictures, all combinations" in fold.label for fold in page.expander)
    assert len(shown(page)) == 3 and any("and 5 more" in line.value for line in page.caption)
    page.button(key="generate").click().run()
    assert len(set(prompts(parts))) == 8
    assert len({job.request.seed for job in parts.queue.active()}) == 1
    typed(page, "{a|b}" * 8).run()
    assert any("There are more combinations" in line.value for line in page.caption)
    assert len(random_prompts.drawn(Draft(prompt="{a|b}" * 8, combine=True, count=4), parts.settings)) == 64


def test_what_is_wrong_is_said_and_nothing_is_queued(open_page, parts):
    page = open_page()
    for text, title in (("1girl, __nope__ hair", "no wildcard"), ("1girl, {red|blue", "never closed")):
        typed(page, text).run()
        assert any(title in error.proto.title for error in page.error)
    page.button(key="generate").click().run()
    assert not page.exception and not parts.queue.active()


def test_a_persons_own_wildcard_is_drawn_from_and_noted_as_soon_as_it_changes(open_page, parts):
    folder = wildcards.own_folder(parts.settings)
    folder.mkdir(parents=True)
    (folder / "my-hair.txt").write_text("teal hair")
    page = open_page()
    typed(page, "1girl, __my-hair__").run()
    assert "teal hair" in shown(page)[0]
    (folder / "my-hair.txt").write_text("a much longer word")
    page.run()
    assert "a much longer word" in shown(page)[0]
