"""What a proposal offers besides words: settings and a pose, each ticked by hand, and the way into the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from studio.assistant.differences import Review
from studio.assistant.proposal import Proposal
from studio.poses import library as poses
from studio.ui import desk, media
from studio.ui.assistant import apply
from studio.ui.failures import plain
from studio.ui.generate import draft

NAMES = {
    "steps": "Steps", "guidance_scale": "Guidance", "sampler": "Sampler", "width": "Width", "height": "Height",
    "clip_skip": "Clip skip", "control_weight": "Control weight",
}  # fmt: skip
THUMBNAIL = 192


def choose(proposal: Proposal, mark: str) -> dict[str, Any]:
    """Ticks for settings and pose, all of them off at first; the fields of what is ticked."""
    offers, pose = settings_of(proposal), pose_of(proposal)
    chosen: dict[str, Any] = {}
    if not offers and pose is None:
        return chosen
    with st.container(key="assistant_offers", gap="xsmall"):
        st.markdown("**Settings it suggests** · taken only where you tick them")
        for name, value in offers.items():
            label = f"{NAMES[name]}: {_shown(desk.value(name))} → {_shown(value)}"
            if st.checkbox(plain(label), key=f"offer_{mark}_{name}"):
                chosen[name] = value
        if pose is not None and _pose(pose, mark):
            chosen |= apply.pose_values(pose)
    return chosen


def settings_of(proposal: Proposal) -> dict[str, Any]:
    """The settings that differ from the form's, in the types its widgets take."""
    found: dict[str, Any] = {}
    for name, value in proposal.settings.items():
        if name not in NAMES:
            continue
        kind = type(draft.RANGES[name][0]) if name in draft.RANGES else str
        if kind(value) != desk.value(name):
            found[name] = kind(value)
    return found


def pose_of(proposal: Proposal) -> str | None:
    """The pose, if the library has it and the form does not follow it already."""
    if proposal.pose is None or proposal.pose not in poses.pose_names():
        return None
    same = desk.value("control") == "pose" and desk.value("pose_name") == proposal.pose
    return None if same else proposal.pose


def _pose(name: str, mark: str) -> bool:
    entry = next(entry for entry in poses.entries() if entry.name == name)
    scale = THUMBNAIL / max(entry.pose.width, entry.pose.height)
    size = max(1, round(entry.pose.width * scale)), max(1, round(entry.pose.height * scale))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        ticked = st.checkbox(f"Pose: {plain(entry.label)}", key=f"offer_{mark}_pose")
        st.image(media.map_url(entry.pose, *size), width=72, alt=f"The pose {entry.label}")
    return ticked


def show_apply(chosen: Mapping[str, Any], proposal: Proposal) -> None:
    """On Generate: takes what is ticked."""
    if settings_of(proposal) or pose_of(proposal):
        st.button(
            "Apply the ticked", icon=":material/tune:", key="assistant_apply", disabled=not chosen,
            on_click=_apply, args=(dict(chosen),), help="Sets these fields of the form.",
        )  # fmt: skip


def _apply(values: dict[str, Any]) -> None:
    desk.sync()
    apply.put(values)


def show_use(reviews: Mapping[str, Review], chosen: Mapping[str, Any]) -> None:
    """On the Assistant page: takes the accepted parts, or all where none is singled out, to the form of Generate."""
    label, values = use(reviews)
    # Not a callback: switching pages is for the body of a script.
    if st.button(
        label, icon=":material/brush:", key="use_in_generate", type="primary",
        help="Fills the form of Generate with this and what is ticked, and goes there. Undo stands there as well.",
    ):  # fmt: skip
        apply.to_generate({**values, **chosen})


def use(reviews: Mapping[str, Review]) -> tuple[str, dict[str, str]]:
    """What the button is called, and the prompts it takes."""
    changes = sum(len(review.difference.open) for review in reviews.values())
    taken = sum(len(review.accepted) for review in reviews.values())
    if not taken:
        return "Use in Generate", {name: review.accept_all().text for name, review in reviews.items()}
    label = "Use in Generate" if taken == changes else f"Use {taken} of {changes} changes in Generate"
    return label, {name: review.text for name, review in reviews.items()}


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
