"""The Finish part of a form: hires pass and upscale, to a request and back. Pure functions."""

from __future__ import annotations

from studio.request import GenerationRequest, HiresPass, UpscalePass
from studio.request_passes import LANCZOS
from studio.ui.generate.draft import Draft


def passes(draft: Draft) -> dict[str, dict[str, object] | None]:
    """The fields ``hires`` and ``upscale`` of the draft's request, as plain fields."""
    return {"hires": _hires(draft) if draft.hires else None, "upscale": _upscale(draft) if draft.upscale else None}


def fields_of(request: GenerationRequest) -> dict[str, object]:
    """The draft's fields that make these passes again; those of a pass that is off stay as they are."""
    found: dict[str, object] = {"hires": request.hires is not None, "upscale": request.upscale is not None}
    if request.hires is not None:
        found |= _hires_fields(request.hires)
    if request.upscale is not None:
        found |= _upscale_fields(request.upscale)
    return found


def words(draft: Draft) -> str:
    """The passes in a few words, for the fold's label."""
    parts = []
    if draft.hires:
        size = f"×{draft.hires_scale:g}" if draft.hires_by == "scale" else f"{draft.hires_width} × {draft.hires_height}"
        parts.append(f"hires {size} at {draft.hires_strength:g}")
    if draft.upscale:
        to = {
            "side": f"to {draft.upscale_side} px",
            "scale": f"×{draft.upscale_scale:g}",
            "size": f"to {draft.upscale_width} × {draft.upscale_height}",
        }
        parts.append(f"upscale {to[draft.upscale_by]}")
    return " · ".join(parts) or "as drawn"


def _hires(draft: Draft) -> dict[str, object]:
    exact = {"width": draft.hires_width, "height": draft.hires_height}
    return {
        **({"scale": draft.hires_scale} if draft.hires_by == "scale" else exact),
        "upscaler": draft.hires_upscaler or LANCZOS,
        "strength": draft.hires_strength,
        "steps": draft.hires_steps or None,
    }


def _upscale(draft: Draft) -> dict[str, object]:
    target: dict[str, dict[str, object]] = {
        "scale": {"scale": draft.upscale_scale},
        "side": {"side": draft.upscale_side, "edge": draft.upscale_edge},
        "size": {"width": draft.upscale_width, "height": draft.upscale_height},
    }
    return {
        **target[draft.upscale_by],
        "upscaler": draft.upscale_upscaler or LANCZOS,
        "fast": draft.upscale_fast,
    }


def _hires_fields(hires: HiresPass) -> dict[str, object]:
    exact = {"hires_by": "size", "hires_width": hires.width, "hires_height": hires.height}
    return {
        **({"hires_by": "scale", "hires_scale": hires.scale} if hires.width is None else exact),
        "hires_upscaler": hires.upscaler,
        "hires_strength": hires.strength,
        "hires_steps": hires.steps or 0,
    }


def _upscale_fields(upscale: UpscalePass) -> dict[str, object]:
    if upscale.scale is not None:
        target: dict[str, object] = {"upscale_by": "scale", "upscale_scale": upscale.scale}
    elif upscale.side is not None:
        target = {"upscale_by": "side", "upscale_side": upscale.side, "upscale_edge": upscale.edge}
    else:
        target = {"upscale_by": "size", "upscale_width": upscale.width, "upscale_height": upscale.height}
    return {**target, "upscale_upscaler": upscale.upscaler, "upscale_fast": upscale.fast}
