"""Own prompts in from files and out to files: A1111's styles.csv, and YAML packs. An import is shown first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from studio.errors import StudioError
from studio.gallery import prompt_files
from studio.gallery.prompt_files import Collision, Found, Preview, State
from studio.gallery.prompt_rows import OwnPrompt
from studio.prompts.library.entries import Entry
from studio.ui import failures
from studio.ui.failures import plain
from studio.ui.prompts import filters, finding, notes
from studio.ui.services import services

ENDINGS = ["csv", "yaml", "yml"]
SHOWN = 6
COLLISIONS: dict[Collision, str] = {
    "rename": "Keep both: the new one gets a number",
    "replace": "Replace mine with the new one",
    "skip": "Leave the new one out",
}
_STATES: dict[State, str] = {"new": "New", "taken": "Names in use", "known": "Here already"}
_OPENED, _TURN = "prompts.importing", "prompts.import_turn"


def show_buttons() -> None:
    """Import and Export."""
    st.button(
        "Import", icon=":material/upload_file:", key="prompts_import", on_click=open_,
        help="Styles of A1111 (styles.csv) or a YAML pack. You see what will be added first.",
    )  # fmt: skip
    own = services().prompt_shelf.count()
    box = st.popover(
        "Export", icon=":material/download:", key="prompts_export", on_change="rerun", disabled=not own,
        help="Your own prompts as a file.",
    )  # fmt: skip
    if box.open:
        with box:
            _export()


def _export() -> None:
    shelf = services().prompt_shelf
    folders = shelf.folders()
    folder = st.selectbox(
        "What", folders, None, placeholder="All of yours", key="prompts_export_folder", help="All, or one folder."
    ) if folders else None  # fmt: skip
    own = shelf.own(folder=folder)
    name = "prompts" if folder is None else "".join(sign if sign.isalnum() else "-" for sign in folder)
    st.download_button(
        f"styles.csv ({len(own)})", lambda: prompt_files.export_styles(own), f"{name}.csv", "text/csv",
        icon=":material/table:", on_click="ignore", key="export_csv", width="stretch",
        help="For A1111, Forge and others. Settings and poses stay behind.",
    )  # fmt: skip
    st.download_button(
        f"YAML pack ({len(own)})", lambda: prompt_files.export_pack(own), f"{name}.yaml", "application/yaml",
        icon=":material/data_object:", on_click="ignore", key="export_yaml", width="stretch",
        help="Everything, to be imported here again or given to somebody.",
    )  # fmt: skip


def open_() -> None:
    """Open the import. A callback."""
    notes.clear()
    st.session_state[_OPENED] = True
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def show() -> None:
    """The dialog, while it is open."""
    if st.session_state.get(_OPENED):
        _dialog()


def _close() -> None:
    st.session_state[_OPENED] = False


@st.dialog("Import prompts", width="medium", icon=":material/upload_file:", on_dismiss=_close)
def _dialog() -> None:
    if not st.session_state.get(_OPENED):
        st.rerun()
    file = st.file_uploader(
        "styles.csv or YAML pack", ENDINGS, key=f"prompts.import.{st.session_state[_TURN]}",
        help="UTF-8, up to 10 MB. Old styles.csv files with name,text are read too.",
    )  # fmt: skip
    if file is None:
        return
    try:
        found = prompt_files.look_through(services().prompt_shelf, file.getvalue(), file.name)
    except StudioError as error:
        failures.show(error.message, error.hint)
        return
    _preview(found)
    collision = _collision(found)
    count = sum(state == "new" or (state == "taken" and collision != "skip") for _, state in found.found)
    st.button(
        f"Add {_counted(count)}" if count else "Nothing to add", type="primary", icon=":material/check:",
        key="import_now", disabled=not count, on_click=_take, args=(file.getvalue(), file.name, collision),
        width="stretch", help="Adds them to your prompts in one step, which can be undone.",
    )  # fmt: skip
    notes.show_problem("import")


def _preview(found: Preview) -> None:
    for state, label in _STATES.items():
        those = [each for each, its in found.found if its == state]
        if those:
            with st.expander(f"{label} · {len(those)}", expanded=state == "new", key=f"import_{state}"):
                st.markdown(_list(map(_line, those[:SHOWN]), len(those)))
    if found.problems:
        with st.expander(f"Left out · {len(found.problems)}", expanded=True, icon=":material/rule:"):
            st.markdown(_list((plain(str(problem)) for problem in found.problems[:SHOWN]), len(found.problems)))


def _collision(found: Preview) -> Collision:
    taken = sum(state == "taken" for _, state in found.found)
    if not taken:
        return "rename"
    chosen: Any = st.radio(
        f"{taken} {'has a name' if taken == 1 else 'have names'} in use", list(COLLISIONS), key="prompts.collision",
        format_func=lambda each: COLLISIONS[each], help="Replacing can be undone too.",
    )  # fmt: skip
    return chosen


def _take(data: bytes, name: str, collision: Collision) -> None:
    shelf = services().prompt_shelf

    def take() -> None:
        before = {own.name: own for own in shelf.own()}
        done = prompt_files.import_file(shelf, data, name, collision)
        gone = _replaced(shelf.own(), before)
        parts = [f"{_counted(len(done.added))} added"]
        parts += [f"{done.replaced} replaced"] * bool(done.replaced) + [f"{done.skipped} left out"] * bool(done.skipped)
        parts += [f"{done.known} here already"] * bool(done.known)
        notes.say(f"{', '.join(parts)}.", *map(str, done.problems[:SHOWN]))
        notes.offer_undo(f"{', '.join(parts)}.", delete=[own.id for own in done.added], restore=gone)

    if notes.attempt(take, "import"):
        _close()
        filters.put(kind=finding.YOURS, family=filters.ANY, text="")


def _replaced(now: Sequence[OwnPrompt], before: dict[str, OwnPrompt]) -> list[int]:
    """Ids of those that made room for others."""
    there = {own.id for own in now}
    return [own.id for own in before.values() if own.id not in there]


def _line(found: Found) -> str:
    item = found.item
    says = item.text if isinstance(item, Entry) else item.prompt or f"without {item.negative_prompt}"
    folder = f" · {plain(found.folder)}" if found.folder else ""
    short = " ".join(says.split())
    return f"**{plain(item.title)}**{folder} · {plain(short if len(short) <= 90 else f'{short[:89]}…')}"


def _list(lines: Iterable[str], count: int) -> str:
    more = [f"and {count - SHOWN:,} more"] if count > SHOWN else []
    return "\n".join(f"- {line}" for line in [*lines, *more])


def _counted(number: int) -> str:
    return f"{number:,} prompt{'' if number == 1 else 's'}"
