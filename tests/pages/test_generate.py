from __future__ import annotations

import json

from studio.jobs import State
from studio.poses.library import library_pose


def of(widgets, field):
    """The widget that shows a field of the form (its key has a turn at the end)."""
    return next(widget for widget in widgets if widget.key.startswith(f"form.{field}@"))


def typed(page, text, field="prompt"):
    """As the browser's editor reports it; its script does not run here."""
    shared = page.session_state[f"editor.{field}.exchange"]
    edit = {"n": shared.seen + 1, "revision": shared.revision, "text": text}
    page.session_state[f"editor.{field}"] = {"edit": edit}
    return page


def editor(page, field="prompt"):
    """What the page sends to the editor of this field."""
    (found,) = (node.proto for node in page.get("bidi_component") if node.proto.id.endswith(f"-editor.{field}"))
    return json.loads(found.json)


def test_the_first_visit_finds_a_form_that_is_filled_in(open_page):
    page = open_page()
    assert editor(page)["text"]
    assert of(page.selectbox, "checkpoint").value == "tiny-sd15"
    assert of(page.pills, "control").value == "pose"
    assert page.button(key="generate").disabled is False


def test_one_click_queues_what_the_form_says(open_page, parts):
    page = open_page()
    typed(page, "1girl, jumping").run()
    of(page.number_input, "steps.typed").set_value(12).run()
    of(page.number_input, "count").set_value(2).run()
    of(page.toggle, "seed_locked").set_value(True).run()
    of(page.number_input, "seed").set_value(41).run()
    page.button(key="generate").click().run()
    assert not page.exception
    jobs = parts.queue.active()
    requests = [job.request for job in jobs]
    assert [request.seed for request in requests] == [41, 42]
    assert {request.prompt for request in requests} == {"1girl, jumping"}
    assert {request.steps for request in requests} == {12}
    assert requests[0].controls[0].pose == library_pose(page.session_state["form.pose_name"])
    assert len({job.batch for job in jobs}) == 1


def test_each_click_takes_a_new_seed_unless_it_is_locked(open_page, parts):
    page = open_page()
    page.button(key="generate").click().run()
    page.button(key="generate").click().run()
    first, second = (job.request for job in parts.queue.active())
    assert first.with_(seed=second.seed) == second
    assert first.seed != second.seed
    assert of(page.number_input, "seed").value == second.seed


def test_a_wrong_size_is_explained_and_nothing_is_queued(open_page, parts):
    page = open_page()
    of(page.number_input, "width").set_value(515).run()
    page.button(key="generate").click().run()
    (error,) = page.error
    assert "multiple of 8" in error.proto.title
    assert "512" in error.value and "520" in error.value
    assert not parts.queue.active()
    of(page.number_input, "width").set_value(512).run()
    page.button(key="generate").click().run()
    assert not page.error and len(parts.queue.active()) == 1


def test_an_empty_prompt_is_explained(open_page, parts):
    page = open_page()
    typed(page, "   ").run()
    page.button(key="generate").click().run()
    assert "prompt is empty" in page.error[0].proto.title
    assert not parts.queue.active()


def test_a_checkpoint_that_has_gone_is_named(open_page, parts, add_picture):
    add_picture(checkpoint="left-the-shelf")
    page = open_page()
    next(button for button in page.button if button.label == "Use settings").click().run()
    of(page.toggle, "seed_locked").set_value(False).run()
    page.button(key="generate").click().run()
    assert "left" in page.error[0].proto.title
    assert not parts.queue.active()


def test_sliding_and_typing_are_one_value(open_page):
    page = open_page()
    of(page.slider, "steps.slid").set_value(44).run()
    assert of(page.number_input, "steps.typed").value == 44
    of(page.number_input, "steps.typed").set_value(9).run()
    assert of(page.slider, "steps.slid").value == 9


def test_folds_show_their_values(open_page):
    page = open_page()
    of(page.slider, "steps.slid").set_value(33).run()
    of(page.number_input, "width").set_value(640).run()
    labels = " ".join(fold.label for fold in page.expander)
    assert "33 steps" in labels and "640 ×" in labels and "random seed" in labels and "the usual" in labels


def test_tokens_are_counted_by_the_checkpoints_own_tokenizer(open_page):
    page = open_page()
    typed(page, "girl, girl").run()
    assert editor(page)["measure"]["sizes"] == [3]
    typed(page, "girl BREAK girl").run()
    assert editor(page)["measure"]["sizes"] == [1, 1] and editor(page)["measure"]["ends"] == [4]


def test_a_running_job_can_be_cancelled(open_page, parts):
    page = open_page()
    page.button(key="generate").click().run()
    page.button(key="cancel").click().run()
    assert not parts.queue.active()
    assert parts.queue.recent(1)[0].state is State.CANCELLED


def test_a_finished_picture_can_be_reused(open_page, parts, add_picture):
    picture = add_picture(prompt="a red dress", steps=31, guidance_scale=9.0, seed=99)
    page = open_page()
    button = {button.label: button for button in page.button}
    button["Use settings"].click().run()
    assert editor(page)["text"] == "a red dress"
    assert of(page.number_input, "steps.typed").value == 31
    assert of(page.number_input, "seed").value == 99 and of(page.toggle, "seed_locked").value
    page.button(key="generate").click().run()
    assert not parts.queue.active(), "the same settings give the same picture, which is shown at once"
    assert page.session_state["desk.opened"] == picture.id


def test_vary_draws_the_same_again_with_another_seed(open_page, parts, add_picture):
    picture = add_picture(prompt="a red dress", seed=99)
    page = open_page()
    next(button for button in page.button if button.label == "Vary").click().run()
    (job,) = parts.queue.active()
    assert job.request.seed != 99
    assert job.request.with_(seed=99) == picture.request


def test_deleting_can_be_undone(open_page, parts, add_picture):
    add_picture()
    page = open_page()
    next(button for button in page.button if button.label == "Delete").click().run()
    assert parts.gallery.count() == 0
    next(button for button in page.button if button.label == "Undo").click().run()
    assert parts.gallery.count() == 1


def test_a_draft_survives_a_change_of_page_and_a_new_session(open_page, parts):
    page = open_page()
    typed(page, "kept words").run()
    of(page.number_input, "height").set_value(704).run()
    page.switch_page("models.py").run()
    page.switch_page("generate.py").run()
    assert editor(page)["text"] == "kept words"
    assert of(page.number_input, "height").value == 704
    stored = parts.drafts.load(page.session_state["desk.id"])
    assert stored.prompt == "kept words" and stored.height == 704


def test_without_a_checkpoint_the_page_says_in_a_sentence_how_to_get_one(open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("STUDIO_MODELS", str(tmp_path / "nothing"))
    monkeypatch.setattr("studio.catalog.checkpoints.starter_checkpoint", lambda settings: None)
    page = open_page()
    assert "no checkpoint yet" in page.info[0].value
    page.button(key="generate").click().run()
    assert "no checkpoint" in page.error[0].proto.title and not page.exception


def test_failures_of_the_last_click_can_be_tried_again(open_page, parts):
    page = open_page()
    page.button(key="generate").click().run()
    (job,) = parts.queue.active()
    with parts.drafts._database.transaction() as connection:
        connection.execute(
            "UPDATE jobs SET state = 'failed', error_kind = 'OutOfMemory', error_message = 'Too *large*', "
            "error_hint = 'Make it smaller' WHERE id = ?",
            (job.id,),
        )
    page.run()
    assert page.error[0].proto.title == r"Too \*large\*"
    page.button(key="retry").click().run()
    assert [again.id for again in parts.queue.active()] == [job.id]


def test_what_was_typed_counts_even_when_generate_is_clicked_in_the_same_moment(open_page, parts):
    page = open_page()
    typed(page, "the newest words")
    of(page.number_input, "steps.typed").set_value(9)
    of(page.number_input, "width").set_value(640)
    page.button(key="generate").click().run()
    (job,) = parts.queue.active()
    assert (job.request.prompt, job.request.steps, job.request.width) == ("the newest words", 9, 640)


def test_an_edit_counts_once_and_not_after_the_text_was_replaced(open_page, parts, add_picture):
    add_picture(prompt="a red dress")
    page = open_page()
    late = {"n": 5, "revision": page.session_state["editor.prompt.exchange"].revision, "text": "too late"}
    next(button for button in page.button if button.label == "Use settings").click().run()
    page.session_state["editor.prompt"] = {"edit": late}
    page.run()
    assert page.session_state["form.prompt"] == editor(page)["text"] == "a red dress"
    typed(page, "newer words").run()
    assert page.session_state["form.prompt"] == "newer words"
    page.session_state["editor.prompt"] = {"edit": {**late, "revision": editor(page)["revision"]}}
    page.run()
    assert page.session_state["form.prompt"] == "newer words", "its number has passed"


def test_what_was_typed_before_a_click_does_not_undo_what_the_click_has_set(open_page, add_picture):
    add_picture(prompt="a red dress")
    page = typed(open_page(), "typed and not yet reported")
    next(button for button in page.button if button.label == "Use settings").click().run()
    page.run()
    assert page.session_state["form.prompt"] == editor(page)["text"] == "a red dress"


def test_a_click_on_generate_enters_the_prompt_into_the_history(open_page, parts):
    page = typed(open_page(), "1girl, jumping")
    page.button(key="generate").click().run()
    (used,) = parts.prompt_history.find()
    assert (used.prompt, used.checkpoint, used.pictures) == ("1girl, jumping", "tiny-sd15", 0)


def test_a_malformed_tag_is_said_under_the_prompt(open_page):
    page = typed(open_page(), "<lora:hair:much>").run()
    assert "not a number" in editor(page)["measure"]["problem"]


def test_a_size_preset_sets_both_sides_and_is_marked_again_later(open_page):
    page = open_page()
    of(page.pills, "preset").set_value("768 × 512").run()
    assert (of(page.number_input, "width").value, of(page.number_input, "height").value) == (768, 512)
    of(page.number_input, "width").set_value(520).run()
    assert of(page.pills, "preset").value is None
    of(page.number_input, "width").set_value(768).run()
    assert of(page.pills, "preset").value == "768 × 512"
