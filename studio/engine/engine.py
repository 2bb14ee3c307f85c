"""Continuous batching: one denoising loop whose slots hold independent cells.

A cell takes a slot when it is admitted and leaves it with its last step; the next one can move in at any tick. Cells
that differ in prompt, seed, steps, sampler, guidance or control share a batch; checkpoint, LoRAs, size, prompt length
and "with or without guidance" have to agree, because they fix the weights and the shape. A hires pass keeps its cell's
slot; passes of another size are evaluated in forwards of their own. Cells that start alike share their first steps.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import torch

from studio.engine import sharing
from studio.engine.building import CellBuilder, OpenImage
from studio.engine.cell import Cell
from studio.engine.denoiser import Denoiser
from studio.engine.device import DeviceFacts
from studio.engine.events import Event, Failed, Finished, Progress
from studio.engine.failures import explained
from studio.engine.finishing import Finishing
from studio.engine.memory import is_out_of_memory, release_memory
from studio.engine.models import Models
from studio.engine.preview import preview
from studio.errors import OutOfMemory, StudioError
from studio.request import GenerationRequest
from studio.settings import Settings

PREVIEW_SECONDS = 0.4
"""Between two previews of a cell. A step of a fast GPU takes less than encoding a preview does."""

Size = tuple[int, int]

log = logging.getLogger(__name__)


class Engine:
    """Runs cells on one device. Not thread-safe: one engine per worker process.

    Args:
        open_image: gives the pixels behind an ImageRef (control maps, img2img sources).
        say: told in a few words what takes long (loading, downloading), with the cell that waits for it.
    """

    def __init__(
        self,
        settings: Settings,
        device: str,
        open_image: OpenImage,
        say: Callable[[str, str], None] = lambda cell, text: None,
    ) -> None:
        self._device = DeviceFacts.measure(settings, device)
        self._models = Models(settings, self._device)
        self._builder = CellBuilder(self._models, open_image)
        self._finishing = Finishing(self._models, self._builder, self._device, say)
        self._say = say
        self._cells: dict[str, Cell] = {}
        self._key: tuple | None = None
        self._denoiser: Denoiser | None = None
        self._slots = self._device.slots
        self._slots_at: dict[Size, int] = {}
        """Cells per forward by size in pixels: hires passes of a batch are larger than its first passes."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells that occupy slots, oldest first."""
        return tuple(self._cells)

    @property
    def rows(self) -> dict[str, int]:
        """Rows evaluated with the present checkpoint, by network (see :class:`Denoiser`)."""
        return dict(self._denoiser.rows) if self._denoiser else {}

    def facts(self) -> dict[str, Any]:
        """Device, precision, memory, slots, versions and what is loaded, as plain JSON values."""
        return {
            **self._device.describe(),
            "slots": self._slots,
            "checkpoint": self._models.checkpoint_name,
            "loaded": self._models.names,
        }

    def accepts(self, request: GenerationRequest) -> bool:
        """Whether ``request`` could be admitted now: a slot is free, or a running cell starts alike, and its batch key
        is the running one."""
        if not self._cells:
            return True
        if not self._has_room(request):
            return False
        try:
            return self._models.batch_key(request) == self._key
        except StudioError:  # it will be refused, with its reason, when nothing else runs
            return False

    def admit(self, cell: str, request: GenerationRequest) -> None:
        """Give ``request`` a slot, loading what it needs.

        Raises:
            StudioError: something it names cannot be had; no slot was taken.
        ValueError: the engine does not accept it now (see :meth:`accepts`).
        """
        if not self.accepts(request):
            raise ValueError("this request does not fit the running batch")
        try:
            if not self._cells and not self._models.serves(request):
                self._denoiser = None
                self._models.release()
            self._models.prepare(request, fresh=not self._cells, say=lambda text: self._say(cell, text))
            if not self._cells:
                self._start_batch(request)
            built = self._builder.first(cell, request)
            sharing.follow(built, self._cells.values())
            self._cells[cell] = built
        except Exception as error:
            self._cells.pop(cell, None)
            failure = explained(error, request)
        else:
            return
        release_memory()
        raise failure

    def cancel(self, cell: str) -> None:
        """Free the cell's slot; its next step is never taken."""
        self._leave(cell)

    def tick(self) -> list[Event]:
        """One denoising step, or one tile of enlarging, for every occupied slot; what is finished frees its slot."""
        events: list[Event] = []
        by_size: dict[Size, list[Cell]] = {}
        sharing.part(self._cells.values())
        for cell in sharing.walking(self._cells.values()):
            if not cell.finished:
                by_size.setdefault(_size(cell), []).append(cell)
        for running in by_size.values():
            events += self._step(running)
        waiting = [cell for cell in self._cells.values() if cell.leader is not None]
        events += [Progress(cell.id, cell.step, cell.steps, shared=True) for cell in waiting]
        sharing.part(waiting)
        for cell in [cell for cell in self._cells.values() if cell.finished]:
            events += self._finish(cell)
        return events

    def _has_room(self, request: GenerationRequest) -> bool:
        """In a slot, or, where its first steps are walked already, beside one."""
        walking = len(sharing.walking(self._cells.values()))
        if sharing.leader_of(request, self._cells.values())[0] is None:
            return walking < self._slots
        return len(self._cells) - walking < sharing.WAITING_PER_SLOT * self._slots

    def _leave(self, cell: str, sound: bool = True) -> None:
        """``sound``: nothing is wrong with the cell's state."""
        gone = self._cells.pop(cell, None)
        if gone is not None:
            sharing.orphan(gone, self._cells.values(), sound)

    def _start_batch(self, request: GenerationRequest) -> None:
        self._key = self._models.batch_key(request)
        checkpoint = self._models.current
        self._slots_at = {}
        self._slots = self._slots_for((request.width, request.height))
        if self._denoiser is None:
            self._denoiser = Denoiser(checkpoint, self._slots)

    def _slots_for(self, size: Size) -> int:
        if size not in self._slots_at:
            self._slots_at[size] = self._device.slots_for(self._models.current.family, *size)
        return self._slots_at[size]

    @property
    def _running(self) -> Denoiser:
        assert self._denoiser is not None, "cells only exist after a batch was started"
        return self._denoiser

    def _step(self, cells: list[Cell]) -> list[Event]:
        denoiser, size = self._running, _size(cells[0])
        denoiser.slots = self._slots_for(size)
        try:
            inputs = [cell.model_input() for cell in cells]
            outputs = denoiser.predict(cells, inputs)
        except Exception as error:
            failure, out_of_memory = explained(error, cells[0].request), is_out_of_memory(error)
        else:
            return [self._advance(*each) for each in zip(cells, outputs, inputs, strict=True)]
        # Outside the except block: the exception would keep every tensor of the failed attempt alive.
        release_memory()
        if out_of_memory and denoiser.slots > 1:
            self._slots_at[size] = denoiser.slots // 2
            for cell in cells:
                cell.notes.append(f"Memory ran out; the batch was cut to {self._slots_at[size]} at a time.")
            return []
        return [self._failed(cell, failure) for cell in cells]

    def _advance(self, cell: Cell, output: torch.Tensor, scaled: torch.Tensor) -> Event:
        try:
            cell.advance(output, scaled)
            return Progress(cell.id, cell.step, cell.steps, self._preview(cell))
        except Exception as error:
            failure = explained(error, cell.request)
        return self._failed(cell, failure)

    def _preview(self, cell: Cell) -> bytes | None:
        now = time.perf_counter()
        if cell.denoised is None or cell.finished or now - cell.previewed < PREVIEW_SECONDS:
            return None
        cell.previewed = now
        size = (cell.request.width, cell.request.height)
        try:
            return preview(cell.denoised, self._models.current.family, size, self._models.taesd)
        except Exception:  # a picture without a preview is still a picture
            log.warning("no preview", exc_info=True)
            return None

    def _finish(self, cell: Cell) -> list[Event]:
        try:
            reached = self._finishing.advance(cell)
        except Exception as error:
            failure = explained(error, cell.request)
        else:
            if reached is None:
                return []
            if isinstance(reached, Cell):
                self._cells[cell.id] = reached
                return []
            self.cancel(cell.id)
            return [Finished(cell.id, reached, self._facts_of(cell))]
        release_memory()
        return [self._failed(cell, failure)]

    def _facts_of(self, cell: Cell) -> dict[str, Any]:
        return {
            **self._models.provenance(),
            "seconds": round(time.perf_counter() - cell.started, 3),
            "slots": self._slots_for(_size(cell)),
            "notes": cell.notes,
        }

    def _failed(self, cell: Cell, error: StudioError) -> Failed:
        if isinstance(error, OutOfMemory):
            self._models.forget_unused()
        self._leave(cell.id, sound=False)
        return Failed(cell.id, error)


def _size(cell: Cell) -> Size:
    return cell.request.width, cell.request.height
