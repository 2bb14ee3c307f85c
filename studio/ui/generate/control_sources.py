"""What the form's controls see: the pose or picture behind each source."""

from __future__ import annotations

from dataclasses import fields
from typing import NamedTuple

from studio.poses.library import entries, library_pose
from studio.poses.values import Pose
from studio.request import MAX_SIDE, MIN_SIDE, ImageRef
from studio.ui import desk
from studio.ui.generate import sketch
from studio.ui.generate.draft import Draft, pose_from
from studio.ui.generate.forms import Sight, made_type
from studio.ui.pose import desk as pose_desk
from studio.ui.services import services

POSE_SOURCES = ("pose", "editor", "photo", "json")
KEPT = ""
"""Stands for a name in the list of poses: the pose that came with another picture's settings."""
UNSTORED = ImageRef(sha256="0" * 64)
"""Stands for a drawing that nobody has stored yet."""


class Unit(NamedTuple):
    """The names of the draft's fields for one control."""

    source: str
    type: str
    model: str
    weight: str
    start: str
    end: str
    pose_name: str
    pose_json: str
    image: str
    map_from: str
    map_way: str
    map_photo: str
    map_made: str
    map_task: str


FIRST = Unit(
    "control", "control_type", "control_model", "control_weight", "control_start", "control_end",
    "pose_name", "pose_json", "control_image", "map_from", "map_way", "map_photo", "map_made", "map_task",
)  # fmt: skip
SECOND = Unit(
    "second", "second_type", "second_model", "second_weight", "second_start", "second_end",
    "second_pose_name", "second_pose_json", "second_image", "second_map_from", "second_map_way",
    "second_map_photo", "second_map_made", "second_map_task",
)  # fmt: skip


CONTROL_FIELDS = frozenset(
    field.name
    for field in fields(Draft)
    if field.name.startswith(("control", "second", "pose", "map", "photo", "pasted", "sketch"))
)
"""Of a draft: everything about what holds the figure in place."""


def pose_of(draft: Draft, unit: Unit = FIRST) -> Pose | None:
    """The pose that ``unit`` sees, if it sees one.

    Raises:
        StudioError: the library does not have it.
    """
    match getattr(draft, unit.source):
        case "pose":
            name = getattr(draft, unit.pose_name)
            if name == KEPT:
                return pose_from(getattr(draft, unit.pose_json))
            return library_pose(name) if name else None
        case "editor":
            return pose_desk.current(desk.desk_id())
        case "photo":
            return pose_from(draft.photo_pose) if draft.photo else None
        case "json":
            return pose_from(draft.pasted_pose)
    return None


def type_of(draft: Draft, unit: Unit = FIRST) -> str | None:
    """The control type that ``unit`` asks for; None where it is off."""
    match getattr(draft, unit.source):
        case "none":
            return None
        case "image":
            if getattr(draft, unit.map_from) == "photo":
                return made_type(getattr(draft, unit.map_way))
            return getattr(draft, unit.type)
        case "sketch":
            return draft.sketch_type
    return "openpose"


def sights(draft: Draft, store: bool = True) -> tuple[Sight, Sight]:
    """What the two controls see, for :func:`studio.ui.generate.forms.requests_from`.

    Args:
        store: put a drawing into the gallery's files, so that a request can point to it.

    Raises:
        StudioError: a pose is not in the library, or the drawing cannot be stored.
    """
    first = _drawing(draft, store) if draft.control == "sketch" else pose_of(draft)
    return first, pose_of(draft, SECOND) if draft.control != "none" else None


def _drawing(draft: Draft, store: bool) -> ImageRef | None:
    drawn = sketch.read(draft.sketch)
    if drawn is None or not drawn.has_lines:
        return None
    if not (store and MIN_SIDE <= min(draft.width, draft.height) <= max(draft.width, draft.height) <= MAX_SIDE):
        return UNSTORED  # The request will say what is wrong with the size.
    ref = services().gallery.put_upload(sketch.png(drawn.scaled_to(draft.width, draft.height)), "black")
    services().sketches.remember(ref.sha256, drawn.model_dump_json())
    return ref


def recognised(draft: Draft) -> Draft:
    """``draft``, just filled from a picture, with its control under the source it came from where that is known.

    A pose of the library gets its name back, a drawing its strokes.
    """
    if draft.second == "pose" and (name := _name_in_library(pose_of(draft, SECOND))):
        draft = draft.with_(second_pose_name=name)
    if draft.control == "image" and (strokes := services().sketches.find(draft.control_image or "")):
        return draft.with_(control="sketch", sketch=strokes, sketch_type=draft.control_type)
    if draft.control == "pose" and (name := _name_in_library(pose_of(draft))):
        return draft.with_(pose_name=name)
    return draft


def _name_in_library(pose: Pose | None) -> str | None:
    return next((entry.name for entry in entries() if entry.pose == pose), None)
