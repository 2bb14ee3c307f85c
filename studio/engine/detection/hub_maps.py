"""Depth and segmentation maps by transformers' models, whose weights are published as safetensors."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoImageProcessor, AutoModelForDepthEstimation, UperNetForSemanticSegmentation

from studio.catalog.control_maps import ControlMapSpec
from studio.catalog.detectors import detector_folder
from studio.engine import hub
from studio.engine.load_failures import loading
from studio.errors import Offline
from studio.settings import Settings

WANTED = hub.Wanted(small=("config.json", "preprocessor_config.json"), weights=("model",))


def depth(folder: Path, device: str, pixels: np.ndarray) -> np.ndarray:
    """Near is white, far is black, over the whole range."""
    processor, model = _loaded(AutoModelForDepthEstimation, folder, device)
    given = processor(images=pixels, return_tensors="pt").to(device)
    with torch.inference_mode():
        far = model(**given).predicted_depth.unsqueeze(1).float()
        near = torch.nn.functional.interpolate(far, pixels.shape[:2], mode="bicubic", align_corners=False)[0, 0].cpu()
    span = float(near.max() - near.min())
    even = (near - near.min()) / span if span > 0 else torch.zeros_like(near)
    return np.repeat((even * 255).round().clamp(0, 255).to(torch.uint8).numpy()[:, :, None], 3, axis=2)


def segmentation(folder: Path, device: str, pixels: np.ndarray) -> np.ndarray:
    """Every pixel in the colour that its kind of thing has in the ADE20K palette."""
    processor, model = _loaded(UperNetForSemanticSegmentation, folder, device)
    given = processor(images=pixels, return_tensors="pt").to(device)
    with torch.inference_mode():
        kinds = processor.post_process_semantic_segmentation(model(**given), target_sizes=[pixels.shape[:2]])[0]
    return _palette()[kinds.cpu().numpy()]


HUB_MAPS: dict[str, Callable[[Path, str, np.ndarray], np.ndarray]] = {"depth": depth, "seg": segmentation}


def ensure_model(settings: Settings, spec: ControlMapSpec, say: hub.Say) -> Path:
    """The folder of the model ``spec`` needs: put there by hand, from the hub's cache, or downloaded.

    Raises:
        Offline: it is nowhere, and the network is down or forbidden.
        UnusableWeights, StorageFull: as :func:`studio.engine.hub.fetch`.
    """
    own = detector_folder(settings) / spec.hub.rpartition("/")[2]
    if WANTED.is_in(own):
        return own
    try:
        return hub.fetch(settings, spec.hub, WANTED, say)
    except Offline:
        raise Offline(
            f"{spec.hub} is not on this machine and the hub cannot be reached.",
            "Connect to the network (and unset STUDIO_OFFLINE), or put config.json, preprocessor_config.json and "
            f"model.safetensors from https://huggingface.co/{spec.hub} into {own}.",
        ) from None


def _loaded(kind: Any, folder: Path, device: str) -> tuple[Any, Any]:
    return _kept(kind, folder, device, (folder / "config.json").stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _kept(kind: Any, folder: Path, device: str, changed: int) -> tuple[Any, Any]:
    with loading(folder.name):
        processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
        model = kind.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    return processor, model.to(device).eval()


@lru_cache
def _palette() -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from controlnet_aux.util import ade_palette

    return np.array(ade_palette(), np.uint8)
