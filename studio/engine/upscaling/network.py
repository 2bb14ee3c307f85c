"""A loaded upscaling network: pixels in, more pixels out, with what tiling has to know about it."""

from __future__ import annotations

import copy
import math
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from spandrel import ImageModelDescriptor, ModelLoader, UnsupportedModelError
from torch import nn

from studio.catalog.upscalers import Upscaler
from studio.engine.load_failures import loading
from studio.engine.loaded import bytes_of
from studio.engine.upscaling.reach import receptive_radius
from studio.errors import UnusableWeights

_WRAPPINGS = ("params_ema", "params", "state_dict", "model_state_dict", "model", "net")
"""Keys under which training programmes keep the weights; the averaged ones (ema) are the better ones."""
_ALIVE = 4
"""Largest activations that are in memory at the same time, with the convolution's workspace."""


class Network:
    """One network on one device. uint8 pixels go in and come out; in between they never leave the device.

    Args:
        descriptor: as spandrel loaded it, on the CPU in float32.
        dtype: the precision wished for; a network that cannot run in it gets float32.
    """

    def __init__(self, name: str, descriptor: ImageModelDescriptor, device: str, dtype: torch.dtype) -> None:
        self.name = name
        self.scale: int = descriptor.scale
        self.device = device
        self._exact = descriptor.eval()
        self._widest = _widest_activation(descriptor)
        self._use(dtype if _supports(descriptor, dtype) else torch.float32)

    @property
    def dtype(self) -> torch.dtype:
        return self._running.dtype

    @property
    def bytes(self) -> int:
        """Memory the weights take."""
        return bytes_of([self._running.model])

    @property
    def bytes_per_pixel(self) -> int:
        """Working memory per input pixel."""
        return _ALIVE * self._widest * self.dtype.itemsize

    @property
    def align(self) -> int:
        """Sizes are to be multiples of this."""
        return self._exact.size_requirements.multiple_of

    @cached_property
    def radius(self) -> int | None:
        """Receptive radius in input pixels; None when it is too large to tile by, or the network sees everything."""
        required = self._exact.size_requirements
        return receptive_radius(self._exact, self.scale, max(1, required.minimum, required.multiple_of))

    @torch.inference_mode()
    def enlarge(self, pixels: torch.Tensor) -> torch.Tensor:
        """(h, w, 3) uint8 on any device → (h·scale, w·scale, 3) uint8 on the network's device.

        Half precision overflows on some GPUs; the network then goes over to float32 for good.
        """
        output = self._run(pixels)
        if self.dtype == torch.float16 and output.isnan().any():
            self._use(torch.float32)
            output = self._run(pixels)
        return output.float().mul_(255).round_().to(torch.uint8)[0].permute(1, 2, 0)

    def _run(self, pixels: torch.Tensor) -> torch.Tensor:
        image = pixels.to(self.device).permute(2, 0, 1)[None].to(self.dtype).div_(255)
        return self._running(image.contiguous(memory_format=torch.channels_last))

    def _use(self, dtype: torch.dtype) -> None:
        """Run in ``dtype`` from now on. The weights as they were published stay on the CPU, as rounding is final."""
        same = self.device == "cpu" and dtype == torch.float32
        self._running = self._exact if same else copy.deepcopy(self._exact)
        # Convolutions on CPUs and on GPUs with tensor cores are faster when the channels lie together.
        self._running.model.to(device=self.device, dtype=dtype, memory_format=torch.channels_last)


def load_network(upscaler: Upscaler, path: Path, device: str, dtype: torch.dtype) -> Network:
    """The network in ``path`` on ``device``. Weights are read from safetensors, or from a pickle without any code.

    Raises:
        UnusableWeights: damaged, with code inside, or no network that enlarges RGB pictures.
        OutOfMemory: the device is too small even for the weights.
    """
    with loading(upscaler.name), torch.inference_mode(False):
        try:
            descriptor = ModelLoader("cpu").load_from_state_dict(_state(path))
        except UnsupportedModelError:
            raise _no_upscaler(path) from None
        if not isinstance(descriptor, ImageModelDescriptor) or (
            (descriptor.input_channels, descriptor.output_channels) != (3, 3)
        ):
            raise _no_upscaler(path)
        descriptor.float()
        return Network(upscaler.name, descriptor, device, dtype)


def _state(path: Path) -> dict[str, Any]:
    if path.suffix.lower() == ".safetensors":
        return load_file(path)
    try:
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        if isinstance(error, (OSError, MemoryError)):
            raise
        raise UnusableWeights(
            f"{path.name} is not a file of plain weights.",
            "It is damaged, or holds code, which the studio never runs. Download it again, best as .safetensors.",
        ) from None
    for wrapping in _WRAPPINGS:
        if isinstance(state, dict) and isinstance(state.get(wrapping), dict):
            state = state[wrapping]
            break
    if not isinstance(state, dict) or not state:
        raise _no_upscaler(path)
    return {str(name).removeprefix("module."): value for name, value in state.items()}


def _no_upscaler(path: Path) -> UnusableWeights:
    return UnusableWeights(
        f"{path.name} is not an upscaling network the studio knows.",
        "Use a Real-ESRGAN model, or another one for RGB pictures that spandrel lists.",
    )


def _supports(descriptor: ImageModelDescriptor, dtype: torch.dtype) -> bool:
    match dtype:
        case torch.float16:
            return descriptor.supports_half
        case torch.bfloat16:
            return descriptor.supports_bfloat16
    return dtype == torch.float32


@torch.inference_mode()
def _widest_activation(descriptor: ImageModelDescriptor) -> int:
    """Values per input pixel in the network's largest intermediate result, seen on a small picture."""
    required = descriptor.size_requirements
    side = math.ceil(max(16, required.minimum) / required.multiple_of) * required.multiple_of
    widest = 3 * descriptor.scale**2

    def look(module: nn.Module, inputs: Any, output: Any) -> None:
        nonlocal widest
        if isinstance(output, torch.Tensor):
            widest = max(widest, math.ceil(output.numel() / side**2))

    hooks = [module.register_forward_hook(look) for module in descriptor.model.modules()]
    try:
        descriptor(torch.zeros(1, 3, side, side))
    finally:
        for hook in hooks:
            hook.remove()
    return widest
