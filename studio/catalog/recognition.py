"""Tells the family of a checkpoint, ControlNet or LoRA from tensor names, shapes and configs."""

from __future__ import annotations

import re
from typing import Any

from studio.catalog.families import STARTER
from studio.catalog.weights import Header
from studio.errors import UnusableWeights

SUPPORTED = "The studio runs Stable Diffusion 1.5 and SDXL checkpoints and what was trained from them."
UNET = "model.diffusion_model."
FOREIGN_UNETS = {
    f"{UNET}joint_blocks.": "a Stable Diffusion 3 checkpoint",
    f"{UNET}double_blocks.": "a Flux checkpoint",
    "double_blocks.": "a Flux checkpoint",
    "joint_blocks.": "a Stable Diffusion 3 checkpoint",
}


def family_of_file(name: str, header: Header) -> str:
    """``sd15`` or ``sdxl`` for a single-file checkpoint.

    Raises:
        UnusableWeights: it is something else, or a part is missing.
    """
    for prefix, what in FOREIGN_UNETS.items():
        if header.has(prefix):
            raise UnusableWeights(f"{name} is {what}.", SUPPORTED)
    if not header.has(f"{UNET}input_blocks."):
        raise UnusableWeights(f"{name} is not a checkpoint but {_what_else(header)}.", _where_to(header))
    channels = header.shapes.get(f"{UNET}input_blocks.0.0.weight", (0, 4))[1]
    if channels != 4:
        raise UnusableWeights(
            f"{name} is an inpainting checkpoint.", "Use the ordinary version of the same checkpoint."
        )
    family = _family_of_unet(name, header)
    if not header.has("first_stage_model.decoder."):
        raise UnusableWeights(f"{name} has no VAE inside.", "Download the full version of the checkpoint.")
    if not header.has("conditioner.embedders." if family == "sdxl" else "cond_stage_model.transformer."):
        raise UnusableWeights(f"{name} has no text encoder inside.", "Download the full version of the checkpoint.")
    return family


def _family_of_unet(name: str, header: Header) -> str:
    if header.has(f"{UNET}label_emb."):
        if header.has("conditioner.embedders.0.model."):
            raise UnusableWeights(f"{name} is the SDXL refiner, not a base checkpoint.", SUPPORTED)
        return "sdxl"
    context = header.shapes.get(f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", (0, 768))[-1]
    if header.has("cond_stage_model.model.") or context == 1024:
        raise UnusableWeights(f"{name} is a Stable Diffusion 2 checkpoint.", SUPPORTED)
    return "sd15"


def family_of_config(name: str, unet: dict[str, Any]) -> str:
    """``sd15``, ``sdxl`` or ``starter`` from a diffusers UNet or ControlNet config.

    Raises:
        UnusableWeights: neither of them.
    """
    if unet.get("_class_name") not in {None, "UNet2DConditionModel", "ControlNetModel"}:
        raise UnusableWeights(f"{name} is built on {unet['_class_name']}.", SUPPORTED)
    if unet.get("addition_embed_type") == "text_time":
        return "sdxl"
    if (unet.get("in_channels"), unet.get("cross_attention_dim")) == (STARTER.latent_channels, *STARTER.hidden_sizes):
        return "starter"
    if unet.get("cross_attention_dim") == 1024:
        raise UnusableWeights(f"{name} is made for Stable Diffusion 2.", SUPPORTED)
    if unet.get("in_channels", 4) == 9:
        raise UnusableWeights(
            f"{name} is an inpainting checkpoint.", "Use the ordinary version of the same checkpoint."
        )
    return "sd15"


def family_of_controlnet(name: str, header: Header) -> str:
    """``sd15`` or ``sdxl`` for a single-file ControlNet in the original or the diffusers format.

    Raises:
        UnusableWeights: it is no ControlNet.
    """
    if not any(key.startswith(("input_hint_block.", "controlnet_cond_embedding.")) for key in _unprefixed(header)):
        raise UnusableWeights(f"{name} is not a ControlNet.", "Put ControlNets, and only them, into this folder.")
    keys = _unprefixed(header)
    return "sdxl" if any(key.startswith(("label_emb.", "add_embedding.")) for key in keys) else "sd15"


def family_of_lora(name: str, header: Header) -> str | None:
    """``sd15``, ``sdxl`` or None where the file does not tell.

    Raises:
        UnusableWeights: it is no LoRA, or one for another kind of model.
    """
    if not any("lora" in key.casefold() or ".hada_" in key or ".lokr_" in key for key in header.shapes):
        raise UnusableWeights(f"{name} is not a LoRA.", "Put LoRAs, and only them, into this folder.")
    if any(key.startswith(("transformer.", "lora_unet_double_blocks", "lora_transformer")) for key in header.shapes):
        raise UnusableWeights(f"{name} is a LoRA for another kind of model.", SUPPORTED)
    told = header.metadata.get("ss_base_model_version", "") + header.metadata.get("modelspec.architecture", "")
    if "xl" in told.casefold() or any(_SDXL_LORA.match(key) for key in header.shapes):
        return "sdxl"
    return _by_context(header) or ("sd15" if told or any(key.startswith("lora_te_") for key in header.shapes) else None)


_SDXL_LORA = re.compile(r"lora_te[12]_|text_encoder_2\.|lora_unet_(input|output|middle)_block")


def _by_context(header: Header) -> str | None:
    widths = {shape[-1] for key, shape in header.shapes.items() if re.search(r"attn2[._]to_[kv].*(down|lora_A)", key)}
    return {768: "sd15", 2048: "sdxl"}.get(widths.pop()) if len(widths) == 1 else None


def _unprefixed(header: Header) -> list[str]:
    return [key.removeprefix("control_model.") for key in header.shapes]


def _what_else(header: Header) -> str:
    if any("lora" in key for key in header.shapes):
        return "a LoRA"
    if any(key.startswith(("input_hint_block.", "controlnet_cond_embedding.")) for key in _unprefixed(header)):
        return "a ControlNet"
    if header.has("decoder.") and header.has("encoder."):
        return "a VAE"
    return "some other weights file"


def _where_to(header: Header) -> str:
    folder = {"a LoRA": "loras", "a ControlNet": "controlnets", "a VAE": "vaes"}.get(_what_else(header))
    return f"Move it to the folder models/{folder}." if folder else SUPPORTED
