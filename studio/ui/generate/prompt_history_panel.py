"""The prompts that were used, beside the editor: found by words, put back with one click, pinned."""

from __future__ import annotations

import streamlit as st

from studio.gallery.prompt_history import UsedPrompt
from studio.ui import desk, media
from studio.ui.activity_view import ago
from studio.ui.failures import plain
from studio.ui.generate.draft import NEGATIVE
from studio.ui.services import services

PAGE = 10
LONGEST = 160
_SHOWN = "prompt_history.shown"


def show() -> None:
    """The button, and behind it the list; nothing is read while it is closed."""
    box = st.popover(
        "History", icon=":material/history:", key="prompt_history", on_change="rerun",
        help="Prompts used before. One click puts prompt and negative prompt back; Undo in the editor takes that back.",
    )  # fmt: skip
    if box.open:
        with box:
            entries()


def entries() -> None:
    """The list and its search."""
    history = services().prompt_history
    text = st.text_input(
        "Search in used prompts", key="prompt_history_search", icon=":material/search:", label_visibility="collapsed",
        placeholder="red hair -school", on_change=_from_the_top,
    )  # fmt: skip
    shown = st.session_state.setdefault(_SHOWN, PAGE)
    found, count = history.find(text, limit=shown), history.count(text)
    if not found:
        st.caption("No used prompt has these words." if text else "Prompts you have used appear here.")
    with st.container(key="prompt_history_list", gap="small"):
        for used in found:
            _entry(used)
    if count > len(found):
        st.button(
            f"Show more ({count - len(found)})", key="prompt_history_more", on_click=_show_more, width="stretch",
            icon=":material/expand_more:",
        )  # fmt: skip


def _entry(used: UsedPrompt) -> None:
    with st.container(key=f"used_prompt_{used.id}", horizontal=True, vertical_alignment="center", gap="small"):
        if used.thumbnail:
            st.image(media.thumbnail_url(used.thumbnail), width=56, alt=f"Picture of: {_short(used.prompt, 80)}")
        with st.container(gap=None):
            st.markdown(plain(_short(used.prompt, LONGEST)))
            st.caption(_facts(used))
        st.button(
            "Use", key=f"use_prompt_{used.id}", on_click=restore, args=(used,), icon=":material/history:",
            help="Puts this prompt and its negative prompt into the form.",
        )  # fmt: skip
        st.button(
            "Unpin" if used.pinned else "Pin", key=f"pin_prompt_{used.id}", on_click=_pin,
            args=(used.id, not used.pinned), icon=":material/keep_off:" if used.pinned else ":material/keep:",
            type="tertiary", help="Pinned prompts stay at the top.",
        )  # fmt: skip


def restore(used: UsedPrompt) -> None:
    """A callback: both prompts come back; the editors keep what was there as a step to undo."""
    desk.put_values(prompt=used.prompt, negative_prompt=used.negative_prompt)
    st.toast("Prompt put back. Undo in the editor brings the former one.", icon=":material/history:")


def _facts(used: UsedPrompt) -> str:
    pictures = {0: "no picture", 1: "1 picture"}.get(used.pictures, f"{used.pictures} pictures")
    parts = [ago(used.used), pictures, plain(used.checkpoint)]
    if used.negative_prompt not in ("", NEGATIVE):
        parts.append(f"without {plain(_short(used.negative_prompt, 60))}")
    return " · ".join(part for part in parts if part)


def _short(text: str, length: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[: length - 1]}…"


def _pin(id: int, pinned: bool) -> None:
    services().prompt_history.pin(id, pinned)


def _show_more() -> None:
    st.session_state[_SHOWN] += PAGE


def _from_the_top() -> None:
    st.session_state[_SHOWN] = PAGE
