"""Generate: the form on the left, the pictures on the right."""

import streamlit as st

from studio.catalog.checkpoints import traits
from studio.ui import desk, problems
from studio.ui.generate import (
    actions,
    finish_panel,
    first_visit,
    look_panel,
    prompt_panel,
    random_prompt_panel,
    running,
    sampling_panel,
    source_panel,
)
from studio.ui.models import shelves
from studio.ui.pose import panel as pose_panel
from studio.ui.services import services

parts = services()
models = shelves(parts.settings)
desk.begin(parts.drafts, first=first_visit.draft(models))
if desk.value("checkpoint") is None and models.usable_checkpoints():
    desk.put_values(checkpoint=models.usable_checkpoints()[0])
checkpoint = models.checkpoint(desk.value("checkpoint"))

with st.container(key="desk"):
    form, pictures = st.columns([38, 62], gap="medium")

with form:
    if not models.usable_checkpoints():
        first_visit.show_missing_checkpoint()
    prompt_panel.show(models, checkpoint)
    problems.show("prompt")
    random_prompt_panel.show(parts.settings)
    pose_panel.show(models, checkpoint)
    look_panel.show(models)
    family = traits(checkpoint)
    sampling_panel.show_size(family.size_presets)
    sampling_panel.show_sampling(family)
    source_panel.show()
    finish_panel.show(models)
    actions.show_remarks(checkpoint)
    actions.show(busy=bool(parts.queue.active()))

with pictures:
    running.show()

desk.keep(parts.drafts)
