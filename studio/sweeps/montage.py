"""The grid as one labelled picture, or as several where one would be too large. Labels are wrapped, never cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from studio.sweeps.layout import Sheet

MAX_PIXELS = 80_000_000
MAX_SIDE = 16_384
GAP = 8
PAPER, INK, EMPTY = "#FBFAF8", "#1E1F26", "#E6E3DC"
OpenCell = Callable[[int], Image.Image | None]


@dataclass(frozen=True)
class Band:
    """Rows of a sheet that fit into one picture."""

    sheet: Sheet
    first: int
    last: int


def montages(pages: Sequence[Sheet], open_cell: OpenCell, side: int = 512, title: str = "") -> Iterator[Image.Image]:
    """The pages as RGB pictures, one after the other, so that a large sweep never lies in memory as a whole.

    Args:
        open_cell: gives the picture of a cell by its number, or None where there is none yet.
        side: longest side of a cell in pixels.
    """
    for sheet in pages:
        shape = _cell_shape(sheet, open_cell, side)
        for band in _bands(sheet, shape, side):
            yield _draw(band, open_cell, shape, " · ".join(part for part in (title, sheet.title, sheet.axes) if part))


def _cell_shape(sheet: Sheet, open_cell: OpenCell, side: int) -> tuple[int, int]:
    """Width and height that hold every cell of the sheet, none scaled beyond ``side``."""
    shapes = []
    for number in (number for row in sheet.rows for number in row if number is not None):
        image = open_cell(number)
        if image is not None:
            scale = side / max(image.size)
            shapes.append((round(image.width * scale), round(image.height * scale)))
    return (max((w for w, _ in shapes), default=side), max((h for _, h in shapes), default=side))


def _bands(sheet: Sheet, shape: tuple[int, int], side: int) -> Iterator[Band]:
    """The sheet in slices of rows; a single row is never divided."""
    width = len(sheet.across) * (shape[0] + GAP) + side
    height = min(MAX_SIDE, MAX_PIXELS // max(width, 1))
    rows = max(1, height // (shape[1] + GAP))
    for first in range(0, len(sheet.rows), rows):
        yield Band(sheet, first, min(first + rows, len(sheet.rows)))


def _draw(band: Band, open_cell: OpenCell, shape: tuple[int, int], title: str) -> Image.Image:
    sheet, (wide, high) = band.sheet, shape
    font = _font(max(14, wide // 18))
    columns = [_wrapped(text, font, wide) for text in sheet.across]
    rows = [_wrapped(text, font, max(wide // 2, 90)) for text in sheet.down[band.first : band.last]]
    left = max((_size(text, font)[0] for text in rows), default=0) + (2 * GAP if any(rows) else 0)
    width = left + len(columns) * (wide + GAP) + GAP
    heading = _wrapped(title, font, width - 2 * GAP)
    heights = [max(high, _size(text, font)[1]) for text in rows]
    top = _size(heading, font)[1] + 2 * GAP if heading else GAP
    head = max(_size(text, font)[1] for text in columns) + 2 * GAP
    sheet_image = Image.new("RGB", (width, top + head + sum(heights) + GAP * len(heights)), PAPER)
    pen = ImageDraw.Draw(sheet_image)
    pen.multiline_text((GAP, GAP), heading, INK, font)
    for place, text in enumerate(columns):
        middle = left + GAP + place * (wide + GAP) + wide // 2
        pen.multiline_text((middle, top + head // 2), text, INK, font, anchor="mm", align="center")
    y = top + head
    for row, text in enumerate(rows):
        pen.multiline_text((GAP, y + heights[row] // 2), text, INK, font, anchor="lm")
        for place, number in enumerate(sheet.rows[band.first + row]):
            _paste(sheet_image, pen, number, open_cell, (left + GAP + place * (wide + GAP), y), shape)
        y += heights[row] + GAP
    return sheet_image


def _paste(
    sheet_image: Image.Image,
    pen: ImageDraw.ImageDraw,
    number: int | None,
    open_cell: OpenCell,
    corner: tuple[int, int],
    shape: tuple[int, int],
) -> None:
    image = open_cell(number) if number is not None else None
    if image is None:
        pen.rectangle((*corner, corner[0] + shape[0] - 1, corner[1] + shape[1] - 1), fill=EMPTY)
        return
    scale = min(shape[0] / image.width, shape[1] / image.height)
    scaled = image.convert("RGB").resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.LANCZOS
    )
    sheet_image.paste(scaled, (corner[0] + (shape[0] - scaled.width) // 2, corner[1] + (shape[1] - scaled.height) // 2))


def _font(size: int):
    """A font of this machine that knows Japanese or at least most alphabets, else Pillow's own."""
    for name in ("NotoSansCJK-Regular.ttc", "YuGothM.ttc", "Hiragino Sans GB.ttc", "DejaVuSans.ttf"):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _size(text: str, font) -> tuple[int, int]:
    if not text:
        return 0, 0
    box = ImageDraw.Draw(Image.new("RGB", (1, 1))).multiline_textbbox((0, 0), text, font)
    return int(box[2]) + 1, int(box[3]) + 1


def _wrapped(text: str, font, width: int) -> str:
    """``text`` in lines no wider than ``width``; words that are wider themselves are divided."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
            continue
        while font.getlength(word) > width and len(word) > 1:
            end = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or font.getlength(word[:n]) <= width)
            lines.append(word[:end])
            word = word[end:]
        lines.append(word)
    return "\n".join(lines)
