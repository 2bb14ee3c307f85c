"""Weights files without loading them: safetensors headers, truncation, and which files must not be opened.

A safetensors file is 8 bytes of header length (little endian), that many bytes of JSON (tensor → dtype, shape,
offsets), then the data. Reading the header tells everything the catalogue needs and costs a fraction of a millisecond.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from studio.errors import UnusableWeights

PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl"})
MAX_HEADER = 100_000_000

NOT_WHOLE = "Delete it and download it again."
CONVERT = (
    "Pickled files can run code when they are opened, so the studio takes only .safetensors. Download the model in "
    "that format, or convert it with a tool you trust."
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a safetensors file says about itself."""

    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    size_bytes: int = 0

    def has(self, prefix: str) -> bool:
        """Whether any tensor's name starts with ``prefix``."""
        return any(name.startswith(prefix) for name in self.shapes)


def read_header(path: Path) -> Header:
    """The header of a safetensors file, its length checked against the tensors' offsets.

    Raises:
        UnusableWeights: the file is pickled, truncated, no safetensors file, or cannot be read.
    """
    if path.suffix.lower() in PICKLES:
        raise UnusableWeights(f"{path.name} is a pickled weights file.", CONVERT)
    try:
        status = path.stat()
        return _cached(path, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise UnusableWeights(
            f"{path.name} cannot be read.", f"The system says: {error.strerror or 'no reason'}."
        ) from None


@lru_cache(maxsize=4096)
def _cached(path: Path, size: int, modified: int) -> Header:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= MAX_HEADER:
            raise _foreign(path)
        text = file.read(length) if length <= size else b""
    if size < 8 + length:
        # A real header begins with a brace; anything else was never a safetensors file.
        raise _truncated(path) if _begins_like_json(path) else _foreign(path)
    try:
        entries = json.loads(text)
        metadata = {str(key): str(value) for key, value in (entries.pop("__metadata__", None) or {}).items()}
        shapes = {name: tuple(map(int, entry["shape"])) for name, entry in entries.items()}
        end = max((int(entry["data_offsets"][1]) for entry in entries.values()), default=0)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise _foreign(path) from None
    if size < 8 + length + end:
        raise _truncated(path)
    return Header(shapes, metadata, size)


def _begins_like_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(9)[8:] == b"{"


def _truncated(path: Path) -> UnusableWeights:
    return UnusableWeights(f"{path.name} is truncated: the download did not finish.", NOT_WHOLE)


def _foreign(path: Path) -> UnusableWeights:
    return UnusableWeights(f"{path.name} is not a safetensors file.", NOT_WHOLE)
