from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.crafting import TaskCancelled
from studio.errors import StudioError
from studio.gallery import Gallery, Query, read_metadata, texts
from studio.gallery.importing import import_file, import_folder, import_zip, run, take_in
from tests.gallery.pictures import file_of, image, put

A1111 = "1girl, 桜\nNegative prompt: bad\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 5, Size: 512x512, Model: anime"


def foreign(number: int = 1, text: str = A1111, **others: str) -> bytes:
    return file_of(image(number), pnginfo=texts.for_png({"parameters": text, **others}))


def silent(done: int, total: int, name: str) -> None:
    pass


def test_a_foreign_picture_is_taken_in_as_it_is(gallery: Gallery):
    data = foreign(workflow="{}")
    picture = import_file(gallery, data, "../somewhere\\00012.png")
    assert (picture.kind, picture.origin, picture.digest) == ("imported", "a1111", "")
    assert (picture.request.prompt, picture.request.checkpoint, picture.request.seed) == ("1girl, 桜", "anime", 5)
    assert picture.parameters == A1111
    assert picture.provenance.model_extra == {"file": "00012.png"}
    assert gallery.file_of(picture.sha256).read_bytes() == data
    assert gallery.page(Query("桜", checkpoint="anime", sampler="Euler")) == [picture]
    assert gallery.find(picture.request.digest) is None  # Here the same request would give another picture.


def test_our_own_picture_comes_back_whole(gallery: Gallery, settings, tmp_path: Path):
    from dataclasses import replace

    from studio.database import Database

    picture = put(gallery, 3, prompt="1girl")
    other_settings = replace(settings, home=tmp_path / "other")
    other = Gallery(other_settings, Database(other_settings.database))
    arrived = import_file(other, gallery.file_of(picture.sha256).read_bytes(), "x.png")
    assert (arrived.kind, arrived.request, arrived.sha256) == ("generated", picture.request, picture.sha256)
    assert other.find(picture.digest) == arrived


def test_a_picture_that_says_nothing_is_kept(gallery: Gallery):
    picture = import_file(gallery, file_of(image(1), "JPEG"), "photo.jpg")
    assert (picture.kind, picture.origin, picture.has_recipe, picture.parameters) == ("imported", "unknown", False, "")
    assert gallery.recent() == [picture]
    with pytest.raises(StudioError, match="without a recipe"):
        _ = picture.request


def test_what_is_known_stays_where_no_request_can_be_made(gallery: Gallery):
    text = A1111.replace(", Model: anime", "")
    picture = import_file(gallery, foreign(text=text), "x.png")
    assert (picture.has_recipe, picture.parameters, picture.words) == (False, text, "1girl, 桜")
    assert gallery.search("1gi") == [picture]


def test_jpeg_and_webp_keep_their_recipe(gallery: Gallery):
    for number, kind in enumerate(("JPEG", "WEBP")):
        data = file_of(image(number), kind, exif=texts.for_exif({"parameters": A1111, "workflow": "{}"}))
        picture = import_file(gallery, data, f"x.{kind.lower()}")
        assert picture.parameters == A1111
        with Image.open(gallery.file_of(picture.sha256)) as stored:
            assert (stored.format, stored.info["parameters"], stored.info["workflow"]) == ("PNG", A1111, "{}")


def test_duplicates_are_known_again(gallery: Gallery):
    first, is_new = take_in(gallery, foreign(1), "a.png")
    assert is_new
    same_pixels = file_of(image(1), pnginfo=texts.for_png({"parameters": A1111, "note": "saved again"}))
    for data in (foreign(1), same_pixels, same_pixels, file_of(image(1))):
        assert take_in(gallery, data, "b.png") == (first, False)
    drawn = put(gallery, 2)
    assert take_in(gallery, gallery.file_of(drawn.sha256).read_bytes(), "c.png") == (drawn, False)
    assert gallery.count() == 2


def test_a_recipe_that_comes_later_is_not_lost(gallery: Gallery):
    bare = import_file(gallery, file_of(image(1)), "bare.png")
    told = import_file(gallery, foreign(1), "told.png")
    assert told.id != bare.id and told.parameters == A1111
    assert [[picture.id for picture in group] for group in gallery.duplicates()] == [[bare.id, told.id]]


def test_an_upload_of_the_same_file_becomes_a_picture(gallery: Gallery):
    ref = gallery.put_upload(file_of(image(1)))
    picture = import_file(gallery, gallery.file_of(ref.sha256).read_bytes(), "x.png")
    assert (picture.sha256, gallery.count()) == (ref.sha256, 1)
    assert gallery.open_image(ref).size == image(1).size


def test_a_folder(gallery: Gallery, tmp_path: Path):
    folder = tmp_path / "outputs"
    (folder / "sub").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for number, name in enumerate(["new.png", "sub/old.png", ".hidden/no.png"]):
        (folder / name).write_bytes(foreign(number))
    os.utime(folder / "sub" / "old.png", (1e9, 1e9))
    (folder / "broken.png").write_bytes(foreign(9)[:90])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("no picture")
    (folder / "link.png").symlink_to(folder / "new.png")
    seen = []
    taken = import_folder(gallery, folder, lambda done, total, name: seen.append((done, total, name)))
    assert (len(taken.added), taken.known, taken.refusals) == (2, 0, 2)
    assert sorted(line.partition(":")[0] for line in taken.refused) == ["broken.png", "empty.jpg"]
    assert seen[0] == (0, 4, "sub/old.png") and seen[-1] == (4, 4, "")
    assert gallery.get(taken.added[0]).created == 1e9
    again = run({"folder": str(folder)}, Bench(gallery))
    assert (again["added"], again["known"], again["refusals"]) == (0, 2, 2)


class Bench:
    """What the craft is given to work with, cancelled before the first file when told so."""

    def __init__(self, gallery: Gallery, cancelled: bool = False) -> None:
        self.gallery = gallery
        self.cancelled = cancelled

    def report(self, done: int, total: int, status: str = "") -> None:
        if self.cancelled:
            raise TaskCancelled


def test_the_craft_can_be_cancelled_and_says_what_is_missing(gallery: Gallery, tmp_path: Path):
    (tmp_path / "a.png").write_bytes(foreign(1))
    with pytest.raises(TaskCancelled):
        run({"folder": str(tmp_path)}, Bench(gallery, cancelled=True))
    for folder in (tmp_path / "nowhere", tmp_path / "a.png"):
        with pytest.raises(StudioError):
            run({"folder": str(folder)}, Bench(gallery))


def test_a_zip_cannot_lead_out_of_it(gallery: Gallery, settings, tmp_path: Path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside/a.png", foreign(1))
        for number, name in enumerate(["../../escape.png", "/etc/absolute.png", "..\\..\\windows.png", "C:\\x.png"], 2):
            archive.writestr(name, foreign(number))
        archive.writestr("readme.txt", "no picture")
        archive.writestr("broken.png", b"\x89PNG")
    before = {path for path in tmp_path.rglob("*") if settings.home not in path.parents}
    taken = import_zip(gallery, packed.getvalue(), silent)
    assert (len(taken.added), taken.refusals) == (1, 5)
    assert sum("leads out of the archive" in line for line in taken.refused) == 4
    assert {path for path in tmp_path.rglob("*") if settings.home not in path.parents} <= before | {settings.home}
    with pytest.raises(StudioError, match="no ZIP archive"):
        import_zip(gallery, b"PK nothing", silent)


def giant_png(width: int = 60_000, height: int = 60_000) -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def text_bomb(packed: bool) -> bytes:
    info = PngInfo()
    info.add_itxt("parameters", "a" * 50_000_000, zip=packed)
    return file_of(image(7), pnginfo=info)


REFUSED = {
    "nothing": (b"", "empty"),
    "a text": (b"hello", "not a picture"),
    "a bomb of pixels": (giant_png(), "too large"),
    "a bomb of texts": (text_bomb(packed=True), "packed texts"),
    "half a file": (foreign(1)[:150], "damaged or cut off"),
    "too many megabytes": (b"\0" * (64 * 2**20 + 1), "at most 64 MB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_files_are_refused_with_a_reason(gallery: Gallery, case: str):
    data, reason = REFUSED[case]
    with pytest.raises(StudioError, match=reason) as told:
        import_file(gallery, data, "x.png")
    assert told.value.hint
    assert gallery.count() == 0 and list(gallery.files.stored()) == []


def moving() -> bytes:
    frames = [image(number) for number in range(1, 4)]
    return file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])


def broken_exif() -> bytes:
    plain, broken = file_of(image(3), "JPEG"), b"Exif\0\0" + b"\xff" * 60
    return plain[:2] + b"\xff\xe1" + (len(broken) + 2).to_bytes(2, "big") + broken + plain[2:]


TAKEN = {
    "an animated GIF": (moving, "RGB", None),
    "16 bits": (lambda: file_of(Image.new("I;16", (64, 48), 32896)), "RGB", (128, 128, 128)),
    "CMYK": (lambda: file_of(Image.new("CMYK", (64, 48), (0, 255, 255, 0)), "JPEG"), "RGB", None),
    "grey with alpha": (lambda: file_of(Image.new("LA", (64, 48), (90, 7))), "RGBA", (90, 90, 90, 7)),
    "transparent": (lambda: file_of(image(1, mode="RGBA")), "RGBA", None),
    "broken Exif": (broken_exif, "RGB", None),
    "a text of 50 MB": (lambda: text_bomb(packed=False), "RGB", None),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("case", TAKEN)
def test_odd_pictures_are_taken(gallery: Gallery, case: str):
    make, mode, colour = TAKEN[case]
    picture = import_file(gallery, make(), "x.png")
    stored = gallery.open_picture(picture.sha256)
    assert (stored.mode, stored.size) == (mode, (64, 48))
    assert colour is None or stored.getpixel((5, 5)) == colour
    assert gallery.thumbnail_of(picture.sha256).is_file()
    assert gallery.file_of(picture.sha256).stat().st_size < 100_000


def test_a_text_that_is_left_out_is_told(gallery: Gallery):
    picture = import_file(gallery, text_bomb(packed=False), "x.png")
    assert picture.provenance.model_extra == {"file": "x.png", "notes": ["a text of 48 MB in the file was left out"]}
    assert read_metadata(gallery.file_of(picture.sha256)).source == "none"


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(gallery: Gallery):
    gallery.files.images.mkdir(parents=True)
    gallery.files.images.chmod(0o500)
    try:
        with pytest.raises(StudioError, match="cannot be written"):
            import_file(gallery, foreign(1), "x.png")
    finally:
        gallery.files.images.chmod(0o700)


def test_a_place_that_takes_no_files(gallery: Gallery):
    gallery.files.images.parent.mkdir(parents=True, exist_ok=True)
    gallery.files.images.write_bytes(b"a file where a folder should be")
    with pytest.raises(StudioError, match="cannot be written"):
        import_file(gallery, foreign(1), "x.png")
    assert gallery.count() == 0
