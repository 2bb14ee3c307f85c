"""The assistant beside the prompt editor of Generate: improves the prompt in place, part by part."""

from __future__ import annotations

import streamlit as st

from studio.assistant.asking import MODES
from studio.ui import desk
from studio.ui.assistant import apply, ask, calls, chat, composer, desks
from studio.ui.assistant.calls import here
from studio.ui.assistant.sittings import conversations
from studio.ui.services import services

PAGE = "assistant.py"
SAY = "assistant.say"


def show() -> None:
    """The fold under the editor; nothing is read while it is closed."""
    apply.show_undo()
    fold = st.expander("Assistant", icon=":material/auto_awesome:", key="fold_assistant", on_change="rerun")
    if not fold.open:
        return
    with fold:
        desks.begin()
        if ask.configured() is None:
            composer.show(in_place=True)
            st.page_link(
                PAGE, label="Connect a language model", icon=":material/lan:", help="It writes and improves prompts."
            )
        else:
            _with_model()
        desks.keep()


def _with_model() -> None:
    chat.settle()
    now, prompt = here(), desk.value("prompt")
    mode = "improve" if prompt.strip() else "write"
    if prompt.strip():
        ask.lock_chips(prompt)
    st.session_state.setdefault(desk.key(SAY), "")
    said = desk.bind(SAY)
    with st.container(key="assistant_panel_ask", gap="small"):
        st.text_area(
            "What should be better" if mode == "improve" else "What you want to see", said.initial, key=said.key,
            height=68, max_chars=ask.LONGEST, placeholder=ask.PLACEHOLDERS[mode],
            help="May stay empty where there is a prompt. Example: more about the light.",
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                MODES[mode].label, icon=":material/auto_awesome:", key="assistant_improve", on_click=_ask, args=(mode,),
                disabled=now.question is not None, help="Proposes; the prompt changes only where you accept it.",
            )  # fmt: skip
            st.page_link(PAGE, label="More on the Assistant page", help="Other ways to ask, the history, the settings.")
    _answer()


def _ask(mode: str) -> None:
    desk.sync()
    here().open(None)
    calls.ask(mode, desk.value(SAY))


def _answer() -> None:
    now = here()
    if now.question is not None:
        chat.show_live()
        return
    chat.show_problem()
    turns = conversations(services().database).turns(now.conversation) if now.conversation is not None else []
    number = next((at for at in reversed(range(len(turns))) if turns[at].proposal), None)
    if number is None or (now.failure and turns[-1].proposal is None):
        return
    proposal = turns[number].proposal
    assert proposal is not None
    if proposal.note:
        st.text(proposal.note)
    chat.show_flags()
    chat.show_proposal(proposal, number, in_place=True)
    st.button(
        "Close", icon=":material/close:", key="assistant_close", on_click=ask.new, type="tertiary",
        help="Puts the proposal away; it stays in the assistant's history.",
    )  # fmt: skip
