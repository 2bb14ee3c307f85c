"""Templates and negative presets by name."""

import pytest

from studio.errors import UnknownName
from studio.prompts.library.entries import Entry, Template
from studio.prompts.library.library import Library, shipped
from studio.sweeps.presets import NamedTemplate, find_negative, find_template, problems

LIBRARY = Library(
    [
        Entry("no-bad-hands", "bad hands", "Bad hands", "negatives", aliases=("ugly hands",), problem="hands"),
        Entry("no-fused", "fused fingers", "Fused fingers", "negatives", families=("sd15",), problem="hands"),
        Entry("no-text", "text", "Text", "negatives", problem="text"),
        Entry("hands-up", "hands up", "Hands up", "poses"),
    ],
    [Template("ink", "Ink, black", "looks", "", "ink, {prompt}", "a warrior", "colour")],
)


def test_a_problem_gives_the_words_that_work_for_every_family():
    assert find_negative("Hands", LIBRARY).words == ("bad hands",)
    assert find_negative("hands + text", LIBRARY).words == ("bad hands", "text")
    assert find_negative("ugly_hands", LIBRARY).words == find_negative("no-bad-hands", LIBRARY).words == ("bad hands",)
    assert find_negative("fused fingers", LIBRARY).words == ("fused fingers",), "named, it is meant"
    with pytest.raises(UnknownName, match="hands up") as refused:
        find_negative("hands up", LIBRARY)
    assert "hands, text" in refused.value.hint


def test_words_that_are_there_are_not_added_again():
    preset = find_negative("hands + text", LIBRARY)
    assert preset.join("") == "bad hands, text"
    assert preset.join("blurry, Bad_hands, ") == "blurry, Bad_hands, text"


def test_templates_are_found_by_title_or_id():
    for name in ("ink", "INK, Black"):
        assert find_template(name, {}, LIBRARY).fill("1girl", "blurry") == ("ink, 1girl", "blurry, colour")
    assert find_template("ink", {}, LIBRARY).fill(" ", "") == ("ink, a warrior", "colour")
    mine = NamedTemplate("ink", "oil")
    assert find_template("ink", {"ink": mine}, LIBRARY) is mine and mine.fill("1girl", "")[0] == "1girl, oil"
    with pytest.raises(UnknownName, match="inc") as refused:
        find_template("inc", {}, LIBRARY)
    assert refused.value.hint


def test_every_problem_of_the_shipped_library_has_words():
    assert len(problems()) > 5
    for problem in problems():
        assert find_negative(problem).words
    assert all(find_template(template.id, {}) for template in shipped().templates)
