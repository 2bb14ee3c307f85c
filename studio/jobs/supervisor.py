"""Keeps one worker process per device alive. Lives in the process that serves pages, and never imports torch."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from typing import Self

from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery
from studio.jobs import deaths, recovery, schema
from studio.jobs.locks import FileLock, file_name
from studio.settings import PROJECT_ROOT, Settings

CHECK_SECONDS = 5.0
"""How often hung workers are looked for."""
LONGEST_PAUSE = 30.0
"""Between two starts of a worker that never gets ready, in seconds."""
MAX_STDERR = 2**20
log = logging.getLogger(__name__)
WORKER = (sys.executable, "-m", "studio.jobs.worker")


class Supervisor:
    """Starts the workers and restarts those that die. A context manager; :meth:`start` returns at once.

    Args:
        command: the worker's command line, before its options.
    """

    def __init__(self, settings: Settings, command: Sequence[str] = WORKER) -> None:
        self._settings = settings
        self._command = tuple(command)
        self._database = Database(settings.database)
        schema.prepare(self._database)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._processes: dict[str, subprocess.Popen] = {}

    def start(self) -> None:
        """Start a worker per device and repair the gallery, all in the background. A second call does nothing."""
        if self._threads:
            return
        self._stopping.clear()
        keepers = [threading.Thread(target=self._keep, args=(device,)) for device in devices(self._settings)]
        self._threads = [*keepers, threading.Thread(target=self._repair)]
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def stop(self, patience: float = 20.0) -> None:
        """End the workers in good order: they finish their step and give their jobs back.

        Who needs longer than ``patience`` seconds is killed; its jobs go back to the queue without blame.
        """
        self._stopping.set()
        for process in list(self._processes.values()):
            process.terminate()
        for thread in self._threads:
            thread.join(patience)
        for process in list(self._processes.values()):
            process.kill()
        for thread in self._threads:
            thread.join()
        self._threads = []

    def pids(self) -> dict[str, int]:
        """Process ids of the workers that run now, by device."""
        return {device: process.pid for device, process in list(self._processes.items()) if process.poll() is None}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.stop()

    def _keep(self, device: str) -> None:
        """Run workers of ``device``, one after another, until told to stop."""
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                worked = self._run_one(device)
            except (OSError, StudioError, sqlite3.Error):
                log.exception("no worker for %s could be started or watched", device)
                worked = False
            # One that worked is replaced at once; one that never got ready would not get further at once either.
            pause = 0.0 if worked else min(max(2 * pause, 0.5), LONGEST_PAUSE)
        self._database.close()

    def _run_one(self, device: str) -> bool:
        """Run one worker to its end and take its jobs back; whether it ever got ready."""
        token, kills = secrets.token_hex(8), deaths.memory_kills()
        process = self._processes[device] = self._spawn(device, token)
        if self._stopping.is_set():
            process.terminate()
        hung = self._await_end(process, token)
        del self._processes[device]
        end = recovery.End.CRASH if hung else deaths.explain(process.returncode, kills)
        worked = self._was_ready(token)
        recovery.recover(self._database, token, recovery.End.ORDERLY if self._stopping.is_set() else end)
        return worked

    def _spawn(self, device: str, token: str) -> subprocess.Popen:
        logs = self._settings.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        path = logs / f"worker-{file_name(device)}.stderr"
        if path.exists() and path.stat().st_size > MAX_STDERR:
            path.unlink()
        with path.open("ab") as errors:
            return subprocess.Popen(
                [*self._command, "--supervised", "--device", device, "--token", token],
                # The pipe stays open as long as this process lives: its end tells the worker that we are gone.
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=PROJECT_ROOT,
                env={**os.environ, **environment(self._settings)},
            )

    def _await_end(self, process: subprocess.Popen, token: str) -> bool:
        """Wait for the end of ``process``; one that hangs is killed. True if that was necessary."""
        watch, hung = recovery.Watch(self._database), False
        while True:
            try:
                process.wait(CHECK_SECONDS)
                assert process.stdin is not None
                process.stdin.close()
                return hung
            except subprocess.TimeoutExpired:
                pass
            with suppress(StudioError):
                for stale in watch.stale():
                    if stale == token:
                        hung = True
                        process.kill()
                    else:
                        recovery.recover(self._database, stale, recovery.End.UNEXPLAINED)

    def _was_ready(self, token: str) -> bool:
        query = "SELECT 1 FROM workers WHERE token = ? AND ready = 1"
        return self._database.connection().execute(query, (token,)).fetchone() is not None

    def _repair(self) -> None:
        """Once at start; when several studios start together, one of them does it."""
        try:
            with FileLock(self._settings.home / "locks" / "repair.lock") as lock:
                if lock.acquire():
                    Gallery(self._settings, self._database).repair()
        except (OSError, StudioError, sqlite3.Error):
            log.exception("the gallery could not be repaired")
        self._database.close()


def devices(settings: Settings) -> list[str]:
    """The devices that get a worker each. ``auto`` is left to the worker, unless there are several NVIDIA GPUs."""
    if settings.device != "auto":
        return list(dict.fromkeys(name.strip() for name in settings.device.split(",") if name.strip())) or ["auto"]
    count = _gpus()
    return [f"cuda:{number}" for number in range(count)] if count > 1 else ["auto"]


def environment(settings: Settings) -> dict[str, str]:
    """``settings`` as the variables that :meth:`Settings.from_env` reads."""
    # from_env reads "true", not "True".
    texts = {field.name: str(getattr(settings, field.name)) for field in fields(settings)}
    texts["offline"] = texts["offline"].lower()
    return {f"STUDIO_{name.upper()}": text for name, text in texts.items()}


def _gpus() -> int:
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return len([name for name in visible.split(",") if name.strip() not in {"", "-1"}])
    program = shutil.which("nvidia-smi")
    if program is None:
        return 0
    try:
        listing = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    return sum(line.startswith("GPU ") for line in listing.stdout.splitlines())
