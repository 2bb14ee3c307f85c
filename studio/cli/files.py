"""Files named on the command line: read whole, written whole or not at all."""

from __future__ import annotations

import errno
import json
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio.errors import StorageFull, StudioError


def read_bytes(path: str) -> bytes:
    """A file named on the command line.

    Raises:
        StudioError: it is not there or cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise StudioError(f"There is no file {path}.", "Check the path.") from None
    except OSError as error:
        raise StudioError(
            f"The file {path} cannot be read: {error.strerror}.", "Check the path and its rights."
        ) from None
    except ValueError:
        raise StudioError("A file name may not contain null characters.", "Check the path.") from None


def check_target(path: Path) -> None:
    """Refuse a file name that cannot be written, before any long work begins.

    Raises:
        StudioError: its folder does not exist, or it is itself a folder.
    """
    if path.is_dir():
        raise StudioError(f"{path} is a folder.", "Give the name of the file to write.")
    if not path.parent.is_dir():
        raise StudioError(f"There is no folder {path.parent}.", "Make it first, or choose another one.")


def write(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``, replacing what is there; a crash leaves the old file or the new one, never a part.

    Raises:
        StorageFull: the disk is full. StudioError: the file cannot be written.
    """
    check_target(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(f"The disk that holds {path} is full.", "Free some space and try again.") from None
        raise StudioError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from None


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write ``document`` as JSON. Raises as :func:`write`."""
    write(path, f"{json.dumps(document, ensure_ascii=False)}\n".encode())
