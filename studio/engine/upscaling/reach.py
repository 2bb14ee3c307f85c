"""How far an upscaling network looks: its receptive radius, measured on the network itself.

One column of the input is set to NaN. Every sum and every product that NaN enters is NaN, whatever the weights, so the
NaNs of the output mark exactly what depends on that column. That holds for any architecture, and costs a few calls on
a strip a few pixels high. Adding up the convolutions of Real-ESRGAN's networks by hand gives the same numbers (RRDB
with 6 blocks: 94 pixels, with 23: 349; SRVGG-compact with 16 convolutions: 18).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

STRIPS = (96, 384, 1024)
"""Lengths of the strips tried, in input pixels; a network that looks beyond half the last one is taken as global."""
PHASES = 4
"""Neighbouring columns tried: networks that fold pixels into channels (by 2 or 4) do not look equally far from each."""

Network = Callable[[torch.Tensor], torch.Tensor]


@torch.inference_mode()
def receptive_radius(network: Network, scale: int, thickness: int = 1) -> int | None:
    """Input pixels on which an output pixel depends, in each direction from its own; None: too many to tile by.

    Args:
        network: (N, 3, h, w) float32 on the CPU → (N, 3, h·scale, w·scale).
        thickness: the least height the network takes.
    """
    for length in STRIPS:
        across = _reach(network, scale, thickness, length, sideways=False)
        if across is None:
            continue
        along = _reach(network, scale, thickness, length, sideways=True)
        if along is not None:
            return max(across, along)
    return None


def _reach(network: Network, scale: int, thickness: int, length: int, sideways: bool) -> int | None:
    radius = 0
    for phase in range(PHASES):
        column = length // 2 + phase
        strip = torch.full((1, 3, thickness, length), 0.5)
        strip[..., column] = math.nan
        output = network(strip.transpose(2, 3) if sideways else strip)
        output = output.transpose(2, 3) if sideways else output
        touched = output.isnan().any(dim=2).any(dim=1)[0].nonzero().flatten()
        if not len(touched):
            return None
        first, last = int(touched[0]), int(touched[-1])
        if first < scale or last >= (length - 1) * scale:
            return None
        radius = max(radius, math.ceil(column - first / scale), math.ceil((last + 1) / scale - 1 - column))
    return radius
