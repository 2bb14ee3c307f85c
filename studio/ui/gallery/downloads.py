"""Pictures as files: PNG, JPEG and WebP with the recipe inside, and several of them as one ZIP."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

import streamlit as st

from studio.gallery import Picture, export
from studio.ui.services import services

MAX_ZIPPED = 300
"""A ZIP passes through the server's memory; the command line exports more at once."""
FORMATS = {
    "png": ("PNG", "image/png", "Exactly these pixels, with the recipe inside."),
    "jpeg": ("JPEG", "image/jpeg", "Small, for sending; the recipe is in its Exif data."),
    "webp": ("WebP", "image/webp", "Smaller still; the recipe is in its Exif data."),
}


def show(picture: Picture) -> None:
    """The picture as a file, in a format of choice."""
    with st.popover("Download", icon=":material/download:", key="download", help="PNG, JPEG or WebP."):
        for kind, (label, mime, help) in FORMATS.items():
            st.download_button(
                f"Download {label}", _encoded(picture, kind), export.name_of(picture, kind), mime, help=help,
                key=f"download_{kind}", icon=":material/download:", on_click="ignore", width="stretch",
            )  # fmt: skip


def show_zip(ids: list[int]) -> None:
    """The selected pictures as one file, packed when it is asked for."""
    st.download_button(
        "ZIP", lambda: _zipped(ids), "pictures.zip", "application/zip", icon=":material/folder_zip:", key="bulk_zip",
        on_click="ignore", disabled=len(ids) > MAX_ZIPPED,
        help=f"Downloads the selected pictures as PNG files in one ZIP, up to {MAX_ZIPPED} at a time.",
    )  # fmt: skip


def _encoded(picture: Picture, kind: str) -> Callable[[], bytes]:
    return lambda: export.encode(services().gallery, picture, kind)


def _zipped(ids: list[int]) -> BinaryIO:
    return export.zip_of(services().gallery, services().gallery.pick(ids)).open("rb")
