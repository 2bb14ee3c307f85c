"""One picture, large: its marks, what it was made from, its recipe, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture
from studio.ui import failures, media
from studio.ui.components.compare import compare
from studio.ui.components.gallery_grid import picture_view
from studio.ui.gallery import downloads, filters, lineage, neighbours, problem, recipe, reuse, state, undo
from studio.ui.gallery.listing import item_of, known_tags
from studio.ui.generate import stage
from studio.ui.generate.upscale_action import button as upscale_button
from studio.ui.services import services

Change = Callable[[int, list[str]], None]


def show(id: int) -> None:
    """The picture of this id, from the gallery or its trash."""
    _head(id)
    try:
        picture = services().gallery.get(id)
    except StudioError as error:
        failures.show(error.message, error.hint)
        return
    with st.container(key="gallery_detail"):
        left, right = st.columns([58, 42], gap="medium")
    with left:
        _picture(picture)
        lineage.show(picture)
    with right:
        reuse.show(picture)
        _actions(picture)
        _labels(picture)
        recipe.show(picture)


def _head(id: int) -> None:
    place = neighbours.place_of(id)
    with st.container(horizontal=True, vertical_alignment="center", key="detail_head"):
        st.button(
            "Back", icon=":material/arrow_back:", key="detail_back", on_click=neighbours.close,
            help="To the pictures (Esc).",
        )  # fmt: skip
        st.title(f"Picture {id}", anchor=False)
        if place is not None:
            st.caption(f"{place + 1:,} of {services().gallery.total(filters.query()):,}")
        undo.show()


def _picture(picture: Picture) -> None:
    others = _others(picture)
    view = "Picture"
    if others:
        view = st.segmented_control(
            "View", ["Picture", *others], default="Picture", required=True, key=f"view_{picture.id}",
            label_visibility="collapsed", help="The picture alone, or against what it was made from.",
        )  # fmt: skip
    if view not in others:
        before, after = neighbours.around(picture.id)
        picture_view(
            item_of(picture, full=True), before=before is not None, after=after is not None, key=state.VIEWER,
            facts=f"{picture.width} × {picture.height}", tags=known_tags(),
        )  # fmt: skip
    else:
        compare(
            others[view], media.picture_url(picture.sha256), labels=(view, "Picture"),
            size=(picture.width, picture.height), key=f"against_{picture.id}_{view}",
        )  # fmt: skip


def _others(picture: Picture) -> dict[str, str]:
    """What the picture can be held against: name → address."""
    views: dict[str, str] = {}
    if not picture.has_recipe:
        return views
    request = picture.request
    if (control := stage.map_of(request)) is not None:
        views["Control map"] = control
    if request.source is not None:
        views["Start image"] = media.picture_url(request.source.image.sha256)
    elif picture.parent_id is not None:
        with suppress(StudioError):  # The parent was deleted for good.
            views["Made from"] = media.picture_url(services().gallery.get(picture.parent_id).sha256)
    return views


def _actions(picture: Picture) -> None:
    with st.container(horizontal=True, key="detail_actions"):
        downloads.show(picture)
        upscale_button(picture, f"upscale_{picture.id}")
        if picture.trashed:
            st.button(
                "Restore", icon=":material/restore_from_trash:", key="restore", on_click=services().gallery.restore,
                args=([picture.id],), help="Takes the picture back out of the trash.",
            )  # fmt: skip
        else:
            st.button(
                "Delete", icon=":material/delete:", key="trash", on_click=neighbours.trash, args=(picture.id,),
                help="Puts the picture into the trash (Del). Undo brings it back.",
            )  # fmt: skip
    made = time.strftime("Made %Y-%m-%d %H:%M", time.localtime(picture.created))
    origin = "" if picture.origin == "studio" else f" · from {failures.plain(picture.origin)}"
    took = f" · took {picture.seconds:.1f} s" if picture.seconds else ""
    st.caption(f"{made}{took}{origin}")


def _labels(picture: Picture) -> None:
    facets = services().gallery.facets()
    with st.grid(2, min_column_width=180):
        _one_kind("Tags", picture.id, picture.tags, [tag for tag, _ in facets.tags], _set_tags)
        _one_kind(
            "Collections", picture.id, picture.collections, [name for name, _ in facets.collections], _set_collections
        )
    problem.show()


def _one_kind(label: str, id: int, given: tuple[str, ...], known: list[str], change: Change) -> None:
    key = f"{label.lower()}_{id}"
    st.multiselect(
        label, list(dict.fromkeys([*given, *known])), default=given, key=key, accept_new_options=True,
        placeholder="Choose or type", on_change=_change, args=(key, id, given, change),
        help=f"{label} of this picture. Type a new name and press Enter. Example: running.",
    )  # fmt: skip


def _change(key: str, id: int, given: tuple[str, ...], change: Change) -> None:
    try:
        problem.clear()
        change(id, st.session_state[key])
    except StudioError as error:
        problem.note(error)
        st.session_state[key] = list(given)


def _set_tags(id: int, names: list[str]) -> None:
    gallery = services().gallery
    given = gallery.get(id).tags
    gallery.tag([id], add=[name for name in names if name not in given], remove=[n for n in given if n not in names])


def _set_collections(id: int, names: list[str]) -> None:
    gallery = services().gallery
    given = gallery.get(id).collections
    for name in names:
        if name not in given:
            gallery.collect([id], name)
    for name in given:
        if name not in names:
            gallery.uncollect([id], name)
