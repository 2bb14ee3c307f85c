"""Drawing a control map by hand: brush, eraser, undo, over a reference picture; white lines on black.

The canvas is not told again what it has just said: it keeps what is drawn while a page run is under way. Only what
comes from elsewhere (undo, clear, another picture's settings, another size) gives it a new key and with it a new start.
"""

from __future__ import annotations

import streamlit as st

from studio.ui import desk, media, uploads
from studio.ui.generate import choices, sketch
from studio.ui.generate.control_map_panel import type_label
from studio.ui.generate.sketch import Sketch
from studio.ui.words import HELP

TYPES = ("scribble", "lineart", "lineart_anime", "softedge", "canny")
MAX_WIDTH, MAX_HEIGHT = 336, 480
"""Of the canvas on the page, in CSS pixels: it has to fit a phone."""
UNDO_STEPS = 100
_PAST, _FUTURE, _START = "sketch.past", "sketch.future", "sketch.start"
TOOLS = {"brush": ":material/brush: Brush", "eraser": ":material/ink_eraser: Eraser"}


def show(width: int, height: int) -> None:
    """The canvas for a picture of ``width`` × ``height`` pixels."""
    if not (min(width, height) >= 1 and max(width, height) <= sketch.MAX_SIDE):
        st.caption("The canvas needs a size it can have: see Size and seed.")
        return
    erases, brush = _tools()
    scale = min(MAX_WIDTH / width, MAX_HEIGHT / height)
    _canvas(width, height, scale, erases, brush)
    _buttons()
    choices.one("sketch_type", "Drawn as", TYPES, type_label)
    with st.expander("Reference picture", key="fold_reference"):
        uploads.show("sketch_reference", "Picture to draw over", "pose", background="white")


def _tools() -> tuple[bool, int]:
    left, right = st.columns([1, 1], vertical_alignment="center")
    with left:
        tool = st.segmented_control(
            "Tool", list(TOOLS), default="brush", format_func=TOOLS.__getitem__, key="sketch.tool", required=True,
            help=HELP["sketch_tool"], label_visibility="collapsed", width="stretch", persist_state="session",
        )  # fmt: skip
    with right:
        brush = st.slider("Width", 1, 48, 6, key="sketch.width", help=HELP["sketch_width"], persist_state="session")
    return tool == "eraser", int(brush)


def _canvas(width: int, height: int, scale: float, erases: bool, brush: int) -> None:
    # Only a running studio knows the component's files; without one the import itself would fail.
    from streamlit_drawable_canvas import st_canvas

    shown = (max(1, round(width * scale)), max(1, round(height * scale)))
    widget = f"sketch.canvas@{desk.turn('sketch')}.{width}x{height}"
    if widget not in st.session_state:
        st.session_state[_START] = sketch.to_canvas(_current(width, height), scale)
    st.html(f"<style>.st-key-sketch_canvas {{ {_ground(shown[0])} }}</style>")
    with st.container(key="sketch_canvas", height=shown[1], border=False):
        st_canvas(
            stroke_width=brush * scale,  # pyright: ignore[reportArgumentType]  # Fabric takes any number
            stroke_color=sketch.ERASER if erases else sketch.LINE, width=shown[0], height=shown[1],
            initial_drawing=st.session_state[_START], key=widget,
            on_change=lambda: _take(widget, width, height, scale),
        )  # fmt: skip


def _ground(width: int) -> str:
    """What lies under the canvas. The canvas itself is laid over it by its light alone, so that black lines erase."""
    reference = desk.value("sketch_reference")
    picture = f"url({media.picture_url(reference)})" if reference else "none"
    return f"width: {width}px; --studio-ground: {picture};"


def _buttons() -> None:
    drawn = sketch.read(desk.value("sketch"))
    empty = drawn is None or not drawn.strokes
    with st.container(horizontal=True, key="sketch_buttons"):
        st.button(
            "Undo", icon=":material/undo:", on_click=_undo, disabled=empty and not st.session_state.get(_PAST),
            help="Takes back the last line.", key="sketch_undo",
        )  # fmt: skip
        st.button(
            "Redo", icon=":material/redo:", on_click=_redo, disabled=not st.session_state.get(_FUTURE),
            help="Draws again what was taken back.", key="sketch_redo",
        )  # fmt: skip
        st.button(
            "Clear", icon=":material/delete_sweep:", on_click=_clear, disabled=empty,
            help="Empties the canvas. It can be undone.", key="sketch_clear",
        )  # fmt: skip


def _current(width: int, height: int) -> Sketch:
    drawn = sketch.read(desk.value("sketch"))
    return drawn.scaled_to(width, height) if drawn else Sketch(width=width, height=height)


def _take(widget: str, width: int, height: int, scale: float) -> None:
    said = (st.session_state.get(widget) or {}).get("drawing") or {}
    drawn = sketch.from_canvas((said.get("raw") or {}).get("objects"), width, height, scale)
    if drawn is None:
        return
    text = drawn.model_dump_json()
    if text != desk.value("sketch"):
        _remember()
        st.session_state[_FUTURE] = []
        desk.mirror("sketch", text)


def _remember() -> None:
    st.session_state[_PAST] = [*st.session_state.get(_PAST, []), desk.value("sketch")][-UNDO_STEPS:]


def _undo() -> None:
    now, past = desk.value("sketch"), st.session_state.get(_PAST, [])
    if past:
        before = past[-1]
        st.session_state[_PAST] = past[:-1]
    else:  # after a reload: what was drawn is kept, the way there is not
        drawn = sketch.read(now)
        before = drawn.model_copy(update={"strokes": drawn.strokes[:-1]}).model_dump_json() if drawn else None
    st.session_state[_FUTURE] = [*st.session_state.get(_FUTURE, []), now]
    desk.put_values(sketch=before)


def _redo() -> None:
    future = st.session_state[_FUTURE]
    _remember()
    st.session_state[_FUTURE] = future[:-1]
    desk.put_values(sketch=future[-1])


def _clear() -> None:
    _remember()
    st.session_state[_FUTURE] = []
    desk.put_values(sketch=None)
