"""The offline composer: a prompt slot by slot from the library, with locks and surprises. No language model."""

from __future__ import annotations

import secrets
from functools import lru_cache

import streamlit as st

from studio.assistant.composer import Composer, Composition
from studio.assistant.slots import SLOTS
from studio.prompts.library.library import Library
from studio.request import MAX_SEED
from studio.ui import desk
from studio.ui.assistant import apply, calls, desks
from studio.ui.failures import plain
from studio.ui.services import services

MOST_STEPS = 20
_STEPS = "composer.steps"
SEVERITIES = {"error": ":material/error:", "warning": ":material/warning:", "remark": ":material/info:"}


def show(in_place: bool = False) -> None:
    """The slots, and beside or below them what they come to.

    Args:
        in_place: on Generate itself, in a narrow column.
    """
    st.caption(
        ":material/wifi_off: Works offline, no language model: the words come from the prompt library, "
        f"chosen for {plain(_composer().conventions.label)}."
    )
    _surprises()
    if in_place:
        _slots()
        _result(in_place)
        return
    with st.container(key="assistant_compose"):
        left, right = st.columns([56, 44], gap="large")
    with left:
        _slots()
    with right:
        _result(in_place)


def _composer() -> Composer:
    checkpoint = calls.checkpoint()
    name = checkpoint.name if checkpoint else ""
    return _made(services().prompt_shelf.library(), calls.family_of(checkpoint), name)


@lru_cache(maxsize=4)
def _made(library: Library, family: str, checkpoint: str) -> Composer:
    return Composer(library, family, checkpoint)


@lru_cache(maxsize=64)
def _choices(composer: Composer, slot: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.text for entry in composer.choices(slot)))


@lru_cache(maxsize=64)
def _composed(composer: Composer, slots: tuple[tuple[str, tuple[str, ...]], ...]) -> Composition:
    return composer.compose(dict(slots))


def _slots() -> None:
    composer, held = _composer(), desk.value(desks.HELD)
    for name, slot in SLOTS.items():
        bound, locked = desk.bind(desks.slot(name)), name in held
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"slot_{name}"):
            st.multiselect(
                slot.title, list(dict.fromkeys([*_choices(composer, name), *bound.initial])), bound.initial,
                key=bound.key, accept_new_options=True, select_all=False, max_selections=desks.MOST_TEXTS,
                placeholder="Choose, or type your own words", help=f"{slot.help} Your own words are welcome.",
            )  # fmt: skip
            st.button(
                "", icon=":material/lock:" if locked else ":material/lock_open:", key=f"hold_{name}",
                on_click=_hold, args=(name,), type="primary" if locked else "secondary",
                help=f"{slot.title} stays as it is; click to let surprises change it." if locked
                else f"Lock {slot.title.lower()}: surprises leave it as it is.",
            )  # fmt: skip


def _surprises() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="composer_steps"):
        st.button(
            "Surprise me", icon=":material/casino:", key="surprise", on_click=_surprise, args=(None,),
            help="Fills every slot that is not locked with something that fits the rest.",
        )  # fmt: skip
        bound = desk.bind(desks.SEED)
        st.number_input(
            "Surprise seed", 0, MAX_SEED, bound.initial, key=bound.key, width=170,
            help="The same seed and locked slots give the same surprise. Example: 12.",
        )  # fmt: skip
        st.button(
            "", icon=":material/replay:", key="surprise_again", on_click=_surprise_again,
            help="Draws the surprise of this seed.",
        )  # fmt: skip
        st.button(
            "Undo", icon=":material/undo:", key="composer_undo", on_click=_undo, type="tertiary",
            disabled=not st.session_state.get(_STEPS), help="The slots as they were before the last click.",
        )  # fmt: skip
        st.button(
            "Clear", icon=":material/backspace:", key="composer_clear", on_click=_clear, type="tertiary",
            disabled=not any(desks.filled().values()), help="Empties all slots that are not locked.",
        )  # fmt: skip


def _result(in_place: bool) -> None:
    slots = desks.filled()
    if not any(slots.values()):
        st.info("Fill a slot or two, or let a surprise fill them all.", icon=":material/auto_stories:")
        return
    found = _composed(_composer(), tuple(slots.items()))
    st.markdown("**Prompt**")
    st.code(found.prompt, language=None, wrap_lines=True)
    st.markdown("**Negative prompt**")
    st.code(found.negative_prompt or "(empty)", language=None, wrap_lines=True)
    for finding in found.findings:
        st.caption(f"{SEVERITIES[finding.severity]} {plain(finding.message)} {plain(finding.hint)}")
    _use(found, in_place)


def _use(found: Composition, in_place: bool) -> None:
    values = {"prompt": found.prompt, "negative_prompt": found.negative_prompt}
    if in_place:
        st.button(
            "Use these prompts", icon=":material/check:", key="composer_use", on_click=_put, args=(values,),
            help="Puts both into the form. Undo brings back what was there.",
        )  # fmt: skip
    # Not a callback: switching pages is for the body of a script.
    elif st.button(
        "Use in Generate", icon=":material/brush:", key="use_in_generate", type="primary",
        help="Fills both prompts of Generate and goes there. Undo stands there as well.",
    ):  # fmt: skip
        apply.to_generate(values)


def _put(values: dict[str, str]) -> None:
    desk.sync()
    apply.put(values)


def _hold(name: str) -> None:
    desk.sync()
    held = [other for other in desk.value(desks.HELD) if other != name]
    desk.put_values(**{desks.HELD: held if name in desk.value(desks.HELD) else [*held, name]})


def _surprise(seed: int | None) -> None:
    desk.sync()
    seed = secrets.randbelow(MAX_SEED + 1) if seed is None else seed
    found = _composer().surprise(seed, desks.filled(), desk.value(desks.HELD))
    _fill({**{desks.slot(name): list(texts) for name, texts in found.slots.items()}, desks.SEED: seed})


def _surprise_again() -> None:
    desk.sync()
    _surprise(desk.value(desks.SEED) or 0)


def _clear() -> None:
    desk.sync()
    _fill({desks.slot(name): [] for name in SLOTS if name not in desk.value(desks.HELD)})


def _fill(values: dict[str, object]) -> None:
    before = {name: desk.value(name) for name in values}
    st.session_state[_STEPS] = [*st.session_state.get(_STEPS, []), before][-MOST_STEPS:]
    desk.put_values(**values)


def _undo() -> None:
    desk.sync()
    steps = st.session_state.get(_STEPS, [])
    if steps:
        st.session_state[_STEPS] = steps[:-1]
        desk.put_values(**steps[-1])
