import pytest

from tests.lint_library import findings

NAMES = ("ink-style", "flat")


@pytest.mark.parametrize(
    ("prompt", "message", "fixes"),
    [
        ("a <lora:ink-stile:0.7>", "There is no LoRA called “ink-stile”.", ["a <lora:ink-style:0.7>", "a "]),
        ("<lora:zebra>", "There is no LoRA called “zebra”.", [""]),
        ("<lora:flat:strong>", "The tag “<lora:flat:strong>” cannot be read.", ["<lora:flat:1>", ""]),
        ("<lora:flat:9>", "The tag “<lora:flat:9>” cannot be read.", ["<lora:flat:4>", ""]),
        ("<lora flat 0.5>", "The tag “<lora flat 0.5>” is not of the form <lora:name:0.8>.", None),
        (
            "<lora:flat:0.5, b",
            "The tag “<lora:flat:0.5” is not of the form <lora:name:0.8>.",
            ["<lora:flat:0.5>, b", ", b"],
        ),
        ("<flat:1>", "The tag “<flat:1>” is not of the form <lora:name:0.8>.", [""]),
    ],
)
def test_tags(prompt, message, fixes):
    (found,) = findings("lora", prompt, loras=NAMES)
    assert (found.severity, found.message) == ("error", message)
    assert fixes is None or [fix.prompt for fix in found.fixes] == fixes


@pytest.mark.parametrize("prompt", ["<lora:flat>", "<lora:flat:-1>", "<LORA:ink-style:0.3>", "# <lora:zebra>", "a < b"])
def test_tags_that_are_right(prompt):
    assert not findings("lora", prompt, loras=NAMES)


def test_without_knowing_the_loras_none_is_missed():
    assert not findings("lora", "<lora:zebra>")
    assert findings("lora", "<lora:zebra>", loras=(), has_lora=lambda name: False)
    assert not findings("lora", "<lora:zebra>", loras=(), has_lora=lambda name: True)


def test_a_tag_in_the_negative_prompt_can_be_moved():
    (found,) = findings("lora", "a", "b, <lora:flat:1>", loras=NAMES)
    assert [(fix.prompt, fix.negative_prompt) for fix in found.fixes] == [("a", "b"), ("a <lora:flat:1>", "b")]
