"""Between pictures and latents: start noise, img2img sources, control maps, decoding."""

from __future__ import annotations

import torch
from diffusers.image_processor import VaeImageProcessor
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image, ImageOps

from studio.engine.memory import is_out_of_memory, release_memory
from studio.engine.steps import source_steps
from studio.request import GenerationRequest


def vae_factor(vae) -> int:
    """Pixels per latent in each direction: 8 for SD1.5 and SDXL."""
    return 2 ** (len(vae.config.block_out_channels) - 1)


def noise(request: GenerationRequest, unet, vae, scheduler, generator: torch.Generator) -> torch.Tensor:
    """Start latents (1, C, h, w): seeded on the CPU, so every device starts from the same noise."""
    factor = vae_factor(vae)
    shape = (1, unet.config.in_channels, request.height // factor, request.width // factor)
    return randn_tensor(shape, generator, unet.device, unet.dtype) * scheduler.init_noise_sigma


@torch.inference_mode()
def noised_source(
    request: GenerationRequest, source: Image.Image, unet, vae, scheduler, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Start latents and remaining timesteps for img2img, as diffusers' ``get_timesteps`` and ``prepare_latents``.

    Strength 0 leaves no step to take: the source then only passes through the VAE.
    """
    first = (request.steps - source_steps(request)) * scheduler.order
    timesteps = scheduler.timesteps[first:]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(first)
    fitted = ImageOps.fit(source.convert("RGB"), (request.width, request.height), Image.Resampling.LANCZOS)
    pixels = VaeImageProcessor(vae_scale_factor=vae_factor(vae)).preprocess(fitted)
    _keep_from_overflow(vae)
    encoded = vae.encode(pixels.to(vae.device, vae.dtype)).latent_dist.sample(generator)
    latents = _normalised(encoded.to(unet.dtype), vae.config).contiguous()
    if len(timesteps):
        drawn = randn_tensor(latents.shape, generator, latents.device, latents.dtype)
        latents = scheduler.add_noise(latents, drawn, timesteps[:1])
    return latents, timesteps


def control_tensor(image: Image.Image, width: int, height: int) -> torch.Tensor:
    """A control map as (1, 3, H, W) in 0–1. Another aspect is fitted inside on black: stretching would bend a pose."""
    image = image.convert("RGB")
    if image.size != (width, height):
        image = ImageOps.pad(image, (width, height), Image.Resampling.LANCZOS, color=(0, 0, 0))
    return VaeImageProcessor(do_normalize=False).preprocess(image)


def decode(vae, latents: torch.Tensor) -> tuple[Image.Image, str | None]:
    """The picture in ``latents`` (1, C, h, w), and a note when memory forced a tiled decode."""
    try:
        return _decoded(vae, latents), None
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
    # Outside the except block: the exception would keep every tensor of the failed attempt alive.
    release_memory()
    vae.enable_tiling()
    try:
        return _decoded(vae, latents), "The picture was decoded in tiles because memory ran out."
    finally:
        vae.disable_tiling()


@torch.inference_mode()
def _decoded(vae, latents: torch.Tensor) -> Image.Image:
    _keep_from_overflow(vae)
    pixels = vae.decode(_denormalised(latents.to(vae.dtype), vae.config), return_dict=False)[0]
    unit = (pixels[0].float() / 2 + 0.5).clamp(0, 1).permute(1, 2, 0).cpu().numpy()
    return Image.fromarray((unit * 255).round().astype("uint8"))


def _keep_from_overflow(vae) -> None:
    # SDXL's original VAE overflows to black in fp16 and says so in its config.
    if vae.dtype == torch.float16 and vae.config.get("force_upcast"):
        vae.to(torch.float32)


def _normalised(latents: torch.Tensor, config) -> torch.Tensor:
    if config.get("latents_mean") is not None and config.get("latents_std") is not None:
        mean, deviation = _statistics(latents, config)
        return (latents - mean) * config.scaling_factor / deviation
    return config.scaling_factor * latents


def _denormalised(latents: torch.Tensor, config) -> torch.Tensor:
    if config.get("latents_mean") is not None and config.get("latents_std") is not None:
        mean, deviation = _statistics(latents, config)
        return latents * deviation / config.scaling_factor + mean
    return latents / config.scaling_factor


def _statistics(latents: torch.Tensor, config) -> tuple[torch.Tensor, torch.Tensor]:
    shape = (1, -1, 1, 1)
    return (
        torch.tensor(config.latents_mean).view(shape).to(latents),
        torch.tensor(config.latents_std).view(shape).to(latents),
    )
