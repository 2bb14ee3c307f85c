"""One picture on its way to a larger size, a tile at a time, so that it can be watched, cancelled and interleaved."""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image

from studio.engine.memory import is_out_of_memory, release_memory
from studio.engine.upscaling.network import Network
from studio.engine.upscaling.resampling import Size, lanczos, resample
from studio.engine.upscaling.tiles import FAST_OVERLAP, Tile, blend, plan
from studio.errors import OutOfMemory

MOST_ROUNDS = 3
"""A network that enlarges by 4 reaches 64 times with so many rounds; nobody needs more."""
SLACK = 1.1
"""A target at most this much beyond the network's factor is resampled instead of running the network again."""
LEAST_SIDE = 32
"""Tiles are not made smaller than this when memory runs out."""


class Enlarging:
    """Enlarges ``image`` to ``size``: call :meth:`step` until it says True, then take :attr:`image`.

    Args:
        image: RGB or RGBA. Alpha is kept; it is resampled, as networks know nothing of it.
        size: width and height of the result in pixels.
        network: None resamples by Lanczos.
        room: bytes one tile may use. It decides on the tiles alone, so equal rooms give equal bytes.
        fast: blend the seams of tiles instead of computing them exactly.
    """

    def __init__(self, image: Image.Image, size: Size, network: Network | None, room: int, fast: bool = False) -> None:
        self.size = size
        self.notes: list[str] = []
        """What had to be done differently than wished, in sentences."""
        self._network = network
        self._fast = fast
        self._pixels = room // network.bytes_per_pixel if network else 0
        self._alpha = image.getchannel("A") if image.mode in {"RGBA", "LA", "PA"} else None
        self._picture = image.convert("RGB")
        self._rounds = rounds(image.size, size, network.scale) if network else [image.size]
        self.total = sum(width * height for width, height in self._rounds)
        """Work in all, in input pixels over all rounds."""
        self._before = 0
        self._begin_round()

    @property
    def done(self) -> int:
        """Work done so far, of :attr:`total`."""
        return self._before + sum(tile.own.pixels for tile in self._tiles[: self._next])

    @property
    def tiles(self) -> tuple[int, int]:
        """Tiles done and tiles in all, of the present round."""
        return self._next, len(self._tiles)

    @property
    def finished(self) -> bool:
        return not self._rounds

    @property
    def image(self) -> Image.Image:
        """The result."""
        assert self.finished, "there are tiles left"
        return self._picture

    def step(self) -> bool:
        """Enlarge one tile; True when the picture is finished.

        Raises:
            OutOfMemory: the device is too small even for the smallest tiles.
        """
        if self.finished:
            return True
        if self._network is None:
            self._picture = lanczos(self._picture, self.size)
            return self._finish()
        if self._enlarge(self._network, self._tiles[self._next]):
            self._next += 1
            if self._next == len(self._tiles):
                return self._end_round()
        return False

    def _begin_round(self) -> None:
        self._next = 0
        self._tiles: list[Tile] = []
        if self._network is not None:
            scale = self._network.scale
            self._input = torch.from_numpy(np.array(self._picture))
            self._output = np.empty((self._picture.height * scale, self._picture.width * scale, 3), np.uint8)
            self._tiles = self._plan(self._network)

    def _plan(self, network: Network) -> list[Tile]:
        """Tiles of at most ``_pixels`` pixels: the whole picture, else with exact seams, else with blended ones."""
        width, height = self._picture.size
        if width * height <= self._pixels:
            return plan(width, height, max(width, height), radius=0, align=network.align)
        side = math.isqrt(self._pixels)
        radius = None if self._fast else network.radius
        # Below half the radius nearly all work would go into what tiles see but do not keep.
        if radius is not None and side - 2 * radius >= max(LEAST_SIDE, radius // 2):
            return plan(width, height, side - 2 * radius, radius, network.align)
        if not self._fast:
            self._note(f"{network.name} looks too far for exact tiles in this memory; their seams were blended.")
        return plan(width, height, max(LEAST_SIDE, side - 2 * FAST_OVERLAP), None, network.align)

    def _enlarge(self, network: Network, tile: Tile) -> bool:
        """Whether there was memory for it; if not, smaller tiles were planned."""
        try:
            pixels = network.enlarge(self._input[tile.seen.slices])
            self._write(pixels[tile.kept.scaled(network.scale).inside(tile.seen.scaled(network.scale))], tile)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        else:
            return True
        # Outside the except block: the exception would keep every tensor of the failed attempt alive.
        release_memory()
        self._shrink(network)
        return False

    def _write(self, pixels: torch.Tensor, tile: Tile) -> None:
        scale, new = self._network.scale if self._network else 1, pixels.cpu().numpy()
        place = tile.kept.scaled(scale).slices
        self._output[place] = new if tile.kept == tile.own else blend(self._output[place], new, tile, scale)

    def _shrink(self, network: Network) -> None:
        """Plan again with a quarter of the pixels per tile."""
        least = (LEAST_SIDE + 2 * FAST_OVERLAP) ** 2
        largest = max(tile.seen.pixels for tile in self._tiles)
        if largest <= least:
            need = max(network.bytes_per_pixel * least / 1e9, 0.1)
            raise OutOfMemory(
                f"The device has too little memory to upscale with {network.name}: even the smallest tile takes about "
                f"{need:.1f} GB.",
                "Choose a smaller upscaler such as realesr-animevideov3, or Lanczos.",
            )
        self._pixels, self._next = max(least, largest // 4), 0
        self._tiles = self._plan(network)
        self._note(f"Memory ran out; the picture was upscaled in {len(self._tiles)} tiles.")

    def _end_round(self) -> bool:
        self._before += self._rounds[0][0] * self._rounds[0][1]
        self._rounds.pop(0)
        self._picture = Image.fromarray(self._output)
        if not self._rounds:
            return self._finish()
        self._picture = resample(self._picture, self._rounds[0])
        self._begin_round()
        return False

    def _finish(self) -> bool:
        self._rounds, self._before, self._tiles, self._next = [], self.total, [], 0
        self._picture = resample(self._picture, self.size)
        if self._alpha is not None:
            self._picture.putalpha(resample(self._alpha, self.size))
        return True

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def rounds(size: Size, target: Size, scale: int) -> list[Size]:
    """Sizes of what goes into the network, run by run.

    One run is enough up to its factor. Beyond it the network runs on its own result, which is averaged first so that
    the last run gives just the target: 512 → 2048 → (1024 →) 4096.
    """
    inputs = [size]
    if scale < 2:
        return inputs
    factor = max(target[0] / size[0], target[1] / size[1])
    count = 1
    while scale**count * SLACK < factor and count < MOST_ROUNDS:
        count += 1
    for number in range(1, count):
        largest = inputs[-1][0] * scale, inputs[-1][1] * scale
        wanted = -(-target[0] // scale), -(-target[1] // scale)
        last = number == count - 1
        inputs.append((min(largest[0], wanted[0]), min(largest[1], wanted[1])) if last else largest)
    return inputs


def room_for_tiles(total_bytes: int) -> int:
    """Bytes a tile may use on a device with this much memory: a small, fixed share, as drawing goes on beside it."""
    return int(total_bytes * 0.15)
