"""The oracle: the same request through diffusers' stock pipelines, with nothing of the studio's engine in between."""

from __future__ import annotations

from pathlib import Path

import diffusers
import numpy as np
import torch
from PIL import Image

from studio.catalog.samplers import scheduler_arguments
from studio.request import GenerationRequest

PIPELINES = {
    ("sd15", False, False): diffusers.StableDiffusionPipeline,
    ("sd15", True, False): diffusers.StableDiffusionControlNetPipeline,
    ("sd15", False, True): diffusers.StableDiffusionImg2ImgPipeline,
    ("sd15", True, True): diffusers.StableDiffusionControlNetImg2ImgPipeline,
    ("sdxl", False, False): diffusers.StableDiffusionXLPipeline,
    ("sdxl", True, False): diffusers.StableDiffusionXLControlNetPipeline,
    ("sdxl", False, True): diffusers.StableDiffusionXLImg2ImgPipeline,
    ("sdxl", True, True): diffusers.StableDiffusionXLControlNetImg2ImgPipeline,
}


def stock(zoo: Path, request: GenerationRequest, maps: list[Image.Image], source: Image.Image | None):
    """(latents, image as uint8 array) of ``request`` as the stock pipeline makes them.

    Args:
        zoo: models folder.
        maps: control maps at the request's size, one per control unit.
        source: img2img source at the request's size.
    """
    family = "sdxl" if "sdxl" in request.checkpoint else "sd15"
    pipeline = pipeline_of(zoo, request, family)
    latents = pipeline(**_arguments(pipeline, request, family, maps, source), output_type="latent").images
    decoded = pipeline(**_arguments(pipeline, request, family, maps, source), output_type="np").images
    return latents, (decoded[0] * 255).round().astype(np.uint8)


def pipeline_of(zoo: Path, request: GenerationRequest, family: str):
    kind = PIPELINES[family, bool(request.controls), request.source is not None]
    parts = {"safety_checker": None, "requires_safety_checker": False} if family == "sd15" else {}
    if request.controls:
        nets = [
            diffusers.ControlNetModel.from_pretrained(zoo / "controlnets" / unit.model) for unit in request.controls
        ]
        parts["controlnet"] = nets[0] if len(nets) == 1 else nets
    pipeline = kind.from_pretrained(zoo / "checkpoints" / request.checkpoint, torch_dtype=torch.float32, **parts)
    class_name, arguments = scheduler_arguments(request.sampler, request.schedule)
    pipeline.scheduler = getattr(diffusers, class_name).from_config(pipeline.scheduler.config, **arguments)
    pipeline.set_progress_bar_config(disable=True)
    # The encoder happens to leave its output channels-last, for which the CPU library takes other kernels; random tiny
    # networks blow that rounding up. The engine keeps one layout always, as slot invariance demands.
    pipeline.vae.quant_conv.register_forward_hook(lambda module, inputs, output: output.contiguous())
    for number, lora in enumerate(request.loras):
        pipeline.load_lora_weights(zoo / "loras", weight_name=f"{lora.name}.safetensors", adapter_name=f"l{number}")
    if request.loras:
        pipeline.set_adapters([f"l{n}" for n in range(len(request.loras))], [lora.weight for lora in request.loras])
    return pipeline


def _arguments(pipeline, request: GenerationRequest, family: str, maps, source) -> dict:
    arguments = {
        "num_inference_steps": request.steps,
        "guidance_scale": request.guidance_scale,
        "generator": torch.Generator("cpu").manual_seed(request.seed),
        **_text(pipeline, request, family),
    }
    if request.source is None:
        arguments |= {"width": request.width, "height": request.height}
    else:
        arguments |= {"image": source, "strength": request.source.strength}
    if request.controls:
        one = len(request.controls) == 1
        arguments |= {
            "image" if source is None else "control_image": maps[0] if one else maps,
            "controlnet_conditioning_scale": _one([unit.weight for unit in request.controls]),
            "control_guidance_start": _one([unit.start for unit in request.controls]),
            "control_guidance_end": _one([unit.end for unit in request.controls]),
        }
    return arguments


def _one(values: list[float]):
    return values[0] if len(values) == 1 else values


def _text(pipeline, request: GenerationRequest, family: str) -> dict:
    if family == "sdxl" or request.clip_skip == 1:
        negative = None if family == "sdxl" and not request.negative_prompt else request.negative_prompt
        return {"prompt": request.prompt, "negative_prompt": negative}
    # Stock skips layers for the positive prompt only; A1111, whose rules the studio follows, skips for both.
    return {
        "prompt_embeds": _skipped(pipeline, request.prompt, request.clip_skip),
        "negative_prompt_embeds": _skipped(pipeline, request.negative_prompt, request.clip_skip),
    }


@torch.no_grad()
def _skipped(pipeline, text: str, clip_skip: int) -> torch.Tensor:
    ids = pipeline.tokenizer(text, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
    states = pipeline.text_encoder(ids, output_hidden_states=True).hidden_states
    return pipeline.text_encoder.final_layer_norm(states[-clip_skip])
