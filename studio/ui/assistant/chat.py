"""The conversation with the language model: what was asked, what is proposed, what is on its way."""

from __future__ import annotations

import streamlit as st

from studio.assistant.asking import MODES
from studio.assistant.conversations import Turn
from studio.assistant.failures import NOT_USABLE, SAID, AnswerUnusable
from studio.assistant.proposal import Proposal
from studio.errors import StudioError
from studio.ui import desk, failures
from studio.ui.assistant import apply, calls, desks, review
from studio.ui.assistant.calls import here
from studio.ui.assistant.sittings import conversations
from studio.ui.services import services

POLL_SECONDS = 0.5
MOST_RAW = 20_000
"""Characters of an unusable answer that are shown."""
PERSON, MODEL = ":material/person:", ":material/auto_awesome:"


def settle() -> None:
    """Take over an answer that has come. Call before anything is drawn."""
    now = here()
    if now.settle() and now.failure is None:
        desk.put_values(**{desks.MODE: "chat"})


def show_turns() -> None:
    """The conversation so far; the last proposal can be accepted, an earlier one after a click."""
    now = here()
    turns = conversations(services().database).turns(now.conversation) if now.conversation is not None else []
    with_proposal = [number for number, turn in enumerate(turns) if turn.proposal]
    compared = now.shown[0] if now.shown else (with_proposal or [None])[-1]
    for number, turn in enumerate(turns):
        with st.chat_message("user", avatar=PERSON):
            st.text(turn.asked or MODES[turn.mode].label if turn.mode in MODES else turn.asked)
        with st.chat_message("assistant", avatar=MODEL):
            last = number == len(turns) - 1
            _answer(turn, number, number == compared and now.question is None, last)


def _answer(turn: Turn, number: int, compared: bool, last: bool) -> None:
    if turn.proposal is None:
        failure = here().failure if last else None
        show_failure(failure if isinstance(failure, AnswerUnusable) else AnswerUnusable(raw=turn.raw))
        return
    if turn.proposal.note:
        st.text(turn.proposal.note)
    if not compared:
        st.code(turn.proposal.prompt, language=None, wrap_lines=True)
        st.button(
            "Compare", icon=":material/difference:", key=f"compare_{number}", on_click=_compare, args=(number, 0),
            help="Shows what this proposal changes in the prompt of Generate.",
        )  # fmt: skip
        return
    if last:
        show_flags()
    show_proposal(turn.proposal, number, in_place=False)


def show_proposal(proposal: Proposal, number: int, in_place: bool) -> None:
    """The proposal of turn ``number`` against the form, and its other prompts."""
    now = here()
    place = now.shown[1] if now.shown and now.shown[1] < len(proposal.prompts) else 0
    mark = f"{now.conversation}_{number}"
    review.show(proposal, proposal.prompts[place], mark, in_place)
    if len(proposal.prompts) > 1:
        _variations(proposal, number, place, in_place)


def show_flags() -> None:
    """What is still wrong with the last answer although it was asked to put it right."""
    for flag in here().flags:
        st.text(f"Mind: {flag.message}")


def _variations(proposal: Proposal, number: int, place: int, in_place: bool) -> None:
    reasons = {other.prompt: other.reason for other in proposal.alternatives}
    with st.container(key="assistant_variations", gap="small"):
        st.markdown(f"**{len(proposal.prompts)} prompts** · the marked one is compared above")
        for at, prompt in enumerate(proposal.prompts):
            with st.container(border=at == place, gap="xsmall", key=f"variation_{at}"):
                if reasons.get(prompt):
                    st.text(reasons[prompt])
                st.code(prompt, language=None, wrap_lines=True)
                if at != place:
                    st.button(
                        "Compare", icon=":material/difference:", key=f"compare_{number}_{at}", on_click=_compare,
                        args=(number, at), help="Shows what it changes in the prompt of Generate.",
                    )  # fmt: skip
        # Not a callback: switching pages is for the body of a script.
        if not in_place and st.button(
            f"Sweep over all {len(proposal.prompts)}", icon=":material/grid_on:", key="assistant_sweep",
            help="Begins a sweep with one picture for each of these prompts.",
        ):  # fmt: skip
            apply.to_sweep(proposal.prompts, proposal.note)


def _compare(number: int, place: int) -> None:
    here().shown = (number, place)


def show_waiting() -> None:
    """The question on its way, if there is one. Only this part is drawn again while the answer comes."""
    now = here()
    if now.question is None:
        return
    with st.chat_message("user", avatar=PERSON):
        st.text(now.question.ask.idea or MODES[now.question.ask.mode].label)
    with st.chat_message("assistant", avatar=MODEL):
        show_live()


def show_live() -> None:
    """What has come of the answer so far, and Cancel."""
    st.fragment(_live, run_every=POLL_SECONDS)()


def _live() -> None:
    question = here().question
    if question is None or question.running.done:
        st.rerun()  # The answer is there: everything on the page may say something new.
    note, prompt = question.running.so_far
    if note:
        st.text(note)
    if prompt:
        st.code(prompt, language=None, wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center", key="assistant_waiting"):
        st.button(
            "Cancel", icon=":material/stop_circle:", key="assistant_cancel", on_click=here().stop,
            help="Stops at once. Nothing was changed.",
        )  # fmt: skip
        st.caption(f"{len(question.running.text):,} characters so far" if question.running.text else "Waiting for it…")


def show_problem() -> None:
    """Why the last question has no answer, and a way to ask it again."""
    now = here()
    if now.failure is None:
        return
    kept_as_turn = isinstance(now.failure, AnswerUnusable) and now.conversation is not None
    if not kept_as_turn:
        if now.failed and now.failed[1]:
            with st.chat_message("user", avatar=PERSON):
                st.text(now.failed[1])
        show_failure(now.failure)
    if now.failed:
        st.button(
            "Try again", icon=":material/refresh:", key="assistant_retry", on_click=calls.ask, args=now.failed,
            help="Asks the same once more, with the form as it is now.",
        )  # fmt: skip


def show_failure(failure: StudioError) -> None:
    """One message with what to do; what the model said is folded below, as it is."""
    hint, _, said = failure.hint.partition(SAID)
    failures.show(failure.message or NOT_USABLE, hint)
    if said:
        st.text(f"{SAID}{said}")  # text, as an alert would make links of addresses
    raw = getattr(failure, "raw", "")
    if raw:
        with st.expander("What the model said", icon=":material/subject:"):
            st.code(raw[:MOST_RAW], language=None, wrap_lines=True, height=260 if len(raw) > 600 else "content")
            if len(raw) > MOST_RAW:
                st.caption(f"The first {MOST_RAW:,} of {len(raw):,} characters.")
