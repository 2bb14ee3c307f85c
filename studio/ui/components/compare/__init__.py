"""Two pictures compared: side by side, under a slider, or in turn, by pointer, touch and keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from streamlit.components.v2 import component

Mode = Literal["side", "slider", "flicker"]
MODES: tuple[Mode, ...] = ("side", "slider", "flicker")
_FOLDER = Path(__file__).parent
_compare = component(
    "studio_compare",
    html=(_FOLDER / "compare.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "compare.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "compare.js").read_text(encoding="utf-8"),
)


def compare(
    left_url: str,
    right_url: str,
    *,
    labels: tuple[str, str],
    key: str,
    mode: Mode = "slider",
    size: tuple[int, int] | None = None,
) -> None:
    """Show two pictures against each other. Changing the mode or moving the divider reruns nothing.

    Args:
        left_url: address of the picture on the left (see ``studio.ui.media``).
        right_url: of the one on the right; it is scaled to the same frame.
        labels: what the two are called, shown as plain text and used as their alt texts.
        mode: how it starts; afterwards the person decides.
        size: width and height of the left picture in pixels, so that its place is kept before it has arrived.
    """
    width, height = size or (1, 1)
    data = {
        "left": {"url": left_url, "label": labels[0]},
        "right": {"url": right_url, "label": labels[1]},
        "mode": mode,
        "aspect": f"{int(width)} / {int(height)}",
        "ratio": width / height,
    }
    _compare(key=key, data=data)
