"""Loads checkpoints, ControlNets and VAEs: a diffusers folder, a single safetensors file, or a hub id.

Everything that fails on the way comes out as a StudioError. Weights are read from safetensors only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, ControlNetModel, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from studio.catalog.additions import ControlNet, Vae, taesd_folder
from studio.catalog.checkpoints import Checkpoint, inspect_checkpoint
from studio.catalog.families import FAMILIES
from studio.catalog.shelf import component_files, examine, read_json
from studio.engine import hub, single_file
from studio.engine.hub import Say
from studio.engine.load_failures import loading
from studio.engine.loaded import LoadedCheckpoint
from studio.engine.tokenizers import clip_tokenizers, read_tokenizer
from studio.errors import UnusableWeights
from studio.settings import Settings

ENCODERS = {"text_encoder": CLIPTextModel, "text_encoder_2": CLIPTextModelWithProjection}


def load_checkpoint(
    checkpoint: Checkpoint, settings: Settings, device: str, dtype: torch.dtype, say: Say
) -> LoadedCheckpoint:
    """All networks of ``checkpoint`` on ``device``.

    Args:
        say: told in a sentence what takes long.

    Raises:
        UnusableWeights: damaged, incomplete, pickled, or of an unsupported kind.
        UnknownName, Offline, StorageFull: a hub id that cannot be had.
        OutOfMemory: the device (or main memory) is too small.
    """
    checkpoint = _present(checkpoint.usable(), settings, say)
    say(f"Loading {checkpoint.name} …")
    with loading(checkpoint.name), torch.inference_mode(False):
        if checkpoint.kind == "file":
            loaded = _from_file(checkpoint, settings, dtype, say)
        else:
            loaded = _from_folder(checkpoint, dtype)
        _check_vocabulary(loaded)
        return loaded.to(device)


def load_controlnet(
    controlnet: ControlNet, settings: Settings, family: str, device: str, dtype: torch.dtype, say: Say
) -> ControlNetModel:
    """One ControlNet on ``device``, in eval mode. Raises as :func:`load_checkpoint` does."""
    controlnet.usable()
    path = controlnet.path or hub.fetch(settings, controlnet.name, hub.CONTROLNET, say)
    say(f"Loading {controlnet.name} …")
    with loading(controlnet.name):
        net: Any
        if path.is_file():
            net = single_file.read_controlnet(path, family, dtype)
        else:
            net = _component(ControlNetModel, path, dtype)
        _check_context(net, controlnet.name, family)
        return net.to(device)


def load_vae(vae: Vae, family: str, device: str, dtype: torch.dtype) -> AutoencoderKL:
    """A stand-alone VAE on ``device``, in eval mode. Raises as :func:`load_checkpoint` does."""
    path = vae.usable().path
    assert path is not None, "a VAE on a shelf has a path"
    with loading(vae.name):
        network: Any
        if path.is_file():
            network = single_file.read_vae(path, family, dtype)
        else:
            network = _component(AutoencoderKL, path, dtype)
        return network.to(device)


def load_taesd(settings: Settings, family: str, device: str, dtype: torch.dtype) -> AutoencoderTiny | None:
    """The family's preview decoder from ``models/taesd/<family>``, or None where there is none.

    Raises:
        UnusableWeights: it lies there but is damaged.
    """
    folder = taesd_folder(settings, family)
    if folder is None:
        return None
    with loading(f"taesd/{family}"):
        return _component(AutoencoderTiny, folder, dtype).to(device)


def _present(checkpoint: Checkpoint, settings: Settings, say: Say) -> Checkpoint:
    if checkpoint.kind != "hub":
        return checkpoint
    folder = hub.fetch(settings, checkpoint.name, hub.CHECKPOINT, say)
    return examine(checkpoint.name, folder, inspect_checkpoint).usable()


def _from_folder(checkpoint: Checkpoint, dtype: torch.dtype) -> LoadedCheckpoint:
    folder = _path(checkpoint)
    family = FAMILIES[checkpoint.family or "sd15"]
    parts = list(ENCODERS)[: family.text_encoders]
    return LoadedCheckpoint(
        name=checkpoint.name,
        family=family,
        unet=_component(UNet2DConditionModel, folder / "unet", dtype),
        vae=_component(AutoencoderKL, folder / "vae", dtype),
        text_encoders=tuple(_component(ENCODERS[part], folder / part, dtype) for part in parts),
        tokenizers=tuple(read_tokenizer(folder / part.replace("text_encoder", "tokenizer")) for part in parts),
        scheduler_config=read_json(folder / "scheduler" / "scheduler_config.json"),
    )


def _from_file(checkpoint: Checkpoint, settings: Settings, dtype: torch.dtype, say: Say) -> LoadedCheckpoint:
    family = FAMILIES[checkpoint.family or "sd15"]
    tokenizers = clip_tokenizers(settings, family.text_encoders, say)
    configs = single_file.CONFIGS / family.name
    state = single_file.read_state(_path(checkpoint))
    unet, vae, encoders = single_file.read_networks(state, configs, dtype)
    return LoadedCheckpoint(
        name=checkpoint.name,
        family=family,
        unet=unet,
        vae=vae,
        text_encoders=encoders,
        tokenizers=tokenizers,
        scheduler_config=single_file.scheduler_config(state, configs),
    )


def _component(kind: Any, folder: Path, dtype: torch.dtype) -> Any:
    """One network of class ``kind`` from its folder, complete or not at all."""
    _, variant = component_files(folder)
    network, report = kind.from_pretrained(
        folder,
        local_files_only=True,
        use_safetensors=True,
        variant=variant,
        output_loading_info=True,
        dtype=dtype,
    )
    # Both libraries fill missing tensors with random numbers and merely log it.
    missing = sorted(name for name in report["missing_keys"] if not name.endswith("position_ids"))
    if missing:
        raise UnusableWeights(
            f"The {folder.name.replace('_', ' ')} lacks {len(missing)} tensors, {missing[0]} among them.",
            "The weights are incomplete or belong to another model; download them again.",
        )
    return network.eval()


def _check_vocabulary(loaded: LoadedCheckpoint) -> None:
    for tokenizer, encoder in zip(loaded.tokenizers, loaded.text_encoders, strict=True):
        if len(tokenizer) > encoder.config.vocab_size:
            raise UnusableWeights(
                f"The tokenizer of {loaded.name} has {len(tokenizer)} tokens, more than its text encoder knows.",
                "The two belong to different checkpoints; download the checkpoint again.",
            )


def _check_context(net: ControlNetModel, name: str, family: str) -> None:
    if (net.config.get("addition_embed_type") == "text_time") != (family == "sdxl"):
        raise UnusableWeights(
            f"The ControlNet {name} does not fit this checkpoint.", "Choose one of the checkpoint's family."
        )


def _path(checkpoint: Checkpoint) -> Path:
    assert checkpoint.path is not None, "only hub ids have no path, and those were fetched"
    return checkpoint.path
