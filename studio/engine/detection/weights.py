"""Detector weights: downloaded from their publisher when first needed, unpacked, checked."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path, PurePosixPath

from studio.catalog.detectors import Network, detector_folder, network_path
from studio.catalog.remote import RemoteFile
from studio.engine.downloads import Report, fetch_file
from studio.errors import StudioError, UnknownName, UnusableWeights
from studio.settings import Settings

BLOCK = 2**20


def ensure(settings: Settings, network: Network, report: Report) -> Path:
    """The ONNX file of ``network``, downloaded and unpacked first where it is missing.

    Raises:
        Offline, StorageFull, UnusableWeights: as :func:`studio.engine.downloads.fetch_file`.
        UnknownName: a bundled network that this copy of the studio does not have.
    """
    path = network_path(settings, network)
    if path.is_file():
        return path
    if network.remote is None:
        raise UnknownName("This copy of the studio has no starter detector.", "Choose another detector.")
    fetched = fetch_file(network.remote, detector_folder(settings), report, settings.offline)
    if network.member:
        report(network.remote.size, network.remote.size, f"Unpacking {network.remote.name}")
        _unpack(fetched, network, path)
        fetched.unlink()
    return path


def ensure_file(settings: Settings, remote: RemoteFile, report: Report) -> Path:
    """The file of ``remote`` in the detectors folder, downloaded first where missing. Raises as :func:`ensure`."""
    return fetch_file(remote, detector_folder(settings), report, settings.offline)


def _unpack(archive: Path, network: Network, path: Path) -> None:
    """Take the one file out of ``archive``, by its last name only: no path from inside leads anywhere."""
    partial = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(archive) as files:
            entries = [info for info in files.infolist() if PurePosixPath(info.filename).name == network.member]
            if len(entries) != 1 or entries[0].file_size != network.size:
                raise _broken(archive)
            digest = hashlib.sha256()
            with files.open(entries[0]) as source, partial.open("wb") as target:
                while block := source.read(BLOCK):
                    digest.update(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
        if digest.hexdigest() != network.sha256:
            raise _broken(archive)
        partial.replace(path)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        raise _broken(archive) from None
    except OSError as error:
        raise StudioError(
            f"{path.name} cannot be stored in {path.parent}: {error.strerror or 'no reason given'}.",
            "Free some space or check the folder's permissions, and try again.",
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def _broken(archive: Path) -> UnusableWeights:
    return UnusableWeights(
        f"{archive.name} in {archive.parent} does not hold the network that was published.",
        "Delete it and try again; it will be downloaded anew.",
    )
