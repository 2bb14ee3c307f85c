"""Building a sweep: the form of Generate, plus axes. The plan is worked out while one types."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from studio import availability
from studio.errors import StudioError
from studio.request import GenerationRequest
from studio.sweeps.axes import AXES, find_axis
from studio.sweeps.expansion import Expanded, expand, lines_of
from studio.sweeps.plan import Limits, Plan
from studio.sweeps.spec import SweepSpec
from studio.sweeps.values import texts
from studio.ui import control_sources, desk, failures, first_visit, forms, media, progress
from studio.ui import sweep_state as state
from studio.ui.failures import plain
from studio.ui.models import shelves
from studio.ui.services import services
from studio.ui.shelves_view import size_text

MAX_ROWS = 6
EXAMPLES = {
    "steps": "20-40 (+10)", "guidance_scale": "5, 7.5, 10", "seed": "1-4", "sampler": "Euler a, DPM++ 2M",
    "schedule": "Automatic, Karras", "clip_skip": "1, 2", "size": "512x512, 512x768", "width": "512, 640",
    "height": "512, 768", "strength": "0.3-0.9 (+0.3)", "pose": "standing, jogging", "control_weight": "0-1 (+0.25)",
    "control_start": "0, 0.2", "control_end": "0.5-1 (+0.25)", "control_type": "openpose", "lora_weight": "0-1 (+0.25)",
    "style": "{prompt} || {prompt}, watercolour", "ablation": "all",
}  # fmt: skip
"""What a new row starts with."""


def show() -> None:
    """The builder: what all cells share, the axes, the plan, and the button that starts it."""
    parts = services()
    desk.begin(parts.drafts, first=first_visit.draft(shelves(parts.settings)))
    try:
        request = base_request()
    except StudioError as error:
        failures.show(error.message, error.hint)
        st.page_link("generate.py", label="Open Generate", icon=":material/brush:")
        return
    _shared(request)
    now = _axes(state.building())
    now = _more(now)
    state.keep(now)
    _planned(now, request)


def base_request() -> GenerationRequest:
    """The request the form of Generate stands for, LoRA tags taken out of its prompt.

    Raises:
        StudioError: the form is unfinished or wrong.
    """
    draft = desk.draft()
    return forms.requests_from(draft, draft.seed, *control_sources.sights(draft))[0]


def spec_of(now: state.Building, request: GenerationRequest) -> SweepSpec:
    """The sweep that is built. Raises StudioError as ``SweepSpec.build``."""
    axes, group = [], 0
    for number, row in enumerate(now.rows):
        group += not row.zip
        zipped = row.zip or (number + 1 < len(now.rows) and now.rows[number + 1].zip)
        axes.append({"axis": row.axis, "values": row.values, "zip": f"{group}" if zipped else None})
    return SweepSpec.build(title=now.title, skip=now.skip, request=request, axes=axes, poses=_own_poses(now))


def _own_poses(now: state.Building) -> dict:
    """The poses of the person's own that the axes name."""
    named = {
        name for row in now.rows if row.axis.startswith("pose") and row.values.strip() for name in texts(row.values)
    }
    return {own.name: own.pose for own in services().pose_shelf.own() if own.name in named} if named else {}


def _shared(request: GenerationRequest) -> None:
    pose = next((unit.pose for unit in request.controls if unit.pose), None)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="sweep_base"):
        if pose is not None:
            st.image(media.map_url(pose, request.width, request.height), width=72, alt="The pose all cells share")
        with st.container(width="stretch", gap="xxsmall"):
            words = " ".join(request.prompt.split())
            st.markdown(
                f"**All cells share the form of Generate:** {plain(words[:160])}{'…' if len(words) > 160 else ''}"
            )
            st.caption(
                f"{plain(request.checkpoint)} · {plain(request.sampler)} · {request.steps} steps · guidance "
                f"{request.guidance_scale:g} · {request.width} × {request.height} · seed {request.seed}"
            )
        st.page_link("generate.py", label="Change", icon=":material/brush:", help="Opens the form of Generate.")


def _axes(now: state.Building) -> state.Building:
    rows = [_row(row, number) for number, row in enumerate(now.rows)]
    with st.container(horizontal=True):
        st.button(
            "Add an axis", icon=":material/add:", key="sweep_add", on_click=_add, disabled=len(rows) >= MAX_ROWS,
            help="Two axes make a grid; further ones turn its pages.",
        )  # fmt: skip
        st.button(
            "Best of 8 seeds", icon=":material/trophy:", key="sweep_best", on_click=_best_of,
            help="Sets one axis, eight seeds: draw them, measure them, keep the one that obeys the pose best.",
        )  # fmt: skip
    return replace(now, rows=tuple(rows))


def _row(row: state.Row, number: int) -> state.Row:
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"sweep_row_{row.id}"):
        names = list(AXES) if row.axis in AXES else [row.axis, *AXES]
        axis = st.selectbox(
            f"Axis {number + 1}", names, index=names.index(row.axis), key=f"sweep_axis_{row.id}",
            format_func=lambda name: find_axis(name)[0].label, width=220,
            help="What differs from cell to cell. Example: guidance.",
        )  # fmt: skip
        if axis != row.axis:
            # A new axis starts with values of its own kind; the text field below has to be a new one to show them.
            row = state.new_row(axis, EXAMPLES.get(axis, ""))
            state.keep(_replaced(number, row))
            st.rerun()
        values = st.text_input(
            "Values", row.values, key=f"sweep_values_{row.id}", placeholder=find_axis(axis)[0].help, width="stretch",
            help=f"{find_axis(axis)[0].help}. Also 20-40 (+5), 0-1 [5], 1, 2, .., 10; || between values with commas.",
        )  # fmt: skip
        zipped = number > 0 and st.checkbox(
            "Zip", row.zip, key=f"sweep_zip_{row.id}",
            help="Advance together with the axis above, value by value, instead of making a grid with it.",
        )  # fmt: skip
        st.button(
            "", icon=":material/delete:", key=f"sweep_remove_{row.id}", on_click=_remove, args=(row.id,),
            help="Remove this axis.", disabled=len(state.building().rows) == 1,
        )  # fmt: skip
    return state.Row(row.id, axis, values, bool(zipped))


def _more(now: state.Building) -> state.Building:
    told = " · ".join(part for part in (now.title, f"skip {now.skip}" if now.skip else "") if part)
    with st.expander(f"Title and skipping{' · ' + plain(told) if told else ''}", key="fold_sweep"):
        title = st.text_input("Title", now.title, key="sweep_title", max_chars=200, help="Example: Steps and guidance.")
        skip = st.text_input(
            "Skip cells where", now.skip, key="sweep_skip", max_chars=500,
            placeholder='steps > 30 and sampler == "DDIM"',
            help="A condition over the axes by their short names. Cells for which it holds are not drawn.",
        )  # fmt: skip
        st.caption(f"The condition may speak of: {plain(', '.join(row.axis for row in now.rows))}.")
        with st.container(horizontal=True):
            cells = st.number_input("Warn above cells", 1, 20_000, now.warn_cells, key="sweep_warn_cells", width=180)
            minutes = st.number_input(
                "Warn above minutes", 1, 10_000, now.warn_minutes, key="sweep_warn_minutes", width=180
            )
    return replace(now, title=title, skip=skip, warn_cells=cells, warn_minutes=minutes)


def _planned(now: state.Building, request: GenerationRequest) -> None:
    try:
        spec = spec_of(now, request)
        expanded = expand(spec)
        for one in _different(expanded):
            availability.check(services().settings, one)
    except StudioError as error:
        failures.show(error.message, error.hint)
        st.button("Start", type="primary", icon=":material/play_arrow:", key="sweep_start", disabled=True)
        return
    plan = services().sweeps.plan(expanded, Limits(now.warn_cells, now.warn_minutes * 60))
    with st.container(border=True, key="sweep_plan"):
        st.markdown(
            f"**{' × '.join(str(len(line.values)) for line in lines_of(spec))} = {plan.cells} cells** · {_cost(plan)}"
        )
        st.caption(" · ".join(f"{line.label}: {plain(', '.join(line.headers[:12]))}" for line in expanded.lines))
        if plan.loads > 1:
            order = [f"{count} of {plain(r.checkpoint)} at {r.width} × {r.height}" for r, count in plan.groups[:8]]
            st.caption(f"In this order: {', then '.join(order)}{' …' if plan.loads > 8 else ''}")
        for warning in plan.warnings:
            st.warning(plain(warning), icon=":material/hourglass_top:")
        st.button(
            f"Draw {len(plan.to_run)} cells" if plan.to_run else "Open: all cells are drawn already", type="primary",
            icon=":material/play_arrow:", key="sweep_start", on_click=_start, args=(spec,),
            help="Cells that exist already are not drawn again. Stop at any time: it goes on where it was.",
        )  # fmt: skip


def _cost(plan: Plan) -> str:
    told = []
    if plan.done:
        told.append(f"{plan.done} drawn already")
    if plan.unique < plan.cells:
        told.append(f"{plan.cells - plan.unique} equal to others")
    time = (
        "time known after the first pictures"
        if plan.seconds is None
        else f"about {progress.seconds_text(plan.seconds)}"
    )
    told += [
        f"{plan.steps:,} steps",
        time if plan.to_run else "",
        f"at most {plan.bytes / 1e6:,.0f} MB" if plan.bytes else "",
    ]
    if plan.loads > 1:
        told.append(f"{plan.loads} changes of model or size")
    weights = max((availability.weights_bytes(services().settings, first) for first, _ in plan.groups), default=0)
    told.append(f"{size_text(weights)} of weights in memory" if weights else "")
    return " · ".join(part for part in told if part)


def _different(expanded: Expanded) -> list[GenerationRequest]:
    """One request for each combination of names, so that a large sweep is not checked cell by cell."""
    found = {
        (r.checkpoint, r.vae, r.sampler, r.schedule, r.steps, r.loras, tuple((u.type, u.model) for u in r.controls)): r
        for r in (cell.request for cell in expanded.cells)
    }
    return list(found.values())


def _start(spec: SweepSpec) -> None:
    sweeps = services().sweeps
    id = sweeps.create(spec)
    sweeps.start(id)
    state.open_sweep(id)


def _add() -> None:
    now = state.building()
    used = {row.axis for row in now.rows}
    axis = next((name for name in ("steps", "control_weight", "sampler", *AXES) if name not in used), "seed")
    state.keep(replace(now, rows=(*now.rows, state.new_row(axis, EXAMPLES.get(axis, "")))))


def _remove(id: str) -> None:
    now = state.building()
    state.keep(replace(now, rows=tuple(row for row in now.rows if row.id != id)))


def _best_of() -> None:
    now = state.building()
    state.keep(replace(now, title=now.title or "Best of 8", rows=(state.new_row("seed", "1-8"),)))


def _replaced(number: int, row: state.Row) -> state.Building:
    now = state.building()
    return replace(now, rows=tuple(row if at == number else old for at, old in enumerate(now.rows)))
