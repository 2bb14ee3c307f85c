"""Bringing pictures in: files from this device, or a folder of the machine the studio runs on."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.gallery import importing
from studio.jobs import State, Task
from studio.ui import failures, tasks_view
from studio.ui.failures import plain
from studio.ui.gallery import state
from studio.ui.services import services

TYPES = [*sorted(ending.removeprefix(".") for ending in importing.ENDINGS), "zip"]
KIND = "import"
POLL_SECONDS = 0.7
_TURN, _REFUSED, _SEEN, _PROBLEM = "import.turn", "import.refused", "import.seen", "import.problem"
REFUSALS_SHOWN = 5


def show() -> None:
    """The popover with both ways in."""
    with st.popover(
        "Import", icon=":material/add_photo_alternate:", key="import", help="Pictures of this or another program."
    ):
        turn = st.session_state.setdefault(_TURN, 0)
        st.file_uploader(
            "Pictures", TYPES, accept_multiple_files=True, key=f"import.files.{turn}", on_change=_take_files,
            help="PNG, JPEG, WebP and others, or a ZIP of them. Recipes of this studio, A1111 and Forge come back; of "
            "other programs as far as they are understood.",
        )  # fmt: skip
        st.text_input(
            "Folder on the studio's machine", key="import.folder", placeholder="/pictures/anime",
            help="The pictures in it and below it are copied in. Example: the outputs folder of another program.",
        )  # fmt: skip
        st.button(
            "Import the folder", icon=":material/drive_folder_upload:", key="import_folder", on_click=_take_folder,
            disabled=_running() is not None, help="Runs beside everything else; pictures that are here already are "
            "left out.",
        )  # fmt: skip
        if _PROBLEM in st.session_state:
            failures.show(*st.session_state.pop(_PROBLEM))


def show_progress() -> None:
    """How far a folder has come, and what was refused."""
    task = _running()
    if task is not None:
        st.session_state[_SEEN] = task.id
        st.fragment(_progress, run_every=POLL_SECONDS)(task.id)
    elif (seen := st.session_state.pop(_SEEN, None)) is not None:
        _told_by(services().tasks.get(seen))
    if _REFUSED in st.session_state:
        st.warning(st.session_state[_REFUSED], icon=":material/error:", title="Not imported")
        st.button(
            "Dismiss", icon=":material/close:", key="dismiss_refused", type="tertiary", help="Hides this list.",
            on_click=st.session_state.pop, args=(_REFUSED, None),
        )  # fmt: skip


def _take_files() -> None:
    files = st.session_state[f"import.files.{st.session_state[_TURN]}"] or []
    taken = importing.Taken()
    for file in files:
        _take_file(file.name, file.getvalue(), taken)
    if files:
        _tell(taken.document())
    if len(files) == 1 and len(taken.added) == 1:
        state.open_picture(taken.added[0])
    # A new key gives an empty uploader: the files are stored, or were refused.
    st.session_state[_TURN] += 1


def _take_file(name: str, data: bytes, taken: importing.Taken) -> None:
    gallery = services().gallery
    try:
        if name.lower().endswith(".zip"):
            found = importing.import_zip(gallery, data, lambda done, total, status: None)
            taken.added += found.added
            taken.known += found.known
            for line in found.refused:
                taken.refuse(name, line)
        else:
            picture, is_new = importing.take_in(gallery, data, name)
            taken.added += [picture.id] * is_new
            taken.known += not is_new
    except StudioError as error:
        taken.refuse(name, f"{error.message} {error.hint}")


def _take_folder() -> None:
    folder = st.session_state.get("import.folder", "").strip()
    if not folder:
        st.session_state[_PROBLEM] = ("No folder is named.", "Type the path of a folder on the studio's machine.")
        return
    st.session_state[_SEEN] = services().tasks.submit(KIND, {"folder": folder})


def _running() -> Task | None:
    return next((task for task in services().tasks.active() if task.kind == KIND), None)


def _progress(id: int) -> None:
    task = services().tasks.get(id)
    if task is None or not task.active:
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="import_progress"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown("Importing a folder")
            st.progress(tasks_view.fraction(task), text=tasks_view.words(task))
        st.button(
            "Cancel", icon=":material/stop_circle:", key="cancel_import", disabled=task.cancelling,
            on_click=services().tasks.cancel, args=([id],), help="Stops it; what is imported stays.",
        )  # fmt: skip


def _told_by(task: Task | None) -> None:
    if task is None:
        return
    if task.error is not None:
        failures.show(task.error.message, task.error.hint)
    elif task.state is State.DONE and task.result is not None:
        _tell(task.result)


def _tell(result: dict) -> None:
    """Say what an import came to (see ``importing.Taken``)."""
    added, known, refusals = result["added"], result["known"], result["refusals"]
    parts = [f"{state.counted(added)} imported"]
    if known:
        parts.append(f"{known:,} already here")
    if refusals:
        parts.append(f"{refusals:,} refused")
    st.toast(f"{', '.join(parts)}.", icon=":material/add_photo_alternate:")
    st.session_state.pop(_REFUSED, None)
    if refusals:
        lines = "\n".join(f"- {plain(line)}" for line in result["refused"][:REFUSALS_SHOWN])
        more = f"\n- and {refusals - REFUSALS_SHOWN:,} more" if refusals > REFUSALS_SHOWN else ""
        st.session_state[_REFUSED] = lines + more
