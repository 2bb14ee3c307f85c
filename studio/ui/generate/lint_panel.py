"""Remarks on the prompt, beside its history: what is odd, and fixes that one click applies."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from studio import linting
from studio.catalog.checkpoints import Checkpoint
from studio.errors import StudioError
from studio.poses.values import Pose
from studio.prompts.lint.case import Surroundings
from studio.prompts.lint.findings import Finding, Fix, Severity
from studio.prompts.lint.rules import fix_all, lint
from studio.ui import desk
from studio.ui.failures import plain
from studio.ui.generate.control_sources import FIRST, SECOND, pose_of, type_of
from studio.ui.models import Shelves
from studio.ui.services import services

SHOWN = 12
_ICONS: dict[Severity, str] = {
    "error": ":red[:material/error:]",
    "warning": ":orange[:material/warning:]",
    "remark": ":material/info:",
}
_lint = lru_cache(maxsize=64)(lint)


def show(models: Shelves, checkpoint: Checkpoint | None) -> None:
    """The button, and behind it the remarks. :func:`show_first` says under it how many there are."""
    around = surroundings(models, checkpoint)
    found = _lint(desk.value("prompt"), desk.value("negative_prompt"), around)
    # The count is no part of the button: one with another label would be another button, and close with every fix.
    box = st.popover(
        "Remarks", icon=":material/rule:", key="prompt_remarks", on_change="rerun",
        help="What is odd in the prompts: contradictions, brackets, words the checkpoint does not know, people against "
        "the pose. Nothing here stops you.",
    )  # fmt: skip
    if box.open:
        with box:
            _findings(found, around)


def show_first(models: Shelves, checkpoint: Checkpoint | None) -> None:
    """One line: the weightiest remark and the number of all."""
    found = _lint(desk.value("prompt"), desk.value("negative_prompt"), surroundings(models, checkpoint))
    with st.container(key="prompt_remarks_first"):
        first = next(iter(found), None)
        if first is None:
            st.caption(":green[:material/check:] Nothing odd in the prompts.")
        else:
            more = f" And {len(found) - 1} more." if len(found) > 1 else ""
            st.caption(f"{_ICONS[first.severity]} {plain(first.message)}{more}")


def surroundings(models: Shelves, checkpoint: Checkpoint | None) -> Surroundings:
    """What is known around the form's prompts."""
    parts = services()
    return linting.surroundings(
        parts.settings,
        parts.prompt_shelf.library(),
        checkpoint and checkpoint.family,
        pose=_pose(),
        guidance_scale=desk.value("guidance_scale"),
        loras=models.loras_for(checkpoint),
    )


def apply(kind: str, message: str, label: str, around: Surroundings) -> None:
    """A callback: the fix as it is for what the prompts are now; they may have changed since it was shown."""
    desk.sync()
    prompt, negative = desk.value("prompt"), desk.value("negative_prompt")
    fixes = (
        fix
        for finding in _lint(prompt, negative, around)
        if (finding.kind, finding.message) == (kind, message)
        for fix in finding.fixes
        if fix.label == label
    )
    fix = next(fixes, None)
    if fix is None:
        st.toast("The prompt has changed meanwhile; there is nothing left to fix.", icon=":material/info:")
    else:
        _put(fix.prompt, fix.negative_prompt)


def apply_all(around: Surroundings) -> None:
    """A callback: all safe fixes."""
    desk.sync()
    _put(*fix_all(desk.value("prompt"), desk.value("negative_prompt"), around))


def _put(prompt: str, negative_prompt: str) -> None:
    """Only what changes is set: the other editor keeps its cursor."""
    now = {"prompt": prompt, "negative_prompt": negative_prompt}
    desk.put_values(**{name: text for name, text in now.items() if text != desk.value(name)})


def _pose() -> Pose | None:
    draft = desk.draft()
    for unit in (FIRST, SECOND):
        try:
            if type_of(draft, unit) == "openpose" and (pose := pose_of(draft, unit)):
                return pose
        except StudioError:
            continue  # the pose strip says what is wrong with it
    return None


def _findings(found: tuple[Finding, ...], around: Surroundings) -> None:
    if not found:
        st.caption("Nothing odd was found in prompt and negative prompt.")
        return
    safe = sum(finding.safe_fix is not None for finding in found)
    if safe > 1:
        st.button(
            f"Fix all {safe} safe ones", key="fix_all", icon=":material/done_all:", on_click=apply_all, args=(around,),
            help="What takes away nothing you meant: brackets, duplicates, commas. Undo in the editor brings it back.",
        )  # fmt: skip
    with st.container(key="prompt_remarks_list", gap="small"):
        for number, finding in enumerate(found[:SHOWN]):
            _finding(number, finding, around)
    if len(found) > SHOWN:
        st.caption(f"and {len(found) - SHOWN} more")


def _finding(number: int, finding: Finding, around: Surroundings) -> None:
    with st.container(gap="xsmall"):
        st.markdown(f"{_ICONS[finding.severity]} {plain(finding.message)}")
        st.caption(plain(finding.hint))
        if finding.fixes:
            with st.container(horizontal=True, gap="small"):
                for place, fix in enumerate(finding.fixes):
                    _fix(f"fix_{number}_{place}", finding, fix, around)


def _fix(key: str, finding: Finding, fix: Fix, around: Surroundings) -> None:
    st.button(
        plain(fix.label), key=key, on_click=apply, args=(finding.kind, finding.message, fix.label, around),
    )  # fmt: skip
