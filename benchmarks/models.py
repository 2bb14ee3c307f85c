"""Random SD1.5-shaped checkpoints with a ControlNet, in the real diffusers layout; what they draw is noise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKL, ControlNetModel, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from tests.tiny import SD15_SCHEDULER, tiny_tokenizer

CHECKPOINT, CONTROLNET = "bench", "openpose-bench"


@dataclass(frozen=True, slots=True)
class Size:
    """The shape of a checkpoint and the side of its pictures in pixels."""

    side: int
    channels: tuple[int, ...]
    layers: int
    heads: int
    text_width: int
    text_layers: int
    vae_channels: tuple[int, ...]
    vae_layers: int
    hint_channels: tuple[int, ...]


SIZES = {
    # What Python costs: the networks are next to nothing.
    "tiny": Size(64, (16, 32, 32, 32), 1, 2, 32, 2, (8, 8, 8, 8), 1, (8, 8, 16, 16)),
    # Compute outweighs Python by far, and a CPU still finishes: about 25 million parameters.
    "small": Size(256, (48, 96, 160, 160), 2, 4, 128, 4, (16, 32, 32, 32), 1, (8, 16, 32, 64)),
    # Stable Diffusion 1.5 itself.
    "full": Size(
        512, (320, 640, 1280, 1280), 2, 8, 768, 12, (128, 256, 512, 512), 2, (16, 32, 96, 256)
    ),
}  # fmt: skip


def build(folder: Path, size: Size, dtype: torch.dtype) -> int:
    """Write ``checkpoints/bench`` and ``controlnets/openpose-bench`` into ``folder``; returns the UNet's parameters."""
    torch.manual_seed(0)
    unet = _unet(size)
    controlnet = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=size.hint_channels)
    for module in [*controlnet.controlnet_down_blocks, controlnet.controlnet_mid_block]:
        torch.nn.init.normal_(module.weight, std=0.01)
    pipeline = StableDiffusionPipeline(
        vae=_vae(size),
        text_encoder=_text_encoder(size),
        tokenizer=tiny_tokenizer(),
        unet=unet,
        scheduler=PNDMScheduler(**SD15_SCHEDULER),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).to(dtype=dtype)
    checkpoint = folder / "checkpoints" / CHECKPOINT
    pipeline.save_pretrained(checkpoint)
    controlnet.to(dtype=dtype).save_pretrained(folder / "controlnets" / CONTROLNET)
    return sum(parameter.numel() for parameter in unet.parameters())


def _unet(size: Size) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=size.side // 8,
        block_out_channels=size.channels,
        layers_per_block=size.layers,
        norm_num_groups=8 if size.channels[0] < 320 else 32,
        attention_head_dim=size.heads,
        cross_attention_dim=size.text_width,
    )


def _vae(size: Size) -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=size.vae_channels,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=size.vae_layers,
        norm_num_groups=8 if size.vae_channels[0] < 128 else 32,
        latent_channels=4,
        sample_size=size.side,
    )


def _text_encoder(size: Size) -> CLIPTextModel:
    tokenizer = tiny_tokenizer()
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=size.text_width,
            intermediate_size=4 * size.text_width,
            num_hidden_layers=size.text_layers,
            num_attention_heads=max(size.text_width // 64, 1),
            max_position_embeddings=77,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
