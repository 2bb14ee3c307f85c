"""What commands print: the answer on stdout (text, or one JSON document), everything else on stderr."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from studio.errors import StudioError

LINE_SECONDS = 2.0
"""Without a terminal, progress comes as lines at least this far apart."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A command's answer: ``document`` for machines, ``lines`` for people, and the exit status."""

    document: dict[str, Any] | None
    """None: the answer has been given already."""
    lines: list[str] = field(default_factory=list)
    status: int = 0


def show(reply: Reply, as_json: bool) -> None:
    """Print ``reply`` on stdout."""
    if reply.document is None:
        return
    if as_json:
        print(json.dumps(reply.document, ensure_ascii=False, indent=2), flush=True)
    elif reply.lines:
        print("\n".join(reply.lines), flush=True)


def say(text: str) -> None:
    """One line on stderr."""
    print(text, file=sys.stderr, flush=True)


def say_failure(error: StudioError) -> None:
    """Message and remedy on stderr."""
    say(error.message)
    if error.hint:
        say(error.hint)


def use_utf8() -> None:
    """Print any prompt in any locale; what is no character at all comes out as an escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def abandon_stdout() -> None:
    """After the reader of a pipe has gone: keep Python from complaining about it again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [line.rstrip() for line in padded]


class ProgressLine:
    """A line on stderr that is overwritten on a terminal, and repeated now and then elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown = ""
        self._printed = float("-inf")

    def update(self, text: str) -> None:
        if text == self._shown:
            return
        if self._terminal:
            sys.stderr.write(f"\r{text.ljust(len(self._shown))}")
            sys.stderr.flush()
        elif time.monotonic() - self._printed >= LINE_SECONDS:
            say(text)
            self._printed = time.monotonic()
        else:
            return
        self._shown = text

    def clear(self) -> None:
        """Leave the terminal's line empty for what comes next."""
        if self._terminal and self._shown:
            sys.stderr.write(f"\r{' ' * len(self._shown)}\r")
            sys.stderr.flush()
        self._shown = ""
