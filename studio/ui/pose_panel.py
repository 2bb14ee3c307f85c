"""The pose strip: what holds the figure in place, how strongly and in which part of the steps."""

from __future__ import annotations

import streamlit as st

from studio.catalog.controls import CONTROL_TYPES
from studio.errors import StudioError
from studio.poses.library import library_pose, pose_names
from studio.poses.values import Pose
from studio.ui import choices, desk, draft, media, problems, ranges, uploads
from studio.ui.draft import Draft, kept_pose
from studio.ui.words import HELP

LABELS = {"none": "No control", "pose": "Pose", "image": "Control map"}
KEPT = ""
"""Stands in the list of poses for the pose that came with another picture's settings."""


def show(controlnets: list[str]) -> None:
    """``controlnets`` are the names of those that fit the chosen checkpoint."""
    control, bound = desk.value("control"), desk.bind("control")
    st.segmented_control(
        "Control", list(LABELS), default=bound.initial, format_func=LABELS.__getitem__, key=bound.key, required=True,
        help=HELP["control"], width="stretch",
    )  # fmt: skip
    if control != "none":
        picture, choice = st.columns([1, 3], wrap=False)
        with choice:
            if control == "pose":
                _pose_choice()
            else:
                _map_choice()
        with picture, st.container(key="control_thumbnail"):
            _thumbnail(desk.draft())
        ranges.number("control_weight", "Control weight", draft.WEIGHT, 0.05, draft.GOOD_WEIGHT)
        _fine(controlnets)
    problems.show("pose")


def pose_of(draft: Draft) -> Pose | None:
    """The draft's pose, if it has one.

    Raises:
        StudioError: the library does not have it.
    """
    if draft.control != "pose":
        return None
    if draft.pose_name == KEPT:
        return kept_pose(draft)
    return library_pose(draft.pose_name) if draft.pose_name else None


def pose_label(name: str | None) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize() if name else "As in the picture"


def _pose_choice() -> None:
    names = pose_names()
    choices.one("pose_name", "Pose", [KEPT, *names] if desk.value("pose_json") else names, pose_label, "Choose a pose")


def _map_choice() -> None:
    choices.one("control_type", "Kind of map", list(CONTROL_TYPES), _type_label)
    uploads.show("control_image", "Control map", "pose", background="black")


def _type_label(name: str | None) -> str:
    return CONTROL_TYPES[name].label if name in CONTROL_TYPES else str(name)


def _thumbnail(draft: Draft) -> None:
    if draft.control == "image":
        if draft.control_image:
            st.image(media.thumbnail_url(draft.control_image), alt="The control map", width="stretch")
        return
    try:
        pose = pose_of(draft)
    except StudioError:
        return
    if pose is not None and min(draft.width, draft.height) > 0:
        st.image(
            media.map_url(pose, draft.width, draft.height), alt="The pose as the ControlNet sees it", width="stretch"
        )


def _fine(controlnets: list[str]) -> None:
    start, end, model = desk.value("control_start"), desk.value("control_end"), desk.value("control_model")
    with st.expander(f"Control window · {start:g} to {end:g} · {model or 'automatic'}", key="fold_control"):
        ranges.number("control_window", "Acts from", (0.0, 1.0), 0.05, field="control_start")
        ranges.number("control_window", "Acts until", (0.0, 1.0), 0.05, field="control_end")
        choices.one("control_model", "ControlNet", [None, *controlnets], lambda name: name or "Automatic")
