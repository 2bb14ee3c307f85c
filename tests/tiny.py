"""Tiny random pipelines in the real diffusers layout: real classes, real file formats, a few hundred kilobytes each.

Every model has the shape of its family (cross-attention down, middle and up; 8x VAE; two text encoders and
``text_embeds``/``time_ids`` in SDXL) with a handful of channels, so a 64 x 64 picture takes some tens of milliseconds.
The weights are random but the same on every machine; control, prompt and LoRA all change the picture.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    ControlNetModel,
    EulerDiscreteScheduler,
    PNDMScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

WIDTH, WIDTH_2 = 32, 48
"""Hidden sizes of the first and the second text encoder."""
WORDS = "girl boy hair eyes blue red long short standing sitting anime best quality masterpiece sky dress".split()
BEGIN, END = "<|startoftext|>", "<|endoftext|>"

SD15_SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
}
SDXL_SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "interpolation_type": "linear",
    "prediction_type": "epsilon",
}


def save_tiny_sd15(folder: Path, seed: int = 15, **safe_serialization: bool) -> None:
    """A StableDiffusionPipeline in ``folder``; ``safe_serialization=False`` writes pickled weights instead."""
    with _seeded(seed):
        pipeline = StableDiffusionPipeline(
            vae=_vae(0.18215),
            text_encoder=CLIPTextModel(_text_config()).eval(),
            tokenizer=tiny_tokenizer(),
            unet=_sd15_unet(),
            scheduler=PNDMScheduler(**SD15_SCHEDULER),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    pipeline.save_pretrained(folder, **safe_serialization)
    _save_vocabulary(folder / "tokenizer")


def save_tiny_sdxl(folder: Path, seed: int = 20) -> None:
    """A StableDiffusionXLPipeline in ``folder``: two text encoders, the second one pads with ``!`` as the real one."""
    with _seeded(seed):
        pipeline = StableDiffusionXLPipeline(
            vae=_vae(0.13025),
            text_encoder=CLIPTextModel(_text_config()).eval(),
            text_encoder_2=CLIPTextModelWithProjection(_text_config(WIDTH_2)).eval(),
            tokenizer=tiny_tokenizer(),
            tokenizer_2=tiny_tokenizer(pad="!"),
            unet=_sdxl_unet(),
            scheduler=EulerDiscreteScheduler(**SDXL_SCHEDULER),
            force_zeros_for_empty_prompt=True,
        )
    pipeline.save_pretrained(folder)
    _save_vocabulary(folder / "tokenizer")
    _save_vocabulary(folder / "tokenizer_2")


def save_tiny_controlnet(folder: Path, family: str, seed: int = 7) -> None:
    """A ControlNetModel of ``family`` whose zero convolutions are not zero, so that it steers."""
    with _seeded(seed):
        unet = _sd15_unet() if family == "sd15" else _sdxl_unet()
        controlnet = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 8, 16, 16))
        zero_convolutions = [*controlnet.controlnet_down_blocks, controlnet.controlnet_mid_block]
        for module in zero_convolutions:
            torch.nn.init.normal_(module.weight, std=0.15)
        for module in controlnet.controlnet_cond_embedding.modules():
            if isinstance(module, torch.nn.Conv2d):
                torch.nn.init.normal_(module.weight, std=2.0 * module.weight[0].numel() ** -0.5)
    controlnet.save_pretrained(folder)


def save_tiny_lora(path: Path, family: str, seed: int = 3, kohya: bool = False) -> None:
    """A rank-4 LoRA for UNet and text encoders of ``family``, in the peft/diffusers or the kohya key format."""
    with _seeded(seed):
        unet = _sd15_unet() if family == "sd15" else _sdxl_unet()
        state = {f"unet.{key}": value for key, value in _lora_of(unet, ["to_q", "to_k", "to_v", "to_out.0"]).items()}
        encoders = {"text_encoder": CLIPTextModel(_text_config())}
        if family == "sdxl":
            encoders["text_encoder_2"] = CLIPTextModelWithProjection(_text_config(WIDTH_2))
        for name, encoder in encoders.items():
            weights = convert_state_dict_to_diffusers(_lora_of(encoder, ["q_proj", "k_proj", "v_proj", "out_proj"]))
            state |= {f"{name}.{key}": value for key, value in weights.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({key: value.contiguous() for key, value in (_as_kohya(state) if kohya else state).items()}, path)


def save_tiny_vae(folder: Path, seed: int = 9) -> None:
    """A stand-alone AutoencoderKL that fits both tiny families."""
    with _seeded(seed):
        _vae(0.18215).save_pretrained(folder)


def save_tiny_taesd(folder: Path, seed: int = 11) -> None:
    """An AutoencoderTiny (8x, four latent channels) for previews."""
    with _seeded(seed):
        channels = (8, 8, 8, 8)
        AutoencoderTiny(
            encoder_block_out_channels=channels,
            decoder_block_out_channels=channels,
            num_encoder_blocks=(1, 1, 1, 1),
            num_decoder_blocks=(1, 1, 1, 1),
        ).save_pretrained(folder)


def tiny_vocabulary() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """(token → id, merges) in CLIP's order: bytes, bytes that end a word, merges, begin, end."""
    symbols = _byte_symbols()
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        pieces = [*word[:-1], word[-1] + "</w>"]
        left = pieces[0]
        for right in pieces[1:]:
            if (left, right) not in merges:
                merges.append((left, right))
            left += right
    tokens = symbols + [symbol + "</w>" for symbol in symbols]
    tokens += list(dict.fromkeys("".join(pair) for pair in merges))
    return {token: number for number, token in enumerate([*tokens, BEGIN, END])}, merges


def tiny_tokenizer(pad: str = END) -> CLIPTokenizer:
    """A CLIP tokenizer of some 600 tokens that knows every byte."""
    vocabulary, merges = tiny_vocabulary()
    return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=pad, model_max_length=77)


class _seeded:
    """Random weights that are the same each time and leave the caller's random state alone."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._fork = torch.random.fork_rng(devices=[])

    def __enter__(self) -> None:
        self._fork.__enter__()
        torch.manual_seed(self._seed)

    def __exit__(self, *failure: object) -> None:
        self._fork.__exit__(*failure)


def _text_config(width: int = WIDTH) -> CLIPTextConfig:
    size = len(tiny_vocabulary()[0])
    return CLIPTextConfig(
        vocab_size=size,
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=4,
        num_attention_heads=4,
        max_position_embeddings=77,
        projection_dim=width,
        bos_token_id=size - 2,
        eos_token_id=size - 1,
        pad_token_id=size - 1,
        initializer_factor=10.0,
    )


def _sd15_unet() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=64,
        block_out_channels=(16, 32, 32),
        layers_per_block=1,
        norm_num_groups=8,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        attention_head_dim=2,
        cross_attention_dim=WIDTH,
    ).eval()


def _sdxl_unet() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=128,
        block_out_channels=(16, 32, 32),
        layers_per_block=1,
        norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=(1, 1, 2),
        attention_head_dim=(1, 2, 4),
        cross_attention_dim=WIDTH + WIDTH_2,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + WIDTH_2,
    ).eval()


def _vae(scaling_factor: float) -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(8, 8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=4,
        sample_size=64,
        scaling_factor=scaling_factor,
    ).eval()


def _lora_of(model: torch.nn.Module, targets: list[str]) -> dict[str, torch.Tensor]:
    model.add_adapter(LoraConfig(r=4, lora_alpha=4, target_modules=targets, init_lora_weights="gaussian"))
    state = get_peft_model_state_dict(model)
    return {key: value if "lora_A" in key else torch.randn_like(value) * 0.5 for key, value in sorted(state.items())}


def _as_kohya(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The same weights under the key names that kohya's trainer writes, with an ``alpha`` of half the rank."""
    prefixes = {"unet": "lora_unet_", "text_encoder": "lora_te_text_model_", "text_encoder_2": "lora_te2_"}
    if any(key.startswith("text_encoder_2.") for key in state):
        prefixes["text_encoder"] = "lora_te1_text_model_"
    ends = {
        ".lora_A.weight": ".lora_down.weight",
        ".lora_B.weight": ".lora_up.weight",
        ".lora_linear_layer.down.weight": ".lora_down.weight",
        ".lora_linear_layer.up.weight": ".lora_up.weight",
    }
    converted = {}
    for key, value in state.items():
        part, _, rest = key.partition(".")
        end = next(end for end in ends if rest.endswith(end))
        module = prefixes[part] + rest.removesuffix(end).replace(".", "_")
        converted[module + ends[end]] = value
        converted[module + ".alpha"] = torch.tensor(2.0)
    return converted


def _byte_symbols() -> list[str]:
    """The 256 printable stand-ins for bytes that GPT-2's and CLIP's byte-level BPE use, in CLIP's order."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    rest = [number for number in range(256) if number not in printable]
    return [chr(number) for number in printable] + [chr(256 + place) for place in range(len(rest))]


def _save_vocabulary(folder: Path) -> None:
    vocabulary, merges = tiny_vocabulary()
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
