"""Writes pictures until it is killed: ``python -m tests.gallery.writer``, one line "first-seed seconds" per life.

It is a process of its own with a single thread: forking the test process itself would copy locks that its other threads
hold.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from itertools import count

import numpy as np
from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, Provenance, texts
from studio.gallery.importing import import_file
from studio.settings import Settings
from tests.gallery.pictures import file_of, request


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
        data = file_of(noise(10**6 + seed), pnginfo=texts.for_png({"parameters": told}))
        imported = import_file(gallery, data, f"{seed}.png")
        if seed % 3 == 0:
            gallery.trash([imported.id])
            gallery.empty_trash()


def shoot(settings: Settings, first: int, delay: float) -> int:
    """Start a writer and kill it ``delay`` seconds after it began to write; returns how it ended (see os.waitpid)."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write_forever(settings, first, write_end)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(write_end)
    assert os.read(read_end, 1) == b"."
    os.close(read_end)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    for line in sys.stdin:
        seed, seconds = line.split()
        print(shoot(Settings.from_env(), int(seed), float(seconds)), flush=True)
