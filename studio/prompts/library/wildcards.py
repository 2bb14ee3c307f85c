"""Wildcards: text files with one option a line, drawn from by ``__name__``.

# hair-colours.txt         what follows a # is a comment
blonde hair
3::black hair              comes three times as often
{dark|light} brown hair    options may draw themselves
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from studio.errors import InvalidRequest
from studio.prompts.syntax import comments
from studio.settings import PROJECT_ROOT, Settings

SHIPPED = PROJECT_ROOT / "prompt_library" / "wildcards"
MAX_BYTES = 4_000_000
MAX_FILES = 20_000
MAX_WEIGHT = 1e6
NAME = r"(?!_)[\w./*-]+?(?<!_)"
"""How a wildcard may be called; ``*`` stands for any part of a name."""
_WEIGHT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)::")
_FILE_NAME = re.compile(NAME.replace("*", ""))


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a wildcard."""

    text: str
    line: int
    weight: float = 1.0


class Wildcards:
    """The wildcards of some folders; where two have a file of the same name, the first one's counts."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._files: dict[str, Path] = {}
        for folder in folders:
            for name, file in _found(folder):
                self._files.setdefault(name, file)

    def names(self) -> tuple[str, ...]:
        """Names in order of the alphabet; a file in a subfolder is called ``folder/file``."""
        return tuple(sorted(self._files))

    def values(self, name: str) -> tuple[str, ...]:
        """The options of ``name`` as they are written, without comments and weights. Raises as :meth:`options`."""
        return tuple(option.text for option in self.options(name))

    def options(self, name: str) -> tuple[Option, ...]:
        """The options of ``name``, each once.

        Raises:
            InvalidRequest: there is no such wildcard, or its file cannot be used.
        """
        file = self._files.get(name)
        if file is None:
            raise InvalidRequest(f"There is no wildcard called {name}.", "See the list of wildcards.", "prompt")
        try:
            state = file.stat()
            if state.st_size > MAX_BYTES:
                raise InvalidRequest(
                    f"The wildcard file {file.name} has {state.st_size / 1e6:.0f} MB.",
                    f"Cut it into files of at most {MAX_BYTES // 10**6} MB.",
                    "prompt",
                )
            return _read(file, state.st_mtime_ns, state.st_size)
        except OSError:
            raise InvalidRequest(
                f"The wildcard file {file.name} cannot be read.", "Check that it is there and readable.", "prompt"
            ) from None

    @property
    def state(self) -> tuple[tuple[str, int], ...]:
        """Changes whenever a file does: equal states give equal drawings."""
        return tuple((name, _changed(file)) for name, file in sorted(self._files.items()))

    def __contains__(self, name: str) -> bool:
        return name in self._files


def of_studio(settings: Settings) -> Wildcards:
    """The person's own wildcards, and after them the shipped ones."""
    return Wildcards((own_folder(settings), SHIPPED))


def own_folder(settings: Settings) -> Path:
    """Where a person's own wildcards lie."""
    return settings.home / "wildcards"


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _found(folder: Path) -> list[tuple[str, Path]]:
    files = []
    for file in sorted(folder.rglob("*.txt"))[:MAX_FILES] if folder.is_dir() else ():
        name = file.relative_to(folder).with_suffix("").as_posix()
        if _FILE_NAME.fullmatch(name) and "__" not in name:
            files.append((name, file))
    return files


@lru_cache(maxsize=512)
def _read(file: Path, changed: int, size: int) -> tuple[Option, ...]:
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise InvalidRequest(
            f"The wildcard file {file.name} is not UTF-8 text (line {line}).", "Save it again as UTF-8.", "prompt"
        ) from None
    options: dict[str, Option] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if option := _option(line, number):
            options.setdefault(option.text, option)
    return tuple(options.values())


def _option(line: str, number: int) -> Option | None:
    text = "".join(piece for piece, counts in comments.outside(line) if counts).strip().replace("\x00", "")
    if not text:
        return None
    weight = _WEIGHT.match(text)
    if weight is None:
        return Option(text, number)
    share = min(float(weight[1]), MAX_WEIGHT)
    return Option(text[weight.end() :], number, share) if share else None
