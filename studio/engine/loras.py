"""LoRAs on a loaded checkpoint, through diffusers' own loaders (kohya and diffusers key formats)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diffusers import DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline

from studio.catalog.additions import Lora
from studio.engine.load_failures import loading
from studio.engine.loaded import LoadedCheckpoint
from studio.errors import UnusableWeights


def apply_loras(loaded: LoadedCheckpoint, loras: Sequence[tuple[Lora, float]]) -> None:
    """Put exactly ``loras`` (file, weight) onto ``loaded``, in place of those that are on it; weight 0 is left out.

    Raises:
        UnusableWeights: a LoRA is damaged or fits no part of this checkpoint; none is applied then.
    """
    wanted = [(lora, weight) for lora, weight in loras if weight != 0]
    applied = tuple((lora.name, weight) for lora, weight in wanted)
    if applied == loaded.loras:
        return
    remove_loras(loaded)
    if not wanted:
        return
    pipeline = _pipeline(loaded)
    try:
        for number, (lora, _) in enumerate(wanted):
            _load(pipeline, loaded, lora, f"lora{number}")
        with loading("the LoRAs"):
            pipeline.set_adapters([f"lora{number}" for number in range(len(wanted))], [weight for _, weight in wanted])
    except BaseException:
        pipeline.unload_lora_weights()
        raise
    loaded.loras = applied


def remove_loras(loaded: LoadedCheckpoint) -> None:
    """Take all LoRAs off; the weights are then the checkpoint's own, bit for bit."""
    if loaded.loras:
        _pipeline(loaded).unload_lora_weights()
        loaded.loras = ()


def _load(pipeline, loaded: LoadedCheckpoint, lora: Lora, adapter: str) -> None:
    path = lora.usable().path
    assert path is not None, "a LoRA on a shelf has a path"
    with loading(lora.name):
        pipeline.load_lora_weights(
            str(path.parent), weight_name=path.name, adapter_name=adapter, local_files_only=True, use_safetensors=True
        )
    parts = (loaded.unet, *loaded.text_encoders)
    if not any(adapter in (getattr(part, "peft_config", None) or {}) for part in parts):
        raise UnusableWeights(
            f"The LoRA {lora.name} fits no part of {loaded.name}.", "Choose a LoRA made for the checkpoint's family."
        )


def _pipeline(loaded: LoadedCheckpoint) -> StableDiffusionPipeline | StableDiffusionXLPipeline:
    """The stock pipeline around the same networks: it only serves as the home of diffusers' LoRA loaders."""
    parts: dict[str, Any] = {
        "unet": loaded.unet,
        "vae": loaded.vae,
        "text_encoder": loaded.text_encoders[0],
        "tokenizer": loaded.tokenizers[0],
        "scheduler": DDIMScheduler(steps_offset=1, clip_sample=False),
    }
    if len(loaded.text_encoders) == 1:
        parts |= {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
        return StableDiffusionPipeline(**parts)
    parts |= {"text_encoder_2": loaded.text_encoders[1], "tokenizer_2": loaded.tokenizers[1]}
    return StableDiffusionXLPipeline(**parts, add_watermarker=False)
