from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.library.library import shipped
from studio.prompts.negatives import BASICS, build, known_problems, problems_of
from studio.prompts.syntax.phrases import split
from tests.lint_library import LIBRARY

PROBLEMS = st.lists(st.sampled_from(known_problems(LIBRARY)))
OWN = st.lists(st.sampled_from(["my word", "(bad hands:1.2)", "lowres", "# note\n", "<lora:x:1>", ""])).map(", ".join)


def test_the_problems_of_a_library_begin_with_the_usual_ones():
    assert known_problems(LIBRARY) == ("quality", "anatomy", "hands", "text")
    assert known_problems(LIBRARY, knows=lambda text: text == "bad hands") == ("hands",)


def test_words_are_chosen_by_family():
    assert build(["hands"], "sd15", LIBRARY) == "bad hands, extra fingers, missing fingers"
    assert build(["hands"], "sdxl", LIBRARY) == "bad hands, six fingers"
    assert build(["nothing of the kind"], "sd15", LIBRARY) == ""


def test_what_is_there_is_kept_as_it_is():
    kept = "ugly,  (bad hands:1.3), "
    assert build(["hands", "anatomy"], "sdxl", LIBRARY, kept) == "ugly,  (bad hands:1.3), six fingers, bad anatomy"
    assert build([], "sdxl", LIBRARY, kept) == kept
    assert build(["anatomy"], "sd15", LIBRARY, "ugly # mine") == "ugly # mine\nbad anatomy"


@given(PROBLEMS, st.sampled_from(["", "sd15", "sdxl"]), OWN)
def test_nothing_is_added_twice_and_nothing_lost(problems, family, own):
    built = build(problems, family, LIBRARY, own)
    before, after = ([phrase.key for phrase in split(text)] for text in (own, built))
    assert after[: len(before)] == before
    added = after[len(before) :]
    assert len(set(added)) == len(added) and not set(added) & set(before)
    assert set(problems_of(built, LIBRARY)) >= set(problems)
    assert build(problems, family, LIBRARY, built) == built


def test_problems_of_a_negative_prompt():
    assert problems_of("", LIBRARY) == ()
    assert problems_of("Bad_Hands, ugly", LIBRARY) == ("hands",)
    assert problems_of("extra fingers", LIBRARY) == ()
    assert problems_of("missing fingers, extra fingers, lowres", LIBRARY) == ("hands", "quality")


def test_the_shipped_library_has_words_against_the_usual_problems():
    for family in ("sd15", "sdxl"):
        assert set(BASICS) <= set(known_problems(shipped(), family))
