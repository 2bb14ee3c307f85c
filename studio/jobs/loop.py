"""The worker's loop: fill the engine's slots from the queue, take a step, write down what happened."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from studio.errors import StorageFull, StudioError
from studio.gallery import Gallery, Provenance
from studio.jobs.claims import Seat
from studio.jobs.states import Job
from studio.jobs.stopwatch import Stopwatch
from studio.request import GenerationRequest

IDLE_SECONDS = 0.1
"""How often an idle worker looks for work (one cheap query)."""
WRITE_SECONDS = 0.25
"""How often the progress of one job is written, besides its first and last step."""
RETRY_SECONDS = 2.0
"""How often a full disk is tried again when not even a failure can be written down."""

UNWRITABLE = (StorageFull, sqlite3.OperationalError)
"""What a full disk, or a database locked for long, raises. No job is to blame, and it may pass."""

log = logging.getLogger(__name__)


class Engine(Protocol):
    """What the loop needs of ``studio.engine.engine.Engine``, said without importing it (and torch with it)."""

    def accepts(self, request: GenerationRequest) -> bool: ...
    def admit(self, cell: str, request: GenerationRequest) -> None: ...
    def tick(self) -> list[Any]: ...
    def cancel(self, cell: str) -> None: ...
    def facts(self) -> dict[str, Any]: ...


@dataclass
class _Held:
    """A job in one of the engine's slots."""

    job: Job
    written: float = -WRITE_SECONDS
    """When progress was last written (monotonic)."""
    preview: bytes | None = None
    """The latest preview that is not written yet."""


class WorkerLoop:
    """Runs jobs on ``engine`` until ``stop`` is set. One per worker process."""

    def __init__(
        self,
        seat: Seat,
        engine: Engine,
        gallery: Gallery,
        stop: threading.Event,
        watch: Stopwatch | None = None,
    ) -> None:
        self._seat = seat
        self._engine = engine
        self._gallery = gallery
        self._stop = stop
        self._held: dict[str, _Held] = {}
        self._loaded: list[str] = []
        self._watch = watch or Stopwatch()

    def run(self) -> None:
        """Work until told to stop. A step that has begun is finished; what is unfinished then stays running in the
        queue, for the caller to give back."""
        while not self._stop.is_set():
            if not self._held:
                self._watch.rest()
            try:
                self._fill()
                self._cancel()
            except UNWRITABLE:
                log.warning("the queue cannot be written", exc_info=True)
                self._stop.wait(0 if self._held else RETRY_SECONDS)
            if self._held:
                self._tick()
            else:
                self._stop.wait(IDLE_SECONDS)

    def _fill(self) -> None:
        while not self._stop.is_set():
            job = self._seat.claim(self._engine.accepts, len(self._held))
            if job is None:
                return
            self._admit(job)

    def _admit(self, job: Job) -> None:
        cell = str(job.id)
        self._held[cell] = _Held(job)
        try:
            self._engine.admit(cell, job.request)
            self._gallery.hashes.begin(job.request)
            self._watch.admitted(cell, job.request, loaded=self._announce())
        except StudioError as error:
            self._fail(cell, error)
        except Exception:
            log.exception("job %d could not be started", job.id)
            self._fail(cell, _unexpected())

    def _announce(self) -> bool:
        """Let the pages know when other models are loaded than before; returns whether one had to be loaded."""
        facts = self._engine.facts()
        self._watch.slots = facts.get("slots", 1)
        before, self._loaded = self._loaded, facts.get("loaded", [])
        if self._loaded != before:
            self._seat.ready(facts)
        return not set(self._loaded) <= set(before)

    def _cancel(self) -> None:
        for id in self._seat.cancelling():
            self._drop(str(id))
            self._insist(lambda id=id: self._seat.cancelled(id))

    def _tick(self) -> None:
        cells = list(self._held)
        try:
            events = self._engine.tick()
        except Exception:
            log.exception("a step failed as a whole")
            for cell in cells:
                self._fail(cell, _unexpected())
            return
        self._take_in(events)

    def _take_in(self, events: list[Any]) -> None:
        from studio.engine.events import Failed, Finished, Progress

        going = [event for event in events if isinstance(event, Progress)]
        self._write_progress(going)
        ended = {event.cell for event in events if not isinstance(event, Progress)}
        silent = self._held.keys() - {event.cell for event in events}  # they are decoded or enlarged
        self._watch.ticked((event.cell for event in going if not event.shared), ended | silent)
        for event in going:
            if event.shared:
                self._watch.spared(event.cell, event.step / event.steps)
        for event in events:
            if event.cell not in self._held:
                continue
            if isinstance(event, Finished):
                self._finish(event)
            elif isinstance(event, Failed):
                self._fail(event.cell, event.error)

    def _write_progress(self, events: list[Any]) -> None:
        due, now = [], time.monotonic()
        for event in events:
            held = self._held.get(event.cell)
            if held is None:
                continue
            held.preview = event.preview or held.preview
            if event.step in (1, event.steps) or now - held.written >= WRITE_SECONDS:
                due.append((held.job.id, event.step, event.steps, held.preview))
                held.written, held.preview = now, None
        if not due:
            return
        try:
            lost = self._seat.progress(due, self._watch.drain())
        except UNWRITABLE:
            log.warning("progress could not be written", exc_info=True)
            return
        for id in lost:
            self._drop(str(id))

    def _finish(self, event: Any) -> None:
        held = self._held[event.cell]
        try:
            provenance = Provenance.from_facts(
                event.facts, worker=self._seat.token, sweep=self._seat.sweep_of(held.job)
            )
            # The file first and outside the transaction: encoding takes long, and a file without a row does no harm.
            stored = self._gallery.write(event.image, held.job.request, provenance)
            self._watch.stored(event.cell)
            if not self._seat.finish(held.job, lambda: self._gallery.record(stored), self._watch.drain()):
                log.warning("job %d went to another worker", held.job.id)
        except StudioError as error:
            self._fail(event.cell, error)
        except Exception:
            log.exception("the picture of job %d could not be stored", held.job.id)
            self._fail(event.cell, _unexpected())
        else:
            self._drop(event.cell)

    def _fail(self, cell: str, error: StudioError) -> None:
        job = self._held[cell].job
        self._drop(cell)
        log.warning("job %d failed: %s: %s", job.id, error.kind, error.message)
        self._insist(lambda: self._seat.fail(job, error))

    def _drop(self, cell: str) -> None:
        """Free the slot, whether or not the engine still knows the cell."""
        self._held.pop(cell, None)
        self._watch.dropped(cell)
        self._engine.cancel(cell)

    def _insist(self, write: Callable[[], object]) -> None:
        """Repeat a small write until the disk takes it: a result must not get lost because the disk is full."""
        while True:
            try:
                write()
                return
            except UNWRITABLE:
                log.warning("a result cannot be written yet; trying again", exc_info=True)
                if self._stop.wait(RETRY_SECONDS):
                    return


def _unexpected() -> StudioError:
    return StudioError(
        "Something unexpected went wrong while this picture was drawn.",
        "Retry it; if it fails again, the log folder tells more.",
    )
