"""Own poses in the library's panel: save the editor's pose, import and export."""

from __future__ import annotations

import streamlit as st

from studio.errors import NameTaken, StudioError
from studio.gallery.pose_naming import MAX_NAME
from studio.gallery.pose_rows import OwnPose
from studio.gallery.poses import Imported, PoseShelf
from studio.ui.failures import plain
from studio.ui.pose import library_notes
from studio.ui.pose.library_edit import TAGS_HELP, Current, pose_of

_SAVE, _IMPORT = "poses.save", "poses.import"
_TURN, _TAKEN = "poses.turn", "poses.taken"


def show(shelf: PoseShelf, own: list[OwnPose], current: Current) -> None:
    """Save, Import and Export, and under them what the last of them has to say."""
    turn = st.session_state.setdefault(_TURN, 0)
    with st.container(horizontal=True, key="pose_library_actions"):
        with st.popover(
            "Save this pose", icon=":material/bookmark_add:", key=_SAVE, on_change="rerun",
            help="Keeps the pose that is in the editor under a name of its own.",
        ):  # fmt: skip
            _save_form(shelf, current, turn)
        with st.popover(
            "Import", icon=":material/upload_file:", key=_IMPORT, on_change="rerun",
            help="Adds poses from OpenPose JSON files of any tool, or from a ZIP file exported here.",
        ):  # fmt: skip
            st.file_uploader(
                "OpenPose JSON or ZIP", ["json", "zip"], accept_multiple_files=True, key=f"{_IMPORT}.{turn}",
                on_change=_import, args=(shelf, turn),
                help="Several at once, up to 20 MB each. A pose that is there already is left alone.",
            )  # fmt: skip
        st.download_button(
            "Export", shelf.export, "poses.zip", "application/zip", icon=":material/download:", on_click="ignore",
            disabled=not own, key="poses.export",
            help="All your poses in one ZIP file, as OpenPose JSON that other tools read too.",
        )  # fmt: skip
    library_notes.show(shelf)


def _save_form(shelf: PoseShelf, current: Current, turn: int) -> None:
    with st.form(f"poses.save_form.{turn}", border=False):
        st.text_input(
            "Name", max_chars=MAX_NAME, placeholder="Leaning on a wall", key=f"poses.name.{turn}",
            help="What to call the pose. Example: Leaning on a wall.",
        )  # fmt: skip
        st.text_input("Tags", placeholder="standing, cafe", key=f"poses.tags.{turn}", help=TAGS_HELP)
        st.form_submit_button(
            "Save", icon=":material/check:", on_click=_save_new, args=(shelf, current, turn),
            help="Keeps it among your poses.",
        )  # fmt: skip
    library_notes.show_problem(_SAVE)
    taken = st.session_state.get(_TAKEN)
    if taken:
        st.warning("Replacing can be undone.", title=f"There is a pose called “{plain(taken[0])}” already.")
        with st.container(horizontal=True):
            st.button(
                "Replace it", icon=":material/sync:", on_click=_answer, args=(shelf, current, True),
                help="The pose of the editor takes its place.",
            )  # fmt: skip
            st.button(
                "Keep both", icon=":material/library_add:", on_click=_answer, args=(shelf, current, False),
                help="Saves this one with a number after its name.",
            )  # fmt: skip


def _save_new(shelf: PoseShelf, current: Current, turn: int) -> None:
    _save(shelf, current, st.session_state[f"poses.name.{turn}"], st.session_state[f"poses.tags.{turn}"])


def _save(shelf: PoseShelf, current: Current, name: str, tags: str, replace: bool = False) -> None:
    library_notes.clear()
    st.session_state.pop(_TAKEN, None)
    try:
        old = shelf.named(name) if replace else None
        saved = shelf.save(name, pose_of(current), tags.split(","), replace)
    except NameTaken:
        st.session_state[_TAKEN] = (name, tags)
        return
    except StudioError as error:
        library_notes.problem(error, _SAVE)
        return
    library_notes.say(f"Saved as “{saved.name}”.")
    if old:
        library_notes.replaced(saved.name, saved.id, old.id)
    _close_popovers()


def _answer(shelf: PoseShelf, current: Current, replace: bool) -> None:
    name, tags = st.session_state[_TAKEN]
    _save(shelf, current, name if replace else shelf.free_name(name), tags, replace)


def _import(shelf: PoseShelf, turn: int) -> None:
    files = st.session_state.get(f"{_IMPORT}.{turn}") or []
    if not files:
        return
    library_notes.clear()
    st.session_state.pop(_TAKEN, None)
    added, known, problems = 0, 0, list[tuple[str, StudioError]]()
    for file in files:
        try:
            done: Imported = shelf.take(file.getvalue(), file.name)
        except StudioError as error:
            problems.append((file.name, error))
            continue
        added, known, problems = added + len(done.added), known + done.known, [*problems, *done.problems]
    library_notes.say(
        _summary(added, known), *(f"{name}: {error.message} {error.hint}" for name, error in problems[:5])
    )
    if added:
        st.session_state["poses.section"] = "own"
    _close_popovers()


def _summary(added: int, known: int) -> str:
    said = f"{added} {'pose' if added == 1 else 'poses'} added." if added else "No pose was added."
    return f"{said} {known} {'was' if known == 1 else 'were'} there already." if known else said


def _close_popovers() -> None:
    st.session_state[_SAVE] = st.session_state[_IMPORT] = False
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
