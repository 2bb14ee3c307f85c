"""Wildcard files: found, read, weighed, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.errors import InvalidRequest
from studio.prompts.library import wildcards
from studio.prompts.library.wildcards import Option, Wildcards
from studio.prompts.random.expansion import draw


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / f"{name.replace('__', '/')}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def test_options_are_lines_without_comments_each_once(tmp_path):
    found = Wildcards(
        [write(tmp_path, hair="# colours\nred hair\n\n3::black hair  # often\nred hair\n0::never\nc\\#\n")]
    )
    assert found.values("hair") == ("red hair", "black hair", "c\\#")
    assert found.options("hair") == (Option("red hair", 2), Option("black hair", 4, 3.0), Option("c\\#", 7))


def test_names_come_from_files_and_subfolders(tmp_path):
    write(tmp_path, hair="a", clothes__top="b", _hidden="c")
    (tmp_path / "notes.md").write_text("x")
    assert Wildcards([tmp_path]).names() == ("clothes/top", "hair")
    assert Wildcards([tmp_path / "absent"]).names() == ()


def test_a_persons_own_come_first(settings):
    write(wildcards.own_folder(settings), hair="mine")
    shipped = write(settings.home / "shipped", hair="theirs", eyes="blue")
    both = Wildcards((wildcards.own_folder(settings), shipped))
    assert both.values("hair") == ("mine",) and both.values("eyes") == ("blue",)
    assert wildcards.of_studio(settings).values("hair") == ("mine",)


def test_a_changed_file_is_read_again(tmp_path):
    found = Wildcards([write(tmp_path, hair="red")])
    assert found.values("hair") == ("red",)
    write(tmp_path, hair="blue and more")
    assert found.values("hair") == ("blue and more",)


def test_a_byte_order_mark_is_no_option(tmp_path):
    (tmp_path / "hair.txt").write_bytes("\ufeffred".encode())
    assert Wildcards([tmp_path]).values("hair") == ("red",)


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path):
    (tmp_path / "hair.txt").write_bytes("red\nbr\xfcnett".encode("latin-1"))
    with pytest.raises(InvalidRequest, match=r"hair\.txt is not UTF-8 text \(line 2\)"):
        draw("__hair__", 0, Wildcards([tmp_path]))


def test_a_huge_file_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(wildcards, "MAX_BYTES", 10)
    with pytest.raises(InvalidRequest, match=r"hair\.txt has"):
        Wildcards([write(tmp_path, hair="red hair, long hair")]).values("hair")


def test_a_file_that_is_gone_is_told(tmp_path):
    found = Wildcards([write(tmp_path, hair="red")])
    (tmp_path / "hair.txt").unlink()
    with pytest.raises(InvalidRequest, match="cannot be read"):
        found.values("hair")


def test_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(InvalidRequest, match="no wildcard called hair"):
        Wildcards([tmp_path]).values("hair")


def test_shipped_wildcards_can_all_be_drawn_from(settings):
    shipped = Wildcards([wildcards.SHIPPED])
    for name in shipped.names():
        assert shipped.values(name)
        assert draw(f"__{name}__", 1, shipped)
