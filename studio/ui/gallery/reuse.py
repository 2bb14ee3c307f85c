"""Taking a picture's recipe, or a part of it, into the form of the Generate page."""

from __future__ import annotations

from collections.abc import Callable, Set

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture
from studio.poses.values import Pose
from studio.request import GenerationRequest
from studio.ui import desk, failures
from studio.ui.generate import control_sources, first_visit, forms
from studio.ui.generate.control_sources import CONTROL_FIELDS
from studio.ui.generate.draft import Draft
from studio.ui.models import shelves
from studio.ui.pose import desk_panel as pose_desk_panel
from studio.ui.services import services

GENERATE = "generate.py"
PARTS: dict[str, tuple[str, str, str, Set[str] | None]] = {
    "all": ("Use all", ":material/tune:", "Fills the form with everything that made this picture, seed locked.", None),
    "seed": ("Use seed", ":material/lock:", "Locks this seed, leaves the rest.", {"seed", "seed_locked"}),
    "pose": ("Use pose", ":material/accessibility_new:", "Takes only the pose or control map.", CONTROL_FIELDS),
    "prompt": (
        "Use prompt", ":material/notes:", "Takes only the two prompts.", {"prompt", "negative_prompt", "style"}
    ),
}  # fmt: skip
"""Part → label, icon, help, and the fields of the form it fills (None: all)."""


def show(picture: Picture) -> None:
    """The buttons; a click leads to Generate. A picture without a recipe can only be a start image."""
    with st.container(horizontal=True, key="reuse"):
        for part, (label, icon, help, _) in PARTS.items() if picture.has_recipe else ():
            pressed = st.button(
                label, icon=icon, key=f"use_{part}", help=help, type="primary" if part == "all" else "secondary",
                disabled=part == "pose" and not picture.request.controls,
            )  # fmt: skip
            # Not a callback: switching pages is for the body of a script.
            if pressed:
                _fill(lambda before, part=part: _with_part(before, picture.request, part))
        if st.button(
            "Use as start", icon=":material/image:", key="use_picture",
            help="Begins the next picture from this one instead of noise (img2img).",
        ):  # fmt: skip
            _fill(lambda before: before.with_(source_image=picture.sha256))
        if (pose := _pose(picture)) is not None:
            _begin()
            pose_desk_panel.show_edit_of(pose)


def _pose(picture: Picture) -> Pose | None:
    controls = picture.request.controls if picture.has_recipe else ()
    return next((control.pose for control in controls if control.pose is not None), None)


def _begin() -> None:
    """The form may not have been drawn in this session yet."""
    parts = services()
    desk.begin(parts.drafts, first=first_visit.draft(shelves(parts.settings)))


def _with_part(before: Draft, request: GenerationRequest, part: str) -> Draft:
    after = control_sources.recognised(forms.draft_from(request, before))
    names = PARTS[part][3]
    return after if names is None else before.with_(**{name: getattr(after, name) for name in names})


def _fill(change: Callable[[Draft], Draft]) -> None:
    """Change the form of the Generate page, and go there."""
    try:
        _begin()
        desk.put(change(desk.draft()))
        desk.keep(services().drafts)
    except StudioError as error:
        failures.show(error.message, error.hint)
        return
    st.switch_page(GENERATE)
