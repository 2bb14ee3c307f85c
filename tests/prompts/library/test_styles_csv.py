"""``styles.csv``: what A1111 and spreadsheets write, what people break, and the way there and back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import StudioError
from studio.prompts.library.styles_csv import MAX_BYTES, Style, check_size, read_styles, write_styles


def styles(text: str | bytes) -> list[tuple[str, str, str]]:
    data = text.encode() if isinstance(text, str) else text
    found = read_styles(data, "styles.csv")
    assert not found.problems
    return [style[:3] for style in found.styles]


def problems(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in read_styles(text.encode(), "styles.csv").problems]


@pytest.mark.parametrize("header", ["name,text", "name,prompt", "name, prompt", "Name,Prompt", "name,prompt,extra"])
def test_old_headers_have_no_negative_prompt(header: str):
    assert styles(f'{header}\nink,"a, b"\n') == [("ink", "a, b", "")]


def test_the_new_header_with_bom_comments_and_many_lines():
    text = "\ufeffname,prompt,negative_prompt\r\n# a note,,\r\n#another\r\n"
    text += 'Ink,"{prompt},\r\nink ""wash""",blurry\r\n\r\nSoft, soft light,\r\n'
    assert styles(text) == [("Ink", '{prompt},\r\nink "wash"', "blurry"), ("Soft", "soft light", "")]


def test_comments_may_stand_before_the_header():
    assert styles("# mine\n\nname,prompt\na,b\n") == [("a", "b", "")]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_what_spreadsheets_put_between_cells(sign: str):
    text = f"name{sign}prompt{sign}negative_prompt\na{sign}b, c{sign}d\n"
    assert styles(text) == [("a", "b, c", "d")]


def test_empty_cells_after_the_last_one_are_harmless():
    assert styles("name,prompt,negative_prompt\na,b,c,,,\n,,,,\n") == [("a", "b", "c")]


def test_columns_may_stand_in_any_order():
    assert styles("negative_prompt,name,prompt\nbad,a,good\n") == [("a", "good", "bad")]


def test_dividers_are_folders():
    text = "name,prompt,negative_prompt\na,1,\n--- Portraits ---,,\nb,2,\n----------,,\nc,3,\n---odd---,4,\n"
    found = read_styles(text.encode(), "styles.csv").styles
    assert [(style.name, style.folder) for style in found] == [
        ("a", ""),
        ("b", "Portraits"),
        ("c", ""),
        ("---odd---", ""),
    ]


def test_a_style_may_be_negative_only():
    assert styles("name,prompt,negative_prompt\nhands,,bad hands\n") == [("hands", "", "bad hands")]


def test_rows_that_cannot_be_used_are_told_by_line_and_the_others_taken():
    text = 'name,prompt,negative_prompt\n"first","one\ntwo",\n,lost,\nwide,a,b,c\nempty,,\nlast,x,\nnull,a\x00b,\n'
    assert problems(text) == [
        (4, "This row has no name."),
        (5, "This row has more cells than the header."),
        (6, "The style 'empty' is empty."),
        (8, "This row has null characters."),
    ]
    assert [style.name for style in read_styles(text.encode(), "f").styles] == ["first", "last"]
    assert [style.line for style in read_styles(text.encode(), "f").styles] == [2, 7]


def test_a_name_twice_is_told_with_both_lines():
    text = "name,prompt\nInk,a\nsoft,b\nink,c\nsoft,b\n"
    assert problems(text) == [(4, "The name 'ink' is there twice, first in line 2.")]
    assert len(read_styles(text.encode(), "f").styles) == 4


@pytest.mark.parametrize("filling", ["", "x\n" * 30, 'y,"z\n'])
def test_quotes_that_never_end_are_told_where_they_begin(filling: str):
    text = f'name,prompt\na,b\nc,"d\n{filling}'
    (problem,) = read_styles(text.encode(), "styles.csv").problems
    assert problem.line == 3 and "uote" in problem.message and "twice" in problem.hint
    assert read_styles(text.encode(), "f").styles[0].name == "a"


def test_a_quote_that_swallows_the_next_row_is_told():
    text = 'name,prompt\na,b\nc,"d\ne,"f"\n'
    assert problems(text) == [(3, "A quote stands in the middle of a quoted cell.")]


def test_a_quote_in_a_bare_cell_is_a_sign_like_any_other():
    assert styles('name,prompt\nframe,5" print of a "cat"\n') == [("frame", '5" print of a "cat"', "")]


def test_an_endless_cell_ends_the_reading_with_its_line():
    text = 'name,prompt\na,b\nc,"' + "x" * 200_000
    assert problems(text) == [(3, "This cell is far too long.")]
    assert [style.name for style in read_styles(text.encode(), "f").styles] == ["a"]


def test_a_long_prompt_is_refused_by_its_line():
    assert problems(f"name,prompt\na,{'x' * 20_001}\n") == [(2, "The style 'a' is too long.")]


def test_too_many_rows_end_with_a_word(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("studio.prompts.library.styles_csv.MAX_ROWS", 2)
    assert problems("name,prompt\na,1\nb,2\nc,3\nd,4\n") == [(4, "Only 2 styles are read.")]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "shift_jis", "utf-16"])
def test_another_encoding_is_refused_with_line_and_remedy(encoding: str):
    word = "桜" if encoding == "shift_jis" else "Käse"
    with pytest.raises(StudioError) as caught:
        read_styles(f"name,prompt\na,b\n{word},{word}\n".encode(encoding), "mine.csv")
    line = 1 if encoding == "utf-16" else 3
    assert f"mine.csv, line {line}" in caught.value.message and "UTF-8" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["", "\n\n", "a,b\n", "just words", "prompt,negative_prompt\nx,y\n", "# only a note\n"]
)
def test_a_file_without_the_header_is_refused(text: str):
    with pytest.raises(StudioError, match="is no file of styles") as caught:
        read_styles(text.encode(), "x.csv")
    assert "name,prompt,negative_prompt" in caught.value.hint


def test_a_large_file_is_refused_by_its_size_alone():
    with pytest.raises(StudioError, match="200 MB"):
        check_size(200_000_000, "styles.csv")
    check_size(MAX_BYTES, "styles.csv")


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=40)
full = cells.filter(str.strip)
names = cells.map(lambda text: " ".join(text.split())).filter(
    lambda text: text and text.isprintable() and not text.startswith("#")
)
folders = st.sampled_from(["", "", "Portraits", "Night / city", "夜"])


@given(
    st.lists(
        st.builds(Style, names, full, cells, folders, st.just(0)),
        max_size=8,
        unique_by=lambda style: style.name.casefold(),
    )
)
def test_what_is_written_is_read_back(written: list[Style]):
    found = read_styles(write_styles(written), "styles.csv")
    assert not found.problems
    expected = sorted(written, key=lambda style: style.folder)
    assert [style._replace(line=0) for style in found.styles] == expected


@given(st.lists(st.builds(Style, names, full, cells, st.just(""), st.just(0)), max_size=5))
def test_a1111_reads_what_is_written(written: list[Style]):
    # The way its web UI reads: utf-8-sig, DictReader, skipinitialspace.
    reader = csv.DictReader(io.StringIO(write_styles(written).decode("utf-8-sig"), newline=""), skipinitialspace=True)
    assert [(row["name"], row["prompt"], row["negative_prompt"]) for row in reader] == [style[:3] for style in written]


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"name,prompt\n{text}".encode("utf-8", "replace"))
)
def test_anything_else_is_read_or_refused(data: bytes):
    try:
        found = read_styles(data, "x")
    except StudioError as error:
        assert error.message and error.hint
    else:
        assert all(style.name and (style.prompt.strip() or style.negative_prompt.strip()) for style in found.styles)
        assert all(problem.line and problem.hint for problem in found.problems)
