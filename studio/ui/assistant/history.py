"""The history of conversations: searched, opened, deleted and brought back."""

from __future__ import annotations

import streamlit as st

from studio.assistant.conversations import Conversation, Turn
from studio.ui import desk
from studio.ui.activity_view import ago
from studio.ui.assistant import ask, desks
from studio.ui.assistant.calls import here
from studio.ui.assistant.sittings import conversations
from studio.ui.failures import plain
from studio.ui.services import services

PAGE = 20
_SHOWN, _DELETED = "assistant.history_shown", "assistant.deleted"


def show() -> None:
    """The list and its search."""
    text = st.text_input(
        "Search conversations", key="assistant_search", icon=":material/search:", label_visibility="collapsed",
        placeholder="Search: jogging rain", on_change=_from_the_top,
        help="Looks in questions, prompts and answers; all words have to be there.",
    )  # fmt: skip
    _show_undo()
    shown = st.session_state.setdefault(_SHOWN, PAGE)
    found = _kept().find(text or "", limit=shown + 1)
    if not found:
        _show_empty(bool(text))
    for conversation in found[:shown]:
        _entry(conversation)
    if len(found) > shown:
        st.button(
            "Show more", icon=":material/expand_more:", key="assistant_more", on_click=_show_more, width="stretch",
            help="Older conversations.",
        )  # fmt: skip


def _entry(conversation: Conversation) -> None:
    opened = conversation.id == here().conversation
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"conversation_{conversation.id}", gap="small"
    ):
        with st.container(gap=None):
            st.text(conversation.title)
            st.caption(f"{ago(conversation.changed)}{' · open' if opened else ''}")
        st.button(
            "Open", icon=":material/forum:", key=f"open_conversation_{conversation.id}", on_click=_open,
            args=(conversation.id,), help="Shows it, to read or to go on with.",
        )  # fmt: skip
        st.button(
            "", icon=":material/delete:", key=f"delete_conversation_{conversation.id}", on_click=_delete,
            args=(conversation,), help="Deletes this conversation. Undo brings it back.",
        )  # fmt: skip


def _show_empty(searched: bool) -> None:
    if searched:
        st.info("No conversation has all these words.", icon=":material/search_off:")
        return
    st.info("Your conversations with the language model will be here.", icon=":material/forum:")
    st.button(
        "Ask something", icon=":material/auto_awesome:", key="go_ask", on_click=ask.go, args=("ask",),
        help="Begins the first one.",
    )  # fmt: skip


def _show_undo() -> None:
    gone: tuple[str, list[Turn]] | None = st.session_state.get(_DELETED)
    if gone:
        st.button(
            f"Undo: bring back “{plain(gone[0])}”", icon=":material/undo:", key="undo_delete_conversation",
            on_click=_undo, help="The conversation comes back as it was.",
        )  # fmt: skip


def _open(id: int) -> None:
    here().open(id)
    desk.put_values(**{desks.MODE: "chat"})
    ask.go("ask")


def _delete(conversation: Conversation) -> None:
    st.session_state[_DELETED] = (conversation.title, _kept().turns(conversation.id))
    _kept().delete([conversation.id])
    if here().conversation == conversation.id:
        ask.new()
    st.toast("The conversation was deleted. Undo brings it back.", icon=":material/delete:")


def _undo() -> None:
    _, turns = st.session_state.pop(_DELETED)
    id: int | None = None
    for turn in turns:
        id = _kept().add(turn, id)


def _kept():
    return conversations(services().database)


def _show_more() -> None:
    st.session_state[_SHOWN] += PAGE


def _from_the_top() -> None:
    st.session_state[_SHOWN] = PAGE
