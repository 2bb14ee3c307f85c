"""A shelf: one folder of models (``checkpoints``, ``controlnets`` …), read without loading anything.

What stands on a shelf is either a diffusers folder or a single weights file; its name is its path on the shelf, with
``/`` between parts and without ``.safetensors``. A name is always looked up among what was found, never joined to a
path, so no name can lead out of the folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from studio.catalog.weights import PICKLES, read_header
from studio.errors import StudioError, UnusableWeights

DEPTH = 4
"""How many folders deep a shelf is searched."""
STEMS = ("diffusion_pytorch_model", "model")
VARIANTS = (None, "fp16")

Kind = Literal["folder", "file", "hub"]


@dataclass(frozen=True, slots=True)
class Model:
    """Something on a shelf, or a hub id that may be fetched.

    ``problem`` is one sentence that says why it cannot be used, ``hint`` what to do about it; both empty when it can.
    """

    name: str
    path: Path | None
    kind: Kind
    family: str | None = None
    size_bytes: int = 0
    problem: str | None = None
    hint: str = ""
    native_side: int = 0
    """Side in pixels of the square a checkpoint was trained on, where its config tells; 0: see its family."""

    def usable(self) -> Model:
        """Itself.

        Raises:
            UnusableWeights: it has a problem.
        """
        if self.problem:
            raise UnusableWeights(self.problem, self.hint)
        return self


@dataclass(frozen=True, slots=True)
class Inspected:
    """What reading a model's headers gave."""

    family: str | None
    size_bytes: int
    native_side: int = 0


def browse(shelf: Path, marker: str, inspect: Callable[[Path], Inspected]) -> list[Model]:
    """All models on ``shelf``, sorted by name, broken ones included with their ``problem``.

    Args:
        marker: the file that makes a folder a model (``model_index.json`` or ``config.json``).
        inspect: reads one model's family and size; a StudioError it raises becomes the ``problem``.
    """
    found: dict[str, Model] = {}
    for path in _candidates(shelf, marker, DEPTH):
        full = path.relative_to(shelf).as_posix()
        short = full.removesuffix(".safetensors")
        name = full if short in found else short
        found[name] = examine(name, path, inspect)
    return sorted(found.values(), key=lambda model: model.name.casefold())


def examine(name: str, path: Path, inspect: Callable[[Path], Inspected]) -> Model:
    """The model at ``path`` under ``name``."""
    kind: Kind = "folder" if path.is_dir() else "file"
    try:
        inspected = inspect(path)
    except StudioError as error:
        return Model(name, path, kind, size_bytes=_size(path), problem=error.message, hint=error.hint)
    return Model(name, path, kind, inspected.family, inspected.size_bytes, native_side=inspected.native_side)


def _candidates(folder: Path, marker: str, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: (not entry.is_dir(), entry.name))
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            if path.suffix.lower() in PICKLES | {".safetensors"}:
                yield path
        elif (path / marker).is_file() or (path / "unet").is_dir():
            yield path
        elif depth > 1:
            yield from _candidates(path, marker, depth - 1)


def component_files(folder: Path) -> tuple[list[Path], str | None]:
    """The safetensors files of one component of a diffusers folder, and their variant (None or ``fp16``).

    Raises:
        UnusableWeights: there are none, only pickled ones, or one is damaged.
    """
    for stem in STEMS:
        for variant in VARIANTS:
            ending = f".{variant}" if variant else ""
            index = folder / f"{stem}.safetensors.index{ending}.json"
            files = _shards(index) if index.is_file() else [folder / f"{stem}{ending}.safetensors"]
            if all(file.is_file() for file in files):
                for file in files:
                    read_header(file)
                return files, variant
            if index.is_file():
                raise UnusableWeights(
                    f"{folder.name} lacks {len(files)} files named in its index.", "Download it again."
                )
    for pickle in sorted(folder.glob("*.bin")):
        read_header(pickle)
    raise UnusableWeights(
        f"The weights of {folder.name} are missing.", "Download the model again, with its safetensors files."
    )


def _shards(index: Path) -> list[Path]:
    names = set(read_json(index).get("weight_map", {}).values())
    return [index.parent / Path(str(name)).name for name in sorted(map(str, names))]


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in ``path``.

    Raises:
        UnusableWeights: the file is missing, no JSON, or no object.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise UnusableWeights(f"{path.parent.name}/{path.name} is missing.", "Download the model again.") from None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UnusableWeights(f"{path.parent.name}/{path.name} is damaged.", "Download the model again.")
    return value


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    try:
        return sum(file.stat().st_size for file in files if file.is_file())
    except OSError:
        return 0
