"""Downloads from a real server on this machine: resume, checksum, broken connections, redirects, being offline."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from studio.catalog.remote import RemoteFile
from studio.engine import downloads
from studio.engine.downloads import fetch_file
from studio.errors import Offline, StorageFull, StudioError, UnusableWeights

DATA = bytes(range(256)) * 8000


@dataclass
class Site:
    """What the server does, and what it was asked."""

    url: str = ""
    ranges: list[str] = field(default_factory=list)
    stop_after: int | None = None
    """Close the connection after so many bytes of an answer."""
    whole: bool = False
    """Ignore Range."""
    body: bytes = DATA
    redirects: list[str] = field(default_factory=list)
    """Where to send the next ones who ask."""
    status: int = 200

    @property
    def remote(self) -> RemoteFile:
        return RemoteFile(f"{self.url}/net.pth", "net.pth", len(DATA), hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def site(monkeypatch) -> Iterator[Site]:
    monkeypatch.setattr(downloads, "PAUSE", 0.01)
    told = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            told.ranges.append(self.headers.get("Range", ""))
            if told.redirects or told.status != 200:
                self.send_response(302 if told.redirects else told.status)
                self.send_header("Location", told.redirects.pop(0) if told.redirects else "")
                self.end_headers()
                return
            asked = self.headers.get("Range")
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and not told.whole else 0
            body = told.body[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: told.stop_after])

        def log_message(self, format, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()


def quiet(done: int, total: int, text: str) -> None:
    pass


def test_a_file_arrives_whole_with_progress(site, tmp_path):
    told = []
    path = fetch_file(site.remote, tmp_path / "new" / "folder", lambda *each: told.append(each), offline=False)
    assert path.read_bytes() == DATA
    assert [each.name for each in path.parent.iterdir()] == ["net.pth"]
    done = [each[0] for each in told]
    assert done == sorted(done) and done[-1] == len(DATA) and {each[1] for each in told} == {len(DATA)}
    assert "net.pth" in told[0][2]


def test_what_is_there_is_not_asked_for_even_offline(site, tmp_path):
    (tmp_path / "net.pth").write_bytes(DATA)
    assert fetch_file(site.remote, tmp_path, quiet, offline=True) == tmp_path / "net.pth"
    assert not site.ranges


class _Cancelled(Exception):
    pass


def test_a_cancelled_download_goes_on_where_it_stopped(site, tmp_path):
    def cancel(done: int, total: int, text: str) -> None:
        if done > total // 2:
            raise _Cancelled

    with pytest.raises(_Cancelled):
        fetch_file(site.remote, tmp_path, cancel, offline=False)
    assert not (tmp_path / "net.pth").exists()
    assert fetch_file(site.remote, tmp_path, quiet, offline=False).read_bytes() == DATA
    start = int(site.ranges[1].removeprefix("bytes=").rstrip("-"))
    assert len(DATA) // 2 < start < len(DATA)


def test_a_connection_that_breaks_is_taken_up_again(site, tmp_path):
    site.stop_after = len(DATA) // 3  # so three attempts give all of it
    assert fetch_file(site.remote, tmp_path, quiet, offline=False).read_bytes() == DATA
    assert len(site.ranges) == 4 and site.ranges[0] == "" and all(site.ranges[1:])


def test_a_server_that_always_sends_everything_is_taken_at_its_word(site, tmp_path):
    site.whole = True
    (tmp_path / ".net.pth.part").write_bytes(DATA[:1000])
    assert fetch_file(site.remote, tmp_path, quiet, offline=False).read_bytes() == DATA
    assert site.ranges == ["bytes=1000-"]


def test_a_server_that_always_breaks_off_is_unreachable(site, tmp_path):
    site.stop_after = 0
    with pytest.raises(Offline) as failed:
        fetch_file(site.remote, tmp_path, quiet, offline=False)
    assert len(site.ranges) == downloads.ATTEMPTS
    assert "net.pth" in failed.value.message
    assert site.remote.url in failed.value.hint and str(tmp_path) in failed.value.hint


def test_offline_asks_nobody_and_says_what_to_do(site, tmp_path):
    with pytest.raises(Offline) as refused:
        fetch_file(site.remote, tmp_path, quiet, offline=True)
    assert not site.ranges and not list(tmp_path.iterdir())
    assert "2.0 MB" in refused.value.message and site.remote.url in refused.value.hint


@pytest.mark.parametrize("body", [DATA[:-1] + b"!", DATA + b"!"], ids=["changed", "longer"])
def test_another_file_than_the_published_one_is_refused_and_forgotten(site, tmp_path, body):
    site.body = body
    with pytest.raises(UnusableWeights):
        fetch_file(site.remote, tmp_path, quiet, offline=False)
    assert not (tmp_path / "net.pth").exists()
    site.body = DATA
    assert fetch_file(site.remote, tmp_path, quiet, offline=False).read_bytes() == DATA


def test_a_damaged_rest_of_an_old_download_is_not_trusted(site, tmp_path):
    (tmp_path / ".net.pth.part").write_bytes(b"x" * 1000)
    with pytest.raises(UnusableWeights):
        fetch_file(site.remote, tmp_path, quiet, offline=False)
    assert fetch_file(site.remote, tmp_path, quiet, offline=False).read_bytes() == DATA


@pytest.mark.parametrize("address", ["http://example.org/net.pth", "file:///etc/passwd", "ftp://example.org/net.pth"])
def test_only_encrypted_addresses_are_followed(site, tmp_path, address):
    with pytest.raises(UnusableWeights):
        fetch_file(RemoteFile(address, "net.pth", 5, "0" * 64), tmp_path, quiet, offline=False)
    site.redirects = [address]
    with pytest.raises((UnusableWeights, Offline)):
        fetch_file(site.remote, tmp_path, quiet, offline=False)
    assert not (tmp_path / "net.pth").exists()


def test_a_redirect_on_this_machine_is_followed(site, tmp_path):
    site.redirects = [f"{site.url}/elsewhere"]
    assert fetch_file(site.remote, tmp_path, quiet, offline=False).read_bytes() == DATA
    assert len(site.ranges) == 2


def test_a_file_that_is_gone_is_asked_for_once(site, tmp_path):
    site.status = 404
    with pytest.raises(Offline):
        fetch_file(site.remote, tmp_path, quiet, offline=False)
    assert len(site.ranges) == 1


def test_a_full_disk_and_a_folder_that_cannot_be_written_are_told_apart(site, tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StudioError, match="cannot be stored"):
        fetch_file(site.remote, blocked, quiet, offline=False)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(downloads, "_continue", full)
    with pytest.raises(StorageFull, match="full"):
        fetch_file(site.remote, tmp_path, quiet, offline=False)


def test_two_that_want_the_same_file_download_it_once(site, tmp_path):
    paths, failures = [], []

    def fetch() -> None:
        try:
            paths.append(fetch_file(site.remote, tmp_path, quiet, offline=False))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and {path.read_bytes() for path in paths} == {DATA}
    assert len(site.ranges) == 1
