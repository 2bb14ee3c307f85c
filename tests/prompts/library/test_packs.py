"""Packs and templates: what is right loads whole, what is wrong is told with line and remedy and hides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.prompts.library.entries import Category, Entry, Template
from studio.prompts.library.packs import MAX_BYTES, read_folder, read_pack

HEAD = "category: hair\ntitle: Hair\ndescription: Of hair.\nentries:\n"
ENTRY = "  - {id: a, text: red hair}\n"


def problems(text: str | bytes, name: str = "packs/hair.yaml") -> list[tuple[int, str, str]]:
    data = text.encode() if isinstance(text, str) else text
    found = read_pack(data, name).problems
    assert all(problem.file == name and problem.hint for problem in found)
    return [(problem.line, problem.message, problem.hint) for problem in found]


def test_an_entry_has_all_its_fields():
    text = HEAD + (
        "  - id: high-ponytail\n    text: high ponytail\n    title: Ponytail, high\n"
        "    aliases: [pony tail, ポニーテール]\n    implies: [ponytail, long hair]\n    conflicts: [short hair]\n"
        "    families: [sd15, sdxl]\n    note: 'On top: high.'\n"
        '    negative: ""\n    problem: hands\n    group: hair style\n    count: 1\n'
    )
    shelf = read_pack(text.encode(), "hair.yaml")
    assert shelf.problems == ()
    assert shelf.categories == (Category("hair", "Hair", "Of hair.", "entries"),)
    assert shelf.entries == (
        Entry(
            "high-ponytail", "high ponytail", "Ponytail, high", "hair", ("pony tail", "ポニーテール"),
            ("ponytail", "long hair"), ("short hair",), ("sd15", "sdxl"), "On top: high.", "", "hands", "hair style", 1,
        ),
    )  # fmt: skip
    assert shelf.lines == (("entry:high-ponytail", "hair.yaml", 5),)


def test_what_is_left_out_has_its_default_and_words_of_yaml_stay_words():
    (entry,) = read_pack((HEAD + "  - {id: no, text: no, aliases: [1990, yes, on]}\n").encode(), "x").entries
    assert entry == Entry("no", "no", "No", "hair", ("1990", "yes", "on"))


def test_a_template_has_all_its_fields():
    text = (
        "category: action\ntitle: Action\ntemplates:\n  - id: run\n    title: Run\n    description: d\n"
        '    prompt: "best quality, {prompt}, running"\n    subject: a girl\n    negative_prompt: blurry\n'
        "    settings: {steps: 28, guidance_scale: 7, sampler: Euler a}\n    pose: jogging\n"
        "    tags: [sport]\n    families: [sdxl]\n"
    )
    shelf = read_pack("\ufeff".encode() + text.encode(), "x")
    settings = {"steps": 28, "guidance_scale": 7.0, "sampler": "Euler a"}
    assert shelf.problems == () and shelf.templates == (
        Template("run", "Run", "action", "d", "best quality, {prompt}, running", "a girl", "blurry", settings,
                 "jogging", ("sport",), ("sdxl",)),
    )  # fmt: skip
    (template,) = shelf.templates
    assert template.fill(" a cat ") == "best quality, a cat, running"
    assert template.fill("") == "best quality, a girl, running" and template.fill_negative("text") == "text, blurry"


def test_a_template_without_a_slot_follows_the_prompt_as_styles_of_a1111_do():
    template = Template("ink", "Ink", "", "", "ink wash, black and white")
    assert template.fill("a cat") == "a cat, ink wash, black and white"
    assert template.fill("  ") == "ink wash, black and white"


@pytest.mark.parametrize(
    ("text", "line", "says", "remedy"),
    [
        (HEAD + "  - id: a\n", 5, "The entry a has no text.", "text: …"),
        (HEAD + "  - text: x\n", 5, "This entry has no id.", "id: …"),
        (HEAD + "  - id: a\n    text:\n", 5, "The entry a has no text.", "text: …"),
        (HEAD + ENTRY + "  - id: a\n    text: y\n", 6, "twice, first in packs/hair.yaml, line 5.", "another id"),
        (HEAD + "  - id: a\n    text: x\n    famlies: [sd15]\n", 7, "has no field 'famlies'", "Did you mean families?"),
        (HEAD + "  - id: a\n    text: x\n    zzz: 1\n", 7, "has no field 'zzz'", "There are id, text"),
        (HEAD + "  - id: a\n    text: [x, y]\n", 6, "text has to be text", "quotes"),
        (HEAD + "  - id: a\n    text: x\n    aliases: y\n", 7, "aliases has to be a list", "[first, second]"),
        (HEAD + "  - id: a\n    text: x\n    aliases:\n      - y\n      - [z]\n", 9, "an item of aliases", "quotes"),
        (HEAD + "  - id: a\n    text: x\n    aliases: ['']\n", 7, "empty item", "Take it out"),
        (HEAD + "  - id: a\n    text: x\n    count: two\n", 7, "count has to be a whole number", "count: 1"),
        (HEAD + "  - id: a\n    text: x\n    count: -1\n", 7, "count is -1", "from 0 to 100"),
        (HEAD + "  - id: Big_One\n    text: x\n", 5, "not in kebab-case", "high-ponytail"),
        (HEAD + "  - id: a\n    text: x\n    families: [starter]\n", 7, "names the starter", "vocabulary"),
        (HEAD + "  - id: a\n    text: x\n    title: |\n      y\n      z\n", 7, "several lines", "one line"),
        (HEAD + "  - id: a\n    text: " + "x" * 2001 + "\n", 6, "2001 signs", "At most 2000"),
        (HEAD + "  - just words\n", 5, "has to be a list of key: value", "indents"),
        (HEAD + "  - id: a\n    id: b\n    text: x\n", 6, "The key 'id' is there twice", "Keep one"),
        ("category: hair\ntitle: Hair\nentries: many\n", 3, "entries has to be a list", "hyphen"),
        ("category: hair\ntitle: Hair\n", 1, "has no entries", "entries:"),
        ("title: Hair\nentries: []\n", 1, "The pack has no category", "category"),
        ("category: hair\ntitle: Hair\nentires: []\nentries: []\n", 3, "no field 'entires'", "Did you mean entries?"),
        ("- a\n- b\n", 1, "no pack", "README"),
        ("", 1, "no pack", "README"),
        (HEAD + "  - {id: a, text: x\n", 6, "not valid YAML", "expected"),
        (HEAD + "  - id: &x a\n    text: *x\n", 5, "anchors and aliases", "Write the values out"),
        (HEAD + "  - id: a\n    text: *x\n", 6, "anchors and aliases", "Write the values out"),
        (HEAD + "  - !!python/object:os.system {id: a}\n", 5, "tags", "plain value"),
        (HEAD + "  - id: a\n    text: !mine x\n", 6, "tags", "plain value"),
        (HEAD + ENTRY + "---\na: b\n", 7, "several documents", "---"),
        ("[" * 100_000, 1, "nested more than 8", "indents"),
        ("category: hair\ntitle: \x07\n", 2, "not valid YAML", "signs"),
        ("category: hair\ntitle: K\u00e4se\n".encode("latin-1"), 2, "not UTF-8", "UTF-8"),
        (b"x" * (MAX_BYTES + 1), 0, "too large", "split"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_a_remedy(text: str | bytes, line: int, says: str, remedy: str):
    found = problems(text)
    assert len(found) == 1, found
    assert found[0][0] == line and says in found[0][1] and remedy in found[0][2], found


TEMPLATES = "category: t\ntitle: T\ntemplates:\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("  - {id: a, title: A, description: d}\n", 4, "has no prompt"),
        ("  - {id: a, title: A, description: d, prompt: '{prompt}, x'}\n", 4, "has no subject"),
        ("  - {id: a, title: A, description: d, prompt: x, settings: {stpes: 3}}\n", 4, "no 'stpes'"),
        ("  - {id: a, title: A, description: d, prompt: x, settings: {steps: 2.5}}\n", 4, "whole number"),
        ("  - {id: a, title: A, description: d, prompt: x, settings: 3}\n", 4, "key: value"),
        ("  - {id: a, title: A, description: d, prompt: x, pose: ../../etc}\n", 4, "kebab-case"),
    ],
)
def test_templates_are_held_to_their_fields(text: str, line: int, says: str):
    (found,) = problems(TEMPLATES + text)
    assert found[0] == line and says in found[1]


def test_one_mistake_leaves_out_one_entry_and_everything_wrong_is_told_at_once():
    text = HEAD + ENTRY + "  - {id: b}\n  - {id: c, text: x, cuont: 1}\n  - {id: d, text: [y]}\n  - {id: e, text: z}\n"
    shelf = read_pack(text.encode(), "x")
    assert [entry.id for entry in shelf.entries] == ["a", "c", "e"]
    assert [problem.line for problem in shelf.problems] == [6, 7, 8]


def write(folder: Path, name: str, text: str | bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)


def test_a_broken_file_hides_nothing_else(tmp_path: Path):
    write(tmp_path, "packs/hair.yaml", HEAD + ENTRY)
    write(tmp_path, "packs/bomb.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
    write(tmp_path, "packs/latin.yaml", "title: Käse".encode("latin-1"))
    write(tmp_path, "packs/old.yml", HEAD + ENTRY)
    write(
        tmp_path,
        "packs/eyes.yaml",
        "category: eyes\ntitle: Eyes\nentries:\n  - {id: a, text: red eyes}\n  - {id: b, text: blue eyes}\n",
    )
    write(tmp_path, "packs/misnamed.yaml", "category: other\ntitle: O\nentries: []\n")
    write(
        tmp_path,
        "templates/t.yaml",
        "category: t\ntitle: T\ntemplates:\n  - {id: a, title: A, description: d, prompt: x}\n",
    )
    with (tmp_path / "packs" / "huge.yaml").open("wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "packs" / "folder.yaml").mkdir()
    shelf = read_folder(tmp_path)
    assert [entry.text for entry in shelf.entries] == ["red eyes", "blue eyes"]  # hair's a came later
    assert [template.key for template in shelf.templates] == ["template:a"]
    told = {problem.file: problem for problem in shelf.problems}
    assert set(told) == {f"packs/{name}" for name in (
        "bomb.yaml", "latin.yaml", "old.yml", "hair.yaml", "misnamed.yaml", "huge.yaml", "folder.yaml",
    )}  # fmt: skip
    assert "first in packs/eyes.yaml, line 4" in told["packs/hair.yaml"].message
    assert "too large" in told["packs/huge.yaml"].message and "Rename it to old.yaml" in told["packs/old.yml"].hint
    assert str(told["packs/latin.yaml"]).startswith("packs/latin.yaml, line 1: The file is not UTF-8")


def test_no_folder_is_an_empty_shelf(tmp_path: Path):
    assert read_folder(tmp_path / "none") == read_folder(tmp_path)


@given(
    st.binary(max_size=200)
    | st.text("[]{}-:,&*!|>'\"#% \n\tabid", max_size=80).map(lambda text: (HEAD + text).encode())
)
def test_whatever_stands_in_a_file_it_is_read_or_told(data: bytes):
    shelf = read_pack(data, "x")
    assert shelf.entries or shelf.problems or b"entries" in data
    assert all(problem.message and problem.hint for problem in shelf.problems)
