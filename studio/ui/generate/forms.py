"""From the form to requests and back: pure functions between a draft and what the queue takes."""

from __future__ import annotations

from collections.abc import Sequence

from studio.catalog.control_maps import CONTROL_MAPS
from studio.errors import InvalidRequest, UnknownName
from studio.poses.values import Pose
from studio.prompts.random.drawing import Drawn
from studio.prompts.syntax import loras as lora_tags
from studio.request import MAX_SEED, ControlUnit, GenerationRequest, ImageRef, LoraRef
from studio.ui.generate import finish
from studio.ui.generate.draft import Draft

Sight = Pose | ImageRef | None
"""What a control sees."""


def requests_from(
    draft: Draft, seed: int, sight: Sight, second: Sight = None, drawn: Sequence[Drawn] = ()
) -> list[GenerationRequest]:
    """``draft.count`` requests that differ by seed, the first with ``seed``; or one for each of ``drawn`` prompts.

    ``sight`` is what the first control sees where the draft itself does not hold it: its pose, or its drawing as an
    image. ``second`` is the second control's pose.

    Raises:
        InvalidRequest: something is missing or out of range.
    """
    if not drawn:
        drawn = [Drawn(draft.prompt, draft.negative_prompt, number) for number in range(draft.count)]
    worded = [_worded(draft, each, (seed + each.offset) % (MAX_SEED + 1)) for each in drawn]
    first = GenerationRequest.build(
        **worded[0],
        checkpoint=draft.checkpoint or "",
        vae=draft.vae,
        sampler=draft.sampler,
        schedule=draft.schedule,
        steps=draft.steps,
        guidance_scale=draft.guidance_scale,
        width=draft.width,
        height=draft.height,
        clip_skip=draft.clip_skip,
        controls=_controls(draft, sight, second),
        source=_source(draft),
        **finish.passes(draft),
    )
    return [first, *(first.with_(**words) for words in worded[1:])]


def draft_from(request: GenerationRequest, draft: Draft) -> Draft:
    """The form that makes ``request`` again; what a request does not hold (the batch count) stays as in ``draft``."""
    control, second = (*request.controls[:2], None, None)[:2]
    return draft.with_(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        style=None,
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
        **_second_fields(second),
        **finish.fields_of(request),
    )


# The parts are given as plain fields, so that one place checks them all and names what is wrong.


def _controls(draft: Draft, sight: Sight, second: Sight) -> tuple[dict[str, object], ...]:
    if draft.control == "none":
        return ()  # The second one counts beside a first.
    first = {
        "model": draft.control_model,
        "weight": draft.control_weight,
        "start": draft.control_start,
        "end": draft.control_end,
        **_first_seen(draft, sight),
    }
    if draft.second == "none":
        return (first,)
    beside = {
        "model": draft.second_model,
        "weight": draft.second_weight,
        "start": draft.second_start,
        "end": draft.second_end,
        **(_pose(second) if draft.second == "pose" else _second_map(draft)),
    }
    return first, beside


def _first_seen(draft: Draft, sight: Sight) -> dict[str, object]:
    if draft.control == "image":
        if draft.map_from == "photo":
            return _map(made_type(draft.map_way), draft.map_made if draft.map_photo else None)
        return _map(draft.control_type, draft.control_image)
    if draft.control != "sketch":
        return _pose(sight)
    if not isinstance(sight, ImageRef):
        raise InvalidRequest(
            "Nothing has been drawn yet.", "Draw some lines on the canvas, or set the control to None.", "control_image"
        )
    return {"type": draft.sketch_type, "image": sight}


def _second_map(draft: Draft) -> dict[str, object]:
    if draft.second_map_from == "photo":
        return _map(made_type(draft.second_map_way), draft.second_map_made if draft.second_map_photo else None)
    return _map(draft.second_type, draft.second_image)


def made_type(way: str) -> str:
    """The control type that a map made in this way feeds."""
    return CONTROL_MAPS[way].control if way in CONTROL_MAPS else way


def _pose(sight: Sight) -> dict[str, object]:
    if not isinstance(sight, Pose):
        raise UnknownName("No pose is chosen.", "Choose one from the library, or set the control to None.")
    return {"type": "openpose", "pose": sight}


def _map(control_type: str, sha256: str | None) -> dict[str, object]:
    if not sha256:
        raise InvalidRequest(
            "There is no control map yet.",
            "Upload one, wait until it is made from your photo, or set the control to None.",
            "control_image",
        )
    return {"type": control_type, "image": {"sha256": sha256}}


def _worded(draft: Draft, drawn: Drawn, seed: int) -> dict[str, object]:
    """The fields that differ among the pictures of one click."""
    prompt, tagged = lora_tags.extract(drawn.prompt)
    if not prompt.strip():
        raise InvalidRequest(
            "The prompt is empty.", "Describe the picture, for example: 1girl, running, park.", "prompt"
        )
    loras = _loras(draft, tagged)
    return {"prompt": prompt, "negative_prompt": drawn.negative_prompt, "seed": seed, "loras": loras}


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
        "map_from": "file",
    }


def _second_fields(control: ControlUnit | None) -> dict[str, object]:
    if control is None:
        return {"second": "none"}
    return {
        "second": "pose" if control.pose else "image",
        "second_type": control.type,
        "second_model": control.model,
        "second_weight": control.weight,
        "second_start": control.start,
        "second_end": control.end,
        "second_pose_name": "" if control.pose else None,
        "second_pose_json": control.pose.model_dump_json() if control.pose else None,
        "second_image": control.image.sha256 if control.image else None,
        "second_map_from": "file",
    }
