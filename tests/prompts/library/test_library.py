"""The library: search that forgives and ranks, completion, finding by text, and reading anew only what has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.errors import UnknownName
from studio.prompts.library.entries import Category, Entry, Template
from studio.prompts.library.library import Library, shipped


def entry(text: str, *aliases: str, category: str = "hair", **more) -> Entry:
    return Entry(text.replace(" ", "-").lower(), text, text.capitalize(), category, aliases, **more)


LIBRARY = Library(
    [
        entry("high ponytail", "pony tail", "ポニーテール"),
        entry("ponytail"),
        entry("long hair", "ロングヘア"),
        entry("very long hair"),
        entry("hair ribbon", category="accessories"),
        entry("cat ears", "nekomimi", "猫耳", category="accessories", families=("sdxl",)),
        entry("car", category="props"),
        entry("cardigan", category="outfits"),
        entry("red sports car", category="props"),
        entry("school uniform", "seifuku", category="outfits", note="With a sailor collar."),
        entry("café", category="places"),
        entry("^_^", category="faces"),
        entry("artist \\(profession\\)", category="roles"),
    ],
    [Template("jog", "A morning run", "action", "Jogging through the park.", "{prompt}, jogging", "a girl")],
    [Category("accessories", "Accessories", "", "entries"), Category("action", "Action", "", "templates")],
)


def found(query: str, library: Library = LIBRARY, **limits) -> list[str]:
    return [hit.item.id for hit in library.search(query, **limits)]


def test_exact_before_beginning_before_word_before_alias_before_nearly():
    library = Library([entry("care"), entry("dog", "car park"), entry("red car"), entry("cart wheel"), entry("car"),
                       entry("motor", "car"), entry("curb")])  # fmt: skip
    hits = library.search("car")
    assert [hit.item.id for hit in hits] == ["car", "motor", "care", "cart-wheel", "red-car", "dog"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert found("cart", library)[0] == "cart-wheel"


@pytest.mark.parametrize(
    "query",
    ["ponytail", "PONYTAIL", "pony tail", "ponytial", "ponitail", "onytail", "ponyttail", "pony tial", "ponytails"],
)
def test_one_error_and_blanks_are_forgiven(query: str):
    assert found(query)[0] == "ponytail" and "high-ponytail" in found(query)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ポニーテール", "high-ponytail"), ("ぽにーてーる", "high-ponytail"), ("ﾎﾟﾆｰﾃｰﾙ", "high-ponytail"),
        ("ポニーテル", "high-ponytail"), ("テール", "high-ponytail"), ("猫", "cat-ears"), ("ヘア", "long-hair"),
        ("nekomimi", "cat-ears"), ("nekomini", "cat-ears"), ("cat_ears", "cat-ears"), ("longhair", "long-hair"),
        ("longhiar", "long-hair"), ("hair long", "long-hair"), ("uni", "school-uniform"),
        ("scho unif", "school-uniform"),
        ("cafe", "café"), ("CAFÉ", "café"), ("^_^", "^_^"), ("artist (profession)", "artist-\\(profession\\)"),
        ("sailor", "school-uniform"), ("jogging", "jog"), ("mornign", "jog"),
    ],
)  # fmt: skip
def test_whatever_people_type_finds_it(query: str, first: str):
    assert found(query)[0] == first


def test_short_words_have_to_be_right():
    assert "car" not in found("cat") and found("cat") == ["cat-ears"]
    assert found("zzz") == [] and found("qxzvvw") == []


def test_digits_are_meant_as_they_are():
    library = Library([entry("2girls"), entry("3girls"), entry("4koma")])
    assert found("2girls", library) == ["2girls"] == found("2grils", library)


def test_tags_of_templates_are_found_but_are_nobodys_name():
    library = Library(
        [entry("rain"), entry("rainbow")],
        [Template("t", "Wet street", "", "", "{prompt}", "x", tags=("rain", "night"))],
    )
    assert found("rain", library) == ["rain", "rainbow", "t"] and found("night", library) == ["t"]


def test_words_that_say_nothing_do_not_count():
    assert found("the hair with a ribbon") == ["hair-ribbon"]
    assert found("with") == ["school-uniform"]  # unless there are no others: it stands in the note


def test_with_several_words_those_who_have_all_come_and_else_those_who_have_most():
    assert found("very long hair")[0] == "very-long-hair"
    assert found("long hair xxqq") == ["long-hair", "very-long-hair"]
    assert found("hair xxqq zzqq") == []


def test_categories_families_and_a_condition_of_ones_own():
    assert found("hair", categories=["accessories"]) == ["hair-ribbon"]
    assert found("cat ears", families=["sd15"]) == [] and found("cat ears", families=["sd15", "sdxl"]) == ["cat-ears"]
    assert found("hair", keep=lambda item: item.id.startswith("very")) == ["very-long-hair"]
    assert found("hair", limit=1) == ["hair-ribbon"]
    assert found("accessories") == ["cat-ears", "hair-ribbon"]  # by the category's title


def test_a_blank_query_lists_everything_in_order():
    assert found("", limit=100) == found("  ", limit=100)
    assert found("")[0] == "high-ponytail" and found("", limit=100)[-1] == "jog" and len(found("", limit=3)) == 3
    assert found("", categories=["action"]) == ["jog"]


def test_an_empty_library_finds_nothing():
    empty = Library([])
    assert found("x", empty) == found("", empty) == empty.complete("x") == [] and empty.find("x") is None


def test_completion_says_what_matched_and_how():
    def first(typed: str) -> tuple[str, str, str]:
        done = LIBRARY.complete(typed)[0]
        return done.text, done.matched, done.via

    assert first("pony") == ("ponytail", "ponytail", "prefix")
    assert first("long_h") == ("long hair", "long hair", "prefix")
    assert first("seif") == ("school uniform", "seifuku", "alias")
    assert first("猫") == ("cat ears", "猫耳", "alias")
    assert first("ribbon") == ("hair ribbon", "hair ribbon", "word")
    assert first("unifrom") == ("school uniform", "school uniform", "fuzzy")
    assert first("seifkuu") == ("school uniform", "seifuku", "fuzzy")
    assert LIBRARY.complete("  ") == [] and LIBRARY.complete("sailor") == []  # notes complete nothing
    assert [done.text for done in LIBRARY.complete("hair", limit=2)] == ["hair ribbon", "long hair"]


def test_one_text_completes_once():
    library = Library([entry("blurry"), Entry("no-blur", "blurry", "Blurry", "negatives", problem="blur")])
    assert [done.entry.id for done in library.complete("blur")] == ["blurry"]


def test_finding_by_text_or_alias():
    def id_of(text: str) -> str | None:
        known = LIBRARY.find(text)
        return known.id if known else None

    assert id_of("Cat_Ears") == id_of(" cat  ears ") == id_of("NEKOMIMI") == "cat-ears"
    assert id_of("artist (profession)") == id_of("artist \\(profession\\)") == "artist-\\(profession\\)"
    assert id_of("cat") is None
    clash = Library([entry("dog", "cat"), entry("cat"), Entry("no-dog", "dog", "", "", problem="x")])
    assert clash.find("cat").id == "cat" and clash.find("dog").id == "dog"  # type: ignore[union-attr]
    fights = Library([Entry("no-dog", "dog", "", "", problem="x"), entry("dog")])
    assert fights.find("dog").id == "dog"  # type: ignore[union-attr]


def test_by_id_and_key():
    assert LIBRARY.entry("car").text == "car" and LIBRARY.template("jog").title == "A morning run"
    assert LIBRARY.get("entry:car") is LIBRARY.entry("car") and LIBRARY.get("template:car") is None
    assert LIBRARY.category("action").title == "Action" and LIBRARY.category("x") is None  # type: ignore[union-attr]
    for ask in (LIBRARY.entry, LIBRARY.template):
        with pytest.raises(UnknownName):
            ask("no-such")


def test_the_shipped_one_is_read_again_only_when_a_file_changes(tmp_path: Path):
    file = tmp_path / "packs" / "hair.yaml"
    file.parent.mkdir()
    text = "category: hair\ntitle: Hair\nentries:\n  - {id: a, text: red hair}\n"
    file.write_text(text)
    first = shipped(tmp_path)
    assert shipped(tmp_path) is first and found("red", first) == ["a"]
    file.write_text(text.replace("red", "blue"))
    os.utime(file, ns=(1, 1))
    assert found("blue", shipped(tmp_path)) == ["a"]
    (tmp_path / "packs" / "more.yaml").write_text("x: [")
    assert [problem.file for problem in shipped(tmp_path).problems] == ["packs/more.yaml"]


words = st.text("abcdeéかナ漢 _-(1", min_size=1, max_size=12)
few = settings(max_examples=50)


@few
@given(st.lists(words, min_size=1, max_size=12, unique=True), st.data())
def test_every_text_is_found_by_itself_and_with_an_error_in_it(texts: list[str], data: st.DataObject):
    library = Library([Entry(f"e{number}", text, text, "c") for number, text in enumerate(texts)])
    text = data.draw(st.sampled_from(texts))
    if not text.strip():
        return
    hits = library.search(text, limit=100)
    assert text in [hit.item.text for hit in hits if hit.score == hits[0].score]  # type: ignore[union-attr]
    letters = "".join(sign for sign in text if sign.isalnum())
    if len(letters) >= 6:
        place = data.draw(st.integers(1, len(letters) - 2))
        if letters[place].isdigit():
            return
        mistyped = letters[:place] + letters[place + 1 :]
        assert text in [hit.item.text for hit in library.search(mistyped, limit=100)]  # type: ignore[union-attr]


@few
@given(st.text(max_size=60))
def test_any_query_is_answered(query: str):
    assert len(LIBRARY.search(query)) <= 60 and len(LIBRARY.complete(query)) <= 12
