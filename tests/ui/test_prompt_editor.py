"""The Python side of the prompt editor: what is believed of a browser, and who wins when both have a text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.catalog.families import FAMILIES
from studio.prompts.library.entries import Category, Entry
from studio.prompts.library.library import Library
from studio.settings import Settings
from studio.ui.components.prompt_editor import scripts
from studio.ui.components.prompt_editor.exchange import MAX_LENGTH, Exchange, plain_lines
from studio.ui.generate import completions

HAIR = Category("hair", "Hair", "", "entries")


def shown(text: str = "1girl") -> Exchange:
    shared = Exchange()
    shared.settle(text, stored_elsewhere=True)
    return shared


def edit(shared: Exchange, text: object, n: object = 1, **more: object) -> dict:
    return {"n": n, "revision": shared.revision, "text": text, **more}


def test_an_edit_is_taken_once_and_the_browser_is_not_told_its_own_words():
    shared = shown()
    before = shared.revision
    assert shared.receive(edit(shared, "1girl, solo")) == "1girl, solo"
    assert shared.receive(edit(shared, "1girl, solo")) is None
    assert shared.settle("1girl, solo", stored_elsewhere=True) == "1girl, solo"
    assert shared.revision == before


def test_a_late_edit_with_a_smaller_number_changes_nothing():
    shared = shown()
    assert shared.receive(edit(shared, "newer", n=20)) == "newer"
    assert shared.receive(edit(shared, "older", n=19)) is None
    assert shared.text == "newer"


def test_a_text_from_elsewhere_gets_a_revision_and_words_typed_on_the_former_one_do_not_count():
    shared = shown()
    late = edit(shared, "1girl, typed meanwhile")
    assert shared.settle("a recipe", stored_elsewhere=True) == "a recipe"
    assert late["revision"] != shared.revision
    assert shared.receive(late) is None
    assert shared.settle("a recipe", stored_elsewhere=True) == "a recipe"
    assert shared.receive(edit(shared, "a recipe, more", n=2)) == "a recipe, more"


def test_without_a_store_of_its_own_a_page_may_pass_the_same_value_again():
    shared = Exchange()
    shared.settle("start", stored_elsewhere=False)
    shared.receive(edit(shared, "typed"))
    assert shared.settle("start", stored_elsewhere=False) == "typed"
    assert shared.settle("set anew", stored_elsewhere=False) == "set anew"


def test_two_sessions_never_share_a_revision():
    assert shown().revision != shown().revision


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["n", "revision", "text"]), inner),
    max_leaves=8,
)


@given(values, values, values)
def test_nothing_a_browser_sends_is_more_than_ignored(n, text, whole):
    shared = shown()
    for sent in (whole, {"n": n, "revision": shared.revision, "text": text}, {"n": n, "text": text}):
        taken = shared.receive(sent)
        assert taken is None or isinstance(text, str)
    assert isinstance(shared.text, str)


def test_a_text_without_end_is_cut_off():
    shared = shown()
    assert len(shared.receive(edit(shared, "a" * (MAX_LENGTH + 5))) or "") == MAX_LENGTH


@given(st.text("ab\r\n\ud800", max_size=20))
def test_lines_end_as_a_browser_gives_them_back(text):
    plain = plain_lines(text)
    assert "\r" not in plain and plain_lines(plain) == plain
    plain.encode()


def library(*entries: Entry) -> Library:
    return Library(entries, categories=[HAIR])


def entry(text: str, **more: object) -> Entry:
    return Entry(id=text.replace(" ", "-"), text=text, title=text.capitalize(), category="hair", **more)  # type: ignore[arg-type]


def known_to(document: dict, place: int) -> set[str]:
    return {name for at, name in enumerate(document["families"]) if document["entries"][place][2] >> at & 1}


def test_words_say_which_families_know_them():
    found = completions.document(
        library(entry("long hair", aliases=("hair down",)), entry("drill hair", families=("sdxl",))),
        [("any", None), ("line", "sd15")],
        [("colours", 12)],
    )
    assert found["entries"][0][:2] == ["long hair", 0] and found["entries"][0][3] == ["hair down"]
    assert known_to(found, 0) == set(FAMILIES)
    assert known_to(found, 1) == {"sdxl"}
    assert found["loras"][0] == ["any", completions.ALL]
    assert found["loras"][1][1] == 1 << list(FAMILIES).index("sd15")
    assert found["wildcards"] == [["colours", 12]] and found["categories"] == ["Hair"]


def test_the_address_changes_with_the_words_and_is_answered():
    client = TestClient(Starlette(routes=completions.ROUTES))
    first = completions.url(library(entry("long hair")))
    second = completions.url(library(entry("short hair")))
    assert first != second == completions.url(library(entry("short hair")))
    answer = client.get(first)
    assert answer.json()["entries"][0][0] == "long hair" and "immutable" in answer.headers["cache-control"]
    assert json.loads(client.get(second).text)["entries"][0][0] == "short hair"
    assert client.get(f"{completions.PREFIX}/{'0' * 32}.json").status_code == 404


def test_wildcards_of_the_person_are_offered_and_broken_ones_left_out(settings: Settings):
    folder = settings.home / "wildcards"
    folder.mkdir(parents=True)
    (folder / "my-colours.txt").write_text("red\nblue\n", encoding="utf-8")
    (folder / "broken.txt").write_bytes(b"\xff\xfe\xff")
    names = dict(completions.wildcards_of(settings))
    assert names["my-colours"] == 2 and "broken" not in names


@pytest.mark.parametrize("name", [path.name for path in scripts._folder.glob("*.js")])
def test_scripts_are_served_as_they_are(name):
    client = TestClient(Starlette(routes=[scripts.route]))
    answer = client.get(f"{scripts.prefix}/{scripts.version}/{name}")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/javascript")
    assert client.get(f"{scripts.prefix}/{scripts.version}/..%2f__init__.py").status_code == 404
