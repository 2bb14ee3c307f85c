"""A person's own prompts: written anew, taken from the form of Generate, changed, moved, deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from studio.catalog.checkpoints import traits
from studio.errors import NameTaken, StudioError
from studio.gallery.prompt_naming import MAX_FOLDER, MAX_NAME
from studio.gallery.prompt_rows import OWN, OwnPrompt
from studio.poses.library import pose_names
from studio.prompts.library.entries import SLOT, Entry, Item, Template
from studio.ui import desk
from studio.ui.failures import plain
from studio.ui.models import shelves
from studio.ui.prompts import notes, use
from studio.ui.services import services

_OPENED, _PLACE = "prompts.editing", "prompts.dialog"
NONE = "No folder"


@dataclass(frozen=True, slots=True)
class Editing:
    """What the dialog is about: a saved prompt, or a new one."""

    item: Item
    folder: str = ""
    id: int | None = None
    turn: int = 0
    """A new dialog has new fields."""


def show_new() -> None:
    """The menu of what can be made."""
    box = st.popover("New", icon=":material/add:", key="prompts_new", on_change="rerun",
                     help="Words or a template of your own.")  # fmt: skip
    if not box.open:
        return
    with box:
        for label, icon, make, help in (
            ("Words", ":material/label:", _new_entry, "One or several tags under a name. Example: my hero's looks."),
            ("Template", ":material/article:", _new_template, "A whole prompt with an open place for the figure."),
            (
                "Template from Generate", ":material/brush:", from_form,
                "Both prompts, the settings and the pose as they are in the form now.",
            ),
        ):  # fmt: skip
            st.button(label, icon=icon, key=f"new_{make.__name__}", on_click=make, help=help, width="stretch")


def _new_entry() -> None:
    open_(Entry("", "", "", OWN))


def _new_template() -> None:
    open_(Template("", "", OWN, "", f"{SLOT}, ", "1girl, solo"))


def from_form() -> None:
    """Start a template with what the form of Generate holds. A callback."""
    desk.sync()
    models = shelves(services().settings)
    settings = {name: desk.value(name) for name in (*use.SAMPLING, "width", "height")}
    pose = desk.value("pose_name") if desk.value("control") == "pose" else None
    if pose in pose_names():
        settings["control_weight"] = desk.value("control_weight")
    family = traits(models.checkpoint(desk.value("checkpoint")))
    open_(
        Template(
            "", "", OWN, "", desk.value("prompt"), "", desk.value("negative_prompt"), settings,
            pose if pose in pose_names() else None, families=(family.name,) if family.name != "starter" else (),
        )
    )  # fmt: skip


def open_(item: Item, own: OwnPrompt | None = None) -> None:
    """Open the dialog. A callback."""
    notes.clear()
    st.session_state["prompts_new"] = False
    st.session_state[_PLACE] = st.session_state.get(_PLACE, 0) + 1
    st.session_state[_OPENED] = Editing(
        item, own.folder if own else "", own.id if own else None, st.session_state[_PLACE]
    )


def edit(key: str) -> None:
    """Open the saved prompt of this key. A callback."""
    own = services().prompt_shelf.get(int(key.rpartition("-")[2]))
    open_(own.item, own)


def show() -> None:
    """The dialog, while it is open."""
    if st.session_state.get(_OPENED):
        _dialog()


def _close() -> None:
    st.session_state[_OPENED] = None


@st.dialog("Your prompt", icon=":material/edit:", on_dismiss=_close)
def _dialog() -> None:
    now: Editing | None = st.session_state.get(_OPENED)
    if now is None:
        st.rerun()
    with st.form(f"prompts.form.{now.turn}", border=False):
        st.text_input("Name", now.item.title, MAX_NAME, key=_field(now, "title"), placeholder="Rainy evening")
        if isinstance(now.item, Entry):
            _entry_fields(now, now.item)
        else:
            _template_fields(now, now.item)
        _folder_field(now)
        st.form_submit_button(
            "Save", icon=":material/check:", type="primary", on_click=_save, args=(now,), width="stretch",
            help="Keeps it among your prompts.",
        )  # fmt: skip
    notes.show_problem("dialog")
    if now.id is not None:
        st.button(
            "Delete", icon=":material/delete:", type="tertiary", on_click=_delete, args=(now.id, now.item.title),
            key="prompts_delete", help="Takes it off your prompts. It can be undone.",
        )  # fmt: skip


def _entry_fields(now: Editing, entry: Entry) -> None:
    st.text_area("Words", entry.text, key=_field(now, "text"), height=90, placeholder="red scarf, messy hair",
                 help="What is added to the prompt: tags with commas between them.")  # fmt: skip
    st.text_input("Negative words", entry.negative, key=_field(now, "negative"), placeholder="hat",
                  help="Added to the negative prompt with them. Example: hat.")  # fmt: skip
    st.text_input("Note", entry.note, key=_field(now, "note"), help="A line for yourself; search finds it too.")


def _template_fields(now: Editing, template: Template) -> None:
    st.text_area("Prompt", template.prompt, key=_field(now, "prompt"), height=120,
                 help=f"{SLOT} is the place for the figure; without it your words come first.")  # fmt: skip
    st.text_input("Figure", template.subject, key=_field(now, "subject"), placeholder="1girl, solo",
                  help=f"Stands at {SLOT} while nothing else is written there.")  # fmt: skip
    st.text_area("Negative prompt", template.negative_prompt, key=_field(now, "negative_prompt"), height=80)
    st.text_input("About", template.description, key=_field(now, "description"), help="One line on what it is for.")
    if template.settings or template.pose:
        told = use.settings_words(dict(template.settings))
        pose = f"pose {template.pose}" if template.pose else ""
        st.checkbox(
            f"Keep {plain(', '.join(filter(None, (told, pose))))}", True, key=_field(now, "keep_settings"),
            help="Settings and pose come back with the template, if you want them.",
        )  # fmt: skip


def _folder_field(now: Editing) -> None:
    known = services().prompt_shelf.folders()
    options = list(dict.fromkeys([*known, *([now.folder] if now.folder else [])]))
    st.selectbox(
        "Folder", options, options.index(now.folder) if now.folder else None, key=_field(now, "folder"),
        accept_new_options=True, placeholder=NONE, help=f"Choose one or type a new name, up to {MAX_FOLDER} signs.",
    )  # fmt: skip


def _save(now: Editing) -> None:
    shelf = services().prompt_shelf
    item, folder = _typed(now), st.session_state.get(_field(now, "folder")) or ""

    def keep() -> None:
        try:
            saved = shelf.save(item, folder) if now.id is None else shelf.change(now.id, item, folder)
        except NameTaken as error:
            raise StudioError(error.message, f"“{shelf.free_name(item.title)}” is free.") from error
        notes.say(f"“{saved.name}” saved.")
        if now.id is None:
            notes.offer_undo(f"“{saved.name}” saved.", delete=[saved.id])

    if notes.attempt(keep, "dialog"):
        _close()


def _typed(now: Editing) -> Item:
    """What the fields hold, over what the prompt had that no field shows."""
    names = ("text", "negative", "note") if isinstance(now.item, Entry) else (
        "prompt", "subject", "negative_prompt", "description"
    )  # fmt: skip
    typed = {name: (st.session_state.get(_field(now, name)) or "").strip() for name in names}
    title = st.session_state.get(_field(now, "title")) or ""
    if isinstance(now.item, Template) and not st.session_state.get(_field(now, "keep_settings"), True):
        typed |= {"settings": {}, "pose": None, "families": ()}
    return replace(now.item, title=title, **typed)


def _delete(id: int, name: str) -> None:
    if notes.attempt(lambda: services().prompt_shelf.delete([id])):
        notes.offer_undo(f"“{name}” deleted.", restore=[id])
        _close()


def _field(now: Editing, name: str) -> str:
    return f"prompts.{name}.{now.turn}"
