"""The Gallery page under Streamlit's own test driver."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.gallery import Provenance
from studio.gallery.query import Query
from studio.ui.gallery import state as gallery_state
from studio.ui.pose import desk as pose_desk
from tests.gallery_pictures import add, fill

A1111 = "a lone tree, fog\nNegative prompt: people\nSteps: 20, Sampler: Euler a, Seed: 5, Size: 64x48, Model: x"


@pytest.fixture
def pictures(parts):
    """Seven pictures: two sizes squared and not, three samplers, poses, LoRAs."""
    return fill(parts.gallery, 7)


@pytest.fixture
def page(pictures, open_page):
    return open_page("gallery.py")


def did(page, kind, ids=(), value=0, key=gallery_state.GRID, text=""):
    """As the component would report it."""
    done = page.session_state.get(f"{key}.done", 0)
    entry = {"n": done + 1, "do": kind, "ids": list(ids), "value": value, "text": text}
    page.session_state[key] = {"acts": [entry]}
    page.run()
    assert not page.exception


def listed(page):
    return list(page.session_state[gallery_state.PAGES])


def address(page, name):
    """The value of a parameter of the page's address."""
    value = page.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def button(page, label):
    return next(button for button in page.button if button.label == label)


def test_an_empty_gallery_says_what_will_be_here_and_how_to_begin(open_page):
    page = open_page("gallery.py")
    assert "with its recipe" in page.info[0].value


def test_the_newest_pictures_come_first(page, pictures):
    assert listed(page) == [picture.id for picture in reversed(pictures)]
    assert any(caption.value == "1 to 7 of 7 pictures" for caption in page.caption)


def test_words_find_pictures_and_nothing_found_leads_back(page, pictures):
    page.text_input(key="gallery.text").set_value("witch hat").run()
    assert listed(page) == [pictures[4].id]
    page.text_input(key="gallery.text").set_value("nosuchword").run()
    assert "No picture" in page.info[0].value
    button(page, "Show all pictures").click().run()
    assert len(listed(page)) == 7 and page.text_input(key="gallery.text").value == ""


@pytest.mark.parametrize(
    ("name", "value", "query"),
    [
        ("sampler", "Euler a", Query(sampler="Euler a")),
        ("lora", "ink", Query(lora="ink")),
        ("size", (256, 384), Query(size=(256, 384))),
        ("rating", 4, Query(rating_at_least=4)),
        ("tag", "winner", Query(tag="winner")),
        ("collection", "best", Query(collection="best")),
        ("pose", True, Query(has_pose=True)),
        ("pose", False, Query(has_pose=False)),
    ],
)
def test_every_filter_narrows_the_list(pictures, parts, open_page, name, value, query):
    parts.gallery.rate([pictures[0].id], 5)
    parts.gallery.tag([pictures[1].id], add=["winner"])
    parts.gallery.collect([pictures[2].id], "best")
    page = open_page("gallery.py")
    page.session_state[f"gallery.{name}"] = value
    page.run()
    found = [picture.id for picture in parts.gallery.page(query)]
    assert 0 < len(found) < 7 and listed(page) == found
    assert any(f"{len(found)} of" in caption.value and " · " in caption.value for caption in page.caption)


def test_days_include_their_pictures(page, pictures):
    today = date.fromtimestamp(pictures[0].created)
    page.session_state["gallery.since"] = today
    page.session_state["gallery.until"] = today + timedelta(days=1)
    page.run()
    assert len(listed(page)) == 7
    page.session_state["gallery.until"] = today - timedelta(days=1)
    page.run()
    assert "No picture" in page.info[0].value


def test_filters_stay_when_one_comes_back_to_the_page(page, pictures):
    page.text_input(key="gallery.text").set_value("armor").run()
    page.switch_page("models.py").run()
    page.switch_page("gallery.py").run()
    assert listed(page) == [pictures[3].id]


def test_stars_and_hearts_are_kept(page, pictures, parts):
    did(page, "rate", [pictures[2].id, pictures[3].id], 4)
    did(page, "favour", [pictures[3].id], 1)
    assert [parts.gallery.get(picture.id).rating for picture in pictures[1:5]] == [0, 4, 4, 0]
    page.segmented_control(key="gallery.shown").set_value("Favourites").run()
    assert listed(page) == [pictures[3].id]


def test_an_act_that_is_reported_twice_is_done_once(page, pictures, parts):
    did(page, "rate", [pictures[0].id], 3)
    parts.gallery.rate([pictures[0].id], 1)
    page.run()
    page.session_state[gallery_state.GRID] = {"acts": [{"n": 1, "do": "rate", "ids": [pictures[0].id], "value": 3}]}
    page.run()
    assert parts.gallery.get(pictures[0].id).rating == 1


def test_pages_turn_and_the_list_holds_no_more_than_one(pictures, parts, open_page, monkeypatch):
    monkeypatch.setattr(gallery_state, "PER_PAGE", 3)
    page = open_page("gallery.py")
    assert listed(page) == [picture.id for picture in reversed(pictures[4:])]
    did(page, "turn", value=1)
    did(page, "turn", value=1)
    assert listed(page) == [pictures[0].id]
    did(page, "turn", value=1)
    assert listed(page) == [pictures[0].id], "there is no page after the last"


def test_tags_are_typed_and_a_minus_takes_one_away(page, pictures, parts):
    ids = [pictures[0].id, pictures[1].id]
    did(page, "tag", ids, text="cute, Red Hair,, -")
    assert {parts.gallery.get(id).tags for id in ids} == {("Red Hair", "cute")}
    did(page, "tag", ids[:1], text="-cute, new")
    assert parts.gallery.get(ids[0]).tags == ("Red Hair", "new")
    did(page, "tag", ids, text="x" * 200)
    assert "80 characters" in page.error[0].proto.title
    did(page, "tag", ids, text="fine")
    assert not page.error


def test_tags_are_given_to_all_that_is_selected(page, pictures, parts):
    ids = [pictures[0].id, pictures[5].id]
    did(page, "select", ids)
    page.multiselect(key="bulk_tags_names").set_value(["cute", "red"]).run()
    page.button(key="bulk_tags_add").click().run()
    assert [picture.id for picture in parts.gallery.page(Query(tag="cute", sort="oldest"))] == ids
    page.multiselect(key="bulk_tags_names").set_value(["red"]).run()
    page.button(key="bulk_tags_remove").click().run()
    assert parts.gallery.get(ids[0]).tags == ("cute",)


def test_a_tag_that_is_too_long_is_refused_and_the_others_stay(page, pictures, parts):
    parts.gallery.tag([pictures[0].id], add=["cute"])
    did(page, "open", [pictures[0].id])
    field = page.multiselect(key=f"tags_{pictures[0].id}")
    field.set_value(["cute", "x" * 200]).run()
    assert "80 characters" in page.error[0].proto.title
    assert page.multiselect(key=f"tags_{pictures[0].id}").value == ["cute"]
    page.multiselect(key=f"tags_{pictures[0].id}").set_value(["red"]).run()
    page.multiselect(key=f"collections_{pictures[0].id}").set_value(["best"]).run()
    picture = parts.gallery.get(pictures[0].id)
    assert (picture.tags, picture.collections) == (("red",), ("best",))


def test_deleting_is_undone(page, pictures, parts):
    did(page, "trash", [pictures[0].id, pictures[1].id])
    assert len(listed(page)) == 5 and parts.gallery.total(Query(trashed=True)) == 2
    page.button(key="undo").click().run()
    assert len(listed(page)) == 7 and not any(button.key == "undo" for button in page.button)


def test_the_trash_restores_and_empties(page, pictures, parts):
    did(page, "select", [pictures[4].id])
    did(page, "trash", [pictures[0].id, pictures[1].id])
    page.segmented_control(key="gallery.shown").set_value("Trash").run()
    assert page.session_state["gallery.selected"] == []
    assert set(listed(page)) == {pictures[0].id, pictures[1].id}
    did(page, "select", [pictures[0].id])
    page.button(key="bulk_restore").click().run()
    assert parts.gallery.total() == 6
    page.button(key="empty_trash").click().run()
    assert parts.gallery.total(Query(trashed=True)) == 0 and parts.gallery.total() == 6


def test_an_opened_picture_shows_its_recipe_and_steps_through_the_list(page, pictures, parts):
    did(page, "open", [pictures[3].id])
    assert address(page, "picture") == str(pictures[3].id)
    assert any("armor" in code.value for code in page.code)
    did(page, "step", [pictures[3].id], 1, gallery_state.VIEWER)
    assert address(page, "picture") == str(pictures[2].id)
    did(page, "rate", [pictures[2].id], 5, gallery_state.VIEWER)
    assert parts.gallery.get(pictures[2].id).rating == 5
    did(page, "close", key=gallery_state.VIEWER)
    assert address(page, "picture") is None and len(listed(page)) == 7


def test_deleting_the_opened_picture_opens_the_next_one(page, pictures, parts):
    did(page, "open", [pictures[1].id])
    page.button(key="trash").click().run()
    assert address(page, "picture") == str(pictures[0].id)
    page.button(key="trash").click().run()
    assert address(page, "picture") == str(pictures[2].id), "after the last comes the one before it"
    page.button(key="undo").click().run()
    assert parts.gallery.total() == 6


def test_an_address_opens_a_picture_and_a_wrong_one_is_explained(pictures, open_page):
    page = open_page("gallery.py")
    page.query_params["picture"] = str(pictures[6].id)
    page.run()
    assert any("running, park" in code.value for code in page.code)
    page.query_params["picture"] = "987654"
    page.run()
    assert "no picture 987654" in page.error[0].proto.title and not page.exception
    page.query_params["picture"] = "../1"
    page.run()
    assert len(listed(page)) == 7


@pytest.mark.parametrize(
    ("part", "taken", "kept"),
    [
        ("all", {"prompt", "steps", "seed", "sampler", "control"}, set()),
        ("seed", {"seed"}, {"prompt", "steps", "control"}),
        ("pose", {"control"}, {"prompt", "steps", "seed"}),
        ("prompt", {"prompt"}, {"steps", "seed", "control"}),
    ],
)
def test_a_recipe_or_a_part_of_it_fills_the_form(page, pictures, part, taken, kept):
    picture = pictures[5]
    did(page, "open", [picture.id])
    page.button(key=f"use_{part}").click().run()
    page.switch_page("generate.py").run()  # The test driver does not follow by itself.
    assert not page.exception
    wanted = {
        "prompt": picture.request.prompt, "steps": picture.request.steps, "seed": picture.request.seed,
        "sampler": picture.request.sampler, "control": "pose",
    }  # fmt: skip
    for name in taken:
        assert page.session_state[f"form.{name}"] == wanted[name]
    for name in kept - {"control"}:
        assert page.session_state[f"form.{name}"] != wanted[name]
    if "pose" in part or part == "all":
        assert page.session_state["form.pose_json"] == picture.request.controls[0].pose.model_dump_json()


def test_the_pose_of_a_picture_goes_to_the_editor(page, pictures):
    did(page, "open", [pictures[5].id])
    page.button(key="edit_picture_pose").click().run()
    assert not page.exception
    assert pose_desk.current(page.session_state["desk.id"]) == pictures[5].request.controls[0].pose
    assert page.session_state["form.control"] == "editor"


def test_two_recipes_are_compared_field_by_field(page, pictures):
    did(page, "select", [pictures[0].id, pictures[1].id])
    page.button(key="bulk_compare").click().run()
    assert address(page, "compare") == f"{pictures[0].id}-{pictures[1].id}"
    table = page.table[0].value
    rows = dict(zip(table["Field"], table.iloc[:, 2], strict=True))
    assert str(pictures[1].request.seed) in rows.values()
    assert len(rows) == len(set(rows)) >= 4
    page.button(key="compare_swap").click().run()
    assert address(page, "compare") == f"{pictures[1].id}-{pictures[0].id}"
    page.button(key="compare_back").click().run()
    assert len(listed(page)) == 7


def test_a_picture_shows_what_it_was_made_from_and_what_became_of_it(page, pictures, parts):
    child = add(parts.gallery, 40, parent=pictures[4])
    did(page, "open", [pictures[4].id])
    labels = {button.key: button.label for button in page.button if (button.key or "").startswith("lineage_")}
    assert labels[f"lineage_{pictures[4].id}"] == "This picture" and f"lineage_{child.id}" in labels
    page.button(key=f"lineage_{child.id}").click().run()
    assert address(page, "picture") == str(child.id)
    assert page.button(key=f"lineage_{pictures[4].id}").label == "Made from"


def test_a_picture_that_started_from_another_belongs_to_it(page, pictures, parts):
    source = {"image": {"sha256": pictures[2].sha256}, "strength": 0.5}
    request = pictures[2].request.with_(source=source, seed=3)
    child = parts.gallery.add(Image.new("RGB", (384, 256), "navy"), request, Provenance(device="cpu"))
    did(page, "open", [pictures[2].id])
    assert page.button(key=f"lineage_{child.id}").label == "Varied"


def test_a_foreign_picture_comes_in_with_what_it_says(open_page, parts):
    page = open_page("gallery.py")
    page.file_uploader[0].set_value(("tree.png", png(A1111), "image/png")).run()
    assert not page.exception and parts.gallery.total() == 1
    (picture,) = parts.gallery.page()
    assert address(page, "picture") == str(picture.id), "a single picture is opened at once"
    assert any("a lone tree" in code.value for code in page.code)


def test_several_files_are_told_apart(pictures, open_page, parts):
    page = open_page("gallery.py")
    again = parts.gallery.file_of(pictures[0].sha256).read_bytes()
    page.file_uploader[0].set_value(
        [("new.png", png(A1111), "image/png"), ("again.png", again, "image/png"), ("no.png", b"nothing", "image/png")]
    ).run()
    assert not page.exception and parts.gallery.total() == 8
    assert page.toast[0].value == "1 picture imported, 1 already here, 1 refused."
    assert "no.png" in page.warning[0].value
    page.button(key="dismiss_refused").click().run()
    assert not page.warning


def test_a_folder_is_imported_as_a_task(open_page, parts):
    page = open_page("gallery.py")
    page.button(key="import_folder").click().run()
    assert "No folder is named" in page.error[0].proto.title
    page.text_input(key="import.folder").set_value("/somewhere/pictures").run()
    page.button(key="import_folder").click().run()
    (task,) = parts.tasks.active()
    assert task.kind == "import" and task.payload["folder"] == "/somewhere/pictures"
    page.button(key="cancel_import").click().run()
    assert not parts.tasks.active()


def test_a_picture_without_a_recipe_offers_nothing_to_reuse(open_page, parts):
    page = open_page("gallery.py")
    page.file_uploader[0].set_value(("plain.png", png(), "image/png")).run()
    assert "says nothing" in page.info[0].value
    assert [button.key for button in page.button if (button.key or "").startswith("use_")] == ["use_picture"]
    page.button(key="use_picture").click().run()
    page.switch_page("generate.py").run()
    assert page.session_state["form.source_image"] == parts.gallery.page()[0].sha256


def test_no_word_of_a_prompt_is_read_as_markup(open_page, parts, add_picture):
    add_picture(prompt="<script>alert(1)</script> **bold** :material/home:", seed=1)
    add_picture(prompt="[link](http://x) $x$", seed=2)
    page = open_page("gallery.py")
    first, second = listed(page)
    page.query_params["compare"] = f"{first}-{second}"
    page.run()
    cells = page.table[0].value.to_string()
    assert "**bold**" not in cells and r"\*\*bold\*\*" in cells and r"\<script" in cells


def test_a_rerun_reads_one_page_of_rows(page, parts, monkeypatch):
    read = []
    whole = type(parts.gallery).page
    monkeypatch.setattr(
        type(parts.gallery), "page", lambda *args, **named: read.append(named["limit"]) or whole(*args, **named)
    )
    monkeypatch.setattr(gallery_state, "PER_PAGE", 4)
    page.run()
    assert read == [4] and len(listed(page)) == 4


def png(parameters: str = "") -> bytes:
    texts = PngInfo()
    if parameters:
        texts.add_text("parameters", parameters)
    file = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(file, "PNG", pnginfo=texts)
    return file.getvalue()
