"""``library search|check|import|export``: as a person and a script would use them."""

from __future__ import annotations

from pathlib import Path

import pytest

CSV = "name,prompt,negative_prompt\nInk,{prompt} in ink,blurry\n,lost,\nGlow,soft qqzglow,\n"


@pytest.fixture
def styles(tmp_path: Path) -> Path:
    file = tmp_path / "styles.csv"
    file.write_text(CSV, "utf-8")
    return file


def test_search_forgives_and_answers_as_a_table_and_as_json(run):
    lines = run("library", "search", "ponytial", "--limit", 3).out.splitlines()
    assert lines[0].split() == ["id", "text", "category", "kind"] and lines[1].split()[0] == "ponytail"
    hits = run("library", "search", "ponytial", "--limit", 3, "--json").document["hits"]
    assert len(hits) == 3 and hits[0] == {
        "kind": "entry", "id": "ponytail", "title": "Ponytail", "text": "ponytail", "category": hits[0]["category"],
        "score": hits[0]["score"],
    }  # fmt: skip
    outcome = run("library", "search", "qqqxxqq")
    assert outcome.status == 0 and outcome.out == "Nothing in the library is like that.\n"


def test_search_in_a_category_and_for_a_family(run):
    everything = run("library", "search", "", "--limit", 10_000, "--json").document["hits"]
    category = everything[0]["category"]
    some = run("library", "search", "", "--category", category, "--limit", 10_000, "--json").document["hits"]
    assert some and {hit["category"] for hit in some} == {category} and len(some) < len(everything)
    for family in ("sd15", "sdxl"):
        assert run("library", "search", "", "--family", family, "--json").document["hits"]
    known = run("library", "search", "", "--family", "starter", "--limit", 10_000, "--json").document["hits"]
    assert 0 < len(known) < len(everything) and {hit["kind"] for hit in known} == {"entry"}


@pytest.mark.parametrize("option", ["--category", "--family"])
def test_an_unknown_category_or_family_is_refused_with_those_there_are(run, option: str):
    outcome = run("library", "search", "x", option, "cooking")
    assert outcome.status == 1 and "cooking" in outcome.err and "There are" in outcome.err


def test_check_passes_the_shipped_library(run):
    outcome = run("library", "check")
    assert outcome.status == 0 and "no problems" in outcome.out
    document = run("library", "check", "--json").document
    assert document["problems"] == [] and document["entries"] >= 500


def test_check_tells_file_line_and_remedy_and_fails(run, tmp_path: Path):
    (tmp_path / "lib" / "packs").mkdir(parents=True)
    (tmp_path / "lib" / "packs" / "hair.yaml").write_text("category: hair\ntitle: Hair\nentries:\n  - id: a\n")
    outcome = run("library", "check", tmp_path / "lib")
    assert outcome.status == 1
    assert "packs/hair.yaml, line 4: The entry a has no text. Add the line text: …" in outcome.out
    assert run("library", "check", tmp_path / "lib", "--json").document["problems"] == [
        {"file": "packs/hair.yaml", "line": 4, "message": "The entry a has no text.", "hint": "Add the line text: …"}
    ]
    assert run("library", "check", tmp_path / "nothing").status == 1


def test_import_search_export_import(run, styles: Path, tmp_path: Path):
    first = run("library", "import", styles, "--json")
    assert first.status == 0 and [own["name"] for own in first.document["added"]] == ["Ink", "Glow"]
    assert [(problem["file"], problem["line"]) for problem in first.document["problems"]] == [("styles.csv", 3)]
    assert run("library", "search", "qqzglwo", "--json").document["hits"] == []  # a prompt's words are not guessed at
    assert [hit["title"] for hit in run("library", "search", "qqzglow", "--json").document["hits"]] == ["Glow"]
    assert "0 added" in run("library", "import", styles).out
    for name in ("out.csv", "out.yaml"):
        assert run("library", "export", tmp_path / name).out == f"2 prompts in {tmp_path / name}\n"
        again = run("library", "import", tmp_path / name, "--json").document
        assert (again["added"], again["known"]) == ([], 2)


def test_a_name_in_use_is_refused_replaced_or_renamed(run, styles: Path):
    run("library", "import", styles)
    styles.write_text(CSV.replace("in ink", "in pencil").replace(",lost,\n", ""), "utf-8")
    refused = run("library", "import", styles)
    assert refused.status == 1 and "“Ink” (line 2)" in refused.err and "--rename" in refused.err
    assert run("library", "import", styles, "--rename", "--json").document["added"][0]["name"] == "Ink 2"
    assert run("library", "import", styles, "--replace", "--json").document["replaced"] == 1
    assert run("library", "import", styles, "--replace", "--rename").status == 2


def test_nothing_is_overwritten_and_other_endings_are_refused(run, styles: Path, tmp_path: Path):
    assert "no own prompts yet" in run("library", "export", tmp_path / "a.csv").err
    run("library", "import", styles)
    assert "already" in run("library", "export", styles).err and styles.read_text("utf-8") == CSV
    assert run("library", "export", tmp_path / "a.json").status == 1
    assert run("library", "export", tmp_path / "none" / "a.csv").status == 1
    assert not list(tmp_path.glob("a.*"))


def test_unusable_files_are_refused_with_a_remedy(run, tmp_path: Path):
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    assert "200 MB" in run("library", "import", huge).err
    latin = tmp_path / "latin.csv"
    latin.write_bytes("name,prompt\nKäse,x\n".encode("latin-1"))
    outcome = run("library", "import", latin)
    assert outcome.status == 1 and "latin.csv, line 2" in outcome.err and "UTF-8" in outcome.err
    assert "There is no file" in run("library", "import", tmp_path / "none.csv").err
