"""Names are matched as people mean them."""

from hypothesis import given
from hypothesis import strategies as st

from studio.catalog import names

KNOWN = ["DPM++ 2M", "Euler", "Euler a", "anything-v3"]


def test_case_and_separators_do_not_matter() -> None:
    assert names.match("euler A", KNOWN) == "Euler a"
    assert names.match("Anything V3", KNOWN) == "anything-v3"
    assert names.match("euler b", KNOWN) is None


def test_an_ambiguous_name_matches_nothing_but_itself() -> None:
    assert names.match("A", ["a", "A"]) == "A"
    assert names.match("x y", ["x_y", "x-y"]) is None


def test_hints() -> None:
    assert names.hint("Eulr", KNOWN) == "Did you mean Euler or Euler a?"
    assert names.hint("zzz", KNOWN, "Ask.") == "Ask."
    assert names.hint("zzz", ["a", "b"]) == "Choose a or b."
    assert names.hint("zzz", []) == ""


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=6, unique=True))
def test_near_names_are_known_names(name: str, known: list[str]) -> None:
    assert set(names.near(name, known)) <= set(known)
    assert names.match(name, known) in {None, *known}
