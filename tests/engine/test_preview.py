"""Previews: WebP of the right aspect, telling about the latents, and none where the latent space is unknown."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image

from studio.catalog.families import SD15
from studio.engine.loading import load_taesd
from studio.engine.preview import preview


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def test_a_preview_has_the_pictures_aspect_and_at_most_256_pixels():
    image = Image.open(io.BytesIO(preview(torch.randn(1, 4, 96, 64), SD15, (512, 768))))
    assert image.format == "WEBP"
    assert image.size == (171, 256)


def test_brighter_latents_give_a_brighter_preview():
    # The first latent channel of SD 1.5 is mostly brightness: all its factors are positive.
    dark, bright = torch.zeros(1, 4, 8, 8), torch.zeros(1, 4, 8, 8)
    bright[:, 0] = 2
    assert pixels(preview(bright, SD15, (64, 64))).mean() > pixels(preview(dark, SD15, (64, 64))).mean() + 40


def test_an_unknown_latent_space_has_no_preview():
    assert preview(torch.zeros(1, 16, 8, 8), SD15, (64, 64)) is None


def test_taesd_is_used_where_it_is_installed(zoo_settings):
    taesd = load_taesd(zoo_settings, "sd15", "cpu", torch.float32)
    latents = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    assert not np.array_equal(pixels(preview(latents, SD15, (64, 64), taesd)), pixels(preview(latents, SD15, (64, 64))))
