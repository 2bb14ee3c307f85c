"""Locks between processes that the operating system drops when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self


class FileLock:
    """An exclusive lock on a file, from a successful :meth:`acquire` until :meth:`release` or the process's end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Try once, without waiting. False: somebody else holds it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let go; a lock that is not held is no error. The file stays: removing it would split waiters in two."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.release()


def worker_lock(home: Path, device: str) -> FileLock:
    """The lock of the one active worker of ``device`` on this data folder."""
    return FileLock(home / "locks" / f"worker-{file_name(device)}.lock")


def file_name(device: str) -> str:
    """``device`` as part of a file name: ``cuda:0`` → ``cuda-0``."""
    return "".join(letter if letter.isalnum() else "-" for letter in device)
