"""The Sweep page under Streamlit's own test driver; no worker runs."""

from __future__ import annotations

import pytest

from studio.gallery.scores import Measured
from studio.request import GenerationRequest
from studio.sweeps.expansion import expand
from studio.sweeps.spec import SweepSpec

REQUEST = GenerationRequest.build(prompt="1girl", checkpoint="tiny-sd15", seed=1, width=64, height=64, steps=4)


def spec(*axes: tuple[str, str]) -> SweepSpec:
    return SweepSpec.build(title="Small <b>", request=REQUEST, axes=[{"axis": a, "values": v} for a, v in axes])


@pytest.fixture
def sweep(parts, add_picture) -> int:
    """Steps against seed, one of its four cells drawn."""
    id = parts.sweeps.create(spec(("steps", "4, 5"), ("seed", "1-2")))
    add_picture(**{**dict(REQUEST), "seed": 1})
    return id


def opened(open_page, id: int):
    page = open_page("sweep.py")
    page.query_params["sweep"] = str(id)
    page.run()
    assert not page.exception
    return page


def test_the_builder_plans_while_one_types(open_page, parts):
    page = open_page("sweep.py")
    assert any("9 cells" in text.value for text in page.markdown)
    values = [text for text in page.text_input if text.label == "Values"]
    values[0].input("5, x").run()
    assert any("not a number" in error.proto.title or "not a number" in error.value for error in page.error)
    assert page.button(key="sweep_start").disabled
    next(text for text in page.text_input if text.label == "Values").input("5-7").run()
    page.button(key="sweep_start").click().run()
    assert not page.exception
    assert [len(parts.sweeps.cells(kept.id)) for kept in parts.sweeps.recent()] == [9]
    assert len(parts.queue.active()) == 9


def test_axes_are_added_removed_and_survive_another_page(open_page):
    page = open_page("sweep.py")
    page.button(key="sweep_add").click().run()
    page.text_input(key="sweep_title").input("Mine").run()
    page.switch_page("models.py").run()
    page.switch_page("sweep.py").run()
    assert page.text_input(key="sweep_title").value == "Mine"
    assert len([text for text in page.text_input if text.label == "Values"]) == 3
    page.button(key="sweep_best").click().run()
    assert [text.value for text in page.text_input if text.label == "Values"] == ["1-8"]


def test_a_sweep_shows_its_cells_and_goes_on(open_page, parts, sweep):
    page = opened(open_page, sweep)
    assert page.title[0].value == "Small \\<b\\>"
    page.button(key="sweep_go_on").click().run()
    assert len(parts.queue.active()) == 3
    page.button(key="sweep_pause").click().run()
    assert parts.queue.paused(f"sweep-{sweep}")
    page.button(key="sweep_stop").click().run()
    assert not parts.queue.active()


def test_axes_can_be_changed_and_nothing_is_drawn_twice(open_page, parts, sweep):
    page = opened(open_page, sweep)
    page.button(key="sweep_edit").click().run()
    assert not page.exception
    assert [text.value for text in page.text_input if text.label == "Values"] == ["4, 5", "1-2"]


def test_a_cell_opens_with_its_neighbours(open_page, sweep):
    page = open_page("sweep.py")
    page.query_params["sweep"], page.query_params["cell"] = str(sweep), "0"
    page.run()
    assert not page.exception
    assert {page.button(key="go_0_2").label, page.button(key="go_1_2").label} == {"Steps 5", "Seed 2"}
    page.button(key="redraw_0").click().run()
    assert not page.exception


def test_measurements_come_with_their_reasons(open_page, parts, sweep):
    picture = parts.gallery.find(expand(parts.sweeps.get(sweep).spec).cells[0].request.digest)
    parts.scores.put(picture.id, {"sharpness": Measured(12.5), "pose_oks": Measured(None, "No detector is here.")})
    page = opened(open_page, sweep)
    assert any("No detector is here." in caption.value for caption in page.caption)
    assert page.dataframe[0].value["Sharpness"].tolist()[0] == 12.5
    assert page.button(key="open_best").label.startswith("Open the best cell")


def test_an_unknown_sweep_leads_back(open_page):
    page = opened(open_page, 999)
    assert page.error and page.button(key="sweep_back")


def test_a_deleted_sweep_can_be_brought_back(open_page, parts, sweep):
    page = open_page("sweep.py")
    page.button(key=f"forget_{sweep}").click().run()
    assert parts.sweeps.recent() == []
    page.button(key="sweep_undo").click().run()
    assert [kept.id for kept in parts.sweeps.recent()] == [sweep]


def values_of(page) -> list:
    return [text for text in page.text_input if text.label == "Values"]


def test_every_row_says_what_it_was_understood_as(open_page):
    page = open_page("sweep.py")
    values_of(page)[0].input("1, 2, .., 20").run()
    captions = [caption.value for caption in page.caption]
    assert any(text.startswith("20 values: 1, 2, 3") and text.endswith("8 more") for text in captions)
    assert "3 values: 1, 2, 3" in captions
    values_of(page)[0].input("5").run()
    assert "1 value: 5" in [caption.value for caption in page.caption]


def test_names_are_chosen_from_a_list(open_page, parts):
    parts.prompt_shelf.save_template("Mine, framed", "oil painting, {prompt}")
    page = open_page("sweep.py")
    page.selectbox[0].select("template").run()
    assert not page.exception and values_of(page)[0].value.startswith("none, Watercolour portrait")
    names = next(one for one in page.multiselect if one.label == "Style template: values")
    names.select("Mine, framed").select("none").run()
    next(button for button in page.button if button.label == "Take these").click().run()
    assert not page.exception and values_of(page)[0].value == "Mine, framed || none ||"
    page.button(key="sweep_start").click().run()
    assert not page.exception
    (kept,) = parts.sweeps.recent()
    assert list(kept.spec.templates) == ["Mine, framed"], "the sweep keeps the person's own words"
    assert {job.request.prompt.startswith("oil painting, ") for job in parts.queue.active()} == {True, False}


def test_a_wrong_name_is_said_with_near_ones(open_page):
    page = open_page("sweep.py")
    page.selectbox[0].select("negative_preset").run()
    values_of(page)[0].input("none, handz").run()
    assert any("no negative preset" in error.proto.title for error in page.error)
    assert page.button(key="sweep_start").disabled


def test_limits_warn(open_page):
    page = open_page("sweep.py")
    page.number_input(key="sweep_warn_cells").set_value(8).run()
    assert any("9 pictures are to be drawn" in warning.value for warning in page.warning)
