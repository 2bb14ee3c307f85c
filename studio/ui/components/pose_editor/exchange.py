"""What goes to and fro between a page and its pose editor, and what of it is believed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from studio.errors import StudioError
from studio.poses.values import Pose
from studio.ui.components.pose_editor import edits

OnChange = Callable[[Pose, Pose], None]
"""Takes the edited pose, and the one it was made from."""


def _fresh() -> str:
    return uuid.uuid4().hex


@dataclass
class Exchange:
    """One editor's side in this session."""

    pose: Pose | None = None
    """What the browser has been shown, or has sent since."""
    given: Pose | None = None
    """What the page passed last."""
    revision: str = field(default_factory=_fresh)
    """Changes when the browser has to take over ``pose``."""
    seen: str = ""
    """Names the last edit that was taken."""
    problem: StudioError | None = None
    """Why the last edit was refused."""

    def settle(self, given: Pose, stored_elsewhere: bool) -> Pose:
        """The pose to show: the page's where it has set one, else the browser's."""
        unheeded = not stored_elsewhere and given == self.given and self.pose is not None
        pose = self.pose if unheeded and self.pose is not None else given
        if pose != self.pose:
            self.replace(pose)
        self.given = given
        return pose

    def replace(self, pose: Pose) -> None:
        self.pose, self.revision = pose, _fresh()

    def receive(self, edit: object) -> Pose | None:
        """The pose after ``edit``; None when it was seen before, came too late, or was refused (see ``problem``)."""
        if not isinstance(edit, dict) or self.pose is None or edit.get("seq") == self.seen:
            return None
        self.seen = str(edit.get("seq"))[:80]
        if edit.get("revision") != self.revision:
            return None  # made on a pose that has been replaced meanwhile
        try:
            sent = edits.read(edit.get("pose"))
            after = edits.obey(sent, edit.get("command"))
        except StudioError as error:
            self.problem = error
            self.replace(self.pose)
            return None
        self.problem = None
        self.pose = sent
        if after != sent:
            self.replace(after)
        return after


def of(key: str) -> Exchange:
    return st.session_state.setdefault(f"{key}.exchange", Exchange())


def take(key: str, on_change: OnChange | None) -> None:
    """Callback: the browser has sent an edit."""
    shared = of(key)
    former, state = shared.pose, st.session_state.get(key) or {}
    pose = shared.receive(state.get("edit"))
    if pose is not None and former is not None and on_change is not None:
        on_change(pose, former)
