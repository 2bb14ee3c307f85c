"""The gallery's list: a page of thumbnails, what was done to them, and turning pages."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture
from studio.ui import media
from studio.ui.components.gallery_grid import Act, Item, gallery_grid, take
from studio.ui.gallery import filters, neighbours, problem, state
from studio.ui.services import services

STYLE = Path(__file__).with_name("gallery.css")
TILES = {"Small": 110, "Medium": 160, "Large": 240}
MAX_ALT = 160
SUGGESTED_TAGS = 100


def show_style() -> None:
    """The page's own style sheet."""
    st.html(STYLE)


def take_acts() -> None:
    """Do what was done in the grid or the viewer since the last run. Call before anything is drawn."""
    take(state.GRID, _do)
    take(state.VIEWER, _do)


def show(total: int) -> None:
    """The thumbnails of the current page, and the pages."""
    pages = max(1, -(-total // state.PER_PAGE))
    if state.page() > pages:
        state.turn_to(pages)
    page = state.page()
    found = services().gallery.page(filters.query(), limit=state.PER_PAGE, offset=(page - 1) * state.PER_PAGE)
    st.session_state[state.PAGES] = [picture.id for picture in found]
    gallery_grid(
        [item_of(picture) for picture in found],
        selected=state.selected(), page=page, pages=pages, focus=state.focus(), tags=known_tags(), key=state.GRID,
        tile=TILES[st.session_state.get("gallery.tiles") or "Medium"],
    )  # fmt: skip
    if pages > 1:
        _pages(page, pages)


def _pages(page: int, pages: int) -> None:
    # The key has the page in it: the widget follows when the page was turned by keys.
    key = f"gallery.turned.{page}.{pages}"
    with st.container(horizontal=True, horizontal_alignment="center", key="gallery_pages"):
        st.pagination(pages, default=page, key=key, on_change=lambda: state.turn_to(st.session_state[key]))


def item_of(picture: Picture, full: bool = False) -> Item:
    """A picture as the grid (or, ``full``, the viewer) shows it."""
    address = media.picture_url if full else media.thumbnail_url
    return Item(
        picture.id, address(picture.sha256), words_of(picture), picture.rating, picture.favourite,
        picture.width, picture.height,
    )  # fmt: skip


def words_of(picture: Picture) -> str:
    """The beginning of the prompt, as the picture's alt text. Cheap: the request is not validated for it."""
    if picture.request_json:
        prompt = json.loads(picture.request_json).get("prompt", "")
    else:
        prompt = picture.found_parameters
    words = " ".join(prompt.split())
    return f"{words[:MAX_ALT]}{'…' if len(words) > MAX_ALT else ''}" or f"Picture {picture.id}"


def _do(act: Act) -> None:
    gallery = services().gallery
    match act.kind:
        case "open" if act.ids:
            state.open_picture(act.ids[0], _place(act.ids[0]))
        case "select":
            state.select(act.ids)
        case "unselect":
            state.unselect(act.ids)
        case "rate" if 0 <= act.value <= 5:
            gallery.rate(act.ids, act.value)
        case "favour":
            gallery.favour(act.ids, bool(act.value))
        case "tag":
            _tag(act)
        case "trash" if not filters.in_trash():
            _trash(act.ids)
        case "undo":
            state.undo()
        case "turn":
            state.turn_to(state.page() + act.value)
        case "step" if act.ids:
            neighbours.step(act.ids[0], act.value)
        case "close":
            neighbours.close()


def known_tags() -> list[str]:
    """The most frequent tags."""
    return [name for name, _ in services().gallery.facets().tags[:SUGGESTED_TAGS]]


def _tag(act: Act) -> None:
    """Give the tags that were typed, and take away those with a minus."""
    words = [word.strip() for word in act.text.split(",") if word.strip("- ")]
    given = [word for word in words if not word.startswith("-")]
    taken = [word.removeprefix("-").strip() for word in words if word.startswith("-")]
    try:
        services().gallery.tag(act.ids, add=given, remove=taken)
    except StudioError as error:
        problem.note(error)
    else:
        problem.clear()
        st.toast(f"Tags changed on {state.counted(len(act.ids))}.", icon=":material/label:")


def _trash(ids: tuple[int, ...]) -> None:
    if (opened := state.opened()) in ids:
        neighbours.trash(opened)
    else:
        state.trash(ids)


def _place(id: int) -> int | None:
    listed = st.session_state.get(state.PAGES, [])
    return (state.page() - 1) * state.PER_PAGE + listed.index(id) if id in listed else None
