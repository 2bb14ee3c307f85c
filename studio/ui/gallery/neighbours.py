"""Stepping through the list while a picture is shown large."""

from __future__ import annotations

from studio.ui.gallery import filters, state
from studio.ui.services import services

NEAR = 60
"""How far a picture may have moved in the list (new ones came, ratings changed) and still be found at once."""


def place_of(id: int) -> int | None:
    """Where the picture stands in the list, from 0; None when the list does not hold it."""
    gallery, query = services().gallery, filters.query()
    place = state.place()
    if place is not None:
        start = max(0, place - NEAR)
        near = gallery.ids(query, limit=2 * NEAR + 1, offset=start)
        if id in near:
            return state.put_place(start + near.index(id))
    listed = gallery.ids(query)
    return state.put_place(listed.index(id)) if id in listed else None


def around(id: int) -> tuple[int | None, int | None]:
    """The pictures before and after this one in the list."""
    return _around(place_of(id))


def step(id: int, by: int) -> None:
    """Open the picture before (``by`` < 0) or after this one, if there is one."""
    place = place_of(id)
    before, after = _around(place)
    target = before if by < 0 else after
    if target is not None and place is not None:
        state.open_picture(target, place + (-1 if by < 0 else 1))


def trash(id: int) -> None:
    """Put the opened picture into the trash and open the next one, else the previous one. A callback."""
    place = place_of(id)
    before, after = _around(place)
    if place is not None and after is not None:
        state.open_picture(after, place)
    elif place is not None and before is not None:
        state.open_picture(before, place - 1)
    else:
        state.close()
    state.trash([id])


def close() -> None:
    """Back to the list, to the page that shows the picture. A callback."""
    opened = state.opened()
    place = place_of(opened) if opened is not None else None
    if place is not None:
        state.turn_to(place // state.PER_PAGE + 1)
    state.close(opened)


def _around(place: int | None) -> tuple[int | None, int | None]:
    if place is None:
        return None, None
    start = max(0, place - 1)
    listed = services().gallery.ids(filters.query(), limit=3, offset=start)
    at = place - start
    return (listed[at - 1] if at > 0 else None, listed[at + 1] if at + 1 < len(listed) else None)
