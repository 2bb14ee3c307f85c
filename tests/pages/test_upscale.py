"""Finish on the Generate page, and the action Upscale of a picture."""

from __future__ import annotations

from studio.request import HiresPass, UpscalePass
from tests.pages.test_generate import of


def of_key(widgets, start):
    return next(widget for widget in widgets if (widget.key or "").startswith(start))


def test_finish_goes_into_the_request_and_says_its_sizes(open_page, parts):
    page = open_page()
    of(page.number_input, "width").set_value(256).run()
    of(page.number_input, "height").set_value(256).run()
    of(page.toggle, "hires").set_value(True).run()
    of(page.toggle, "upscale").set_value(True).run()
    of(page.number_input, "hires_scale.typed").set_value(1.5).run()
    of(page.number_input, "upscale_side").set_value(1500).run()
    assert any(caption.value == "256 × 256 → 384 × 384 → 1500 × 1500" for caption in page.caption)
    assert any("hires ×1.5 at 0.4 · upscale to 1500 px" in fold.label for fold in page.expander)
    upscaler = of(page.selectbox, "upscale_upscaler").value
    page.button(key="generate").click().run()
    assert not page.exception and not page.error
    (job,) = parts.queue.active()
    assert job.request.hires == HiresPass(scale=1.5, upscaler=of(page.selectbox, "hires_upscaler").value)
    assert job.request.upscale == UpscalePass(side=1500, upscaler=upscaler)


def test_a_hires_size_that_cannot_be_is_explained_in_its_place(open_page, parts):
    page = open_page()
    of(page.toggle, "hires").set_value(True).run()
    of(page.segmented_control, "hires_by").set_value("size").run()
    of(page.number_input, "hires_width").set_value(515).run()
    page.button(key="generate").click().run()
    assert "hires pass" in page.error[0].proto.title and "512 or 520" in page.error[0].value
    assert not parts.queue.active()


def test_upscale_submits_a_task_shows_it_and_opens_its_result(open_page, parts, add_picture):
    picture = add_picture()
    page = open_page()
    key = f"upscale_{picture.id}"
    of_key(page.segmented_control, f"{key}_target").set_value("x2").run()
    of_key(page.selectbox, f"{key}_upscaler").set_value("Lanczos").run()
    assert any(caption.value == "64 × 96 → 128 × 192" for caption in page.caption)
    page.button(key=f"{key}_start").click().run()
    (task,) = parts.tasks.active()
    assert task.kind == "upscale"
    assert task.payload == {"picture": picture.id, "upscaler": "Lanczos", "scale": 2}
    assert page.button(key=f"{key}_cancel").disabled is False
    page.button(key=f"{key}_cancel").click().run()
    assert not parts.tasks.active()
    page.run()
    assert page.button(key=f"{key}_start").disabled is False


def test_a_reload_finds_the_running_upscale_again(open_page, parts, add_picture):
    picture = add_picture()
    parts.tasks.submit("upscale", {"picture": picture.id, "scale": 2})
    page = open_page()
    assert page.button(key=f"upscale_{picture.id}_cancel").disabled is False
    assert not [button for button in page.button if button.key == f"upscale_{picture.id}_start"]


def test_an_exact_size_too_large_is_said_before_it_is_tried(open_page, parts, add_picture):
    picture = add_picture()
    page = open_page()
    key = f"upscale_{picture.id}"
    of_key(page.segmented_control, f"{key}_target").set_value("size").run()
    page.number_input(key=f"{key}_width").set_value(8000).run()
    page.number_input(key=f"{key}_height").set_value(8000).run()
    assert page.button(key=f"{key}_start").disabled
    assert "megapixels" in page.error[0].proto.title
