"""One cell large: its picture, what it has, how its neighbours differ, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture
from studio.jobs.sweeps import CellStatus, Sweep
from studio.request import GenerationRequest
from studio.sweeps.expansion import Expanded
from studio.ui import control_sources, desk, failures, first_visit, forms, gallery_reuse, media, upscale_action
from studio.ui import sweep_state as state
from studio.ui.failures import plain
from studio.ui.models import shelves
from studio.ui.services import services

SIDES = {-1: "before", 1: "after"}


def show(sweep: Sweep, expanded: Expanded, cells: list[CellStatus], number: int) -> None:
    """The cell in a dialog. Closing it leaves the grid as it was."""

    @st.dialog(f"Cell {number + 1} of {len(cells)}", width="large", on_dismiss=state.close_cell)
    def opened() -> None:
        _content(sweep, expanded, cells, number)

    opened()


def words_of(expanded: Expanded, number: int) -> str:
    """``Steps 20, Guidance 7.5``."""
    places = expanded.cells[number].place
    return ", ".join(f"{line.label} {line.headers[at]}" for line, at in zip(expanded.lines, places, strict=True))


def put_form(request: GenerationRequest) -> None:
    """Fill the form of Generate with a request. To be called in a callback, or before the page is drawn."""
    parts = services()
    desk.begin(parts.drafts, first=first_visit.draft(shelves(parts.settings)))
    desk.put(control_sources.recognised(forms.draft_from(request, desk.draft())))
    desk.keep(parts.drafts)


def _content(sweep: Sweep, expanded: Expanded, cells: list[CellStatus], number: int) -> None:
    cell = cells[number]
    picture = _picture(cell)
    st.markdown(f"**{plain(words_of(expanded, number))}**")
    if picture is None:
        st.caption(f"It is {cell.state.value}. {plain(cell.error_message)} {plain(cell.error_hint)}".strip())
    else:
        st.image(media.picture_url(picture.sha256), alt=words_of(expanded, number))
    with st.container(horizontal=True, key="cell_actions"):
        if picture is not None:
            _favourite(picture)
            upscale_action.button(picture, f"cell_{picture.id}")
        st.button(
            "Draw again", icon=":material/refresh:", key=f"redraw_{number}", on_click=_redraw,
            args=(sweep.id, expanded.cells[number].request), help="Draws this cell once more, as it is.",
        )  # fmt: skip
        others = [other for other in state.marked(sweep.id) if other != number][-1:]
        st.button(
            "Mark to compare", icon=":material/compare:", key=f"mark_{number}", on_click=state.mark,
            args=(sweep.id, [*others, number]), help="Mark a second cell, and the two are shown against each other.",
        )  # fmt: skip
    if picture is not None:
        gallery_reuse.show(picture)
    _neighbours(expanded, cells, number)
    with st.expander("All settings"):
        st.code(
            expanded.cells[number].request.model_dump_json(indent=1, exclude_defaults=True),
            language="json",
            wrap_lines=True,
        )


def _redraw(id: int, request: GenerationRequest) -> None:
    services().sweeps.redraw(id, request)


def _picture(cell: CellStatus) -> Picture | None:
    try:
        return services().gallery.get(cell.picture_id) if cell.picture_id else None
    except StudioError as error:
        failures.show(error.message, error.hint)
        return None


def _favourite(picture: Picture) -> None:
    st.button(
        "Favourite" if not picture.favourite else "No favourite", key=f"favour_{picture.id}",
        icon=":material/favorite:" if picture.favourite else ":material/favorite_border:",
        on_click=services().gallery.favour, args=([picture.id], not picture.favourite),
        help="Marks the picture; the gallery finds it again under Favourites.",
    )  # fmt: skip


def _neighbours(expanded: Expanded, cells: list[CellStatus], number: int) -> None:
    """The cells one step away on every axis, with what differs. A click leads there."""
    place = expanded.cells[number].place
    known = {cell.place: at for at, cell in enumerate(expanded.cells)}
    with st.container(horizontal=True, key="cell_neighbours"):
        for line in range(len(place)):
            for step in SIDES:
                other = known.get((*place[:line], place[line] + step, *place[line + 1 :]))
                if other is None:
                    continue
                with st.container(width=120, gap="xxsmall", key=f"neighbour_{line}_{step + 1}"):
                    sha256 = cells[other].sha256
                    if sha256:
                        st.image(media.thumbnail_url(sha256), alt=words_of(expanded, other), width="stretch")
                    at = expanded.cells[other].place[line]
                    label = f"{expanded.lines[line].label} {expanded.lines[line].headers[at]}"
                    st.button(
                        plain(label[:40]), key=f"go_{line}_{step + 1}", on_click=state.open_cell, args=(other,),
                        width="stretch",
                        help=f"Differs from this cell in: {plain(_difference(expanded, number, other))}",
                    )  # fmt: skip


def _difference(expanded: Expanded, one: int, other: int) -> str:
    pairs = zip(expanded.lines, expanded.cells[one].place, expanded.cells[other].place, strict=True)
    return ", ".join(
        f"{line.label} {line.headers[after]} instead of {line.headers[before]}"
        for line, before, after in pairs
        if before != after
    )
