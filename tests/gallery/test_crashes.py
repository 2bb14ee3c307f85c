"""A process that writes pictures is killed fifty times at random moments; then files and rows agree."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from studio.database import Database
from studio.gallery import Gallery, Query, read_metadata
from studio.gallery import repair as repairing
from studio.settings import PROJECT_ROOT, Settings

KILLS = 50
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that start at once")


@pytest.fixture
def writer(settings: Settings) -> Iterator[subprocess.Popen]:
    """Forks writers and kills them, as it is told."""
    environment = {**os.environ, "STUDIO_HOME": str(settings.home), "STUDIO_MODELS": str(settings.models)}
    command = [sys.executable, "-m", "tests.gallery.writer"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT, env=environment
    ) as process:
        yield process


def shoot(writer: subprocess.Popen, first: int, delay: float) -> None:
    """Let a writer write for ``delay`` seconds and kill it."""
    assert writer.stdin is not None and writer.stdout is not None
    writer.stdin.write(f"{first} {delay}\n")
    writer.stdin.flush()
    assert os.WTERMSIG(int(writer.stdout.readline())) == signal.SIGKILL, "it ended by itself; see its error above"


def rows_of(database: Database) -> set[str]:
    query = "SELECT sha256 FROM images WHERE missing = 0 AND purged = 0"
    return {row["sha256"] for row in database.connection().execute(query)}


def test_fifty_kills_leave_no_file_without_a_row_and_no_row_without_a_file(
    settings: Settings, writer: subprocess.Popen, monkeypatch
):
    dice, interrupted = random.Random(11), 0
    Gallery(settings, Database(settings.database))
    for number in range(KILLS):
        shoot(writer, 1000 * number, dice.uniform(0, 0.08))
        database = Database(settings.database)
        gallery = Gallery(settings, database)
        orphans = set(gallery.files.stored()) - rows_of(database)
        interrupted += len(orphans) + len(list(gallery.files.unfinished()))
        gallery.repair()
        assert set(gallery.files.stored()) == rows_of(database)
        assert gallery.total(Query(trashed=True)) <= 1
        database.close()
    database = Database(settings.database)
    gallery = Gallery(settings, database)
    monkeypatch.setattr(repairing, "ABANDONED_SECONDS", -1.0)
    gallery.repair()
    assert list(gallery.files.unfinished()) == []
    assert database.connection().execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    pictures = gallery.page(limit=100_000)
    assert len(pictures) > 0 and interrupted > 0
    for picture in pictures:
        assert gallery.open_picture(picture.sha256).size == (96, 96)
        assert read_metadata(gallery.file_of(picture.sha256)).request == picture.request
        assert gallery.thumbnail_of(picture.sha256).is_file()
        assert gallery.search(f'"{picture.words}"') != []
