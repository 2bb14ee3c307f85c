"""What the running batch is made of: the checkpoint with its LoRAs, ControlNets, VAEs, preview decoder.

Everything loaded lives in one cache with a memory budget; what the present cells use is pinned there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from studio.catalog.additions import find_controlnet, find_lora, find_vae
from studio.catalog.checkpoints import find_checkpoint
from studio.catalog.upscalers import find_upscaler
from studio.engine.controls import ControlNet
from studio.engine.device import DeviceFacts
from studio.engine.loaded import LoadedCheckpoint, bytes_of
from studio.engine.loading import load_checkpoint, load_controlnet, load_taesd, load_vae
from studio.engine.loras import apply_loras
from studio.engine.model_cache import ModelCache
from studio.engine.text import TextEncoder, guided
from studio.engine.upscaling.network import Network
from studio.engine.upscaling.weights import open_network
from studio.prompts.syntax import loras
from studio.request import ControlUnit, GenerationRequest
from studio.settings import Settings

BatchKey = tuple
Say = Callable[[str], None]


class Models:
    """Loads, keeps and hands out the networks of one device."""

    def __init__(self, settings: Settings, device: DeviceFacts) -> None:
        self._settings = settings
        self._device = device
        self._cache = ModelCache(device.budget)
        self._pinned: list[tuple] = []
        self._current: LoadedCheckpoint | None = None
        self._asked = ""  # the name under which a request asked for the present checkpoint
        self._say: Say = lambda text: None
        self._text: TextEncoder | None = None
        self.taesd = None

    @property
    def current(self) -> LoadedCheckpoint:
        """The checkpoint of the running batch."""
        assert self._current is not None, "prepare() comes first"
        return self._current

    @property
    def text(self) -> TextEncoder:
        """The text encoder of the running batch."""
        assert self._text is not None, "prepare() comes first"
        return self._text

    @property
    def checkpoint_name(self) -> str:
        """The present checkpoint's name, or nothing."""
        return self._current.name if self._current else ""

    @property
    def names(self) -> list[str]:
        """Names of everything loaded, the least recently used first."""
        return [key[1] for key in self._cache.keys if isinstance(key, tuple)]

    def prepare(self, request: GenerationRequest, fresh: bool, say: Say) -> None:
        """Load what ``request`` needs. ``fresh``: no cell is running, so checkpoint and LoRAs may change.

        Raises:
            StudioError: something cannot be had.
        """
        self._say = say
        if fresh:
            self._switch(request)
        for unit in request.controls:
            if unit.weight > 0:
                self.controlnet(request, unit)
        self.vae(request)
        for enlarging in (request.hires, request.upscale):
            if enlarging is not None:
                self.upscaler(enlarging.upscaler)

    def serves(self, request: GenerationRequest) -> bool:
        """Whether the present checkpoint is the one ``request`` names."""
        return self._current is not None and self._asked == request.checkpoint

    def release(self) -> None:
        """Let go of the present checkpoint, so that the cache may drop it before another one is loaded."""
        self._current = self._text = self.taesd = None
        self._unpin()

    def batch_key(self, request: GenerationRequest) -> BatchKey:
        """What cells that share a batch have in common. Raises InvalidRequest for a malformed LoRA tag."""
        applied = tuple((lora.name, lora.weight) for lora in loras.of_request(request))
        # The token count takes the checkpoint's tokenizers; another checkpoint makes another key anyway.
        chunks = self.text.chunk_count(request) if self.serves(request) else 0
        return request.checkpoint, applied, request.width, request.height, guided(request), chunks

    def vae(self, request: GenerationRequest):
        """The VAE ``request`` decodes with: its own, or the checkpoint's."""
        if not request.vae:
            return self.current.vae
        found = find_vae(self._settings, request.vae)
        family, device = self.current.family.name, self._device
        return self._kept(
            ("vae", found.name, family),
            lambda: load_vae(found, family, device.device, device.dtype),
            lambda vae: bytes_of([vae]),
            found.size_bytes,
        )

    def controlnet(self, request: GenerationRequest, unit: ControlUnit) -> tuple[ControlNet, bool]:
        """The ControlNet for ``unit``, and whether it wants thick sticks in a drawn pose."""
        family, device = self.current.family.name, self._device
        found = find_controlnet(self._settings, unit, family, request.checkpoint)
        net = self._kept(
            ("controlnet", found.name),
            lambda: ControlNet(
                found.name,
                load_controlnet(found, self._settings, family, device.device, device.dtype, self._say),
            ),
            lambda net: bytes_of(net.modules),
            found.size_bytes,
        )
        return net, found.thick

    def upscaler(self, name: str) -> Network | None:
        """The network of the upscaler called ``name``; None for plain resampling."""
        found, device = find_upscaler(self._settings, name), self._device
        if not found.is_network:
            return None
        return self._kept(
            ("upscaler", found.name),
            lambda: open_network(found, self._settings, device.device, device.dtype, _percent(self._say)),
            lambda network: network.bytes,
            found.size_bytes,
        )

    def forget_unused(self) -> None:
        """Drop everything no running cell needs (memory ran out)."""
        self._cache.clear()

    def provenance(self) -> dict[str, Any]:
        """What is known about the circumstances of the pictures now being made."""
        described = self._device.describe()
        return {key: described[key] for key in ("device", "dtype", "versions")} | {"device_name": described["name"]}

    def _switch(self, request: GenerationRequest) -> None:
        if not self.serves(request):
            self.release()
        self._unpin()
        device = self._device
        found = find_checkpoint(self._settings, request.checkpoint)
        checkpoint = self._kept(
            ("checkpoint", found.name),
            lambda: load_checkpoint(found, self._settings, device.device, device.dtype, self._say),
            lambda loaded: loaded.bytes,
            found.size_bytes,
        )
        if checkpoint is not self._current:
            self._current, self._asked = checkpoint, request.checkpoint
            self._text = TextEncoder(checkpoint)
            self.taesd = load_taesd(self._settings, checkpoint.family.name, device.device, device.dtype)
        before = checkpoint.loras
        wanted = loras.of_request(request)
        try:
            apply_loras(
                checkpoint,
                [(find_lora(self._settings, lora.name, checkpoint.family.name), lora.weight) for lora in wanted],
            )
        finally:
            if checkpoint.loras != before:
                self.text.forget()

    def _unpin(self) -> None:
        for key in self._pinned:
            self._cache.unpin(key)
        self._pinned.clear()

    def _kept(self, key: tuple, load: Callable[[], Any], size: Callable[[Any], int], expected: int) -> Any:
        model = self._cache.get(key, load, size, expected)
        if key not in self._pinned:
            self._cache.pin(key)
            self._pinned.append(key)
        return model


def _percent(say: Say) -> Callable[[int, int, str], None]:
    """Tells a download's progress in words, once per twentieth."""
    told = -1

    def report(done: int, total: int, text: str) -> None:
        nonlocal told
        if (part := 20 * done // max(total, 1)) != told:
            told = part
            say(f"{text} ({5 * part} %) …")

    return report
