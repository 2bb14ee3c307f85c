"""ControlNets in the loop: hints are encoded once, forwards run only for the cells that need them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from diffusers import ControlNetModel
from torch import nn

from studio.errors import UnusableWeights
from studio.request import ControlUnit


class ControlNet:
    """A loaded ControlNet whose hint encoder was taken out of the loop.

    Stock pipelines run the hint encoder at every step over the same picture. Here it runs once per picture; the network
    itself then gets the finished embedding, passed through an Identity where the encoder was.
    """

    def __init__(self, name: str, net: ControlNetModel) -> None:
        config = net.config
        if config.get("global_pool_conditions") or config.get("controlnet_conditioning_channel_order", "rgb") != "rgb":
            raise UnusableWeights(
                f"The ControlNet {name} works in a way this studio does not support.",
                "Use a ControlNet that reads RGB control maps, such as the openpose, canny or depth ones.",
            )
        self.name = name
        self.net = net
        self._hint_encoder: nn.Module = net.controlnet_cond_embedding
        net.add_module("controlnet_cond_embedding", nn.Identity())

    @property
    def modules(self) -> tuple[nn.Module, ...]:
        """Both parts, for counting their bytes."""
        return self.net, self._hint_encoder

    @torch.inference_mode()
    def encode_hint(self, hint: torch.Tensor) -> torch.Tensor:
        """``hint`` (1, 3, H, W) in 0–1 → embedding (1, width, h, w).

        Two rows go in because a stock pipeline runs two (both halves of the guidance): same shape, same rounding.
        """
        rows = hint.to(device=self.net.device, dtype=self.net.dtype).repeat(2, 1, 1, 1)
        return self._hint_encoder(rows)[:1]


@dataclass(frozen=True, slots=True)
class ActiveControl:
    """One control unit of one cell, ready to run."""

    net: ControlNet
    hint: torch.Tensor
    unit: ControlUnit
    """With its weight and window."""
