"""A pose from a picture of somebody: uploaded, found by the worker, kept in the form."""

from __future__ import annotations

import streamlit as st
from pydantic import ValidationError

from studio.poses.values import Pose
from studio.ui import desk, media, uploads
from studio.ui.failures import plain
from studio.ui.following import follow


def show() -> None:
    photo = desk.value("photo")
    if photo:
        st.image(media.thumbnail_url(photo), alt="The picture the pose is taken from", width=140)
    uploads.show("photo", "Photo, render or drawing of somebody", "pose", background="white")
    if not photo:
        return
    task = follow("photo_task", "pose", {"image": photo}, clears="photo_pose")
    if task is not None:
        _keep(task.result or {})


def _keep(result: dict) -> None:
    if result.get("note"):
        st.caption(plain(str(result["note"])))
    try:
        found = Pose.model_validate(result.get("pose")).model_dump_json()
    except ValidationError:
        found = None
    if desk.value("photo_pose") != found:
        desk.put_values(photo_pose=found)
        st.rerun()  # The thumbnail above has been drawn without it.
