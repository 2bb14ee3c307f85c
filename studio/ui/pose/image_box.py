"""The box around a person, set by hand over the picture where no detector finds one."""

from __future__ import annotations

import streamlit as st

from studio.ui import media

_ON, _ACROSS, _DOWN = "pose_image.box", "pose_image.box.across", "pose_image.box.down"
_ALL = (10, 90)

_FRAME = """<div style="position:relative;line-height:0">
<img src="{url}" alt="The picture to look at" style="width:100%;border-radius:0.5rem">
<div role="img" aria-label="Box around the person" style="position:absolute;left:{left}%;top:{top}%;width:{wide}%;
height:{high}%;border:2px solid #7CC6FE;border-radius:4px;box-shadow:0 0 0 9999px rgba(0,0,0,.45)"></div></div>"""


def show_picture(image: str) -> None:
    """The picture, with the box over it where one is set."""
    url = media.picture_url(image)
    if not st.session_state.get(_ON):
        st.image(url, alt="The picture to look at", width="stretch", caption="Picture")
        return
    (left, right), (top, bottom) = _sides()
    with st.container(key="pose_image_framed"):
        box = {"left": left, "top": top, "wide": right - left, "high": bottom - top}
        st.html(f'<div style="overflow:hidden">{_FRAME.format(url=url, **box)}</div>')
    st.caption("Picture")


def show_controls(disabled: bool) -> None:
    """The switch, and while it is on the four sides in percent of the picture."""
    st.toggle(
        "Look inside a box only", key=_ON, persist_state="session", disabled=disabled,
        help="For pictures in which nobody is found, or too many: set a box around the one figure you mean. Example: "
        "a small figure in a large room.",
    )  # fmt: skip
    if not st.session_state.get(_ON):
        return
    for key, label, example in (
        (_ACROSS, "Left and right side", "20 to 60 for a figure left of the middle"),
        (_DOWN, "Top and bottom", "0 to 100 for the full height"),
    ):
        st.slider(
            label, 0, 100, _ALL, format="%d%%", key=key, persist_state="session", disabled=disabled,
            help=f"In percent of the picture. Example: {example}.",
        )  # fmt: skip


def value(size: tuple[int, int]) -> list[float] | None:
    """Left, top, width and height in pixels of a picture of ``size``; None while the switch is off."""
    if not st.session_state.get(_ON):
        return None
    width, height = size
    (left, right), (top, bottom) = _sides()
    return [left * width / 100, top * height / 100, (right - left) * width / 100, (bottom - top) * height / 100]


def clear() -> None:
    """Switch the box off. For callbacks."""
    st.session_state[_ON] = False


def _sides() -> tuple[tuple[int, int], tuple[int, int]]:
    return st.session_state.get(_ACROSS) or _ALL, st.session_state.get(_DOWN) or _ALL
