"""A process that writes pictures is killed fifty times at random moments; then files and rows agree."""

from __future__ import annotations

import os
import random
import signal
import time
from itertools import count

import numpy as np
import pytest
from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, Provenance, Query, read_metadata, texts
from studio.gallery import repair as repairing
from studio.gallery.importing import import_file
from studio.settings import Settings
from tests.gallery.pictures import file_of, request

KILLS = 50
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that start at once")


def noise(seed: int) -> Image.Image:
    """Does not compress, so that writing takes a while."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (96, 96, 3), dtype=np.uint8))


def write_forever(settings: Settings, first: int, ready: int) -> None:
    """Draw, import, mark, trash and delete for good, over and over."""
    gallery = Gallery(settings, Database(settings.database))
    os.write(ready, b".")
    for seed in count(first):
        picture = gallery.add(noise(seed), request(seed=seed, prompt=f"picture {seed}"), Provenance())
        gallery.tag([picture.id], add=["tag"])
        told = f"imported {seed}\nSteps: 1, Sampler: Euler, CFG scale: 1, Seed: {seed}, Size: 96x96, Model: m"
        data = file_of(noise(-1 - seed if seed % 2 else 10**6 + seed), pnginfo=texts.for_png({"parameters": told}))
        imported = import_file(gallery, data, f"{seed}.png")
        if seed % 3 == 0:
            gallery.trash([imported.id])
            gallery.empty_trash()


def shoot(settings: Settings, first: int, delay: float) -> None:
    """Start a writer and kill it ``delay`` seconds after it began to write."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write_forever(settings, first, write_end)
        finally:
            os._exit(1)
    os.close(write_end)
    assert os.read(read_end, 1) == b"."
    os.close(read_end)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])


def rows_of(database: Database) -> set[str]:
    query = "SELECT sha256 FROM images WHERE missing = 0 AND purged = 0"
    return {row["sha256"] for row in database.connection().execute(query)}


def test_fifty_kills_leave_no_file_without_a_row_and_no_row_without_a_file(settings: Settings, monkeypatch):
    dice, interrupted = random.Random(11), 0
    Gallery(settings, Database(settings.database))
    for number in range(KILLS):
        # The writer starts with a database of its own: a connection must not pass through a fork.
        shoot(settings, 1000 * number, dice.uniform(0, 0.08))
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
