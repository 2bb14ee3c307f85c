"""Small random networks of the real upscaling architectures, in files as they are published.

The weights keep the signal alive through all layers, so that a pixel at the edge of the receptive field shows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from spandrel import ModelLoader
from spandrel.architectures.Compact import Compact
from spandrel.architectures.ESRGAN import ESRGAN
from torch import nn


def srvgg(convolutions: int = 4, features: int = 8, scale: int = 4) -> nn.Module:
    """SRVGG-compact, as realesr-animevideov3 (16 convolutions, 64 features)."""
    return _lively(
        lambda: Compact(num_in_ch=3, num_out_ch=3, num_feat=features, num_conv=convolutions, upscale=scale), last=0.15
    )


def rrdb(blocks: int = 1, features: int = 8, scale: int = 4) -> nn.Module:
    """RRDBNet, as RealESRGAN_x4plus_anime_6B (6 blocks, 64 features)."""
    return _lively(
        lambda: ESRGAN(in_nc=3, out_nc=3, num_filters=features, num_blocks=blocks, scale=scale),
        last=0.004,
        bias=0.5,
        gain=1.8,
    )


def save(network: nn.Module, path: Path) -> Path:
    """As ``.safetensors``, or as the official ``.pth`` files are: pickled, under ``params_ema``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    if path.suffix == ".safetensors":
        save_file(state, path)
    else:
        torch.save({"params_ema": state}, path)
    return path


@torch.inference_mode()
def plain(path: Path, image: Image.Image) -> np.ndarray:
    """The picture as spandrel's own call makes it, with nothing of the studio in between; uint8 (h, w, 3)."""
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255
    output = ModelLoader("cpu").load_from_file(path).eval()(pixels)
    return (output[0].permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """Random pixels: every one of them matters."""
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def _lively(make, last: float, bias: float = 0.0, gain: float = 1.0) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4)
        network = make()
        convolutions = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
        for module in convolutions:
            nn.init.kaiming_normal_(module.weight)
            module.weight.data.mul_(gain)
        with torch.no_grad():
            convolutions[-1].weight.mul_(last)
            assert convolutions[-1].bias is not None
            convolutions[-1].bias.fill_(bias)
    return network.eval()
