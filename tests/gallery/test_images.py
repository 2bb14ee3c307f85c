from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from PIL import Image

from studio.errors import StorageFull, StudioError, UnusableImage
from studio.gallery.images import ImageFiles, write_atomically

PICTURE = Image.linear_gradient("L").convert("RGB")


@pytest.fixture
def files(tmp_path: Path) -> ImageFiles:
    return ImageFiles(tmp_path)


def test_the_name_is_the_hash_of_the_file(files: ImageFiles):
    sha256 = files.write(PICTURE)
    path = files.file_of(sha256)
    assert path.parent.name == sha256[:2]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    assert files.open(sha256).tobytes() == PICTURE.tobytes()
    assert list(files.stored()) == [sha256]


def test_the_thumbnail_has_256_pixels_on_its_long_side_and_comes_back_when_lost(files: ImageFiles):
    sha256 = files.write(Image.new("RGB", (1024, 512), "teal"))
    path = files.thumbnail_of(sha256)
    path.unlink()
    with Image.open(files.thumbnail_of(sha256)) as thumbnail:
        assert (thumbnail.size, thumbnail.format) == ((256, 128), "WEBP")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" + "a" * 63])
def test_no_name_leads_out_of_the_folder(files: ImageFiles, name: str):
    with pytest.raises(UnusableImage):
        files.file_of(name)


def test_a_lost_or_damaged_file_is_said(files: ImageFiles):
    sha256 = files.write(PICTURE)
    path = files.file_of(sha256)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UnusableImage, match="damaged"):
        files.open(sha256)
    path.unlink()
    with pytest.raises(UnusableImage, match="no longer"):
        files.open(sha256)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch, number: int, call: str):
    def full(*_arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os if call == "fsync" else Path, call, full)
    with pytest.raises(StorageFull) as failure:
        write_atomically(tmp_path / "images" / "ab" / "x.png", b"data")
    assert failure.value.hint
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "images").write_text("a file where a folder should be")
    with pytest.raises(StudioError, match="cannot be written"):
        write_atomically(tmp_path / "images" / "ab" / "x.png", b"data")
