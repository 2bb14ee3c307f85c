"""Upscaling end to end, from a picture to a picture, against spandrel's plain call on the same weights.

Random weights of the published networks' own shapes, at the sizes a device is used for.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from spandrel import ImageModelDescriptor, ModelLoader
from spandrel.architectures.Compact import Compact
from spandrel.architectures.ESRGAN import ESRGAN

from studio.catalog.upscalers import Upscaler
from studio.engine.upscaling.enlarging import Enlarging
from studio.engine.upscaling.network import Network, load_network

PLENTY = 10**13
"""Bytes for a tile, so that the picture is enlarged untiled, as the plain call does it."""
SIDES = {"cpu": {"realesr-animevideov3": 256, "RealESRGAN_x4plus_anime_6B": 128}}
GPU_SIDES = {"realesr-animevideov3": 512, "RealESRGAN_x4plus_anime_6B": 512}


def measure(device: str, dtype: torch.dtype, repeats: int) -> list[dict[str, Any]]:
    """One entry per network and way: medians in seconds, the ratio of the pairs, the largest difference of 255."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, path in _weights(Path(folder)).items():
            side = SIDES.get(device, GPU_SIDES)[name]
            image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8))
            plain = ModelLoader(device).load_from_file(path).eval().to(dtype)
            assert isinstance(plain, ImageModelDescriptor)
            ours = load_network(Upscaler(name, "", path), path, device, dtype)
            found.append(_compare(f"{name}, {side} → {side * 4} px", image, plain, ours, repeats))
    return found


def lines(figures: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Rows of a printed table."""
    head = ("upscaling", "plain spandrel", "ours", "ratio", "spread", "pictures differ by")
    return [head, *(_row(figure) for figure in figures)]


def _row(figure: dict[str, Any]) -> tuple[str, ...]:
    return (
        figure["case"],
        f"{figure['plain_seconds']:.3f} s",
        f"{figure['our_seconds']:.3f} s",
        f"{figure['ratio']:.2f}×",
        f"{figure['lowest_ratio']:.2f}–{figure['highest_ratio']:.2f}",
        f"{figure['largest_difference']} of 255",
    )


def _compare(case: str, image: Image.Image, plain: ImageModelDescriptor, ours: Network, repeats: int) -> dict[str, Any]:
    arms: dict[str, Callable[[], Image.Image]] = {
        "plain": lambda: _plain(plain, image),
        "ours": lambda: _ours(ours, image),
    }
    first, second = (np.asarray(arm()).astype(int) for arm in arms.values())
    times: dict[str, list[float]] = {name: [] for name in arms}
    for repeat in range(repeats):
        for name in list(arms) if repeat % 2 == 0 else list(reversed(arms)):
            start = time.perf_counter()
            arms[name]()  # A picture in main memory: on a GPU nothing is still under way.
            times[name].append(time.perf_counter() - start)
    ratios = [one / other for one, other in zip(times["plain"], times["ours"], strict=True)]
    return {
        "case": case,
        "plain_seconds": statistics.median(times["plain"]),
        "our_seconds": statistics.median(times["ours"]),
        "ratio": statistics.median(ratios),
        "lowest_ratio": min(ratios),
        "highest_ratio": max(ratios),
        "largest_difference": int(np.abs(first - second).max()),
    }


def _plain(network: ImageModelDescriptor, image: Image.Image) -> Image.Image:
    """As spandrel's README does it: one call, then back to a picture on the CPU."""
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255
    output = network(pixels.to(network.device, network.dtype))
    return Image.fromarray((output[0].permute(1, 2, 0).float().cpu().numpy() * 255).round().astype(np.uint8))


def _ours(network: Network, image: Image.Image) -> Image.Image:
    enlarging = Enlarging(image, (image.width * network.scale, image.height * network.scale), network, PLENTY)
    while not enlarging.step():
        pass
    return enlarging.image


def _weights(folder: Path) -> dict[str, Path]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        networks = {
            "realesr-animevideov3": Compact(num_in_ch=3, num_out_ch=3, num_feat=64, num_conv=16, upscale=4),
            "RealESRGAN_x4plus_anime_6B": ESRGAN(in_nc=3, out_nc=3, num_filters=64, num_blocks=6, scale=4),
        }
    paths = {name: folder / f"{name}.safetensors" for name in networks}
    for name, network in networks.items():
        save_file({key: value.contiguous() for key, value in network.state_dict().items()}, paths[name])
    return paths
