"""A choice by name from a list, for a field of the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from studio.ui import desk
from studio.ui.words import HELP


def one(
    name: str,
    label: str,
    options: Sequence[str | None],
    shown: Callable[[str | None], str] = str,
    placeholder: str | None = None,
) -> None:
    """A select box. A value that has left the list stays selectable, so that nothing is swapped in silence.

    Args:
        shown: how an option reads.
        placeholder: what stands there while nothing is chosen.
    """
    bound, value = desk.bind(name), desk.value(name)
    missing = [each for each in {value: None, bound.initial: None} if each is not None and each not in options]
    known = [*missing, *options]
    st.selectbox(
        label, known, known.index(bound.initial) if bound.initial in known else None, shown, key=bound.key,
        help=HELP[name], placeholder=placeholder, disabled=not known,
    )  # fmt: skip
