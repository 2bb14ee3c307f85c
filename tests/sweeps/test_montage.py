from PIL import Image, ImageColor

from studio.sweeps.layout import Sheet
from studio.sweeps.montage import EMPTY, MAX_PIXELS, PAPER, montages

SHEET = Sheet("Clip skip 1", "across: Steps", ("20", "30"), ("a", "b"), ((0, 1), (2, None)))
COLOURS = ["red", "green", "blue"]


def cell(number: int) -> Image.Image:
    return Image.new("RGB", (32, 48), COLOURS[number % 3])


def colours(image: Image.Image) -> set:
    return {colour for _, colour in image.getcolors(image.width * image.height) or []}


def test_every_cell_and_every_gap_is_there():
    (image,) = montages([SHEET], cell, 96, "Title")
    found = colours(image)
    assert {ImageColor.getrgb(name) for name in (*COLOURS, PAPER, EMPTY)} <= found
    counts = {colour: count for count, colour in image.getcolors(10**6) or []}
    assert all(counts[ImageColor.getrgb(name)] == 64 * 96 for name in COLOURS)


def test_long_labels_make_room_instead_of_being_cut():
    word = "W" * 200
    (small,) = montages([SHEET], cell, 96)
    (large,) = montages([Sheet("", "", (word, "30"), ("a", word), SHEET.rows)], cell, 96)
    assert large.width > small.width and large.height > 2 * small.height


def test_a_large_sheet_comes_in_bands():
    rows = tuple((number,) for number in range(400))
    sheet = Sheet("", "", ("x",), tuple(str(number) for number in range(400)), rows)
    bands = list(montages([sheet], cell, 96))
    assert len(bands) > 1 and all(band.width * band.height <= MAX_PIXELS for band in bands)
    total = sum(count for band in bands for count, colour in band.getcolors(10**8) or [] if colour == (255, 0, 0))
    assert total == 134 * 64 * 96


def test_a_sweep_without_any_picture_yet():
    (image,) = montages([SHEET], lambda number: None, 64)
    assert ImageColor.getrgb(EMPTY) in colours(image)
