from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.errors import StudioError, UnusableImage
from studio.gallery import Gallery, Picture, Provenance, export, read_metadata, texts
from studio.gallery.importing import import_file
from studio.gallery.metadata import recipe_texts
from studio.poses.library import library_pose, pose_names
from studio.request import ControlUnit, HiresPass, LoraRef
from tests.gallery.pictures import file_of, image, put, request

ASKED = {
    "prompt": 'girl: "桜", \U0001f338\nsecond line',
    "negative_prompt": "",
    "controls": (ControlUnit(pose=library_pose(pose_names()[0]), weight=0.8),),
    "loras": (LoraRef(name="ink", weight=0.5),),
    "hires": HiresPass(strength=0.35),
}


def test_a_recipe_survives_every_kind_of_file(gallery: Gallery):
    picture = put(gallery, 5, **ASKED)
    known = read_metadata(gallery.file_of(picture.sha256))
    data = export.encode(gallery, picture, "png")
    assert data == gallery.file_of(picture.sha256).read_bytes()
    for kind, wanted in (("jpeg", "JPEG"), ("webp", "WEBP"), ("png", "PNG"), ("jpeg", "JPEG")):
        data = export.convert(data, kind)
        with Image.open(io.BytesIO(data)) as opened:
            assert (opened.format, opened.size) == (wanted, (picture.width, picture.height))
        assert read_metadata(data) == known
    assert known.request == picture.request and known.parameters["Hires upscale"] == "2"


@given(st.text(st.characters(exclude_characters="\x00"), max_size=200), st.text(max_size=40))
def test_any_prompt_survives_conversion(prompt: str, negative: str):
    asked = request(prompt=prompt, negative_prompt=negative.replace("\x00", ""))
    data = file_of(image(), pnginfo=texts.for_png(recipe_texts(asked, Provenance())))
    for kind in ("jpeg", "webp", "png"):
        data = export.convert(data, kind)
        assert read_metadata(data).request == asked


def test_pictures_of_other_programs_keep_what_they_carry(gallery: Gallery):
    carried = {"parameters": "x\nSteps: 2, Sampler: Euler, CFG scale: 1, Seed: 1", "workflow": "{}", "prompt": "{}"}
    data = file_of(image(1), pnginfo=texts.for_png(carried))
    picture = import_file(gallery, data, "x.png")
    for kind in ("png", "jpeg", "webp"):
        data = export.encode(gallery, picture, kind)
        with Image.open(io.BytesIO(data)) as opened:
            assert texts.of_image(opened)[0] == carried


def test_transparency_is_kept_where_the_file_can():
    data = file_of(Image.new("RGBA", (8, 8), (0, 0, 255, 0)))
    found = {kind: Image.open(io.BytesIO(export.convert(data, kind, 95))) for kind in export.KINDS}
    assert (found["png"].mode, found["webp"].mode, found["jpeg"].mode) == ("RGBA", "RGBA", "RGB")
    assert found["webp"].convert("RGBA").getpixel((4, 4))[3] == 0  # type: ignore[index]
    assert min(found["jpeg"].getpixel((4, 4))) > 250  # type: ignore[type-var]


def test_a_recipe_too_long_for_a_jpeg_is_said():
    long = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(20_000))
    asked = request(prompt=long, negative_prompt=long[::-1])
    data = file_of(image(), pnginfo=texts.for_png(recipe_texts(asked, Provenance())))
    with pytest.raises(StudioError, match="too long for a JPEG"):
        export.convert(data, "jpeg")
    assert read_metadata(export.convert(data, "webp")).request == asked


def test_a_zip_of_pictures(gallery: Gallery, tmp_path: Path):
    prompts = ["../../etc/passwd", "C:\\windows\\system32", "魔法少女", "", "a" * 500, "café <lora:x:1> \n\t\x1f"]
    pictures = [put(gallery, number, prompt=prompt) for number, prompt in enumerate(prompts)]
    done: list[int] = []
    path = export.zip_of(gallery, pictures, target=tmp_path / "out.zip", report=done.append)
    assert done == [1, 2, 3, 4, 5, 6] and [p.name for p in tmp_path.glob("*.zip")] == ["out.zip"]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert all(re.fullmatch(r"\d{6}(-[a-z0-9-]+)?\.png", name) for name in names)
        assert [archive.read(name) for name in names] == [export.encode(gallery, picture) for picture in pictures]
    assert names[0] == f"{pictures[0].id:06d}-etc-passwd.png" and names[2] == f"{pictures[2].id:06d}.png"
    webp = export.zip_of(gallery, pictures[:1], "webp")
    assert webp.parent == gallery.files.images.parent / "exports"
    with zipfile.ZipFile(webp) as archive:
        assert read_metadata(archive.read(archive.namelist()[0])).request == pictures[0].request


def test_a_zip_that_cannot_be_finished_leaves_nothing(gallery: Gallery, tmp_path: Path):
    picture, lost = put(gallery, 1), put(gallery, 2)
    gallery.file_of(lost.sha256).unlink()
    with pytest.raises(UnusableImage, match="no longer"):
        export.zip_of(gallery, [picture, lost], target=tmp_path / "out.zip")
    assert not list(tmp_path.glob("*.zip*")) and not list(tmp_path.glob(".*"))
    with pytest.raises(StudioError, match="cannot be written"):
        export.zip_of(gallery, [picture], target=tmp_path / "no" / "such" / "folder.zip")
    with pytest.raises(StudioError, match="Pictures cannot be written"):
        export.encode(gallery, picture, "tiff")


def test_names_are_unique_and_plain(gallery: Gallery):
    picture = Picture(
        7, "", "", "", "{}", 1, 1, 0.0, 0.0, found_parameters="Ünïcode girl!\nSteps: 1, Seed: 2, Size: 3x4"
    )
    assert export.name_of(picture, "jpeg") == "000007-unicode-girl.jpg"
