"""What is set on the assistant: stored values come back, anything else gives the defaults."""

from __future__ import annotations

import json

import pytest

from studio.assistant.asking import MOST_VARIATIONS
from studio.database import Database
from studio.ui.assistant import desks as wishes
from studio.ui.assistant.apply import axis_values
from studio.ui.assistant.desks import AssistantDesks, fitting


def test_values_come_back_by_browser(settings):
    values = {**fitting(None), wishes.MODE: "fix", wishes.slot("look"): ["red hair"], wishes.HELD: ["look"]}
    AssistantDesks(Database(settings.database)).save("a", values)
    desks = AssistantDesks(Database(settings.database))
    assert fitting(desks.load("a")) == values
    assert fitting(desks.load("b")) == fitting(None)


@pytest.mark.parametrize(
    "stored",
    [
        [], "x", {wishes.MODE: "fly"}, {wishes.MODE: []}, {wishes.COUNT: MOST_VARIATIONS + 1}, {wishes.COUNT: True},
        {wishes.SEED: -1}, {wishes.HELD: ["nothing"]}, {wishes.LOCKED: [3]}, {wishes.slot("look"): ["x"] * 99},
    ],
)  # fmt: skip
def test_what_no_widget_can_show_is_left_at_its_default(stored):
    assert fitting(json.loads(json.dumps(stored))) == fitting(None)


def test_prompts_for_an_axis_are_single_lines_without_tags_of_loras():
    prompts = ["a,\nb", "c, <lora:x:1>, d", "a, b", "", "e || f"]
    assert axis_values(prompts) == "a, b || c, d || e | f"
