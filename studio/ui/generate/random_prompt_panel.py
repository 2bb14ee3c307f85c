"""What the prompt draws, shown under it while it has choices or wildcards: wildcard seed, mode, the first results."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.request import MAX_SEED
from studio.settings import Settings
from studio.ui import desk, failures, ranges
from studio.ui.failures import plain
from studio.ui.generate import random_prompts
from studio.ui.generate.draft import Draft
from studio.ui.words import HELP

SHOWN = 3
_LAST = "desk.last_wildcard_seed"
_MODES = {False: "Drawn", True: "All combinations"}


def show(settings: Settings) -> None:
    """Nothing while the prompts hold no syntax of random prompts."""
    draft = desk.draft()
    if not random_prompts.is_random(draft):
        return
    try:
        found = [each.prompt for each in random_prompts.drawn(draft, settings)]
        more = draft.combine and random_prompts.has_more(draft, settings)
    except StudioError as error:
        failures.show(error.message, error.hint)
        return
    with st.expander(f"Random prompt · {_summary(draft, found, more)}", key="fold_random", icon=":material/casino:"):
        _mode()
        if not draft.combine:
            _seed(draft)
        _preview(draft, found, more)


def remember(wildcard_seed: int) -> None:
    """A callback: the last click drew with this seed."""
    st.session_state[_LAST] = wildcard_seed
    desk.put_values(wildcard_seed=wildcard_seed)


def _summary(draft: Draft, found: list[str], more: bool) -> str:
    if draft.combine:
        return f"the first {len(found)} pictures of more" if more else f"{_pictures(len(found))}, all combinations"
    return f"wildcard seed {draft.wildcard_seed}" if draft.wildcard_seed_locked else "drawn anew at each click"


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _mode() -> None:
    bound = desk.bind("combine")
    st.segmented_control(
        "Words", list(_MODES), default=bound.initial, format_func=_MODES.__getitem__, key=bound.key, required=True,
        help=HELP["combine"], width="stretch",
    )  # fmt: skip


def _seed(draft: Draft) -> None:
    ranges.box("wildcard_seed", "Wildcard seed", (0, MAX_SEED), disabled=not draft.wildcard_seed_locked)
    with st.container(horizontal=True, vertical_alignment="center"):
        lock = desk.bind("wildcard_seed_locked")
        st.toggle("Lock the wildcard seed", lock.initial, key=lock.key, help=HELP["wildcard_seed_locked"])
        last = st.session_state.get(_LAST)
        st.button(
            "Last words", icon=":material/history:", help=HELP["last_wildcard_seed"], disabled=last is None,
            on_click=_lock, args=(last,), type="tertiary", key="last_wildcard_seed",
        )  # fmt: skip


def _lock(seed: int | None) -> None:
    if seed is not None:
        desk.sync()
        desk.put_values(wildcard_seed=seed, wildcard_seed_locked=True)


def _preview(draft: Draft, found: list[str], more: bool) -> None:
    known = list(dict.fromkeys(found))
    certain = draft.combine or draft.wildcard_seed_locked
    st.caption("What will be drawn" if certain else "For example")
    with st.container(key="random_preview"):
        st.markdown("\n".join(f"- {plain(' '.join(prompt.split())) or '(empty)'}" for prompt in known[:SHOWN]))
    if len(known) > SHOWN:
        st.caption(f"and {len(known) - SHOWN} more")
    if more:
        st.caption(
            f":material/info: There are more combinations; one click makes the first {_pictures(len(found))}. "
            "Take fewer choices, or fewer pictures per click."
        )
