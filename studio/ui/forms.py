"""From the form to requests and back: pure functions between a draft and what the queue takes."""

from __future__ import annotations

from studio.errors import InvalidRequest, UnknownName
from studio.poses.values import Pose
from studio.prompts import loras as lora_tags
from studio.request import MAX_SEED, ControlUnit, GenerationRequest, LoraRef
from studio.ui.draft import Draft


def requests_from(draft: Draft, seed: int, pose: Pose | None) -> list[GenerationRequest]:
    """``draft.count`` requests that differ by seed, the first with ``seed``.

    ``pose`` is the draft's pose where it has one.

    Raises:
        InvalidRequest: something is missing or out of range.
    """
    prompt, tagged = lora_tags.extract(draft.prompt)
    if not prompt.strip():
        raise InvalidRequest(
            "The prompt is empty.", "Describe the picture, for example: 1girl, running, park.", "prompt"
        )
    first = GenerationRequest.build(
        prompt=prompt,
        negative_prompt=draft.negative_prompt,
        checkpoint=draft.checkpoint or "",
        vae=draft.vae,
        sampler=draft.sampler,
        schedule=draft.schedule,
        steps=draft.steps,
        guidance_scale=draft.guidance_scale,
        seed=seed,
        width=draft.width,
        height=draft.height,
        clip_skip=draft.clip_skip,
        controls=_controls(draft, pose),
        loras=_loras(draft, tagged),
        source=_source(draft),
    )
    return [first.with_(seed=(seed + number) % (MAX_SEED + 1)) for number in range(draft.count)]


def draft_from(request: GenerationRequest, draft: Draft) -> Draft:
    """The form that makes ``request`` again; what a request does not hold (the batch count) stays as in ``draft``."""
    control = request.controls[0] if request.controls else None
    return draft.with_(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        checkpoint=request.checkpoint,
        vae=request.vae,
        sampler=request.sampler,
        schedule=request.schedule,
        steps=request.steps,
        guidance_scale=request.guidance_scale,
        width=request.width,
        height=request.height,
        seed=request.seed,
        seed_locked=True,
        clip_skip=request.clip_skip,
        loras={lora.name: lora.weight for lora in request.loras},
        source_image=request.source.image.sha256 if request.source else None,
        strength=request.source.strength if request.source else draft.strength,
        **_control_fields(control),
    )


# The parts are given as plain fields, so that one place checks them all and names what is wrong.


def _controls(draft: Draft, pose: Pose | None) -> tuple[dict[str, object], ...]:
    if draft.control == "none":
        return ()
    shared = {
        "model": draft.control_model,
        "weight": draft.control_weight,
        "start": draft.control_start,
        "end": draft.control_end,
    }
    if draft.control == "pose":
        if pose is None:
            raise UnknownName("No pose is chosen.", "Choose one from the library, or set the control to None.")
        return ({"type": "openpose", "pose": pose, **shared},)
    if not draft.control_image:
        raise InvalidRequest("No control map is chosen.", "Upload one, or set the control to None.", "control_image")
    return ({"type": draft.control_type, "image": {"sha256": draft.control_image}, **shared},)


def _loras(draft: Draft, tagged: tuple[LoraRef, ...]) -> tuple[LoraRef | dict[str, object], ...]:
    named = {lora.name for lora in tagged}
    picked = [{"name": name, "weight": weight} for name, weight in draft.loras.items() if name not in named]
    return (*tagged, *picked)


def _source(draft: Draft) -> dict[str, object] | None:
    return {"image": {"sha256": draft.source_image}, "strength": draft.strength} if draft.source_image else None


def _control_fields(control: ControlUnit | None) -> dict[str, object]:
    if control is None:
        return {"control": "none"}
    return {
        "control": "pose" if control.pose else "image",
        "control_type": control.type,
        "control_model": control.model,
        "control_weight": control.weight,
        "control_start": control.start,
        "control_end": control.end,
        "pose_name": "" if control.pose else None,
        "pose_json": control.pose.model_dump_json() if control.pose else None,
        "control_image": control.image.sha256 if control.image else None,
    }
