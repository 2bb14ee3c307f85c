"""A checkpoint in memory: the networks of one family, ready to run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from studio.catalog.families import FamilySpec


@dataclass(slots=True)
class LoadedCheckpoint:
    """UNet, VAE, text encoders and tokenizers, all in eval mode on one device."""

    name: str
    family: FamilySpec
    unet: UNet2DConditionModel
    vae: AutoencoderKL
    text_encoders: tuple[CLIPTextModel | CLIPTextModelWithProjection, ...]
    """One for SD 1.5, two for SDXL (the second one with a projection)."""
    tokenizers: tuple[CLIPTokenizer, ...]
    scheduler_config: dict[str, Any]
    """As stored with the checkpoint: betas, prediction type, spacing."""
    loras: tuple[tuple[str, float], ...] = ()
    """(name, weight) of the LoRAs that are applied now."""

    @property
    def bytes(self) -> int:
        """Memory the weights take."""
        return bytes_of((self.unet, self.vae, *self.text_encoders))

    def to(self, device: str) -> LoadedCheckpoint:
        """Move all networks to ``device``; returns itself."""
        for module in (self.unet, self.vae, *self.text_encoders):
            nn.Module.to(module, device)
        return self


def bytes_of(modules: Iterable[nn.Module]) -> int:
    """Memory that the parameters and buffers of ``modules`` take."""
    tensors = [tensor for module in modules for tensor in (*module.parameters(), *module.buffers())]
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)
