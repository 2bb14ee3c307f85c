"""Whether there is a ControlNet for what the form asks for, said beside the control before anything runs."""

from __future__ import annotations

import time
from functools import lru_cache

import streamlit as st

from studio.catalog.additions import find_controlnet
from studio.catalog.checkpoints import Checkpoint
from studio.catalog.controls import CONTROL_TYPES
from studio.errors import StudioError
from studio.request import ControlUnit, ImageRef
from studio.settings import Settings
from studio.ui.failures import plain
from studio.ui.models import FRESH_SECONDS
from studio.ui.services import services

_ANY_IMAGE = ImageRef(sha256="0" * 64)


def show(checkpoint: Checkpoint | None, control_type: str, model: str | None) -> None:
    """Nothing where a ControlNet lies ready; else what is missing and what to do."""
    if checkpoint is None:
        return
    settings = services().settings
    remark = missing(settings, checkpoint, control_type, model)
    if remark and settings.offline:
        st.warning(plain(remark), icon=":material/extension_off:")
    elif remark:
        st.caption(f":material/download: {plain(remark)}")


def missing(settings: Settings, checkpoint: Checkpoint, control_type: str, model: str | None) -> str:
    """Why nothing here does ``control_type`` for ``checkpoint``, and what to do; empty where something does."""
    return _missing(
        settings,
        checkpoint.name,
        checkpoint.family or "sd15",
        control_type,
        model,
        int(time.monotonic() / FRESH_SECONDS),
    )


@lru_cache(maxsize=64)
def _missing(settings: Settings, name: str, family: str, control_type: str, model: str | None, _turn: int) -> str:
    unit = ControlUnit(type=control_type, model=model, image=_ANY_IMAGE)
    try:
        found = find_controlnet(settings, unit, family, name)
    except StudioError as error:
        return f"{error.message} {error.hint}"
    if found.kind != "hub":
        return ""
    label = CONTROL_TYPES[control_type].label if control_type in CONTROL_TYPES else control_type
    if settings.offline:
        folder = settings.models / "controlnets"
        return (
            f"There is no ControlNet for {label} on this machine, and the studio is offline. "
            f"Put one for this checkpoint's family into {folder}, or set the control to None."
        )
    return f"The ControlNet for {label} is not on this machine yet: the first picture fetches {found.name}."
