"""Made from → this picture → upscaled, varied: a strip of small pictures; a click opens one."""

from __future__ import annotations

import streamlit as st

from studio.gallery import Picture
from studio.ui import media
from studio.ui.gallery import state
from studio.ui.gallery.listing import words_of
from studio.ui.services import services

SHOWN = 12


def show(picture: Picture) -> None:
    """Where the picture comes from and what became of it. Nothing where it stands alone."""
    lineage = services().gallery.lineage(picture.id)
    if not lineage.parents and not lineage.children:
        return
    family = [(parent, "Made from") for parent in reversed(lineage.parents)]
    family += [(picture, "This picture")]
    family += [(child, became(picture, child)) for child in lineage.children]
    st.subheader("Lineage", anchor=False)
    with st.container(key="lineage"), st.grid(6, gap="small", min_column_width=96):
        for one, word in family[:SHOWN]:
            _small(one, word, one.id == picture.id)
    if len(family) > SHOWN:
        st.caption(f"And {len(family) - SHOWN} more.")


def became(parent: Picture, child: Picture) -> str:
    """What was done to ``parent``: ``Upscaled`` where the child is larger, else ``Varied``."""
    return "Upscaled" if child.width * child.height > parent.width * parent.height else "Varied"


def _small(picture: Picture, word: str, current: bool) -> None:
    with st.container(gap="xxsmall"):
        st.image(media.thumbnail_url(picture.sha256), alt=f"{word}: {words_of(picture)}", width="stretch")
        st.button(
            word, key=f"lineage_{picture.id}", on_click=state.open_picture, args=(picture.id,), disabled=current,
            type="tertiary", width="stretch", help=f"Open this picture, {picture.width} × {picture.height}.",
        )  # fmt: skip
