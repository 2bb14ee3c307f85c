"""From the library into the form of Generate: words at the end of a prompt, and out again; every step can be undone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from studio.prompts.library.entries import Entry
from studio.prompts.syntax import phrases
from studio.ui import desk
from studio.ui.failures import plain
from studio.ui.services import services

_STEPS, _TOLD = "prompts.steps", "prompts.told"
KEPT_STEPS = 50
_JOINT = re.compile(r"(?:\bBREAK|\bAND)\s*$")
_COMMENT = re.compile(r"(?<!\\)#[^\n]*$")


@dataclass(frozen=True, slots=True)
class Step:
    """What one click did to the form."""

    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def toggle(entry: Entry) -> None:
    """Put ``entry`` into the prompts, or take it out where all of it is there. A callback."""
    desk.sync()
    if is_in(entry, desk.value("prompt"), desk.value("negative_prompt")):
        change(f"“{entry.title}” taken out", **without(entry, desk.value("prompt"), desk.value("negative_prompt")))
    else:
        change(f"“{entry.title}” added", **with_(entry, desk.value("prompt"), desk.value("negative_prompt")))
        services().prompt_shelf.note_use(entry.key)


def change(label: str, **values: Any) -> None:
    """Set fields of the form as one step that can be undone, and store them. A callback."""
    desk.sync()
    before = {name: desk.value(name) for name in values}
    desk.put_values(**values)
    desk.keep(services().drafts)
    steps = st.session_state.get(_STEPS, [])
    st.session_state[_STEPS] = [*steps, Step(label, before, dict(values))][-KEPT_STEPS:]
    st.session_state[_TOLD] = f"{plain(label)}. Undo takes it back."


def tell() -> None:
    """Say what was done, once. Not in its callback: one of a fragment may draw nothing."""
    if told := st.session_state.pop(_TOLD, None):
        st.toast(told, icon=":material/check:")


def last_step() -> Step | None:
    """The step that Undo takes back; None once the form has become something else since."""
    steps = st.session_state.get(_STEPS)
    if not steps or any(desk.value(name) != value for name, value in steps[-1].after.items()):
        return None
    return steps[-1]


def undo() -> None:
    """Take back the last step. A callback."""
    desk.sync()
    step = last_step()
    if step is None:
        return
    st.session_state[_STEPS].pop()
    desk.put_values(**step.before)
    desk.keep(services().drafts)
    st.session_state[_TOLD] = f"Undone: {plain(step.label)}."


def show_undo(key: str) -> None:
    """The way back from the last step, while there is one."""
    if step := last_step():
        st.button(
            "Undo", icon=":material/undo:", key=key, on_click=undo, type="tertiary",
            help=f"Takes back: {plain(step.label)}.",
        )  # fmt: skip


def parts_of(entry: Entry) -> tuple[str, str]:
    """What goes into the prompt and what into the negative prompt."""
    return ("", entry.text) if entry.problem else (entry.text, entry.negative)


def is_in(entry: Entry, prompt: str, negative: str) -> bool:
    """Whether everything that ``entry`` says is in the prompts already."""
    says, avoids = parts_of(entry)
    return _missing(says, prompt) == "" and _missing(avoids, negative) == ""


def with_(entry: Entry, prompt: str, negative: str) -> dict[str, str]:
    """Both prompts with what they lack of ``entry`` at their ends."""
    says, avoids = parts_of(entry)
    return {
        "prompt": joined(prompt, _missing(says, prompt)),
        "negative_prompt": joined(negative, _missing(avoids, negative)),
    }


def without(entry: Entry, prompt: str, negative: str) -> dict[str, str]:
    """Both prompts without the words of ``entry``."""
    says, avoids = parts_of(entry)
    return {"prompt": _removed(prompt, says), "negative_prompt": _removed(negative, avoids)}


def joined(prompt: str, text: str) -> str:
    """``text`` after ``prompt``, with a comma between them; on a new line where a comment would swallow it."""
    kept = prompt.rstrip()
    if not text or not kept:
        return text or prompt
    if _COMMENT.search(kept):
        return f"{kept}\n{text}"
    if _JOINT.search(kept):
        return f"{kept} {text}"
    return f"{kept.rstrip(', ')}, {text}"


def _missing(text: str, prompt: str) -> str:
    """``text`` without those of its phrases that ``prompt`` has."""
    there = {phrase.key for phrase in phrases.split(prompt)} | {_key(part) for part in prompt.split(",")}
    if _key(text) in there:
        return ""
    known = [phrase for phrase in phrases.split(text) if phrase.key in there]
    return phrases.remove(text, *known) if known else text


def _removed(prompt: str, text: str) -> str:
    if _key(prompt) == _key(text):
        return ""
    gone = {phrase.key for phrase in phrases.split(text)} or {_key(text)}
    return phrases.remove(prompt, *(phrase for phrase in phrases.split(prompt) if phrase.key in gone))


def _key(text: str) -> str:
    """As phrases are compared; a lone ":3" has no phrase, being a weight without words."""
    return phrases.key_of(text.strip(" ,\n"))
