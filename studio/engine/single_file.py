"""Single-file checkpoints (the original LDM key names) into diffusers networks, without network.

The families' configs ship in ``configs/``; diffusers' own converters rename the tensors.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from diffusers.loaders.single_file_utils import create_diffusers_clip_model_from_ldm
from safetensors.torch import load_file
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from studio.catalog.shelf import read_json
from studio.errors import UnusableWeights

CONFIGS = Path(__file__).with_name("configs")

State = dict[str, torch.Tensor]
TEXT_ENCODERS = (("text_encoder", CLIPTextModel), ("text_encoder_2", CLIPTextModelWithProjection))


def read_state(path: Path) -> State:
    """The tensors of a safetensors file, by name."""
    return load_file(path)


def read_networks(state: State, configs: Path, dtype: torch.dtype) -> tuple[Any, Any, tuple[Any, ...]]:
    """(UNet, VAE, text encoders) of a checkpoint's tensors.

    Args:
        configs: a folder with one config per component, as ``configs/sd15``.

    Raises:
        UnusableWeights: tensors are missing. Other faults come as the converters' own exceptions.
    """
    unet = convert(UNet2DConditionModel, state, configs, "unet", dtype)
    vae = convert(AutoencoderKL, state, configs, "vae", dtype)
    encoders = tuple(
        _whole(
            create_diffusers_clip_model_from_ldm(
                kind, dict(state), subfolder=part, config=str(configs), torch_dtype=dtype, local_files_only=True
            ),
            part,
        )
        for part, kind in TEXT_ENCODERS
        if (configs / part).is_dir()
    )
    return unet, vae, encoders


def convert(kind: Any, state: State, configs: Path, part: str, dtype: torch.dtype) -> Any:
    """One network of class ``kind`` from ``state``; see :func:`read_networks`."""
    network = kind.from_single_file(
        dict(state), config=str(configs), subfolder=part, dtype=dtype, local_files_only=True
    )
    return _whole(network, part)


def read_controlnet(path: Path, family: str, dtype: torch.dtype) -> ControlNetModel:
    """A ControlNet file in the original or the diffusers key names."""
    return convert(ControlNetModel, read_state(path), CONFIGS / family, "controlnet", dtype)


def read_vae(path: Path, family: str, dtype: torch.dtype) -> AutoencoderKL:
    """A VAE file; original ones often lack the ``first_stage_model.`` in front of their names."""
    state = read_state(path)
    if "encoder.conv_in.weight" in state and "decoder.mid.block_1.norm1.weight" in state:
        state = {f"first_stage_model.{key}": value for key, value in state.items()}
    return convert(AutoencoderKL, state, CONFIGS / family, "vae", dtype)


def scheduler_config(state: State, configs: Path) -> dict[str, Any]:
    """The family's scheduler config, with v-prediction where the checkpoint carries its mark."""
    config = read_json(configs / "scheduler" / "scheduler_config.json")
    if "v_pred" in state:
        config |= {"prediction_type": "v_prediction", "rescale_betas_zero_snr": "ztsnr" in state}
    return config


def _whole(network: nn.Module, part: str) -> Any:
    missing = [name for name, tensor in network.named_parameters() if tensor.is_meta]
    if missing:
        raise UnusableWeights(
            f"The {part.replace('_', ' ')} lacks {len(missing)} tensors, {missing[0]} among them.",
            "The file is incomplete; download the full checkpoint again.",
        )
    return network.eval()
