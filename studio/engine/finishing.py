"""What becomes of a cell after its last step: decoded, enlarged tile by tile, drawn over in a hires pass, given out."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from studio.engine import latents as latent
from studio.engine.building import CellBuilder
from studio.engine.cell import Cell
from studio.engine.device import DeviceFacts
from studio.engine.failures import check_finite
from studio.engine.models import Models
from studio.engine.upscaling.enlarging import Enlarging, room_for_tiles
from studio.request import GenerationRequest


class Finishing:
    """Takes cells whose steps are done further, a little at each call, so that neighbours need not wait.

    Args:
        say: told in a few words what a cell is at.
    """

    def __init__(
        self, models: Models, builder: CellBuilder, device: DeviceFacts, say: Callable[[str, str], None]
    ) -> None:
        self._models = models
        self._builder = builder
        self._device = device
        self._say = say

    def advance(self, cell: Cell) -> Cell | Image.Image | None:
        """The finished picture; or the cell of the next pass; or None while there is more to do here.

        Raises:
            StudioError: invalid numbers, no memory.
        """
        if cell.enlarging is None:
            picture = self._decoded(cell)
            if cell.request.hires is None and cell.request.upscale is None:
                return picture
            cell.enlarging = self._enlarging(cell.request, picture)
            self._tell(cell, cell.enlarging)
            return None
        if not cell.enlarging.step():
            self._tell(cell, cell.enlarging)
            return None
        cell.notes += cell.enlarging.notes
        picture = cell.enlarging.image
        return self._builder.second(cell, picture) if cell.request.hires else picture

    def _decoded(self, cell: Cell) -> Image.Image:
        check_finite(cell.latents, self._device)
        image, note = latent.decode(self._models.vae(cell.request), cell.latents)
        if note:
            cell.notes.append(note)
        return image

    def _enlarging(self, request: GenerationRequest, picture: Image.Image) -> Enlarging:
        """To the hires pass's size, or, where that is done or not wanted, to the final one."""
        room = room_for_tiles(self._device.total_bytes)
        if request.hires is not None:
            network = self._models.upscaler(request.hires.upscaler)
            return Enlarging(picture, request.drawn_size, network, room)
        assert request.upscale is not None, "otherwise the picture is finished"
        network = self._models.upscaler(request.upscale.upscaler)
        return Enlarging(picture, request.upscale.size(*picture.size), network, room, request.upscale.fast)

    def _tell(self, cell: Cell, enlarging: Enlarging) -> None:
        done, count = enlarging.tiles
        if count > 1:
            self._say(cell.id, f"Enlarging, tile {min(done + 1, count)} of {count} …")
        elif not done:
            self._say(cell.id, "Enlarging …")
