"""The pose strip: what holds the figure in place, how strongly and in which part of the steps."""

from __future__ import annotations

import streamlit as st

from studio.catalog.checkpoints import Checkpoint
from studio.errors import StudioError
from studio.ui import desk, media, problems, ranges
from studio.ui.generate import choices, control_map_panel, control_remark, control_sources, draft, sketch_panel
from studio.ui.generate.control_sources import FIRST, POSE_SOURCES, SECOND, Unit
from studio.ui.models import Shelves
from studio.ui.pose import desk_panel, json_panel, photo_panel, picker_panel
from studio.ui.words import HELP

LABELS = {
    "none": "None",
    "pose": "Library",
    "editor": "Editor",
    "photo": "Image",
    "json": "JSON",
    "sketch": "Sketch",
    "image": "Map",
}


def show(shelves: Shelves, checkpoint: Checkpoint | None) -> None:
    source = _source(FIRST, "Pose and control", draft.CONTROLS)
    if source in POSE_SOURCES:
        _posed(FIRST, source)
    elif source == "sketch":
        sketch_panel.show(desk.value("width"), desk.value("height"))
    elif source == "image":
        control_map_panel.show(FIRST)
    if source != "none":
        _strength(FIRST, shelves, checkpoint)
        _second(shelves, checkpoint)
    problems.show("pose")


def _source(unit: Unit, label: str, options: tuple[str, ...]) -> str:
    bound = desk.bind(unit.source)
    st.pills(
        label, options, default=bound.initial, format_func=LABELS.__getitem__, key=bound.key, required=True,
        help=HELP[unit.source], width="content", wrap=True,
    )  # fmt: skip
    return desk.value(unit.source)


def _posed(unit: Unit, source: str) -> None:
    url = _map_url(unit)
    picture, choice = st.columns([1, 3], wrap=False) if url else (None, st.container())
    with choice:
        match source:
            case "pose":
                picker_panel.show(unit)
            case "editor":
                desk_panel.show()
            case "photo":
                photo_panel.show()
            case "json":
                json_panel.show()
        if unit is FIRST and source != "editor" and url:
            desk_panel.show_edit()
    if picture is not None and url:
        with picture, st.container(key=f"{unit.source}_thumbnail"):
            st.image(url, alt="The pose as the ControlNet sees it", width="stretch")


def _map_url(unit: Unit) -> str | None:
    form = desk.draft()
    try:
        pose = control_sources.pose_of(form, unit)
    except StudioError:
        return None
    return media.map_url(pose, form.width, form.height) if pose and min(form.width, form.height) > 0 else None


def _strength(unit: Unit, shelves: Shelves, checkpoint: Checkpoint | None) -> None:
    words = "Control weight" if unit is FIRST else "Weight of the second control"
    ranges.number(unit.weight, words, draft.WEIGHT, 0.05, draft.GOOD_WEIGHT)
    start, end, model = (desk.value(name) for name in (unit.start, unit.end, unit.model))
    control_type = control_sources.type_of(desk.draft(), unit)
    control_remark.show(checkpoint, control_type or "openpose", model)
    with st.expander(f"Control window · {start:g} to {end:g} · {model or 'automatic'}", key=f"window_{unit.source}"):
        ranges.number("control_window", "Acts from", (0.0, 1.0), 0.05, field=unit.start)
        ranges.number("control_window", "Acts until", (0.0, 1.0), 0.05, field=unit.end)
        nets = shelves.controlnets_for(checkpoint)
        choices.one(unit.model, "ControlNet", [None, *nets], lambda name: name or "Automatic")


def _second(shelves: Shelves, checkpoint: Checkpoint | None) -> None:
    source = desk.value(SECOND.source)
    with st.expander(f"Second control · {LABELS[source].lower()}", key="fold_second"):
        source = _source(SECOND, "Second control", draft.SECOND_CONTROLS)
        if source == "pose":
            _posed(SECOND, source)
        elif source == "image":
            control_map_panel.show(SECOND)
        if source != "none":
            _strength(SECOND, shelves, checkpoint)
