"""The cards of the Prompts page: what each shows, and what a click on it does."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.errors import StudioError
from studio.jobs import State
from studio.prompts.library.entries import Entry, Item
from studio.prompts.library.library import Library
from studio.ui import desk, media
from studio.ui.components.prompt_grid import Card, prompt_grid
from studio.ui.prompts import adding, finding, notes, own, picture, trials, use
from studio.ui.prompts.trials import Trying
from studio.ui.services import services

POLL_SECONDS = 0.7
LONGEST = 160
_ACTED, _BUSY = "prompts.acted", "prompts.busy"
_STATES = {State.QUEUED: "waiting", State.RUNNING: "running", State.FAILED: "failed"}


def show(library: Library, items: Sequence[Item], strange_to: tuple[str, str] | None) -> None:
    """One page of cards.

    Args:
        strange_to: name and label of the family of the form's checkpoint: what it does not know is marked.
    """
    busy = any(each.active for each in trials.of(items).values())
    st.session_state[_BUSY] = busy
    st.fragment(_draw, run_every=POLL_SECONDS if busy else None)(library, items, strange_to)


def _draw(library: Library, items: Sequence[Item], strange_to: tuple[str, str] | None) -> None:
    tried = trials.of(items)
    busy = any(each.active for each in tried.values())
    if st.session_state.pop(_ACTED, False) or busy != st.session_state[_BUSY]:
        st.rerun()  # What stands around the cards has changed too.
    favourites = frozenset(services().prompt_shelf.favourites())
    known = finding.understood_by(library, strange_to[0] if strange_to else None)
    remark = f"Not made for {strange_to[1]}" if strange_to else ""
    titles = {category.id: category.title for category in library.categories}
    cards = [
        _card(
            item, titles.get(item.category, ""), item.key in favourites, tried.get(item.key, Trying()),
            remark if known is not None and item.key not in known else "",
        )
        for item in items
    ]  # fmt: skip
    prompt_grid(cards, key="prompts.grid", on_act=_act)


def _card(item: Item, where: str, favourite: bool, tried: Trying, remark: str) -> Card:
    if isinstance(item, Entry):
        says, avoids = adding.parts_of(item)
        text = " · ".join(filter(None, (_unlike(item.title, says), f"without {avoids}" if avoids else "")))
        taken = adding.is_in(item, desk.value("prompt"), desk.value("negative_prompt"))
        about, verb = item.note or says, "Add"
    else:
        text, taken, about, verb = item.description or item.prompt, False, item.prompt, "Use"
        where = f"Template · {where}"
    return Card(
        item.key, item.title, text[:LONGEST], where, about[:400], remark, verb, taken, favourite,
        own=finding.is_own(item.category),
        picture=media.thumbnail_url(tried.sha256) if tried.sha256 else None,
        can_try=trials.can_try(item), trying=tried.words, fraction=tried.fraction,
        state=_STATES.get(tried.state, "") if tried.state else "",
    )  # fmt: skip


def _unlike(title: str, text: str) -> str:
    """``text``, unless it says no more than ``title``."""
    return "" if text.casefold() == title.casefold() else text


def _act(kind: str, key: str) -> None:
    """A callback: what was clicked, done."""
    item = services().prompt_shelf.library().get(key)
    if item is None:
        return  # deleted in another window
    st.session_state[_ACTED] = True
    notes.clear()
    try:
        _do(kind, item)
    except StudioError as error:
        notes.problem(error)


def _do(kind: str, item: Item) -> None:
    match kind:
        case "pick":
            adding.toggle(item) if isinstance(item, Entry) else use.open_(item.key)
        case "star" | "unstar":
            services().prompt_shelf.favour(item.key, on=kind == "star")
        case "edit":
            own.edit(item.key)
        case "try":
            trials.start([item])
        case "cancel":
            tried = trials.of([item]).get(item.key)
            trials.cancel([tried.job] if tried and tried.job else [])
        case "open":
            picture.open_(item.key)


def show_try_all(items: Sequence[Item]) -> None:
    """Pictures for all cards in view that have none, and the way to stop them."""
    tried = trials.of(items)
    jobs = [each.job for each in tried.values() if each.active and each.job]
    open_ = [
        item for item in items
        if trials.can_try(item) and not (each := tried.get(item.key, Trying())).sha256 and not each.active
    ][: trials.MOST]  # fmt: skip
    if jobs:
        st.button(
            f"Cancel {len(jobs)} {'picture' if len(jobs) == 1 else 'pictures'}", icon=":material/stop_circle:",
            key="cancel_trials", on_click=trials.cancel, args=(jobs,), type="tertiary",
            help="Stops the pictures of these cards within one step; finished ones stay.",
        )  # fmt: skip
    elif open_:
        st.button(
            f"Try these {len(open_)}" if len(open_) > 1 else "Try this one", icon=":material/brush:", key="try_all",
            on_click=_try_all, args=(open_,), type="tertiary",
            help=f"Draws a small picture for up to {trials.MOST} cards with your checkpoint. They wait behind "
            "what you generate.",
        )  # fmt: skip


def _try_all(items: Sequence[Item]) -> None:
    notes.attempt(lambda: trials.start(items))
