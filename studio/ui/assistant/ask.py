"""Asking the language model: the mode, what must stay, and the line one writes into."""

from __future__ import annotations

import streamlit as st

from studio.assistant.asking import MODES, MOST_VARIATIONS
from studio.assistant.configuration import Configured
from studio.assistant.conventions import conventions_for
from studio.errors import StudioError
from studio.ui import desk, failures
from studio.ui.assistant import calls, chat, desks
from studio.ui.assistant.calls import here
from studio.ui.failures import plain

SAY = "assistant_say"
LONGEST = 4000
PLACEHOLDERS = {
    "write": "A girl jogging in the park, calm evening",
    "improve": "What should be better? For example: more about the light",
    "vary": "What should differ? For example: places and times of day",
    "translate": "Une fille qui court dans le parc au coucher du soleil",
    "fix": "What goes wrong? For example: the hands",
    "chat": "What should change? For example: make it rain",
}
WITHOUT_WORDS = {"improve": "Improve it as it is", "vary": "Vary it as it is"}
"""Modes that need nothing but a prompt, and the button that asks so."""


def show(found: Configured | None) -> None:
    """The section: settings of the question, the conversation, the line to write into."""
    if found is None:
        _not_connected()
        return
    chat.settle()
    now = here()
    if now.conversation is not None:
        st.button(
            "New conversation", icon=":material/add_comment:", key="assistant_new", on_click=new, type="tertiary",
            help="This one stays in the history.",
        )  # fmt: skip
    chat.show_turns()
    chat.show_waiting()
    chat.show_problem()
    mode, busy = _setup(now.conversation is not None), now.question is not None
    _show_without_words(mode, busy)
    # In a container of its own: one in the page's body would change how the whole page scrolls.
    with st.container(key="assistant_line", gap="xsmall"):
        st.chat_input(
            PLACEHOLDERS.get(mode, ""), key=SAY, max_chars=LONGEST, disabled=busy, on_submit=_say, args=(mode,)
        )
        _privacy(found)


def new() -> None:
    """A callback: an empty conversation."""
    here().open(None)
    if desk.value(desks.MODE) == "chat":
        desk.put_values(**{desks.MODE: "improve" if desk.value("prompt").strip() else "write"})


def lock_chips(prompt: str) -> None:
    """Phrases of the prompt as chips: those in the field are never changed."""
    bound = desk.bind(desks.LOCKED)
    options = list(dict.fromkeys([*calls.lockable(prompt), *bound.initial]))
    st.multiselect(
        "Locked words", options, bound.initial, key=bound.key, accept_new_options=True, select_all=False,
        max_selections=desks.MOST_TEXTS, placeholder="None; choose phrases, or type words",
        help="Never changed, whatever the model says. LoRA tags and wildcards stay anyway. Example: red hair.",
    )  # fmt: skip


def _setup(in_conversation: bool) -> str:
    bound, modes = desk.bind(desks.MODE), [name for name in MODES if name != "chat" or in_conversation]
    mode = st.pills(
        "What to do", modes, default=bound.initial if bound.initial in modes else modes[0], key=bound.key,
        required=True, format_func=lambda name: MODES[name].label,
        help="Each only proposes: nothing changes until you accept it.",
    )  # fmt: skip
    mode = mode if mode in modes else modes[0]
    st.caption(MODES[mode].help)
    if mode == "vary":
        count = desk.bind(desks.COUNT)
        st.number_input(
            "How many", 2, MOST_VARIATIONS, count.initial, key=count.key, width=160,
            help="How many different prompts. Example: 4 for a small sweep.",
        )  # fmt: skip
    _working_on(desk.value("prompt"))
    return mode


def _working_on(prompt: str) -> None:
    checkpoint = calls.checkpoint()
    kind = conventions_for(calls.family_of(checkpoint), checkpoint.name if checkpoint else "")
    with st.container(border=True, key="assistant_base", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(gap=None):
                st.caption(f"The prompt of Generate, written for {plain(kind.label)}")
                st.text(" ".join(prompt.split()) or "Still empty")
            st.page_link("generate.py", label="Change", icon=":material/brush:", help="Opens the form of Generate.")
        lock_chips(prompt)


def _show_without_words(mode: str, busy: bool) -> None:
    if mode in WITHOUT_WORDS and desk.value("prompt").strip():
        st.button(
            WITHOUT_WORDS[mode], icon=":material/auto_awesome:", key="assistant_as_it_is", disabled=busy,
            on_click=calls.ask, args=(mode,), help="Needs no words of yours; or write below what you have in mind.",
        )  # fmt: skip


def _say(mode: str) -> None:
    calls.ask(mode, st.session_state[SAY] or "")


def _privacy(found: Configured) -> None:
    endpoint = found.endpoint
    where = "on this machine" if endpoint.is_local else f"at {endpoint.origin[1]}"
    st.caption(
        f"Asks {plain(endpoint.model or 'the only model')} {plain(where)}. Your prompt and words go there, no pictures."
    )


def _not_connected() -> None:
    with st.container(border=True, key="assistant_empty"):
        st.markdown("**A language model can write and improve prompts with you, once one is connected.**")
        st.caption(
            "Any OpenAI-compatible server will do, also one on this machine such as Ollama or LM Studio. "
            "Without one, compose offline: slot by slot from the prompt library."
        )
        with st.container(horizontal=True):
            st.button(
                "Compose offline", type="primary", icon=":material/auto_stories:", on_click=go, args=("compose",),
                key="go_compose", help="Works at once, without any language model.",
            )  # fmt: skip
            st.button(
                "Connect a language model", icon=":material/lan:", on_click=go, args=("connection",),
                key="go_connection", help="Address, model and, where it is needed, a key.",
            )  # fmt: skip


SECTION = "assistant.section"
SECTIONS = {"ask": "Ask", "compose": "Compose", "history": "History", "connection": "Connection"}


def go(section: str) -> None:
    """Open another section of the page. A callback."""
    st.session_state[SECTION] = section


def section(found: Configured | None) -> str:
    """The section one is in, with the choice of another."""
    st.session_state.setdefault(SECTION, "ask" if found else "compose")
    chosen = st.segmented_control(
        "Section", list(SECTIONS), key=SECTION, required=True, label_visibility="collapsed", width="stretch",
        format_func=SECTIONS.__getitem__, persist_state="session",
    )  # fmt: skip
    return chosen or "compose"


def configured() -> Configured | None:
    """The connection; one that cannot be used is told about, and counts as none."""
    try:
        return calls.configured()
    except StudioError as error:
        failures.show(error.message, error.hint)
        return None
