"""The action "Upscale" of a stored picture: what to, with which upscaler; then its progress in the button's place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture
from studio.jobs import State, Task
from studio.request import UpscalePass
from studio.request_passes import MAX_UPSCALED_SIDE
from studio.ui import failures, tasks_view
from studio.ui.generate import upscaler_choice
from studio.ui.models import shelves
from studio.ui.services import services
from studio.ui.words import HELP

KIND = "upscale"
POLL_SECONDS = 0.7
LIMITS = (64, MAX_UPSCALED_SIDE)
TARGETS = {"side": "To pixels", "x2": "×2", "x4": "×4", "size": "Exact size"}
EDGES = {"longest": "Longest side", "shortest": "Shortest side"}


def button(picture: Picture, key: str, on_done: Callable[[int], None] | None = None) -> None:
    """The action for ``picture``. Outside of polling fragments.

    Args:
        key: of this action's widgets.
        on_done: told the id of the enlarged picture when its making was watched here to the end.
    """
    task = _latest(picture)
    _celebrate(task, key, on_done)
    if task is not None and task.active:
        st.session_state[_watched(key)] = task.id
        with st.container(key=f"{key}_progress", width=300, gap="xxsmall"):
            st.fragment(_progress, run_every=POLL_SECONDS)(task.id, key)
        return
    failed = task is not None and task.state is State.FAILED and st.session_state.get(_watched(key)) == task.id
    with st.popover(
        "Upscale", icon=":material/error:" if failed else ":material/zoom_out_map:", key=f"{key}_popover",
        help="Enlarges this picture. The new one stands beside it in the gallery, with the same recipe.",
    ):  # fmt: skip
        if failed and task:
            failures.show(task.error_message, task.error_hint)
        _choices(picture, key)


def _latest(picture: Picture) -> Task | None:
    """The newest task for this picture, so that a reload finds it again."""
    found = (task for task in services().tasks.recent(KIND) if task.payload.get("picture") == picture.id)
    return next(found, None)


def _celebrate(task: Task | None, key: str, on_done: Callable[[int], None] | None) -> None:
    if task is None or task.state is not State.DONE or st.session_state.get(_watched(key)) != task.id:
        return
    del st.session_state[_watched(key)]
    made = (task.result or {}).get("picture")
    if made is None:
        return
    notes = " ".join((task.result or {}).get("notes", []))
    st.toast(failures.plain(f"Upscaled with {(task.result or {}).get('upscaler', '')}. {notes}".strip()),
             icon=":material/zoom_out_map:")  # fmt: skip
    if on_done is not None:
        on_done(made)


def _choices(picture: Picture, key: str) -> None:
    upscalers = shelves(services().settings).upscalers
    target = st.segmented_control(
        "To", list(TARGETS), default="side", format_func=TARGETS.__getitem__, key=f"{key}_target", required=True,
        help=HELP["upscale_by"],
    )  # fmt: skip
    fields = _target(picture, target, key)
    name = st.selectbox(
        "Upscaler", upscaler_choice.names(upscalers), format_func=partial(upscaler_choice.label, upscalers=upscalers),
        key=f"{key}_upscaler", help=HELP["upscale_upscaler"],
    )  # fmt: skip
    st.caption(upscaler_choice.remark(name, upscalers))
    payload = {"picture": picture.id, "upscaler": name, **fields}
    problem = _problem(picture, payload)
    st.button(
        "Upscale", type="primary", icon=":material/zoom_out_map:", key=f"{key}_start", on_click=_start,
        args=(payload, key), disabled=problem is not None, help="Starts now, beside whatever else runs.",
    )  # fmt: skip
    if problem is not None:
        failures.show(problem.message, problem.hint)


def _target(picture: Picture, target: str, key: str) -> dict[str, object]:
    if target in ("x2", "x4"):
        return {"scale": int(target[1:])}
    if target == "side":
        side = st.number_input("Pixels", *LIMITS, _next_side(picture), 64, key=f"{key}_side", help=HELP["upscale_side"])
        edge = st.segmented_control(
            "Which side", list(EDGES), default="longest", format_func=EDGES.__getitem__, key=f"{key}_edge",
            required=True, help=HELP["upscale_edge"], label_visibility="collapsed",
        )  # fmt: skip
        return {"side": side, "edge": edge}
    left, right = st.columns(2, wrap=False)
    sizes = {}
    for column, name, now in ((left, "width", picture.width), (right, "height", picture.height)):
        doubled = min(max(2 * now, LIMITS[0]), LIMITS[1])
        sizes[name] = column.number_input(
            name.capitalize(), *LIMITS, doubled, 1, key=f"{key}_{name}", help=HELP["upscale_size"]
        )
    return sizes


def _next_side(picture: Picture) -> int:
    """1024, or the next power of two that is larger than the picture."""
    longest = max(picture.width, picture.height)
    return next((side for side in (1024, 2048, 4096) if side > longest), LIMITS[1])


def _problem(picture: Picture, payload: dict[str, object]) -> StudioError | None:
    """What is wrong with the choice; else its size is said."""
    fields = {name: value for name, value in payload.items() if name != "picture"}
    try:
        width, height = UpscalePass.build(**fields).checked_size(picture.width, picture.height)
    except StudioError as error:
        return error
    st.caption(f"{picture.width} × {picture.height} → {width} × {height}")
    return None


def _start(payload: dict[str, object], key: str) -> None:
    st.session_state[_watched(key)] = services().tasks.submit(KIND, payload)


def _progress(id: int, key: str) -> None:
    task = services().tasks.get(id)
    if task is None or not task.active:
        st.rerun()
    st.progress(tasks_view.fraction(task), text=tasks_view.words(task))
    st.button(
        "Cancel upscaling", icon=":material/stop_circle:", key=f"{key}_cancel", on_click=services().tasks.cancel,
        args=([id],), disabled=task.cancelling, help="Stops after the present tile; the picture stays as it is.",
    )  # fmt: skip


def _watched(key: str) -> str:
    """Where the task is kept whose end this session waits for."""
    return f"{key}.watched"
