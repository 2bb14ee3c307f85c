"""Weights out of archives: the one file that was published, whatever the archive says about paths."""

from __future__ import annotations

import hashlib
import http.server
import threading
import zipfile
from pathlib import Path

import pytest

from studio.catalog.detectors import Network, detector_folder
from studio.catalog.remote import RemoteFile
from studio.engine.detection.weights import ensure
from studio.errors import UnknownName, UnusableWeights
from studio.settings import Settings

CONTENT = b"a network " * 5000


def nothing(done: int, total: int, status: str) -> None:
    """Nobody listens."""


def network(archive: Path, content: bytes = CONTENT, url: str = "https://example.org/net.zip") -> Network:
    data = archive.read_bytes()
    remote = RemoteFile(url, "net.zip", len(data), hashlib.sha256(data).hexdigest())
    return Network("net.onnx", 64, 64, remote, "end2end.onnx", len(content), hashlib.sha256(content).hexdigest())


def archive(settings: Settings, entries: dict[str, bytes], cut: int | None = None) -> Path:
    folder = detector_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "net.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as files:
        for name, content in entries.items():
            files.writestr(name, content)
    if cut:
        path.write_bytes(path.read_bytes()[:-cut])
    return path


def test_an_archive_put_there_by_hand_is_unpacked_without_network(settings):
    path = archive(settings, {"20230928/net/pipeline.json": b"{}", "20230928/net/end2end.onnx": CONTENT})
    unpacked = ensure(settings, network(path), nothing)
    assert unpacked == detector_folder(settings) / "net.onnx" and unpacked.read_bytes() == CONTENT
    assert [file.name for file in detector_folder(settings).iterdir()] == ["net.onnx"]


def test_paths_inside_lead_nowhere(settings, tmp_path):
    path = archive(settings, {"../../../outside/end2end.onnx": CONTENT, "/etc/other": b"no"})
    ensure(settings, network(path), nothing)
    assert not list(tmp_path.rglob("outside")) and not list(tmp_path.rglob("other"))


@pytest.mark.parametrize(
    ("entries", "cut"),
    [
        ({"end2end.onnx": b"b" + CONTENT[1:]}, None),
        ({"end2end.onnx": CONTENT + b"more"}, None),
        ({"other.onnx": CONTENT}, None),
        ({"a/end2end.onnx": CONTENT, "b/end2end.onnx": CONTENT}, None),
        ({"end2end.onnx": CONTENT}, 60),
    ],
    ids=["other content", "other length", "not in it", "twice", "cut off"],
)
def test_other_archives_are_refused_and_leave_nothing_half_done(settings, entries, cut):
    path = archive(settings, entries, cut)
    with pytest.raises(UnusableWeights, match=r"net\.zip"):
        ensure(settings, network(path), nothing)
    assert not (detector_folder(settings) / "net.onnx").exists()
    assert not list(detector_folder(settings).glob(".*"))


def test_what_is_there_is_taken_as_it_is(settings):
    path = archive(settings, {"end2end.onnx": CONTENT})
    wanted = network(path)
    (detector_folder(settings) / "net.onnx").write_bytes(b"my own export")
    assert ensure(settings, wanted, nothing).read_bytes() == b"my own export"


def test_a_bundled_network_that_is_absent_has_a_remedy(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path)
    with pytest.raises(UnknownName):
        ensure(settings, Network("pose/none.onnx", 192, 256), nothing)


def test_first_use_downloads_with_progress(settings, tmp_path):
    source = tmp_path / "server"
    source.mkdir()
    with zipfile.ZipFile(source / "net.zip", "w") as files:
        files.writestr("end2end.onnx", CONTENT)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args) -> None:
            super().__init__(*args, directory=str(source))

        def log_message(self, *args) -> None:
            pass

    said: list[tuple[int, int, str]] = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        wanted = network(source / "net.zip", url=f"http://127.0.0.1:{server.server_port}/net.zip")
        online = Settings(home=settings.home, models=settings.models)
        path = ensure(online, wanted, lambda *report: said.append(report))
        server.shutdown()
    assert path.read_bytes() == CONTENT
    assert any(text == "Downloading net.zip" and done == total > 0 for done, total, text in said)
    assert said[-1][2] == "Unpacking net.zip"
