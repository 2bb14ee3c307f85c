"""Whether everything a request names exists here, checked before it is queued and without loading anything."""

from __future__ import annotations

from studio.catalog import additions
from studio.catalog.checkpoints import find_checkpoint
from studio.catalog.samplers import find_sampler, scheduler_arguments
from studio.catalog.upscalers import find_upscaler
from studio.errors import InvalidRequest
from studio.prompts.syntax import loras, reading
from studio.request import GenerationRequest
from studio.settings import Settings


def check(settings: Settings, request: GenerationRequest) -> None:
    """Return quietly when every name in ``request`` leads somewhere and fits.

    A hub id passes: whether it can be had shows when the worker fetches it.

    Raises:
        UnknownName: a sampler, schedule, checkpoint, VAE, ControlNet, LoRA or upscaler that does not exist.
        UnusableWeights: one that is damaged, pickled, or of another family than the checkpoint.
        InvalidRequest: more steps than the sampler can take, or a prompt that cannot be read.
    """
    walk = reading.Walk(request.steps)
    reading.parts(request.prompt, walk)
    reading.stretches(request.negative_prompt, walk)
    scheduler_arguments(request.sampler, request.schedule)
    longest = find_sampler(request.sampler).max_steps
    steps = max(request.steps, (request.hires and request.hires.steps) or 0)
    if steps > longest:
        raise InvalidRequest(
            f"The sampler {request.sampler} takes {longest} steps at most.", "Lower the steps.", field="steps"
        )
    family = find_checkpoint(settings, request.checkpoint).usable().family
    if request.vae:
        additions.find_vae(settings, request.vae)
    for unit in request.controls:
        additions.find_controlnet(settings, unit, family or "sd15", request.checkpoint)
    for lora in loras.of_request(request):
        additions.find_lora(settings, lora.name, family)
    for enlarging in (request.hires, request.upscale):
        if enlarging is not None:
            find_upscaler(settings, enlarging.upscaler)


def weights_bytes(settings: Settings, request: GenerationRequest) -> int:
    """How many bytes of weights the request needs at once, by the sizes of their files; what is on the hub counts 0.

    Raises as :func:`check`.
    """
    checkpoint = find_checkpoint(settings, request.checkpoint).usable()
    family = checkpoint.family
    vaes = [additions.find_vae(settings, request.vae)] if request.vae else []
    nets = {
        net.name: net
        for unit in request.controls
        for net in [additions.find_controlnet(settings, unit, family or "sd15", request.checkpoint)]
    }
    added = [additions.find_lora(settings, lora.name, family) for lora in loras.of_request(request)]
    return sum(model.size_bytes for model in (checkpoint, *vaes, *nets.values(), *added))
