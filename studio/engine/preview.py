"""Live previews: a linear projection of the latents, or TAESD where it is installed."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image

from studio.catalog.families import FamilySpec

PREVIEW_SIDE = 256


@torch.inference_mode()
def preview(denoised: torch.Tensor, family: FamilySpec, size: tuple[int, int], taesd=None) -> bytes | None:
    """WebP bytes of the present estimate, at most 256 px on its long side: the browser enlarges it just as well.

    Args:
        denoised: x0 estimate, (1, C, h, w).
        size: width and height of the final picture, for the aspect.
        taesd: an ``AutoencoderTiny``, if there is one.

    Returns None for a latent space whose projection nobody knows.
    """
    if taesd is not None:
        pixels = taesd.decode(denoised.to(taesd.dtype)).sample[0].float().clamp(-1, 1).add(1).div(2)
        image = (pixels.permute(1, 2, 0).cpu().numpy() * 255).astype(np.uint8)
    elif len(family.preview) == denoised.shape[1]:
        image = _projected(denoised[0].float().cpu().numpy(), family)
    else:
        return None
    scale = min(1.0, PREVIEW_SIDE / max(size))
    target = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    buffer = io.BytesIO()
    Image.fromarray(image).resize(target, Image.Resampling.BICUBIC).save(buffer, "WEBP", quality=70, method=0)
    return buffer.getvalue()


def _projected(latents: np.ndarray, family: FamilySpec) -> np.ndarray:
    """Latents (C, h, w) → RGB uint8 (h, w, 3) by the family's least-squares factors (C, 3) in −1…1."""
    rgb = np.tensordot(latents, np.asarray(family.preview, np.float32), axes=([0], [0]))
    rgb = rgb + np.asarray(family.preview_bias, np.float32)
    return ((np.nan_to_num(rgb).clip(-1, 1) + 1) * 127.5).astype(np.uint8)
