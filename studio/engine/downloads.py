"""Fetches published files: resumed where a download broke off, checked against their hash, never seen half-done.

The unfinished file is ``.<name>.part`` beside its place. It is locked while somebody writes it, so two workers that
want the same file download it once.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import http.client
import logging
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from studio.catalog.remote import RemoteFile
from studio.errors import Offline, StorageFull, StudioError, UnusableWeights

Report = Callable[[int, int, str], None]
"""Told (bytes done, bytes in total, what is going on); whatever it raises ends the download, which can be resumed."""

ATTEMPTS = 4
TIMEOUT = 20.0
PAUSE = 1.0
BLOCK = 2**18
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}

_NETWORK = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError, ssl.SSLError)

log = logging.getLogger(__name__)


def fetch_file(remote: RemoteFile, folder: Path, report: Report, offline: bool) -> Path:
    """``folder/<name>``, downloaded first where it is missing.

    Raises:
        Offline: the network is forbidden or does not answer; names the file, its address and where to put it by hand.
        UnusableWeights: what came is not the file that was published.
        StorageFull: the disk is full. StudioError: the folder cannot be written.
    """
    path = folder / remote.name
    if _is_there(path, remote):
        return path
    if offline:
        raise _unreachable(remote, folder)
    with _storing(remote, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f".{remote.name}.part").open("a+b") as part:
            _wait_for_lock(part, remote, report)
            if not _is_there(path, remote):
                _download(remote, folder, part, report)
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).replace(path)
    return path


def _is_there(path: Path, remote: RemoteFile) -> bool:
    return path.is_file() and path.stat().st_size == remote.size


def _wait_for_lock(part: BufferedRandom, remote: RemoteFile, report: Report) -> None:
    while True:
        try:
            return fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(part.seek(0, os.SEEK_END), remote.size, f"Waiting for another download of {remote.name}")
            time.sleep(PAUSE)


def _download(remote: RemoteFile, folder: Path, part: BufferedRandom, report: Report) -> None:
    """Fill ``part``, in several attempts where the connection breaks, and check it."""
    for attempt in range(ATTEMPTS):
        try:
            _continue(remote, part, report)
            break
        except _NETWORK as error:
            log.info("download of %s broke off: %s", remote.name, error)
            if attempt == ATTEMPTS - 1 or isinstance(error, urllib.error.HTTPError):
                raise _unreachable(remote, folder) from None
        time.sleep(PAUSE * attempt)
    report(remote.size, remote.size, f"Checking {remote.name}")
    part.seek(0)
    if hashlib.file_digest(part, "sha256").hexdigest() != remote.sha256:
        part.truncate(0)
        raise UnusableWeights(
            f"What came from {remote.url} is not the file that was published there.",
            "Try again later; should it stay, somebody has replaced the file, and it must not be used.",
        )


def _continue(remote: RemoteFile, part: BufferedRandom, report: Report) -> None:
    done = part.seek(0, os.SEEK_END)
    if done > remote.size:
        done = part.truncate(0)
    if done == remote.size:
        return
    with _open(remote.url, done) as answer:
        if done and answer.status != http.client.PARTIAL_CONTENT:
            done = part.truncate(0)  # This server always sends the whole file.
        while block := answer.read(BLOCK):
            done += part.write(block)
            if done > remote.size:
                part.truncate(0)
                raise UnusableWeights(f"{remote.name} is longer than it was published.", "Try again later.")
            report(done, remote.size, f"Downloading {remote.name}")
    if done < remote.size:
        raise ConnectionError(f"the server stopped at {done} of {remote.size} bytes")


def _open(url: str, start: int) -> Any:
    _check(url)
    headers = {"User-Agent": "PoseAnimeFlow-Studio"} | ({"Range": f"bytes={start}-"} if start else {})
    opener = urllib.request.build_opener(_SafeRedirects)
    return opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT)


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise UnusableWeights(
            f"The address {parts.scheme}://{parts.hostname} is not encrypted, so anybody could replace the file.",
            "Download it by hand from a source you trust.",
        )


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to encrypted addresses only."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        _check(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def _storing(remote: RemoteFile, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise StorageFull(
                f"The disk is full; {remote.name} could not be stored.",
                f"Free {remote.size / 1e6:.0f} MB and try again; the download goes on where it stopped.",
            ) from None
        raise StudioError(
            f"{remote.name} cannot be stored in {folder}: {error.strerror or 'no reason given'}.",
            "Check the folder's permissions, or set STUDIO_MODELS.",
        ) from None


def _unreachable(remote: RemoteFile, folder: Path) -> Offline:
    return Offline(
        f"{remote.name} ({remote.size / 1e6:.1f} MB) is not on this machine and cannot be downloaded.",
        f"Connect to the network (and unset STUDIO_OFFLINE), or fetch {remote.url} by hand and put it into {folder}.",
    )
