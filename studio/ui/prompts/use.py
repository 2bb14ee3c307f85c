"""Using a template: prompt, negative prompt, settings and pose go into the form of Generate in one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from studio.catalog.checkpoints import traits
from studio.catalog.families import FamilySpec
from studio.poses.library import entries as poses
from studio.prompts.library.entries import Template
from studio.prompts.syntax import comments
from studio.ui import desk, media
from studio.ui.failures import plain
from studio.ui.generate import suiting
from studio.ui.models import shelves
from studio.ui.prompts import adding, finding
from studio.ui.services import services

SAMPLING = ("steps", "guidance_scale", "sampler", "clip_skip")
THUMBNAIL = 192
_OPENED, _LAST = "prompts.template", "prompts.last_template"


@dataclass(frozen=True, slots=True)
class Taking:
    """Which parts of a template are taken."""

    words: str = ""
    """What stands in its slot; blank: its own subject."""
    negative: bool = True
    settings: bool = True
    pose: bool = True


def open_(key: str | None) -> None:
    """Open the choice for a template; None closes it. A callback."""
    st.session_state[_OPENED] = key


def show() -> None:
    """The dialog of the template that was clicked."""
    if _opened():
        _dialog()


def _opened() -> Template | None:
    item = services().prompt_shelf.library().get(st.session_state.get(_OPENED) or "")
    return item if isinstance(item, Template) else None


@st.dialog("Use this template", icon=":material/auto_stories:", on_dismiss=lambda: open_(None))
def _dialog() -> None:
    template = _opened()
    if template is None:
        st.rerun()
    models = shelves(services().settings)
    checkpoint = models.checkpoint(desk.value("checkpoint"))
    family, own = traits(checkpoint), own_words(traits(checkpoint).example_prompt)
    st.markdown(f"**{plain(template.title)}**")
    if template.description:
        st.caption(plain(template.description))
    words = _words(template, own)
    with st.container(border=True, gap="small"):
        st.markdown(preview(template, words))
    suits = finding.understands(family.name, template)
    if not suits:
        st.caption(f":material/info: {family.label} does not know all of these words; others suit it better.")
    key = template.key
    negative = bool(template.negative_prompt.strip()) and st.checkbox(
        "Negative prompt", True, key=f"prompts.take_negative.{key}", help=f"{template.negative_prompt}"[:300]
    )
    changed = settings_of(template, family)
    settings = bool(changed) and st.checkbox(
        f"Settings: {plain(settings_words(changed))}", template.works_for(family.name) and suits,
        key=f"prompts.take_settings.{key}", help="What it was made with, at a size that suits the checkpoint.",
    )  # fmt: skip
    pose = _pose(template, bool(models.controlnets_for(checkpoint, "openpose")))
    st.button(
        "Put it into the form", type="primary", icon=":material/check:", key="use_template", width="stretch",
        on_click=use, args=(template, Taking(words, negative, settings, pose), family),
        help="Fills the form of Generate in one step, which Undo takes back.",
    )  # fmt: skip


def _words(template: Template, own: str) -> str:
    if not own or _has_no_figure(template):
        return own
    choice = st.radio(
        "Who is in the picture", ["subject", "own"], index=0, key=f"prompts.whose.{template.key}",
        format_func=lambda each: {"subject": "The template's figure", "own": f"Your words: {_short(own)}"}[each],
        help="What stands at the template's open place.",
    )  # fmt: skip
    return own if choice == "own" else ""


def _has_no_figure(template: Template) -> bool:
    """Without words of its own for the open place there is nothing to choose."""
    return not template.subject.strip()


def _pose(template: Template, posed: bool) -> bool:
    entry = next((each for each in poses() if each.name == template.pose), None)
    if entry is None:
        return False
    with st.container(horizontal=True, vertical_alignment="center", key="template_pose"):
        st.image(media.map_url(entry.pose, THUMBNAIL, THUMBNAIL), alt=f"The pose {entry.label}", width=72)
        return st.checkbox(
            f"Pose: {plain(entry.label)}", posed, key=f"prompts.take_pose.{template.key}", disabled=not posed,
            help="The figure follows this pose." if posed else "This checkpoint has no ControlNet for poses yet.",
        )  # fmt: skip


def use(template: Template, taking: Taking, family: FamilySpec) -> None:
    """Put what is taken into the form. A callback."""
    open_(None)
    own = own_words(family.example_prompt)
    values = values_of(template, taking, family)
    adding.change(f"Template “{template.title}” put into the form", **values)
    services().prompt_shelf.note_use(template.key)
    st.session_state[_LAST] = (values["prompt"], own)


def values_of(template: Template, taking: Taking, family: FamilySpec) -> dict[str, Any]:
    """The fields of the form that are set."""
    values: dict[str, Any] = {"prompt": template.fill(comments.strip(taking.words)), "style": None}
    if taking.negative:
        values["negative_prompt"] = template.fill_negative("")
    if taking.settings:
        values |= settings_of(template, family)
    if taking.pose and template.pose:
        values |= {"control": "pose", "pose_name": template.pose, "control_type": "openpose"}
        values |= {name: value for name, value in template.settings.items() if name == "control_weight"}
    return values


def sampling(template: Template) -> dict[str, Any]:
    """Those of the template's settings that are about sampling."""
    return {name: template.settings[name] for name in SAMPLING if name in template.settings}


def settings_of(template: Template, family: FamilySpec) -> dict[str, Any]:
    """The template's settings as fields of the form, its size as near as suits ``family``."""
    values = sampling(template)
    if "guidance_scale" in values:
        values["guidance_scale"] = float(values["guidance_scale"])
    if "width" in template.settings and "height" in template.settings:
        values["width"], values["height"] = fitted(
            int(template.settings["width"]), int(template.settings["height"]), family
        )
    return values


def fitted(width: int, height: int, family: FamilySpec) -> tuple[int, int]:
    """The size itself where it suits ``family``, else the family's own one of the nearest shape."""
    if suiting.suits(family, width, height):
        return width, height
    return min(family.size_presets, key=lambda preset: abs(preset[0] / preset[1] - width / height))


def settings_words(values: dict[str, Any]) -> str:
    """``512 × 768, DPM++ 2M, 28 steps, guidance 7``."""
    told = {
        "width": lambda value: f"{value} × {values['height']}", "sampler": str, "steps": lambda value: f"{value} steps",
        "guidance_scale": lambda value: f"guidance {value:g}", "clip_skip": lambda value: f"clip skip {value}",
    }  # fmt: skip
    return ", ".join(tell(values[name]) for name, tell in told.items() if name in values)


def preview(template: Template, words: str) -> str:
    """The filled template as Markdown, what stands in its slot in bold."""
    slot = "\x00"
    before, _, after = template.fill(slot).partition(slot)
    inside = " ".join((words.strip() or template.subject).split())
    return f"{plain(before)}**{plain(inside)}**{plain(after)}" if inside else plain(before + after)


def own_words(family_example: str) -> str:
    """What the person wrote: not the example of the first visit, nor what a template added around it."""
    prompt = desk.value("prompt").strip()
    filled, own = st.session_state.get(_LAST, ("", ""))
    if prompt == filled.strip():
        return own
    return "" if prompt == family_example.strip() else prompt


def _short(text: str, length: int = 80) -> str:
    words = " ".join(text.split())
    return plain(words if len(words) <= length else f"{words[: length - 1]}…")
