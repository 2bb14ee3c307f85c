"""Search by words, typing errors forgiven."""

from hypothesis import given
from hypothesis import strategies as st

from studio.poses.finding import Words, best, split

THINGS = {
    "jog": Words(("Jogging in the park",), ("running", "sport"), "Movement"),
    "sit": Words(("Sitting",), ("chair", "calm"), "Sitting"),
    "hair": Words(("Touching the hair",), ("elegant",), "Gestures"),
    "high": Words(("High kick",), ("leg up",), "Combat"),
    "low": Words(("Low kick", "sweep"), (), "Combat"),
}


def found(text: str) -> list[str]:
    return best(text, list(THINGS), THINGS.__getitem__)


def test_names_before_tags_before_categories():
    things = [Words(("x",), (), "run"), Words(("x",), ("run",)), Words(("run",))]
    assert best("run", things, lambda thing: thing) == things[::-1]


def test_every_word_has_to_be_met_if_it_can_be():
    assert found("kick") == ["high", "low"] and found("low kick") == ["low"] and found("kicking") == ["high", "low"]
    assert found("kick zebra") == ["high", "low"]  # nothing has both


def test_a_mistyped_word_is_only_guessed_where_nothing_has_it():
    assert found("chair") == ["sit"]  # though hair is nearly spelt so
    assert found("chiar") == ["sit"] and found("jgoging") == ["jog"] and found("xyzzy") == []


def test_beginnings_accents_and_fillers():
    assert found("jog") == found("JÖG") == found("a jog in the") == ["jog"]
    assert found("the") == ["hair", "jog"]  # only fillers: then they count
    assert found("") == found(" .,- ") == list(THINGS)


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text):
    assert set(found(text)) <= set(THINGS)
    assert bool(split(text)) or found(text) == list(THINGS)
