"""From an upscaler's catalogue entry to its network: downloaded where it is missing, then loaded."""

from __future__ import annotations

import torch

from studio.catalog.upscalers import Upscaler, upscaler_folder
from studio.engine.downloads import Report, fetch_file
from studio.engine.upscaling.network import Network, load_network
from studio.settings import Settings


def open_network(upscaler: Upscaler, settings: Settings, device: str, dtype: torch.dtype, report: Report) -> Network:
    """The network of ``upscaler`` on ``device``.

    Args:
        report: told of a download's progress, in bytes.

    Raises:
        Offline, StorageFull: it is not here and cannot be had.
        UnusableWeights: damaged, with code inside, or of an unknown kind.
        OutOfMemory: the device is too small even for the weights.
    """
    path = upscaler.usable().path
    if path is None:
        assert upscaler.remote is not None, "plain resampling has no network"
        path = fetch_file(upscaler.remote, upscaler_folder(settings), report, settings.offline)
    return load_network(upscaler, path, device, dtype)
