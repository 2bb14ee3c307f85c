from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.gallery import texts
from tests.gallery.pictures import file_of, image


def read(data: bytes) -> tuple[dict[str, str], int]:
    with Image.open(io.BytesIO(data)) as opened:
        return texts.of_image(opened)


some_text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=80)


@given(some_text.filter(lambda text: text.strip("\0")), some_text, some_text)
def test_texts_survive_png_and_exif(parameters: str, own: str, workflow: str):
    carried = {"parameters": parameters, "studio": own, "workflow": workflow}
    assert read(file_of(image(), pnginfo=texts.for_png(carried))) == (carried, 0)
    for kind in ("JPEG", "WEBP"):
        assert read(file_of(image(), kind, exif=texts.for_exif(carried))) == (carried, 0)


def test_a_jpeg_drops_what_is_least_needed():
    own, others = {"studio": "x" * 9}, {"workflow": "".join(chr(256 + n * 7919 % 50000) for n in range(30_000))}
    long = {"parameters": "p" * 40_000}
    for carried, kept in (
        (own | others, own),
        (own | long, own),
        ({"parameters": "short"} | others, {"parameters": "short"}),
    ):
        exif = texts.for_exif(carried, 60_000)
        assert exif is not None and len(exif) <= 60_000
        assert read(file_of(image(), "JPEG", exif=exif))[0] == kept
    assert texts.for_exif({"studio": others["workflow"]}, 60_000) is None


@pytest.mark.parametrize(
    "comment",
    [b"UNICODE\0", b"UNICODE\0\xd8", b"\xff" * 50, b"ASCII\0\0\0plain", b"JIS\0\0\0\0\0x", b"", b"\0" * 40],
)
def test_odd_comments_do_no_harm(comment: bytes):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    exif.get_ifd(0x8769)[0x927C] = b"studio\0\1" + comment
    found, _ = read(file_of(image(), "JPEG", exif=exif))
    assert all(isinstance(text, str) for text in found.values())


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("broken", [b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0" + b"\xff" * 60, b"Exif\0\0II*\0"])
def test_broken_exif_does_no_harm(broken: bytes):
    plain = file_of(image(), "JPEG")
    segment = b"\xff\xe1" + (len(broken) + 2).to_bytes(2, "big") + broken
    assert read(plain[:2] + segment + plain[2:]) == ({}, 0)


def test_a_packed_bomb_is_not_unpacked():
    import zlib

    bomb = zlib.compress(b'{"studio": "' + b"a" * 50_000_000 + b'"}')
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x927C] = b"studio\0\1" + bomb
    assert read(file_of(image(), "WEBP", exif=exif)) == ({}, 0)


def test_long_texts_are_left_out_and_told():
    found, left_out = read(file_of(image(), pnginfo=texts.for_png({"parameters": "p", "workflow": "w" * 5_000_000})))
    assert (found, left_out) == ({"parameters": "p"}, 5_000_000)
