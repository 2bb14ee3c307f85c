"""A1111's ``styles.csv``, read as its web UI reads it but with a word about every row that is left out, and written.

The header is ``name,prompt,negative_prompt``, in old files ``name,text`` or ``name,prompt``; spreadsheets may have put
semicolons or tabs between the cells. A row whose name begins with ``#`` is a comment. A row with nothing but a name of
dashes (``--- Portraits ---``) divides the list; we take and write it as a folder. The encoding is UTF-8: a file in
another one is refused, because a wrong guess would spoil letters in silence.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import NamedTuple

from studio.errors import StudioError
from studio.prompts.library.entries import Problem
from studio.request import MAX_PROMPT

MAX_BYTES = 10_000_000
MAX_ROWS = 20_000
HEADER = ("name", "prompt", "negative_prompt")
_OLD_PROMPT = "text"
_DIVIDER = re.compile(r"[-=~*_–—]{2,}.*", re.DOTALL)
_DIVIDER_SIGNS = "-=~*_–— "
_END = "this row ends the file"


class Style(NamedTuple):
    """One row: a named style."""

    name: str
    prompt: str
    negative_prompt: str = ""
    folder: str = ""
    line: int = 0
    """Where it begins in the file it came from."""


class StylesFile(NamedTuple):
    """What a file holds."""

    styles: tuple[Style, ...]
    problems: tuple[Problem, ...]
    """Rows that were left out, and names that are there twice."""


def check_size(size: int, name: str) -> None:
    """Refuse a file by its size, before any of it is read.

    Raises:
        StudioError: it is too large.
    """
    if size > MAX_BYTES:
        raise StudioError(
            f"{name} has {size / 1e6:.0f} MB; up to {MAX_BYTES // 10**6} MB are read.",
            "Check that this is a file of styles; if it is, split it.",
        )


def read_styles(data: bytes, name: str) -> StylesFile:
    """The styles in ``data``. Rows that cannot be used are among the problems, with their lines.

    Args:
        name: what the file is called in messages.

    Raises:
        StudioError: too large, not UTF-8, or without a header of styles.
    """
    check_size(len(data), name)
    text = _decoded(data, name)
    delimiter, columns, header_line = _header(text, name)
    problems: list[Problem] = []
    styles: list[Style] = []
    folder = ""
    for line, cells in _rows(text, delimiter, header_line, name, problems):
        if len(styles) == MAX_ROWS:
            problems.append(Problem(name, line, f"Only {MAX_ROWS} styles are read.", "Split the file."))
            break
        wide = [cell for cell in cells[len(columns) :] if cell.strip()]
        row = dict(zip(columns, cells, strict=False))
        title = " ".join(row.get("name", "").split())
        prompt, negative = row.get("prompt") or row.get(_OLD_PROMPT) or "", row.get("negative_prompt", "")
        if title.startswith("#") or not any(cell.strip() for cell in cells):
            continue
        if not (prompt.strip() or negative.strip()) and _DIVIDER.fullmatch(title):
            folder = title.strip(_DIVIDER_SIGNS)
            continue
        wrong = _wrong_with(title, prompt, negative, bool(wide))
        if wrong:
            problems.append(Problem(name, line, *wrong))
        else:
            styles.append(Style(title, prompt, negative, folder, line))
    return StylesFile(tuple(styles), (*problems, *_doubles(styles, name)))


def write_styles(styles: Iterable[Style]) -> bytes:
    """A ``styles.csv`` that A1111 and :func:`read_styles` read back: those without a folder, then folder by folder.

    All cells are quoted, or blanks at their beginning would be lost; the byte order mark tells spreadsheets that it is
    UTF-8, and A1111 writes one too.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    file.write(",".join(HEADER) + "\n")
    ordered = sorted(styles, key=lambda style: style.folder)  # stable: within a folder the order stays
    for folder, members in groupby(ordered, key=lambda style: style.folder):
        if folder:
            writer.writerow((f"--- {folder} ---", "", ""))
        writer.writerows((style.name, style.prompt, style.negative_prompt) for style in members)
    return file.getvalue().encode("utf-8-sig")


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise StudioError(f"{name}, line 1: the file is UTF-16, not UTF-8.", _REMEDY)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StudioError(f"{name}, line {line}: the file is not UTF-8 (perhaps Latin-1).", _REMEDY) from None


_REMEDY = "Open it in the program it comes from and save it with the encoding UTF-8; nothing was taken from it."


def _header(text: str, name: str) -> tuple[str, list[str], int]:
    """The sign between cells, the columns' names, and the header's line."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if not line.strip() or line.startswith("#"):
            continue
        for delimiter in ",;\t":
            row = next(csv.reader([line[:10_000]], delimiter=delimiter, skipinitialspace=True), [])
            columns = [cell.strip().lower() for cell in row]
            if "name" in columns and {"prompt", _OLD_PROMPT} & set(columns):
                return delimiter, columns, number
        break
    hint = f"The first line has to be {','.join(HEADER)}, or in old files name,text."
    raise StudioError(f"{name} is no file of styles.", hint)


def _rows(
    text: str, delimiter: str, header_line: int, name: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Rows after the header with the lines where they begin."""
    whole = text if text.endswith(("\n", "\r")) else f"{text}\n"
    lines = io.StringIO(whole, newline="")
    for _ in range(header_line):
        next(lines)
    # A row of our own at the end: if it does not come back, it has vanished in a cell whose quotes were never closed.
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter, skipinitialspace=True)
    begins = header_line + 1
    row: list[str] = []
    before: tuple[int, list[str]] | None = None
    try:
        for row in reader:
            if before:
                yield before
            before = (begins, row)
            begins = header_line + reader.line_num + 1
        if row == [_END]:
            problems.extend(_odd_quotes(whole, delimiter, name))
        else:
            hint = 'Close the quotes of this row; a quote inside a cell is written twice (""). The rest was not read.'
            problems.append(Problem(name, before[0] if before else begins, "Quotes are opened and never closed.", hint))
    except csv.Error:
        if before:
            yield before
        hint = "Perhaps quotes are not closed. The rest of the file was not read."
        problems.append(Problem(name, begins, "This cell is far too long.", hint))


def _odd_quotes(text: str, delimiter: str, name: str) -> Iterator[Problem]:
    """The first quote that closes a cell before its end. A1111 reads on; so do we, but rows may have run together."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    begins = 1
    try:
        for _ in reader:
            begins = reader.line_num + 1
    except csv.Error:
        hint = 'Write a quote inside a cell twice (""), and see whether the style is complete.'
        yield Problem(name, begins, "A quote stands in the middle of a quoted cell.", hint)


def _wrong_with(title: str, prompt: str, negative: str, wide: bool) -> tuple[str, str] | None:
    """Why a row cannot be used: message and remedy."""
    if wide:
        return "This row has more cells than the header.", "Put cells that have commas in them in quotes."
    if not title:
        return "This row has no name.", "Write one in its first cell."
    if not title.isprintable():
        return "The name has signs that cannot be seen.", "Write it anew."
    if "\x00" in prompt or "\x00" in negative:
        return "This row has null characters.", "Take them out."
    if not prompt.strip() and not negative.strip():
        return f"The style {title[:60]!r} is empty.", "Write a prompt or a negative prompt, or delete the row."
    if max(len(prompt), len(negative)) > MAX_PROMPT:
        return f"The style {title[:60]!r} is too long.", f"Up to {MAX_PROMPT} signs are allowed."
    return None


def _doubles(styles: list[Style], name: str) -> Iterator[Problem]:
    first: dict[str, Style] = {}
    for style in styles:
        known = first.setdefault(style.name.casefold(), style)
        if known is not style and known[1:3] != style[1:3]:
            message = f"The name {style.name[:60]!r} is there twice, first in line {known.line}."
            yield Problem(name, style.line, message, "Give one of them another name.")
