"""What a browser finds that was never here: a form that is filled in, so that the first picture is one click away."""

from __future__ import annotations

import streamlit as st

from studio.catalog.checkpoints import checkpoint_folder, traits
from studio.poses.library import library_pose, pose_names
from studio.poses.proportions import retarget
from studio.ui.failures import plain
from studio.ui.generate import suiting
from studio.ui.generate.draft import Draft
from studio.ui.models import Shelves
from studio.ui.services import services


def draft(shelves: Shelves) -> Draft:
    """The first usable checkpoint with its family's values and example, a pose where a ControlNet is there."""
    names = shelves.usable_checkpoints()
    checkpoint = shelves.checkpoint(names[0]) if names else None
    family = traits(checkpoint)
    first = Draft(
        prompt=family.example_prompt,
        negative_prompt=family.example_negative,
        checkpoint=checkpoint and checkpoint.name,
        **suiting.values(family),
    )
    if family.example_pose not in pose_names() or not shelves.controlnets_for(checkpoint, "openpose"):
        return first
    if not family.example_proportions:
        return first.with_(control="pose", pose_name=family.example_pose)
    pose = retarget(library_pose(family.example_pose), family.example_proportions)
    return first.with_(control="pose", pose_name="", pose_json=pose.model_dump_json())


def show_missing_checkpoint() -> None:
    """One sentence on how to get a checkpoint, for a studio that has none."""
    folder = plain(str(checkpoint_folder(services().settings)))
    st.info(
        f"There is no checkpoint yet: put a .safetensors file or a diffusers folder into {folder}, "
        "and it appears here.",
        icon=":material/deployed_code:",
    )
