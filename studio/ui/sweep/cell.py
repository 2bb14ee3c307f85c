"""One cell large: its picture, what it has, how its neighbours differ, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture
from studio.jobs.sweeps import CellStatus, Sweep
from studio.request import GenerationRequest
from studio.sweeps.expansion import Expanded
from studio.ui import desk, failures, media
from studio.ui.failures import plain
from studio.ui.gallery import recipe as gallery_recipe
from studio.ui.gallery import reuse as gallery_reuse
from studio.ui.generate import control_sources, first_visit, forms, upscale_action
from studio.ui.models import shelves
from studio.ui.services import services
from studio.ui.sweep import scores, state

BEFORE, AFTER = -1, 1


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
        _measured(cell)
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
        if picture is not None:
            gallery_recipe.show(picture)
        else:
            request = expanded.cells[number].request.model_dump_json(indent=1, exclude_defaults=True)
            st.code(request, language="json", wrap_lines=True)


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
    """The cells one value away on every axis, with what differs. A click leads there."""
    place = expanded.cells[number].place
    known = {cell.place: at for at, cell in enumerate(expanded.cells)}
    ways = [(line, step) for line in range(len(place)) for step in (BEFORE, AFTER)]
    found = [(way, known.get(_beside(place, *way))) for way in ways]
    if not any(other is not None for _, other in found):
        return
    st.caption("One value away:")
    with st.container(horizontal=True, key="cell_neighbours"):
        for (line, step), other in found:
            if other is not None:
                _neighbour(expanded, cells, (number, other), line, step)


def _neighbour(expanded: Expanded, cells: list[CellStatus], pair: tuple[int, int], line: int, step: int) -> None:
    here, there = (expanded.cells[number].place[line] for number in pair)
    label, headers = expanded.lines[line].label, expanded.lines[line].headers
    with st.container(width=136, gap="xxsmall", key=f"neighbour_{line}_{step + 1}"):
        sha256 = cells[pair[1]].sha256
        if sha256:
            st.image(media.thumbnail_url(sha256), alt=words_of(expanded, pair[1]), width="stretch")
        st.button(
            plain(f"{label} {headers[there]}"[:40]), key=f"go_{line}_{step + 1}", on_click=state.open_cell,
            args=(pair[1],), width="stretch", icon=f":material/{'arrow_back' if step == BEFORE else 'arrow_forward'}:",
            help=f"Opens the cell with {plain(label)} {plain(headers[there])} instead of {plain(headers[here])}.",
        )  # fmt: skip
        st.caption(plain(f"instead of {headers[here]}"[:60]))


def _beside(place: tuple[int, ...], line: int, step: int) -> tuple[int, ...]:
    return (*place[:line], place[line] + step, *place[line + 1 :])


def _measured(cell: CellStatus) -> None:
    """What is known of the picture in figures; where something could not be measured, why."""
    found = services().scores.of([cell.picture_id]).get(cell.picture_id, {}) if cell.picture_id else {}
    told = [f"{cell.seconds:.1f} s" if cell.seconds is not None else ""]
    for metric, (label, *_) in scores.METRICS.items():
        one = found.get(metric)
        if one is not None and one.value is not None:
            told.append(f"{label}: {one.value:.3g}")
    told += sorted({one.reason for one in found.values() if one.reason})
    if any(told):
        st.caption(plain(" · ".join(part for part in told if part)))
