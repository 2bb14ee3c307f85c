"""Hashes of weights files as A1111 writes them, each file read once: kept by path, size and time of change.

Reading gigabytes takes seconds, so this happens in the worker: begun when a job is admitted, awaited when its picture
is stored.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from studio.catalog.additions import find_controlnet, find_lora, find_vae
from studio.catalog.checkpoints import find_checkpoint
from studio.catalog.weights import read_header
from studio.database import Database
from studio.errors import StudioError
from studio.gallery.infotext import bare_name
from studio.gallery.provenance import Provenance
from studio.prompts.syntax import loras
from studio.request import GenerationRequest
from studio.settings import Settings

_BLOCK = 2**24
log = logging.getLogger(__name__)


class WeightsHashes:
    """The hashes of one studio's models."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._lock = threading.Lock()

    def begin(self, request: GenerationRequest) -> None:
        """Hash what ``request`` names in the background, so that :meth:`complete` finds it done."""
        if any(not self._is_known(path, kind) for _, _, path, kind in self._asked(request)):
            threading.Thread(target=self.complete, args=(request, Provenance()), daemon=True).start()

    def complete(self, request: GenerationRequest, provenance: Provenance) -> Provenance:
        """``provenance`` with the hashes of the single-file models that ``request`` names, as far as they are here."""
        found: dict[str, dict[str, str]] = {"model_hash": {}, "vae_hash": {}, "lora_hashes": {}, "control_hashes": {}}
        for field, name, path, kind in self._asked(request):
            try:
                found[field][name] = self.of(path, kind)
            except (OSError, StudioError, sqlite3.Error):
                log.warning("%s could not be hashed", path.name, exc_info=True)
        return provenance.model_copy(
            update={
                "model_hash": provenance.model_hash or next(iter(found["model_hash"].values()), ""),
                "vae_hash": provenance.vae_hash or next(iter(found["vae_hash"].values()), ""),
                "lora_hashes": {**found["lora_hashes"], **provenance.lora_hashes},
                "control_hashes": {**found["control_hashes"], **provenance.control_hashes},
            }
        )

    def of(self, path: Path, kind: str) -> str:
        """The hash of ``kind`` (a key of :data:`KINDS`) of a file, computed only when the file is new or changed.

        Raises:
            OSError: it cannot be read. UnusableWeights: it is no safetensors file.
        """
        with self._lock:
            status = path.stat()
            known = self._known(path, kind, status.st_size, status.st_mtime_ns)
            if known is None:
                known = KINDS[kind](path)
                with self._database.transaction() as connection:
                    connection.execute(
                        "INSERT OR REPLACE INTO file_hashes VALUES (?, ?, ?, ?, ?)",
                        (str(path), kind, status.st_size, status.st_mtime_ns, known),
                    )
            return known

    def _asked(self, request: GenerationRequest) -> list[tuple[str, str, Path, str]]:
        try:
            return list(self._files(request))
        except (OSError, StudioError, sqlite3.Error):
            log.warning("the models of a picture could not be looked up", exc_info=True)
            return []

    def _is_known(self, path: Path, kind: str) -> bool:
        try:
            status = path.stat()
        except OSError:
            return True  # There is nothing to hash.
        return self._known(path, kind, status.st_size, status.st_mtime_ns) is not None

    def _known(self, path: Path, kind: str, size: int, modified: int) -> str | None:
        row = (
            self._database.connection()
            .execute(
                "SELECT hash FROM file_hashes WHERE path = ? AND kind = ? AND size = ? AND modified = ?",
                (str(path), kind, size, modified),
            )
            .fetchone()
        )
        return row and row["hash"]

    def _files(self, request: GenerationRequest) -> Iterator[tuple[str, str, Path, str]]:
        """(field of the provenance, name, file, kind of hash) of each single-file model."""
        settings = self._settings
        checkpoint = _or_none(lambda: find_checkpoint(settings, request.checkpoint))
        family = checkpoint.family if checkpoint else None
        asked: list[tuple[str, str, Callable, str]] = [
            ("model_hash", request.checkpoint, lambda: checkpoint, "file"),
        ]
        if request.vae:
            asked.append(("vae_hash", request.vae, lambda: find_vae(settings, request.vae or ""), "file"))
        for lora in _or_none(lambda: loras.of_request(request)) or request.loras:
            find = lambda lora=lora: find_lora(settings, lora.name)  # noqa: E731
            asked.append(("lora_hashes", bare_name(lora.name), find, "lora"))
        for unit in request.controls if family else ():
            name = unit.model or unit.type
            find = lambda unit=unit: find_controlnet(settings, unit, family or "", request.checkpoint)  # noqa: E731
            asked.append(("control_hashes", name, find, "control"))
        for field, name, find, kind in asked:
            model = _or_none(find)
            if model is not None and model.path is not None and model.path.is_file():
                yield field, name, model.path, kind


def file_hash(path: Path) -> str:
    """First 10 hex digits of the file's sha256: A1111's hash of checkpoints and VAEs."""
    return _sha256(path, 0)[:10]


def lora_hash(path: Path) -> str:
    """First 12 hex digits of what the trainer noted, else of the sha256 of the tensors without their header."""
    noted = read_header(path).metadata.get("sshs_model_hash", "")
    if len(noted) >= 12 and all(digit in "0123456789abcdef" for digit in noted):
        return noted[:12]
    with path.open("rb") as file:
        header = int.from_bytes(file.read(8), "little")
    return _sha256(path, 8 + header)[:12]


def control_hash(path: Path) -> str:
    """First 8 hex digits of the sha256 of 64 KB at one megabyte: what the ControlNet extension puts in brackets."""
    with path.open("rb") as file:
        file.seek(2**20)
        return hashlib.sha256(file.read(2**16)).hexdigest()[:8]


KINDS: dict[str, Callable[[Path], str]] = {"file": file_hash, "lora": lora_hash, "control": control_hash}


def _sha256(path: Path, start: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _or_none(find: Callable):
    """What ``find`` finds, or None: a model that is gone has no hash, and that is no failure of the picture."""
    try:
        return find()
    except StudioError:
        return None
