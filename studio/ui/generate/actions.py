"""What Generate, Cancel and Retry do. Callbacks: they run before the page is drawn again."""

from __future__ import annotations

import secrets

import streamlit as st

from studio import advice, availability
from studio.catalog.checkpoints import HOW_TO_GET_ONE, Checkpoint, checkpoint_folder, traits
from studio.errors import StudioError, UnknownName
from studio.request import MAX_SEED
from studio.ui import desk, problems
from studio.ui.failures import plain
from studio.ui.generate import forms, random_prompt_panel, random_prompts, sampling_panel
from studio.ui.generate.control_sources import sights
from studio.ui.services import services
from studio.ui.words import HELP


def show(busy: bool) -> None:
    """The row that stays in reach: Generate, and Cancel while something runs."""
    with st.container(key="actions"):
        problems.show_elsewhere()
        with st.container(horizontal=True, key="primary_actions"):
            st.button(
                "Generate", type="primary", icon=":material/brush:", key="generate", shortcut="Ctrl+Enter",
                on_click=generate, help=HELP["generate"], width="stretch",
            )  # fmt: skip
            st.button(
                "Cancel", icon=":material/stop_circle:", key="cancel", on_click=cancel_all, disabled=not busy,
                help=HELP["cancel"],
            )  # fmt: skip


def show_remarks(checkpoint: Checkpoint | None) -> None:
    """What is allowed but probably not meant, in small print; at most two, the weightiest."""
    draft = desk.draft()
    try:
        drawn = random_prompts.drawn(draft, services().settings)[:1]
        request = forms.requests_from(draft, draft.seed, *sights(draft, store=False), drawn=drawn)[0]
    except StudioError:
        return  # Generate says what is wrong
    family = traits(checkpoint) if checkpoint and checkpoint.family else None
    for remark in advice.notes(request, family)[:2]:
        st.caption(f":material/info: {plain(remark.message)} {plain(remark.hint)}")


def generate() -> None:
    """Queue the form's pictures, or note what is wrong with it."""
    problems.clear()
    parts = services()
    draft = desk.draft()
    seed = draft.seed if draft.seed_locked else secrets.randbelow(MAX_SEED + 1)
    wildcard_seed = random_prompts.next_seed(draft)
    try:
        if not draft.checkpoint:
            folder = checkpoint_folder(parts.settings)
            raise UnknownName("There is no checkpoint yet.", HOW_TO_GET_ONE.format(folder=folder))
        drawn = random_prompts.drawn(draft, parts.settings, wildcard_seed)
        requests = forms.requests_from(draft, seed, *sights(draft), drawn=drawn)
        for request in {request.loras: request for request in requests}.values():
            availability.check(parts.settings, request)
        random_prompts.note(parts.gallery.templates, draft, requests, drawn)
        parts.prompt_history.note(draft.prompt, draft.negative_prompt, draft.checkpoint, requests)
        jobs = parts.queue.get(parts.queue.submit(requests, owner=desk.desk_id()))
    except StudioError as error:
        problems.note(error)
        return
    sampling_panel.remember_seed(seed)
    if random_prompts.is_random(draft):
        random_prompt_panel.remember(wildcard_seed)
    known = [job.picture_id for job in jobs if job.picture_id is not None]
    desk.open_picture(known[0] if len(known) == len(jobs) else None)
    if known:
        st.toast("Made before with exactly these settings: shown from the gallery.", icon=":material/photo_library:")


def cancel(ids: list[int]) -> None:
    services().queue.cancel(ids)


def cancel_all() -> None:
    """Cancel everything that was started by hand; a sweep goes on."""
    queue = services().queue
    queue.cancel([job.id for job in queue.active() if job.priority == 0])


def retry(ids: list[int]) -> None:
    services().queue.retry(ids)
