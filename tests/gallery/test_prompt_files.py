"""Own prompts out to packs and ``styles.csv`` and back: everything comes back, nothing is overwritten in silence."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from studio.database import Database
from studio.errors import NameTaken, StudioError
from studio.gallery import prompt_shelf
from studio.gallery.prompt_files import check_size, export_pack, export_styles, import_file
from studio.gallery.prompt_shelf import PromptShelf
from studio.prompts.library.entries import Entry, Template
from studio.settings import Settings


@pytest.fixture
def shelf(settings: Settings) -> PromptShelf:
    return PromptShelf(Database(settings.database))


def contents(shelf: PromptShelf) -> list[tuple[str, str, str, str]]:
    return [(own.kind, own.name, own.folder, own.data) for own in shelf.own()]


CSV = b"name,prompt,negative_prompt\nInk,{prompt} in ink,blurry\n,lost,\n--- Light ---,,\nGlow,soft glow,\n"


def test_styles_become_templates_in_folders(shelf: PromptShelf):
    done = import_file(shelf, CSV, "styles.csv")
    assert [(own.name, own.folder, own.item.fill("a cat")) for own in done.added] == [  # type: ignore[union-attr]
        ("Ink", "", "a cat in ink"),
        ("Glow", "Light", "a cat, soft glow"),
    ]
    assert [(problem.file, problem.line) for problem in done.problems] == [("styles.csv", 3)]
    again = import_file(shelf, CSV, "styles.csv")
    assert (again.added, again.known) == ((), 2)


def test_a_collision_refuses_everything_unless_told_otherwise(shelf: PromptShelf):
    shelf.save_entry("ink", "mine")
    with pytest.raises(NameTaken) as caught:
        import_file(shelf, CSV, "styles.csv")
    assert "“ink” (line 2)" in caught.value.message and "Nothing was added" in caught.value.message
    assert [own.name for own in shelf.own()] == ["ink"]
    renamed = import_file(shelf, CSV, "styles.csv", "rename")
    assert [own.name for own in renamed.added] == ["Ink 2", "Glow"] and renamed.replaced == 0
    replaced = import_file(shelf, CSV.replace(b"blurry", b"noise"), "styles.csv", "replace")
    assert (replaced.replaced, replaced.known, shelf.count()) == (1, 1, 3)
    assert shelf.named("ink").kind == "template"  # type: ignore[union-attr]
    assert shelf.restore([1])[0].item.text == "mine"  # type: ignore[union-attr]


def test_a_name_twice_in_one_file_is_a_collision_too(shelf: PromptShelf):
    data = b"name,prompt\na,1\nA,2\n"
    with pytest.raises(NameTaken):
        import_file(shelf, data, "s.csv")
    assert not shelf.own()
    assert [own.name for own in import_file(shelf, data, "s.csv", "rename").added] == ["a", "A 2"]


def test_a_pack_of_somebody_else_goes_into_a_folder_of_its_title(shelf: PromptShelf):
    pack = (
        b"category: eyes\ntitle: Eyes\nentries:\n  - {id: red-eyes, text: red eyes, aliases: [akame]}\n  - {id: no}\n"
    )
    done = import_file(shelf, pack, "/some/where/eyes.yaml")
    (own,) = done.added
    assert (own.name, own.folder, own.item.aliases) == ("Red eyes", "Eyes", ("akame",))  # type: ignore[union-attr]
    assert [(problem.file, problem.line) for problem in done.problems] == [("eyes.yaml", 5)]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", "name,prompt\nKäse,x\n".encode("latin-1"), "line 2"),
        ("a.csv", b"nothing", "no file of styles"),
        ("a.csv", b"name,prompt\n,x\n", "line 2"),
        ("a.yaml", b"a: &x [1]\nb: *x\n", "line 1"),
        ("a.yaml", b"category: x\ntitle: X\nentries:\n  - id: y\n", "line 4"),
        ("a.yaml", "category: ä\n".encode("latin-1"), "line 1"),
        ("a.txt", b"red hair", "neither a pack nor"),
        ("a.csv", b"x" * 10_000_001, "10 MB"),
        ("a.yaml", b"x" * 4_000_001, "4 MB"),
    ],
)
def test_a_file_that_gives_nothing_is_refused_with_place_and_remedy(
    shelf: PromptShelf, name: str, data: bytes, says: str
):
    with pytest.raises(StudioError) as caught:
        import_file(shelf, data, name)
    assert says in caught.value.message and caught.value.hint and not shelf.own()


def test_two_hundred_megabytes_are_refused_unread():
    for name in ("styles.csv", "pack.yaml"):
        with pytest.raises(StudioError, match="200 MB"):
            check_size(200_000_000, name)


def test_more_than_fits_is_refused_as_a_whole(shelf: PromptShelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompt_shelf, "MAX_OWN", 1)
    with pytest.raises(StudioError, match="do not fit"):
        import_file(shelf, CSV, "styles.csv")
    assert not shelf.own()


def test_an_empty_export_is_a_file_that_reads_back_as_nothing(shelf: PromptShelf):
    assert export_styles([]).decode("utf-8-sig") == "name,prompt,negative_prompt\n"
    assert import_file(shelf, export_styles([]), "styles.csv").added == ()


signs = st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")
words = st.text(signs, max_size=30)
said = words.filter(str.strip)
names = words.map(lambda text: " ".join(text.split())).filter(
    lambda text: text and text.isprintable() and not text.startswith("#")
)
lists = st.lists(said.map(str.strip).filter(bool), max_size=3, unique=True).map(tuple)
lines = words.filter(lambda text: "\n" not in text)
entries = st.builds(
    Entry, st.just(""), said, names, st.just(""), lists, lists, lists, st.just(("sdxl",)), words, words, lines, lines,
    st.none() | st.integers(0, 9),
)  # fmt: skip
settings_of = st.fixed_dictionaries(
    {}, optional={"steps": st.integers(1, 150), "guidance_scale": st.floats(0, 30), "sampler": st.just("Euler a")}
)
templates = st.builds(
    Template, st.just(""), names, st.just(""), words, said, words, words, settings_of,
    st.none() | st.just("jogging"), lists, st.just(()),
)  # fmt: skip
folders = st.sampled_from(["", "Night", "Night / city", "夜: #1"])
few = hypothesis_settings(max_examples=30)  # each makes two databases
kept = st.lists(st.tuples(entries | templates, folders), max_size=8, unique_by=lambda pair: pair[0].title.casefold())


def fresh(folder: str, name: str) -> PromptShelf:
    return PromptShelf(Database(Path(folder) / f"{name}.sqlite3"))


@few
@given(kept)
def test_a_pack_brings_everything_back(things: list):
    with tempfile.TemporaryDirectory() as folder:
        first, second = fresh(folder, "first"), fresh(folder, "second")
        for item, where in things:
            first.save(item, where)
        done = import_file(second, export_pack(first.own()), "own.yaml") if things else None
        assert contents(second) == contents(first)
        assert done is None or not done.problems


@few
@given(kept)
def test_styles_bring_back_names_texts_and_folders(things: list):
    with tempfile.TemporaryDirectory() as folder:
        first, second = fresh(folder, "first"), fresh(folder, "second")
        for item, where in things:
            first.save(item, where)
        done = import_file(second, export_styles(first.own()), "styles.csv")
        assert not done.problems
        assert [own[1:3] for own in contents(second)] == [own[1:3] for own in contents(first)]
        for own in first.own():
            back = second.named(own.name)
            assert back and isinstance(back.item, Template)
            text = own.item.text if isinstance(own.item, Entry) else own.item.prompt
            assert back.item.prompt == text
        assert export_styles(second.own()) == export_styles(first.own())
