"""The worker process: ``python -m studio.jobs.worker --device cpu``. Settings come from the environment.

One worker per device and data folder is active; a second one (of another studio on the same folder) stands by until
the first is gone. A worker ends, giving its jobs back, on SIGTERM or SIGINT, when its supervisor disappears, and when
it was taken for dead.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import logging.handlers
import os
import secrets
import select
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery
from studio.jobs import bench, recovery, schema
from studio.jobs.claims import Seat
from studio.jobs.deaths import EXIT_NO_ENGINE, EXIT_NO_STORAGE
from studio.jobs.locks import FileLock, file_name, worker_lock
from studio.jobs.loop import Engine, WorkerLoop
from studio.settings import Settings

BEAT_SECONDS = 1.0
STAND_BY_SECONDS = 0.5
PATIENCE_SECONDS = 5.0
"""How long a stopping worker waits for its task to notice."""
MakeEngine = Callable[[Settings, str, Gallery, Callable[[str, str], None]], Engine]

log = logging.getLogger(__name__)


def _real_engine(settings: Settings, device: str, gallery: Gallery, say: Callable[[str, str], None]) -> Engine:
    from studio.engine.device import choose_devices
    from studio.engine.engine import Engine as RealEngine

    return RealEngine(settings, choose_devices(replace(settings, device=device))[0], gallery.open_image, say)


def main(arguments: Sequence[str] | None = None, make_engine: MakeEngine = _real_engine) -> int:
    """Run a worker; returns its exit status: 0 after an orderly stop, else one of ``studio.jobs.deaths``."""
    parser = argparse.ArgumentParser(prog="python -m studio.jobs.worker", description=__doc__)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda:0, mps …")
    parser.add_argument("--token", default="", help="name of this worker in the database (default: a random one)")
    parser.add_argument("--supervised", action="store_true", help="end when standard input closes")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    asked, ask = os.pipe()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not stop.set(): it takes a lock that the interrupted code may hold.
        signal.signal(number, lambda *_: os.write(ask, b"."))
    ends = [asked, sys.stdin] if options.supervised else [asked]
    threading.Thread(target=_wait_for_end, args=(ends, stop), daemon=True).start()
    return serve(Settings.from_env(), options.device, options.token or secrets.token_hex(8), stop, make_engine)


def serve(settings: Settings, device: str, token: str, stop: threading.Event, make_engine: MakeEngine) -> int:
    """Wait for the device's lock, then work until ``stop`` is set."""
    _start_log(settings, device)
    with worker_lock(settings.home, device) as lock:
        if not _stand_by(lock, stop):
            return 0
        database = Database(settings.database)
        schema.prepare(database)
        for dead in recovery.others(database, token, device):
            held = recovery.recover(database, dead, recovery.End.UNEXPLAINED)
            log.warning("took back %d jobs of a worker that is gone", held)
        seat = Seat(database, token, device)
        seat.take()
        try:
            status = _work(settings, database, seat, stop, make_engine)
        except (StudioError, sqlite3.Error):
            log.exception("the data folder cannot be used")
            return EXIT_NO_STORAGE
        recovery.recover(database, token, recovery.End.ORDERLY)
        return status


def _work(settings: Settings, database: Database, seat: Seat, stop: threading.Event, make_engine: MakeEngine) -> int:
    threading.Thread(target=_beat, args=(seat, stop), daemon=True).start()
    gallery = Gallery(settings, database)
    try:
        engine = make_engine(settings, seat.device, gallery, lambda cell, text: _report(seat, cell, text))
        seat.ready(engine.facts())
    except Exception as error:
        log.exception("the engine cannot start on %s", seat.device)
        seat.give_up(_problem(error))
        return EXIT_NO_ENGINE
    log.info("ready on %s, process %d", seat.device, os.getpid())
    tasks = threading.Thread(
        target=bench.work, args=(settings, database, gallery, seat.token, seat.device, stop), daemon=True
    )
    tasks.start()
    WorkerLoop(seat, engine, gallery, stop).run()
    tasks.join(PATIENCE_SECONDS)
    log.info("stopping in good order")
    return 0


def _report(seat: Seat, cell: str, text: str) -> None:
    # The engine waits for this in the middle of loading; a note that cannot be written must not fail the job.
    with suppress(StudioError, sqlite3.Error):
        seat.report(int(cell), text)


def _stand_by(lock: FileLock, stop: threading.Event) -> bool:
    while not lock.acquire():
        if stop.wait(STAND_BY_SECONDS):
            return False
    return not stop.is_set()


def _beat(seat: Seat, stop: threading.Event) -> None:
    """Give signs of life, also while a model loads; stop the worker when it was taken for dead."""
    while not stop.wait(BEAT_SECONDS):
        try:
            if not seat.beat():
                log.error("this worker was taken for dead; stopping")
                stop.set()
        except (StudioError, sqlite3.Error):
            log.warning("no sign of life could be written", exc_info=True)


def _wait_for_end(ends: list[Any], stop: threading.Event) -> None:
    # A signal, or the end of input: the supervisor holds its other end and never writes, so it must be gone.
    select.select(ends, [], [])
    stop.set()


def _start_log(settings: Settings, device: str) -> None:
    folder = settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    faulthandler.enable()
    handler = logging.handlers.RotatingFileHandler(
        folder / f"worker-{file_name(device)}.log", maxBytes=2**20, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger("studio")
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _problem(error: Exception) -> str:
    if isinstance(error, StudioError):
        return f"{error.message} {error.hint}".strip()
    return "The drawing engine could not start. Run python -m studio doctor; the log folder tells more."


if __name__ == "__main__":
    sys.exit(main())
