"""A control map: made from a photo by the worker and shown beside it, or uploaded as it is."""

from __future__ import annotations

import streamlit as st

from studio.catalog.control_maps import CONTROL_MAPS, is_ready
from studio.catalog.controls import CONTROL_TYPES
from studio.ui import desk, media, uploads
from studio.ui.failures import plain
from studio.ui.following import follow
from studio.ui.generate import choices
from studio.ui.generate.control_sources import Unit
from studio.ui.services import services
from studio.ui.words import HELP

LABELS = {"photo": "From a photo", "file": "Ready map"}


def show(unit: Unit) -> None:
    bound = desk.bind(unit.map_from)
    st.segmented_control(
        "Map", list(LABELS), default=bound.initial, format_func=LABELS.__getitem__, key=bound.key, required=True,
        help=HELP[unit.map_from], label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    if desk.value(unit.map_from) == "photo":
        _from_photo(unit)
    else:
        choices.one(unit.type, "Kind of map", list(CONTROL_TYPES), type_label)
        _ready(unit)


def type_label(name: str | None) -> str:
    return CONTROL_TYPES[name].label if name in CONTROL_TYPES else str(name)


def _way_label(name: str | None) -> str:
    return CONTROL_MAPS[name].label if name in CONTROL_MAPS else str(name)


def _ready(unit: Unit) -> None:
    image = desk.value(unit.image)
    if image:
        _picture(image, "The control map")
    uploads.show(unit.image, "Control map", "pose", background="black")


def _from_photo(unit: Unit) -> None:
    photo, way = desk.value(unit.map_photo), desk.value(unit.map_way)
    choices.one(unit.map_way, "Kind of map", list(CONTROL_MAPS), _way_label)
    if way in CONTROL_MAPS:
        st.caption(CONTROL_MAPS[way].help)
    if photo is None:
        uploads.show(unit.map_photo, "Photo to make the map from", "pose", background="white")
        return
    source, made = st.columns(2, wrap=False)
    with source:
        _picture(photo, "The photo")
    uploads.show(unit.map_photo, "Photo to make the map from", "pose", background="white")
    task = follow(unit.map_task, "control_map", {"image": photo, "kind": way}, unit.map_made, _download(way))
    if task is None:
        return
    result = task.result or {}
    if desk.value(unit.map_made) != result.get("image"):
        desk.put_values(**{unit.map_made: result.get("image")})
    with made:
        _picture(str(result.get("image")), "The control map")
    if result.get("note"):
        st.caption(plain(str(result["note"])))


def _download(way: str) -> str:
    """What has to be agreed to before a map can be made in this way; empty where nothing is missing."""
    spec = CONTROL_MAPS.get(way)
    if spec is None or is_ready(services().settings, spec):
        return ""
    return f"Download {spec.download_bytes / 1e6:.0f} MB and make the map"


def _picture(sha256: str, alt: str) -> None:
    st.image(media.thumbnail_url(sha256), alt=alt, width="stretch", caption=alt.removeprefix("The ").capitalize())
