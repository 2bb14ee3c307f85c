"""What is looked for in the gallery: the search field, the order, and the folded filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from studio.gallery.browsing import Facets
from studio.gallery.query import Query
from studio.ui.failures import plain
from studio.ui.gallery import state
from studio.ui.services import services

SHOWN = ("Pictures", "Favourites", "Trash")
SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "rating": "Best rated first",
    "size": "Largest first",
    "seconds": "Slowest first",
}
POSES = {True: "With a pose", False: "Without a pose"}
RATINGS = {1: "1 star or more", 2: "2 stars or more", 3: "3 stars or more", 4: "4 stars or more", 5: "5 stars"}
CHOICES = ("checkpoint", "sampler", "lora", "size", "rating", "tag", "collection", "sweep", "pose", "since", "until")


def query() -> Query:
    """What the person looks for now. Can be asked before the widgets are drawn."""
    since, until = _chosen("since"), _chosen("until")
    return Query(
        text=_chosen("text") or "",
        checkpoint=_chosen("checkpoint"),
        sampler=_chosen("sampler"),
        lora=_chosen("lora"),
        size=_chosen("size"),
        rating_at_least=_chosen("rating") or 0,
        favourite=True if _chosen("shown") == "Favourites" else None,
        tag=_chosen("tag"),
        collection=_chosen("collection"),
        sweep=_chosen("sweep"),
        has_pose=_chosen("pose"),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        trashed=in_trash(),
        sort=_chosen("sort") or "newest",
    )


def in_trash() -> bool:
    return _chosen("shown") == "Trash"


def narrowed() -> bool:
    """Whether anything but the order was chosen."""
    return query().with_(sort="newest", trashed=False) != Query()


def clear() -> None:
    """Look for everything again. A callback."""
    # Set, not forgotten: of a value that is gone from the session the browser hears nothing.
    for name in CHOICES:
        st.session_state[_key(name)] = None
    st.session_state[_key("text")] = ""
    st.session_state[_key("shown")] = SHOWN[0]
    state.first_page()


def show() -> None:
    """The search field, the order, and the fold of filters."""
    with st.container(key="gallery_search", horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search", key=_key("text"), type="search", live=True, placeholder="Words of a prompt or tag",
            icon=":material/search:", on_change=state.first_page, persist_state="session",
            help="Every word has to occur in the prompt or the tags; a minus before a word leaves pictures out. "
            "Example: red hair -hat.",
        )  # fmt: skip
        st.segmented_control(
            "Show", SHOWN, key=_key("shown"), default=SHOWN[0], required=True, on_change=_change_shelf,
            persist_state="session", help="The trash keeps deleted pictures until you empty it.",
        )  # fmt: skip
        st.selectbox(
            "Order", list(SORTS), key=_key("sort"), format_func=lambda sort: SORTS[sort], on_change=state.first_page,
            persist_state="session", width=190, help="Example: best rated first, to find the winners of a sweep.",
        )  # fmt: skip
    fold = st.expander("Filters", key="fold_filters", icon=":material/filter_list:", on_change="rerun")
    if fold.open:  # What is folded counts nothing.
        with fold:
            _filters(services().gallery.facets())


def _change_shelf() -> None:
    """What is selected in the gallery is not what is meant in the trash."""
    state.first_page()
    state.unselect()


def _filters(facets: Facets) -> None:
    with st.grid(4, min_column_width=150):
        _choice("checkpoint", "Checkpoint", facets.checkpoints, "Only pictures painted by this model.")
        _choice("sampler", "Sampler", facets.samplers, "Only pictures drawn with this sampler. Example: Euler a.")
        _choice("lora", "LoRA", facets.loras, "Only pictures that used this LoRA.")
        _choice("size", "Size", facets.sizes, "Width and height in pixels.", size_text)
        _plain_choice("rating", "Rating", RATINGS, "Stars are given with the keys 1 to 5.")
        _choice("tag", "Tag", facets.tags, "Tags are given to selected pictures, or beside an opened one.")
        _choice("collection", "Collection", facets.collections, "A collection is a named group of pictures.")
        _choice("sweep", "Sweep", facets.sweeps, "Only the cells of one sweep.")
        _plain_choice("pose", "Pose", POSES, "Whether a pose held the figure in place.")
        _day("since", "From", "The first day, for example yesterday.")
        _day("until", "To", "The last day, included.")
    st.button(
        "Clear all", icon=":material/filter_list_off:", on_click=clear, disabled=not narrowed(), key="clear_filters",
        type="tertiary", help="Empties the search field and all filters.",
    )  # fmt: skip


def _choice(name: str, label: str, found: list, help: str, text: Callable[[Any], str] = str) -> None:
    counts = dict(found)
    chosen = _chosen(name)
    options = list(counts) if chosen is None or chosen in counts else [chosen, *counts]
    st.selectbox(
        label, options, index=None, key=_key(name), placeholder="Any", persist_state="session", help=help,
        format_func=lambda value: f"{text(value)} ({counts.get(value, 0)})", on_change=state.first_page,
    )  # fmt: skip


def _plain_choice(name: str, label: str, options: dict, help: str) -> None:
    st.selectbox(
        label, list(options), index=None, key=_key(name), placeholder="Any", format_func=lambda value: options[value],
        on_change=state.first_page, persist_state="session", help=help,
    )  # fmt: skip


def _day(name: str, label: str, help: str) -> None:
    st.date_input(
        label, None, key=_key(name), format="YYYY-MM-DD", on_change=state.first_page, persist_state="session", help=help
    )


def words() -> str:
    """What was chosen in the fold, for a line that is always in view: ``3 stars or more · Euler a``."""
    return plain(" · ".join(told for name in CHOICES if (told := _words(name))))


def _words(name: str) -> str:
    value = _chosen(name)
    if value is None:
        return ""
    if name == "size":
        return size_text(value)
    known = {"rating": RATINGS, "pose": POSES}.get(name, {}).get(value)
    return known or {"since": f"from {value}", "until": f"to {value}"}.get(name, str(value))


def size_text(size: tuple[int, int]) -> str:
    """``512 × 768``."""
    return f"{size[0]} × {size[1]}"


def _chosen(name: str) -> Any:
    return st.session_state.get(_key(name))


def _key(name: str) -> str:
    return f"gallery.{name}"


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day).timestamp()
