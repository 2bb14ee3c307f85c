"""Starting, watching and killing real studio processes in tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, read_metadata
from studio.jobs import Queue, State
from studio.jobs.supervisor import environment
from studio.settings import PROJECT_ROOT, Settings

SCRIPTED = (sys.executable, "-m", "tests.jobs.scripted")
STUDIO = """
import sys, time
from studio.jobs import Supervisor
from studio.settings import Settings
with Supervisor(Settings.from_env(), sys.argv[1:]):
    sys.stdin.read()
assert "torch" not in sys.modules
"""


def until(condition: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait until ``condition`` holds; the limit only ends a test that hangs."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def start_worker(settings: Settings, command: tuple[str, ...] = SCRIPTED) -> subprocess.Popen:
    """A worker on its own, as a supervisor would start it."""
    return subprocess.Popen(
        [*command, "--supervised", "--device", settings.device],
        stdin=subprocess.PIPE,
        cwd=PROJECT_ROOT,
        env={**os.environ, **environment(settings)},
    )


def start_studio(settings: Settings, command: tuple[str, ...] = SCRIPTED) -> subprocess.Popen:
    """A process with a supervisor, leading a process group of its own with its workers in it."""
    return subprocess.Popen(
        [sys.executable, "-c", STUDIO, *command],
        stdin=subprocess.PIPE,
        cwd=PROJECT_ROOT,
        env={**os.environ, **environment(settings)},
        start_new_session=True,
    )


def kill_group(studio: subprocess.Popen) -> None:
    os.killpg(studio.pid, signal.SIGKILL)
    studio.wait()


def done(queue: Queue) -> int:
    return queue.counts()[State.DONE]


def assert_each_done_once(settings: Settings, ids: list[int]) -> None:
    """Every job is done with a picture of its own request, every file is whole, and there is no file too many."""
    database = Database(settings.database)
    queue, gallery = Queue(database), Gallery(settings, database)
    gallery.repair()
    jobs = queue.get(ids)
    assert [job.state for job in jobs] == [State.DONE] * len(ids), [job.error_message for job in jobs]
    pictures = [gallery.get(job.picture_id) for job in jobs if job.picture_id]
    assert [picture.digest for picture in pictures] == [job.digest for job in jobs]
    assert len(gallery.recent(1000)) == len({job.digest for job in jobs}) == len(list(gallery.files.stored()))
    for picture in pictures:
        whole(gallery.file_of(picture.sha256))
        assert read_metadata(gallery.file_of(picture.sha256)).request == picture.request
    assert database.connection().execute("SELECT count(*) FROM previews").fetchone()[0] == 0
    assert database.connection().execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    database.close()


def whole(path: Path) -> None:
    with Image.open(path) as image:
        image.load()
