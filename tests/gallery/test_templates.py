"""A picture of a random prompt tells the prompt it was drawn with and the template it was drawn from."""

from __future__ import annotations

from studio.gallery import Provenance, infotext, read_metadata
from tests.gallery import a1111_reader
from tests.gallery.pictures import image, request

TEMPLATE = 'a {red|blue: "light"} cat, __pose__\nat night'
DRAWN = request(prompt="a red cat, sitting", negative_prompt="blurry")


def test_the_template_travels_with_the_picture(gallery):
    gallery.templates.note([(DRAWN, 7)], TEMPLATE, "{blurry|noisy}")
    picture = gallery.add(image(), DRAWN, Provenance(device="cpu"))
    known = picture.provenance
    assert (known.template_prompt, known.template_negative_prompt) == (TEMPLATE, "{blurry|noisy}")
    assert known.wildcard_seed == 7
    assert picture.request == DRAWN
    read = read_metadata(gallery.file_of(picture.sha256))
    assert read.request == DRAWN and read.provenance == known
    assert read.parameters["Template"] == TEMPLATE.replace('"', "'")
    assert read.parameters["Wildcard seed"] == "7"


def test_other_requests_and_told_templates_are_left_alone(gallery):
    gallery.templates.note([(DRAWN, 7)], TEMPLATE)
    other = gallery.add(image(1), request(prompt="a dog"), Provenance())
    assert other.provenance.template_prompt == "" and other.provenance.wildcard_seed == -1
    told = gallery.add(image(2), DRAWN, Provenance(template_prompt="from elsewhere"))
    assert told.provenance.template_prompt == "from elsewhere"


def test_the_latest_template_of_a_request_counts_and_none_is_no_template(gallery):
    gallery.templates.note([(DRAWN, 7)], "first {a|b}")
    gallery.templates.note([(DRAWN, -1)], "second {a|b}")
    gallery.templates.note([(DRAWN, 9)])
    known = gallery.add(image(), DRAWN, Provenance()).provenance
    assert (known.template_prompt, known.wildcard_seed) == ("second {a|b}", -1)


def test_other_readers_keep_the_settings():
    text = infotext.write(DRAWN, Provenance(template_prompt=TEMPLATE, wildcard_seed=3))
    theirs = a1111_reader.read(text)
    assert theirs["Prompt"] == DRAWN.prompt and theirs["Negative prompt"] == "blurry"
    assert theirs["Template"] == TEMPLATE.replace('"', "'") and theirs["Wildcard seed"] == "3"
    assert theirs["Steps"] == "28"
    assert a1111_reader.read_as_civitai(text)["Steps"] == "28"
    assert a1111_reader.read_as_civitai(text)["Wildcard seed"] == "3"


def test_templates_behind_the_settings_are_read_as_sd_dynamic_prompts_writes_them():
    plain = infotext.write(DRAWN, Provenance())
    known = infotext.parse(f"{plain}\nTemplate: a {{red|blue}} cat,\n__pose__\nNegative Template: {{x|y}}")
    assert known == {**infotext.parse(plain), "Template": "a {red|blue} cat,\n__pose__", "Negative Template": "{x|y}"}


def test_the_word_template_in_a_prompt_is_a_word():
    prompt = "poster\nTemplate: a cat"
    assert infotext.parse(infotext.write(request(prompt=prompt), Provenance()))["Prompt"] == prompt
