"""Control maps by the networks of ControlNet's authors, as controlnet_aux runs them."""

from __future__ import annotations

import os
import pickle
import warnings
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from studio.engine.load_failures import loading
from studio.errors import UnusableWeights

with warnings.catch_warnings():  # of optional parts that are not installed, and of parts never used here
    warnings.simplefilter("ignore")
    _before = os.environ.get("KMP_DUPLICATE_LIB_OK")
    from controlnet_aux.hed import ControlNetHED_Apache2, HEDdetector
    from controlnet_aux.lineart import Generator, LineartDetector
    from controlnet_aux.lineart_anime import LineartAnimeDetector, UnetGenerator

    if _before is None:  # set by controlnet_aux for its own sake, and inherited by everything this process starts
        os.environ.pop("KMP_DUPLICATE_LIB_OK", None)


def _hed(weights: dict) -> Any:
    return HEDdetector(_filled(ControlNetHED_Apache2(), weights))


def _lineart(weights: dict) -> Any:
    network = _filled(Generator(3, 1, 3), weights)
    return LineartDetector(network, network)


def _lineart_anime(weights: dict) -> Any:
    norm = partial(torch.nn.InstanceNorm2d, affine=False, track_running_stats=False)
    network = UnetGenerator(3, 1, 8, 64, norm_layer=norm, use_dropout=False)  # type: ignore[arg-type]
    return LineartAnimeDetector(_filled(network, {key.replace("module.", ""): value for key, value in weights.items()}))


ANNOTATORS: dict[str, Callable[[dict], Any]] = {
    "softedge": _hed,
    "lineart": _lineart,
    "lineart_anime": _lineart_anime,
}


def annotate(kind: str, weights: Path, device: str, pixels: np.ndarray) -> np.ndarray:
    """The map of ``pixels`` (H, W, 3; uint8, RGB), of about the same size.

    Raises:
        UnusableWeights: the file does not hold the network of this kind, or more than numbers.
    """
    detector = _loaded(kind, weights, weights.stat().st_mtime_ns, device)
    side = min(pixels.shape[:2])
    return detector(pixels, detect_resolution=side, image_resolution=side, output_type="np")


@lru_cache(maxsize=1)
def _loaded(kind: str, weights: Path, changed: int, device: str) -> Any:
    with loading(weights.name):
        return ANNOTATORS[kind](_tensors(weights)).to(device)


def _tensors(weights: Path) -> dict:
    """What is in the file. These were published as pickles only; nothing but tensors is taken out of them."""
    try:
        return torch.load(weights, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, EOFError):
        raise UnusableWeights(
            f"{weights.name} does not hold weights, or more than weights.",
            f"Delete it from {weights.parent} and try again; it will be downloaded anew.",
        ) from None


def _filled(network: torch.nn.Module, weights: dict) -> torch.nn.Module:
    network.load_state_dict(weights)
    return network.float().eval()
