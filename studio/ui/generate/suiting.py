"""The values that suit a checkpoint, offered below its choice while the form holds others."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.advice import LARGE, SMALL
from studio.catalog.families import FamilySpec
from studio.ui import desk
from studio.ui.generate.draft import UPSCALED_SIDE


def values(family: FamilySpec) -> dict[str, Any]:
    """Size, sampling and upscaling of ``family`` as fields of a draft."""
    width, height = family.size_presets[:2][-1]
    return {
        "steps": family.steps,
        "guidance_scale": family.guidance_scale,
        "sampler": family.sampler,
        "clip_skip": family.clip_skip,
        "width": width,
        "height": height,
        "upscale": family.upscaled_side > 0,
        "upscale_by": "side",
        "upscale_side": family.upscaled_side or UPSCALED_SIDE,
    }


def show(family: FamilySpec) -> None:
    """A button that puts them in; nothing while the form's size suits the family."""
    suited = values(family)
    if suits(family, desk.value("width"), desk.value("height")):
        return
    st.button(
        f"Use what suits it: {suited['width']}×{suited['height']}, {suited['sampler']}, {suited['steps']} steps, "
        f"guidance {suited['guidance_scale']:g}",
        key="suit",
        icon=":material/tune:",
        help=f"{family.label} draws best near {family.native_size}×{family.native_size} pixels.",
        on_click=desk.put_values,
        kwargs=suited,
    )


def suits(family: FamilySpec, width: int, height: int) -> bool:
    """Whether a picture of this size has about the number of pixels that the family was trained on."""
    return SMALL <= width * height / family.native_size**2 <= LARGE
