"""What own prompts and their folders may be called, and what may be saved in them."""

from __future__ import annotations

from dataclasses import replace

from studio.errors import StudioError
from studio.gallery.prompt_rows import fields_of
from studio.prompts.library.entries import Entry, Item, Template
from studio.prompts.library.pack_fields import ENTRY, MAX_TITLE, TEMPLATE, read_fields
from studio.prompts.library.yaml_lines import Node

MAX_NAME = MAX_TITLE
MAX_FOLDER = 80


def folded(name: str) -> str:
    """The name as it is compared: upper and lower case are the same."""
    return " ".join(name.split()).casefold()


def numbered(name: str, number: int) -> str:
    return f"{name[: MAX_NAME - 6].rstrip()} {number}"


def checked_name(name: str) -> str:
    """``name`` with single blanks.

    Raises:
        StudioError: it is empty, too long, a comment in ``styles.csv``, or has signs that cannot be seen.
    """
    name = " ".join(name.split())
    if not name:
        raise StudioError("A name is missing.", "For example: Rainy evening.")
    if name.startswith("#"):
        raise StudioError("A name may not begin with #.", "A styles.csv takes such rows for comments.")
    if len(name) > MAX_NAME or not name.isprintable():
        raise StudioError("This name cannot be used.", f"Use up to {MAX_NAME} ordinary characters.")
    return name


def checked_folder(folder: str) -> str:
    """A folder's name; a slash makes a folder in a folder.

    Raises:
        StudioError: it is too long, or has signs that cannot be seen.
    """
    parts = [" ".join(part.strip(" -=~*_–—").split()) for part in folder.split("/")]
    folder = " / ".join(part for part in parts if part)
    if len(folder) > MAX_FOLDER or not folder.isprintable():
        raise StudioError("This folder name cannot be used.", f"Use up to {MAX_FOLDER} ordinary characters.")
    return folder


def checked(item: Item) -> Item:
    """``item`` as a pack would give it: by the same rules, without blanks around its texts.

    Raises:
        StudioError: it says nothing, or a field is too long or not of its kind.
    """
    title = checked_name(item.title)
    fields = {name: value for name, value in fields_of(item).items() if name not in ("id", "title", "category")}
    says = ("text",) if isinstance(item, Entry) else ()
    readers = ENTRY if isinstance(item, Entry) else TEMPLATE
    values, problems = read_fields(_node(fields), readers, says, f"“{title}”", "")
    if values is None or problems:
        raise StudioError(problems[0].message, problems[0].hint)
    if isinstance(item, Template) and not (values.get("prompt") or values.get("negative_prompt")):
        raise StudioError(f"“{title}” has no text.", "Write a prompt or a negative prompt.")
    return replace(item, **{**values, "title": title})


def _node(value: object) -> Node:
    """A value as if it had been read from a pack."""
    if isinstance(value, dict):
        return Node(0, {str(key): _node(each) for key, each in value.items()})
    if isinstance(value, list | tuple):
        return Node(0, [_node(each) for each in value])
    return Node(0, str(value))
