from studio.prompts.lint.case import Vocabulary
from tests.lint_library import findings

KNOWN = ("ponytail", "red", "hat", "park", "blonde hair")


def strange(text: str) -> tuple[str, ...]:
    return () if text in KNOWN else tuple(word for word in text.split() if word not in KNOWN)


VOCABULARY = Vocabulary(KNOWN, strange)


def test_unknown_words_are_named_with_the_nearest_known_ones():
    prompt = "pomytail, red castle, high ponytail, golden hair, park"
    found = findings("unknown-word", prompt, vocabulary=VOCABULARY)
    assert [finding.message for finding in found] == [
        "The starter checkpoint never learnt “pomytail”.",
        "The starter checkpoint never learnt “castle” in “red castle”.",
        "The starter checkpoint never learnt “high” in “high ponytail”.",
        "The starter checkpoint never learnt “golden hair”.",
    ]
    assert [[fix.label for fix in finding.fixes] for finding in found] == [
        ["Use “ponytail”", "Remove “pomytail”"],
        ["Remove “red castle”"],
        ["Use “ponytail”", "Remove “high ponytail”"],
        ["Use “blonde hair”", "Remove “golden hair”"],
    ]
    assert found[0].fixes[0].prompt == prompt.replace("pomytail", "ponytail")


def test_an_open_vocabulary_and_the_negative_prompt_are_not_judged():
    assert not findings("unknown-word", "castle")
    assert not findings("unknown-word", "park", "castle", vocabulary=VOCABULARY)


def test_quality_words_of_another_family():
    (found,) = findings("family", "score_9, park", family="sd15")
    assert found.message == "“score_9” is a quality word of SDXL, not of this checkpoint."
    assert [fix.prompt for fix in found.fixes] == ["masterpiece, park", "park"]
    assert not findings("family", "score_9", family="sdxl")
    assert not findings("family", "score_9")


def test_negative_words_of_another_family():
    (found,) = findings("family", "park", "six fingers", family="sd15")
    assert found.in_negative and found.fixes[-1].negative_prompt == ""
