from pathlib import Path

import pytest

from studio.cli import files
from studio.errors import StorageFull, StudioError


def test_a_write_replaces_what_was_there(tmp_path: Path):
    files.write(tmp_path / "a.txt", b"old")
    files.write(tmp_path / "a.txt", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.txt", b"new")]


@pytest.mark.parametrize(("number", "kind"), [(28, StorageFull), (13, StudioError)])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch, number, kind):
    files.write(tmp_path / "a.txt", b"old")

    def fails(self: Path, target: Path) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(StudioError) as caught:
        files.write(tmp_path / "a.txt", b"new")
    assert type(caught.value) is kind
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.txt", b"old")]


@pytest.mark.parametrize("name", ["absent.txt", "a\0b", "x" * 300, "."])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, name: str):
    with pytest.raises(StudioError) as caught:
        files.read_bytes(str(tmp_path / name))
    assert caught.value.hint
