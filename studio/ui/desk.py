"""The desk: this browser's draft, between the widgets and its row in the database.

The value of a field lives under ``form.<field>``, a plain entry of the session that survives a change of page. Widgets
only mirror it: each has a key of its own that changes whenever somebody else sets the field. A browser that reports a
widget's old value a moment later (it had sent it before it heard of the change) then speaks of a widget that is gone,
and changes nothing. With one shared key, typing a width and clicking Generate at once would bring the old width back.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import fields
from typing import Any, NamedTuple

import streamlit as st

from studio.ui.generate.draft import RANGES, Draft
from studio.ui.generate.drafts import Drafts

COOKIE = "studio_desk"
PICKED = "picked_loras"
_ID, _SAVED, _OPENED = "desk.id", "desk.saved", "desk.opened"
_TURNS, _LIVE, _INITIAL = "desk.turns", "desk.live", "desk.initial"
_COMPONENTS = "desk.components"


def key(name: str) -> str:
    return f"form.{name}"


def lora(name: str) -> str:
    """The field that holds the weight of this LoRA."""
    return f"lora.{name}"


def value(name: str) -> Any:
    return st.session_state[key(name)]


def put_values(**values: Any) -> None:
    """Set fields from outside their widgets: in a callback, or before they are drawn."""
    _hear()  # what a component has sent was sent before this
    for name, new in values.items():
        st.session_state[key(name)] = new
        _renew(name)


class Bound(NamedTuple):
    """What a widget needs to show a field: its key, and the value it starts with."""

    key: str
    initial: Any


def bind(name: str, part: str = "") -> Bound:
    """Tie a widget to a field; ``part`` tells apart several widgets of one field.

    The value travels as the widget's default: one that is set through the session state is lost for the browser when a
    click interrupts the run that sets it.
    """
    turns, initials = st.session_state[_TURNS], st.session_state.setdefault(_INITIAL, {})
    widget = f"{key(name)}{part}@{turns.get(name, 0)}.{turns.get(name + part, 0) if part else 0}"
    if widget not in st.session_state:
        initials[widget] = value(name)
    st.session_state[_LIVE][widget] = (name, part, st.session_state.get(widget, initials[widget]))
    return Bound(widget, initials[widget])


def turn(name: str) -> int:
    """How often others have set this field: part of the key of a component that shows it without ``bind``."""
    return st.session_state.get(_TURNS, {}).get(name, 0)


def mirror(name: str, new: Any) -> None:
    """Set a field to what its own component says, which is not drawn anew for it. In a callback."""
    st.session_state[key(name)] = new


def attach(name: str, take: Callable[[], None]) -> None:
    """Let ``take`` fetch what the component that shows this field has sent. It may be called often.

    Streamlit calls a component's own callback only after those of buttons; Generate would not have the newest text.
    """
    st.session_state.setdefault(_COMPONENTS, {})[name] = take


def _hear() -> None:
    for take in st.session_state.get(_COMPONENTS, {}).values():
        take()


def sync() -> None:
    """Take over what was changed in widgets since they were drawn. Every callback that reads the form begins so."""
    _hear()
    live = st.session_state.get(_LIVE, {})
    for widget, (name, part, seen) in list(live.items()):
        new = st.session_state.get(widget, seen)
        if widget not in live or new == seen or (new is None and name in RANGES):
            continue
        live[widget] = (name, part, new)
        st.session_state[key(name)] = new
        for other, (owner, other_part, _) in list(live.items()):
            if owner == name and other != widget:
                del live[other]
                _renew(name + other_part)


def _renew(name: str) -> None:
    turns = st.session_state.setdefault(_TURNS, {})
    turns[name] = turns.get(name, 0) + 1


def carry_over(drafts: Drafts) -> None:
    """Call on every page: what was typed just before a change of page arrives with the next page's run."""
    sync()
    if _SAVED in st.session_state:
        keep(drafts)


def begin(drafts: Drafts, first: Draft) -> None:
    """Call before any widget is drawn. ``first`` is for a browser that was never here."""
    sync()
    if _SAVED not in st.session_state:
        stored = drafts.load(desk_id())
        put(stored or first)
        st.session_state[_SAVED] = stored
    st.session_state[_LIVE] = {}


def put(draft: Draft) -> None:
    """Fill the form from ``draft``: in a callback, or before it is drawn."""
    put_values(**{field.name: getattr(draft, field.name) for field in fields(draft) if field.name != "loras"})
    put_values(**{PICKED: list(draft.loras)}, **{lora(name): float(weight) for name, weight in draft.loras.items()})


def draft() -> Draft:
    """The form as it is now."""
    sync()
    values: dict[str, Any] = {field.name: value(field.name) for field in fields(Draft) if field.name != "loras"}
    weights = {name: float(st.session_state.get(key(lora(name)), 1.0)) for name in value(PICKED)}
    return Draft(**values, loras=weights)


def keep(drafts: Drafts) -> None:
    """Store the draft where it has changed."""
    now = draft()
    if now != st.session_state[_SAVED]:
        drafts.save(desk_id(), now)
        st.session_state[_SAVED] = now


def desk_id() -> str:
    """This browser's random id: from its cookie, or for this session only where there is none."""
    if _ID not in st.session_state:
        cookie = st.context.cookies.to_dict().get(COOKIE, "")
        st.session_state[_ID] = cookie if re.fullmatch(r"[0-9a-f]{32}", cookie) else uuid.uuid4().hex
    return st.session_state[_ID]


def open_picture(id: int | None) -> None:
    """Put this picture on the stage; None: whatever is newest."""
    st.session_state[_OPENED] = id


def opened_picture() -> int | None:
    """The picture a click has put on the stage."""
    return st.session_state.get(_OPENED)
