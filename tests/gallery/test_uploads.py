from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.errors import UnusableImage
from studio.gallery import Gallery
from studio.gallery.uploads import MAX_BYTES, decode


def encoded(image: Image.Image, format: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises ``width`` × ``height`` pixels and holds none."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"")
    chunks = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (header, data, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


RED = Image.new("RGB", (24, 16), (200, 30, 40))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_common_formats_give_rgb_pixels(format: str):
    image = decode(encoded(RED, format))
    assert (image.mode, image.size) == ("RGB", (24, 16))
    assert np.abs(np.asarray(image, dtype=int) - np.asarray(RED, dtype=int)).max() <= 6


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_pixel_mode_becomes_rgb(mode: str):
    if mode == "I;16":
        image = Image.fromarray(np.full((16, 24), 255 * 257, dtype=np.uint16))
    else:
        image = Image.new("RGB", (24, 16), "white").convert(mode)
    data = encoded(image, "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG")
    assert decode(data).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bit_grey_is_scaled_not_clipped():
    depth = np.linspace(0, 65535, 64, dtype=np.uint16).reshape(8, 8)
    grey = np.asarray(decode(encoded(Image.fromarray(depth))))[..., 0]
    assert np.abs(grey.astype(int) - np.round(depth / 257).astype(int)).max() <= 1


@pytest.mark.parametrize(("background", "expected"), [("white", (255, 255, 255)), ("black", (0, 0, 0))])
def test_transparency_shows_the_background(background: str, expected: tuple[int, int, int]):
    clear = Image.new("RGBA", (4, 4), (10, 200, 10, 0))
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([10, 200, 10] * 256)
    for data in (encoded(clear), encoded(palette, transparency=0), encoded(clear.convert("LA"))):
        assert decode(data, background).getpixel((1, 1)) == expected


def test_exif_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side
    assert decode(encoded(RED, "JPEG", exif=exif)).size == (16, 24)


def test_of_an_animation_the_first_frame_counts():
    data = encoded(RED, "GIF", save_all=True, append_images=[Image.new("RGB", (24, 16), "blue")])
    red, _, blue = decode(data).getpixel((3, 3))
    assert red > 150 > blue


@pytest.mark.parametrize("size", [(20_000, 20_000), (10_000, 5_000), (30_000, 8)])
def test_oversized_pictures_are_refused_from_the_header(size: tuple[int, int]):
    with pytest.raises(UnusableImage, match="too large") as failure:
        decode(png_header(*size))
    assert failure.value.hint


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (encoded(Image.radial_gradient("L"))[:900], "damaged"),
        (encoded(Image.radial_gradient("L"), "JPEG")[:700], "damaged"),
        (png_header(64, 64), "damaged"),
        (b"\0" * (MAX_BYTES + 1), "64 MB"),
    ],
    ids=["empty", "text", "svg", "cut png", "cut jpeg", "no pixels", "huge file"],
)
def test_what_is_no_picture_is_refused_with_a_reason(data: bytes, words: str):
    with pytest.raises(UnusableImage, match=words) as failure:
        decode(data)
    assert failure.value.hint


@given(st.data())
def test_damaged_bytes_never_raise_anything_else(data: st.DataObject):
    format = data.draw(st.sampled_from(["PNG", "GIF", "BMP", "WEBP"]))
    whole = bytearray(encoded(Image.radial_gradient("L").resize((16, 16)), format))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert decode(bytes(whole)).mode == "RGB"
    except UnusableImage as failure:
        assert failure.message and failure.hint


def test_equal_pixels_give_one_reference(gallery: Gallery):
    first = gallery.put_upload(encoded(RED, "PNG"))
    second = gallery.put_upload(encoded(RED, "BMP"))
    assert first == second
    assert gallery.open_image(first).tobytes() == RED.tobytes()
    assert gallery.thumbnail_of(first.sha256).exists()
    assert gallery.recent() == []
