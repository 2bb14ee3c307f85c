"""The gallery's own elements: a page of thumbnails, and one picture large; both by pointer, touch and keyboard.

What a person does there arrives as :class:`Act` values through :func:`take`, exactly once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from streamlit.components.v2 import component

from studio.ui.components.gallery_grid.acts import Act, acknowledged, take

__all__ = ["Act", "Item", "gallery_grid", "picture_view", "take"]

_FOLDER = Path(__file__).parent


def _component(name: str, part: str):
    html = (_FOLDER / f"{part}.html").read_text(encoding="utf-8")
    # Both have the field for tags.
    css, js = ("".join((_FOLDER / f"{file}.{kind}").read_text(encoding="utf-8") for file in ("tagger", part))
               for kind in ("css", "js"))  # fmt: skip
    return component(name, html=html, css=css, js=js)


_grid = _component("studio_gallery_grid", "grid")
_viewer = _component("studio_picture_view", "viewer")


@dataclass(frozen=True)
class Item:
    """One picture as the elements show it. ``alt`` is plain text."""

    id: int
    url: str
    alt: str
    rating: int
    favourite: bool
    width: int = 1
    height: int = 1


def gallery_grid(
    items: list[Item],
    *,
    selected: list[int],
    page: int,
    pages: int,
    tile: int,
    focus: int | None,
    tags: list[str],
    key: str,
) -> None:
    """A page of thumbnails.

    Args:
        selected: ids that are selected, also of other pages.
        page: from 1 to ``pages``; arrows at the ends ask for the next or the previous one.
        tile: least width of a thumbnail in pixels.
        focus: the picture that gets the keyboard when the grid appears; None leaves the keyboard where it is.
        tags: known ones, suggested while tags are typed.
        key: also the name under which :func:`take` finds what was done.
    """
    data = {
        "items": [asdict(item) for item in items],
        "selected": selected,
        "page": page,
        "pages": pages,
        "tile": tile,
        "focus": focus,
        "tags": tags,
        "ack": acknowledged(key),
    }
    _grid(key=key, data=data, on_acts_change=lambda: None)


def picture_view(item: Item, *, before: bool, after: bool, facts: str, tags: list[str], key: str) -> None:
    """One picture, as large as fits; a click shows it in full size.

    Args:
        before, after: whether there is a neighbour to step to.
        facts: a line beside the stars, plain text.
        tags: known ones, suggested while tags are typed.
        key: also the name under which :func:`take` finds what was done.
    """
    data = {
        "item": asdict(item),
        "before": before,
        "after": after,
        "facts": facts,
        "tags": tags,
        "ack": acknowledged(key),
    }
    _viewer(key=key, data=data, on_acts_change=lambda: None)
