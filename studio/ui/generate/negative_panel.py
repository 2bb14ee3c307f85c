"""The negative prompt put together by problem, from the library's words for the checkpoint's family."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from studio.catalog import vocabulary
from studio.catalog.checkpoints import Checkpoint
from studio.prompts import negatives
from studio.prompts.library.library import Library
from studio.ui import desk
from studio.ui.services import services

_PICKED = "negative_problems"


def show(checkpoint: Checkpoint | None) -> None:
    """A choice of problems and a button that adds the words against them; the person's own words stay."""
    library, family = services().prompt_shelf.library(), (checkpoint and checkpoint.family) or ""
    known = negatives.known_problems(library, family, knows=_knows(family))
    if not known:
        return
    covered = negatives.problems_of(desk.value("negative_prompt"), library)
    open_ones = [problem for problem in known if problem not in covered]
    if set(st.session_state.get(_PICKED, ())) - set(open_ones):  # its words were typed meanwhile
        st.session_state[_PICKED] = [problem for problem in st.session_state[_PICKED] if problem in open_ones]
    with st.container(key="negative_builder", gap="small"):
        picked = st.pills(
            "Add words against", open_ones, selection_mode="multi", key=_PICKED, format_func=label,
            help="Each adds a few words of the library for this checkpoint. What you have written stays as it is.",
        )  # fmt: skip
        if not open_ones:
            st.caption("There are words against every problem the library knows.")
        st.button(
            "Add the words", key="add_negatives", icon=":material/add:", disabled=not picked,
            on_click=add, args=(library, family),
        )  # fmt: skip


def add(library: Library, family: str) -> None:
    """A callback: the words against what is picked go behind the negative prompt."""
    desk.sync()
    picked = st.session_state.get(_PICKED, [])
    text = negatives.build(picked, family, library, desk.value("negative_prompt"), knows=_knows(family))
    desk.put_values(negative_prompt=text)
    st.session_state[_PICKED] = []


def label(problem: str) -> str:
    return negatives.LABELS.get(problem, problem.capitalize())


def _knows(family: str) -> Callable[[str], bool] | None:
    return partial(_known, family) if vocabulary.words(family) is not None else None


def _known(family: str, phrase: str) -> bool:
    return vocabulary.knows(family, phrase) is not False
