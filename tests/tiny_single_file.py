"""Writes a tiny diffusers checkpoint as a single file with the original LDM key names, as people share them."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

State = dict[str, torch.Tensor]

TOP = {
    "time_embedding.linear_1.": "time_embed.0.",
    "time_embedding.linear_2.": "time_embed.2.",
    "add_embedding.linear_1.": "label_emb.0.0.",
    "add_embedding.linear_2.": "label_emb.0.2.",
    "conv_in.": "input_blocks.0.0.",
    "conv_norm_out.": "out.0.",
    "conv_out.": "out.2.",
}
RESNET = {
    "norm1.": "in_layers.0.",
    "conv1.": "in_layers.2.",
    "norm2.": "out_layers.0.",
    "conv2.": "out_layers.3.",
    "time_emb_proj.": "emb_layers.1.",
    "conv_shortcut.": "skip_connection.",
}
LEFTOVERS = ("alphas_cumprod", "betas", "model_ema.decay", "model_ema.num_updates", "first_stage_model.loss.logvar")
"""Tensors that real files carry along and no network wants."""
OPEN_CLIP = {
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.final_layer_norm.": "ln_final.",
    "text_model.encoder.layers.": "transformer.resblocks.",
    ".layer_norm1.": ".ln_1.",
    ".layer_norm2.": ".ln_2.",
    ".mlp.fc1.": ".mlp.c_fc.",
    ".mlp.fc2.": ".mlp.c_proj.",
    ".self_attn.": ".attn.",
}


def save_single_file(checkpoint: Path, path: Path, family: str) -> None:
    """The diffusers folder ``checkpoint`` as one file at ``path``."""
    state = {f"model.diffusion_model.{key}": value for key, value in unet_keys(_read(checkpoint / "unet")).items()}
    state |= {f"first_stage_model.{key}": value for key, value in vae_keys(_read(checkpoint / "vae")).items()}
    state |= {name: torch.zeros(10) for name in LEFTOVERS}
    clip = {f"transformer.text_model.{key}": value for key, value in _read(checkpoint / "text_encoder").items()}
    clip["transformer.text_model.embeddings.position_ids"] = torch.arange(77)[None]
    if family == "sd15":
        state |= {f"cond_stage_model.{key}": value for key, value in clip.items()}
    else:
        state |= {f"conditioner.embedders.0.{key}": value for key, value in clip.items()}
        second = open_clip_keys(_read(checkpoint / "text_encoder_2"))
        second["logit_scale"] = torch.ones(())
        state |= {f"conditioner.embedders.1.model.{key}": value for key, value in second.items()}
    save_file({key: value.contiguous() for key, value in state.items()}, path)


def unet_keys(state: State, layers: int = 1) -> State:
    """UNet tensors under their LDM names; ``layers`` ResNets per block going down, one more going up."""
    attended = {match[1] for key in state if (match := re.match(r"up_blocks\.(\d+)\.attentions", key))}
    return {_unet_key(key, layers, attended): value for key, value in state.items()}


def _unet_key(key: str, layers: int, attended: set[str]) -> str:
    for ours, theirs in TOP.items():
        if key.startswith(ours):
            return theirs + key.removeprefix(ours)
    part, block, kind, number, rest = re.match(r"(\w+?_block)s?\.(?:(\d+)\.)?(\w+)\.(\d+)\.(.*)", key).groups()
    first = int(block or 0) * (layers + 1)
    branch = 0 if kind == "resnets" else 1
    if kind == "resnets":
        rest = _renamed(rest, RESNET)
    if part == "mid_block":
        return f"middle_block.{2 * int(number) if kind == 'resnets' else 1}.{rest}"
    if kind == "downsamplers":
        return f"input_blocks.{first + layers + 1}.0.op.{rest.removeprefix('conv.')}"
    if kind == "upsamplers":
        return f"output_blocks.{first + layers}.{2 if block in attended else 1}.{rest}"
    if part == "down_block":
        return f"input_blocks.{first + int(number) + 1}.{branch}.{rest}"
    return f"output_blocks.{first + int(number)}.{branch}.{rest}"


def vae_keys(state: State) -> State:
    """VAE tensors under their LDM names."""
    renamed: State = {}
    for key, value in state.items():
        key = re.sub(r"encoder\.down_blocks\.(\d+)\.resnets\.(\d+)\.", r"encoder.down.\1.block.\2.", key)
        key = re.sub(r"encoder\.down_blocks\.(\d+)\.downsamplers\.0\.", r"encoder.down.\1.downsample.", key)
        key = re.sub(
            r"decoder\.up_blocks\.(\d+)\.resnets\.(\d+)\.", lambda m: f"decoder.up.{3 - int(m[1])}.block.{m[2]}.", key
        )
        key = re.sub(
            r"decoder\.up_blocks\.(\d+)\.upsamplers\.0\.", lambda m: f"decoder.up.{3 - int(m[1])}.upsample.", key
        )
        key = re.sub(r"mid_block\.resnets\.(\d)\.", lambda m: f"mid.block_{int(m[1]) + 1}.", key)
        key = key.replace("conv_shortcut.", "nin_shortcut.").replace("conv_norm_out.", "norm_out.")
        if "mid_block.attentions.0." in key:
            names = {"group_norm.": "norm.", "to_q.": "q.", "to_k.": "k.", "to_v.": "v.", "to_out.0.": "proj_out."}
            key = _renamed(key.replace("mid_block.attentions.0.", "mid.attn_1."), names)
            value = value[..., None, None] if value.ndim == 2 else value
        renamed[key] = value
    return renamed


def open_clip_keys(state: State) -> State:
    """A CLIP text encoder with projection under OpenCLIP's names: q, k and v in one matrix."""
    renamed: State = {}
    for key, value in state.items():
        if "k_proj" in key or "v_proj" in key:
            continue
        if "q_proj" in key:
            value = torch.cat([state[key.replace("q_proj", f"{part}_proj")] for part in "qkv"])
            key = key.replace("q_proj.", "in_proj_")
        if key == "text_projection.weight":
            key, value = "text_projection", value.T
        renamed[_renamed(key, OPEN_CLIP)] = value
    return renamed


def _renamed(key: str, names: dict[str, str]) -> str:
    for ours, theirs in names.items():
        key = key.replace(ours, theirs)
    return key


def _read(folder: Path) -> State:
    return load_file(next(folder.glob("*.safetensors")))
