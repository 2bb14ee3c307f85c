"""Building a sweep: the form of Generate, plus axes. The plan is worked out while one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from studio import availability
from studio.errors import StudioError
from studio.request import GenerationRequest
from studio.sweeps.expansion import Expanded, expand
from studio.sweeps.plan import Limits, Plan
from studio.sweeps.spec import SweepSpec
from studio.sweeps.values import texts
from studio.ui import desk, failures, media
from studio.ui.failures import plain
from studio.ui.generate import control_sources, first_visit, forms, progress, random_prompts
from studio.ui.models import shelves
from studio.ui.services import services
from studio.ui.shelves_view import size_text
from studio.ui.sweep import choices, rows, state


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
    now, places = rows.show(state.building(), request)
    now = _more(now)
    state.keep(now)
    _planned(now, request, places)


def base_request() -> GenerationRequest:
    """The request the form of Generate stands for, LoRA tags taken out of its prompt; a random prompt as it is drawn.

    Raises:
        StudioError: the form is unfinished or wrong.
    """
    draft = desk.draft()
    drawn = random_prompts.drawn(draft, services().settings)[:1]
    return forms.requests_from(draft, draft.seed, *control_sources.sights(draft), drawn=drawn)[0]


def spec_of(now: state.Building, request: GenerationRequest) -> SweepSpec:
    """The sweep that is built. Raises StudioError as ``SweepSpec.build``."""
    axes, group = [], 0
    for number, row in enumerate(now.rows):
        group += not row.zip
        zipped = row.zip or (number + 1 < len(now.rows) and now.rows[number + 1].zip)
        axes.append({"axis": row.axis, "values": row.values, "zip": f"{group}" if zipped else None})
    return SweepSpec.build(title=now.title, skip=now.skip, request=request, axes=axes, **_own(now))


def _own(now: state.Building) -> dict:
    """The poses and style templates of the person's own that the axes name."""
    poses, templates = _named(now, "pose"), _named(now, "template")
    own_poses = services().pose_shelf.own() if poses else ()
    own_templates = choices.own_templates() if templates else {}
    return {
        "poses": {own.name: own.pose for own in own_poses if own.name in poses},
        "templates": {name: one for name, one in own_templates.items() if name in templates},
    }


def _named(now: state.Building, axis: str) -> set[str]:
    return {
        name
        for row in now.rows
        if row.axis.partition("@")[0] == axis and row.values.strip()
        for name in texts(row.values)
    }


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


def _more(now: state.Building) -> state.Building:
    told = " · ".join(part for part in (now.title, f"skip {now.skip}" if now.skip else "") if part)
    with st.expander(f"Title, skipping, limits{' · ' + plain(told) if told else ''}", key="fold_sweep"):
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
            disk = st.number_input(
                "Warn above GB of disk", 1, 10_000, now.warn_gigabytes, key="sweep_warn_gigabytes", width=180
            )
    return replace(now, title=title, skip=skip, warn_cells=cells, warn_minutes=minutes, warn_gigabytes=disk)


def _planned(now: state.Building, request: GenerationRequest, places: Sequence) -> None:
    try:
        spec = spec_of(now, request)
        expanded = expand(spec)
        rows.remark(now.rows, places, expanded.lines)
        for one in _different(expanded):
            availability.check(services().settings, one)
    except StudioError as error:
        rows.complain(now.rows, places, error)
        st.button("Start", type="primary", icon=":material/play_arrow:", key="sweep_start", disabled=True)
        return
    plan = services().sweeps.plan(expanded, Limits(now.warn_cells, now.warn_minutes * 60, now.warn_gigabytes * 10**9))
    with st.container(border=True, key="sweep_plan"):
        st.markdown(
            f"**{' × '.join(str(len(line.values)) for line in expanded.lines)} = {_cells(expanded)}** · {_cost(plan)}"
        )
        if expanded.skipped:
            st.caption(f"{expanded.skipped} of them are skipped by the condition.")
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


def _cells(expanded: Expanded) -> str:
    count = len(expanded.cells) + expanded.skipped
    return "1 cell" if count == 1 else f"{count:,} cells"


def _cost(plan: Plan) -> str:
    told = []
    if plan.done:
        told.append(f"{plan.done} drawn already")
    if plan.unique < plan.cells:
        told.append(f"{plan.cells - plan.unique} equal to others")
    time = "time known after the first pictures" if plan.seconds is None else _about(plan.seconds)
    told += [
        f"{plan.steps:,} steps",
        time if plan.to_run else "",
        f"at most {max(1, round(plan.bytes / 1e6)):,} MB of disk" if plan.bytes else "",
    ]
    if plan.loads > 1:
        told.append(f"{plan.loads} changes of model or size")
    weights = max((availability.weights_bytes(services().settings, first) for first, _ in plan.groups), default=0)
    told.append(f"{size_text(weights)} of weights in memory" if weights else "")
    return " · ".join(part for part in told if part)


def _about(seconds: float) -> str:
    """As exact as an estimate is: ``36 min`` rather than ``35 min 42 s``."""
    text = progress.seconds_text(seconds if seconds < 60 else round(seconds / 60) * 60)
    return f"about {text.removesuffix(' 0 s').removesuffix(' 0 min')}"


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
