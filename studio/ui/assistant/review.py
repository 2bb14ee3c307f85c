"""A proposal against the form: what it changes word by word, part by part accepted, and undone again."""

from __future__ import annotations

import streamlit as st

from studio.assistant.differences import Review
from studio.assistant.proposal import Change, Proposal
from studio.ui import desk
from studio.ui.assistant import diff, offers
from studio.ui.assistant.calls import here, locked
from studio.ui.failures import plain

LABELS = {"prompt": "Prompt", "negative_prompt": "Negative prompt"}
MOST_OPEN = 8
"""Up to so many changes of the prompt are listed without a click."""


def show(proposal: Proposal, prompt: str, mark: str, in_place: bool) -> None:
    """What ``prompt`` of ``proposal`` changes, with all that can be accepted.

    Args:
        mark: tells this proposal from others in the keys of widgets.
        in_place: accepted parts go into the form at once; otherwise a button takes them there.
    """
    with st.container(key="assistant_review", gap="small"):
        st.html(diff.LEGEND)
        reviews = {"prompt": _difference("prompt", prompt, proposal.changes, in_place)}
        if proposal.negative_prompt is not None and proposal.negative_prompt != desk.value("negative_prompt"):
            reviews["negative_prompt"] = _difference("negative_prompt", proposal.negative_prompt, (), in_place)
        _more_reasons(reviews["prompt"], proposal.changes)
        chosen = offers.choose(proposal, mark)
        if in_place:
            offers.show_apply(chosen, proposal)
        else:
            offers.show_use(reviews, chosen)


def _difference(name: str, proposed: str, changes: tuple[Change, ...], in_place: bool) -> Review:
    """One of the two prompts: the running text, the parts, and the steps."""
    review = here().review(name, desk.value(name), proposed, locked(), in_place)
    count, taken = len(review.difference.open), len(review.accepted)
    st.markdown(f"**{LABELS[name]}** · {_told(count, taken)}")
    st.html(diff.flowing(review.difference, review.accepted))
    if not count:
        return review
    with st.container(horizontal=True, gap="small", key=f"review_steps_{name}"):
        st.button(
            "Accept all", icon=":material/done_all:", key=f"accept_all_{name}", disabled=taken == count,
            on_click=_step, args=(name, review, review.accept_all(), in_place),
            help="Takes every change of the proposal. Locked words stay.",
        )  # fmt: skip
        st.button(
            "Undo", icon=":material/undo:", key=f"undo_{name}", disabled=not review.can_undo,
            on_click=_step, args=(name, review, review.undo(), in_place), help="One step back.",
        )  # fmt: skip
    with st.expander("Accept one by one", key=f"parts_{name}", expanded=name == "prompt" and count <= MOST_OPEN):
        for number in sorted(review.difference.open):
            _part(name, review, number, changes, in_place)
    return review


def _told(count: int, taken: int) -> str:
    if not count:
        return "no change"
    changes = "1 change" if count == 1 else f"{count} changes"
    return f"{taken} of {changes} accepted" if taken else changes


def _part(name: str, review: Review, number: int, changes: tuple[Change, ...], in_place: bool) -> None:
    part, taken = review.difference.parts[number], number in review.accepted
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"part_{name}_{number}"):
        st.html(diff.row(part, diff.reason_for(part, changes)))
        st.button(
            "Take back" if taken else "Accept", key=f"accept_{name}_{number}",
            icon=":material/undo:" if taken else ":material/check:", on_click=_step,
            args=(name, review, review.reject(number) if taken else review.accept(number), in_place),
            help=plain(diff.told(part)),
        )  # fmt: skip


def _more_reasons(review: Review, changes: tuple[Change, ...]) -> None:
    for change in diff.other_reasons(review.difference, changes):
        st.text(": ".join(text for text in (change.what, change.reason) if text))


def _step(name: str, drawn: Review, after: Review, in_place: bool) -> None:
    """A callback: ``drawn`` is what the person saw when they clicked."""
    desk.sync()
    if in_place and desk.value(name) != drawn.text:
        st.toast("The prompt was changed meanwhile, so it is compared anew.", icon=":material/sync:")
        return
    here().reviews[name] = after
    if in_place:
        desk.put_values(**{name: after.text})
