"""What a browser finds that was never here: a form that is filled in, so that the first picture is one click away."""

from __future__ import annotations

import streamlit as st

from studio.catalog.checkpoints import checkpoint_folder, traits
from studio.poses.library import pose_names
from studio.ui.draft import Draft
from studio.ui.failures import plain
from studio.ui.models import Shelves
from studio.ui.services import services

FAVOURITES = ("jogging", "running", "jog", "run", "standing")


def draft(shelves: Shelves) -> Draft:
    """The first usable checkpoint with its family's values, an example prompt, a pose where a ControlNet is there."""
    names = shelves.usable_checkpoints()
    checkpoint = shelves.checkpoint(names[0]) if names else None
    family = traits(checkpoint)
    width, height = family.size_presets[1]
    first = Draft(
        checkpoint=checkpoint and checkpoint.name,
        steps=family.steps,
        guidance_scale=family.guidance_scale,
        sampler=family.sampler,
        clip_skip=family.clip_skip,
        width=width,
        height=height,
    )
    pose = favourite_pose()
    if pose is None or not shelves.controlnets_for(checkpoint, "openpose"):
        return first
    return first.with_(control="pose", pose_name=pose)


def favourite_pose() -> str | None:
    """The library's jogging pose, or its first where it has none."""
    names = pose_names()
    wanted = [name for favourite in FAVOURITES for name in names if favourite in name.lower()]
    return next(iter([*wanted, *names]), None)


def show_missing_checkpoint() -> None:
    """One sentence on how to get a checkpoint, for a studio that has none."""
    folder = plain(str(checkpoint_folder(services().settings)))
    st.info(
        f"There is no checkpoint yet: put a .safetensors file or a diffusers folder into {folder}, "
        "and it appears here.",
        icon=":material/deployed_code:",
    )
