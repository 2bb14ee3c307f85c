from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.errors import UnusableImage
from studio.gallery import Metadata, Provenance, read_metadata
from studio.gallery.metadata import png_texts
from studio.poses.values import Pose
from studio.request import ControlUnit, GenerationRequest

PICTURE = Image.new("RGB", (8, 8), "navy")
A1111 = "a girl, 桜\nNegative prompt: bad\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 8x8"


def png(texts: PngInfo | None = None) -> bytes:
    buffer = io.BytesIO()
    PICTURE.save(buffer, "PNG", pnginfo=texts)
    return buffer.getvalue()


@given(
    st.text(max_size=300).filter(lambda text: "\x00" not in text),
    st.text(max_size=300).filter(lambda text: "\x00" not in text),
    st.integers(0, 2**32 - 1),
)
def test_the_whole_recipe_survives_any_text(prompt: str, negative: str, seed: int):
    request = GenerationRequest.build(
        prompt=prompt,
        negative_prompt=negative,
        checkpoint='pa:th/"quoted", name',
        seed=seed,
        controls=(ControlUnit(pose=Pose(width=64, height=64)),),
    )
    provenance = Provenance.from_facts({"device": "cpu", "slots": 4, "notes": [prompt]}, worker="w")
    read = read_metadata(png(png_texts(request, provenance)))
    assert (read.source, read.request, read.provenance) == ("studio", request, provenance)
    assert read.parameters["Seed"] == str(seed)


def test_a1111_pngs_are_read(tmp_path: Path):
    texts = PngInfo()
    texts.add_text("parameters", A1111)
    path = tmp_path / "picture.png"
    path.write_bytes(png(texts))
    read = read_metadata(path)
    assert (read.source, read.request) == ("a1111", None)
    assert (read.parameters["Prompt"], read.parameters["Size-1"]) == ("a girl, 桜", "8")


@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
@pytest.mark.parametrize(
    "comment",
    [b"UNICODE\0" + A1111.encode("utf-16-be"), b"UNICODE\0" + A1111.encode("utf-16-le"), A1111.encode()],
    ids=["big-endian", "little-endian", "utf-8"],
)
def test_a1111_jpeg_and_webp_are_read(format: str, comment: bytes):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    buffer = io.BytesIO()
    PICTURE.save(buffer, format, exif=exif)
    read = read_metadata(buffer.getvalue())
    assert (read.source, read.parameters["Prompt"]) == ("a1111", "a girl, 桜")


@pytest.mark.parametrize(
    "recipe",
    ["", "nonsense", "[]", '{"request": 3}', '{"request": {"seed": -1}}', "{" * 5000, '{"request":' + "[" * 9000],
)
def test_a_recipe_that_is_none_is_ignored(recipe: str):
    texts = PngInfo()
    texts.add_itxt("studio", recipe)
    assert read_metadata(png(texts)) == Metadata("none")


def test_a_broken_provenance_does_not_cost_the_request():
    texts = PngInfo()
    texts.add_itxt("studio", '{"request": {"checkpoint": "tiny", "seed": 1}, "provenance": {"slots": "many"}}')
    read = read_metadata(png(texts))
    assert read.request == GenerationRequest.build(checkpoint="tiny", seed=1)
    assert read.provenance is None


def test_a_text_of_unreasonable_length_is_refused_or_ignored():
    texts = PngInfo()
    texts.add_itxt("parameters", "a" * 50_000_000, zip=True)
    with pytest.raises(UnusableImage):
        read_metadata(png(texts))


@pytest.mark.parametrize("data", [b"", b"no picture", png()[:30]])
def test_what_is_no_picture_is_said(data: bytes):
    with pytest.raises(UnusableImage):
        read_metadata(data)


def test_a_missing_file_is_said(tmp_path: Path):
    with pytest.raises(UnusableImage, match="no file"):
        read_metadata(tmp_path / "nowhere.png")
