"""The poses that come with the studio, by name, and poses from files.

A pose of the library is one file in ``prompt_library/poses``: OpenPose JSON with a title, tags and a category.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from studio.errors import InvalidPose, StudioError, UnknownName
from studio.poses import finding, openpose
from studio.poses.values import Pose
from studio.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "prompt_library" / "poses"
CATEGORIES = (
    "Standing",
    "Movement",
    "Sitting",
    "Floor",
    "Combat",
    "Weapons and magic",
    "Dance and sport",
    "Gestures",
    "Portraits",
    "Back and side",
    "Together",
)
OTHER = "Other"
"""The category of a pose whose file names none of these."""


@dataclass(frozen=True)
class PoseEntry:
    """A pose of the library with what is said about it."""

    name: str
    """Its file's name: what requests, drafts and the command line call it."""
    label: str
    tags: tuple[str, ...]
    category: str
    people: int
    pose: Pose


def pose_names() -> list[str]:
    """Names of the library's poses, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def entries() -> tuple[PoseEntry, ...]:
    """All poses of the library, by category and then by label. A file that holds no pose is left out."""
    return _entries(FOLDER, tuple(pose_names()))


def search(text: str, category: str | None = None) -> list[PoseEntry]:
    """Poses whose name, title, tags or category have the words of ``text``, best first; typing errors are forgiven.

    Without words: all, in the order of :func:`entries`.
    """
    shown = [entry for entry in entries() if category in (None, entry.category)]
    return finding.best(text, shown, _words)


def load_pose(name_or_path: str | Path) -> Pose:
    """A pose of the library by name, or from a file whose name ends in ``.json``.

    For names that come from a person at the keyboard of this machine; a name from a browser goes to
    :func:`library_pose`, which opens nothing outside the library.

    Raises:
        UnknownName: there is no such pose or file.
        InvalidPose: the file holds no pose.
    """
    if str(name_or_path).lower().endswith(".json"):
        return openpose.read(_text_of(Path(name_or_path)))
    return library_pose(str(name_or_path))


def library_pose(name: str) -> Pose:
    """A pose of the library by name.

    Raises:
        UnknownName: there is none of that name; the hint has the nearest ones.
    """
    return _library_file(FOLDER / f"{checked(name)}.json").pose


def checked(name: str) -> str:
    """``name``, if the library has a pose of that name.

    Raises:
        UnknownName: it has none; the hint has the nearest names.
    """
    names = pose_names()
    if name not in names:
        near = _nearest(name, names)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join(names[:12])} …"
        raise UnknownName(f"There is no pose called {name[:60]!r} in the library.", hint)
    return name


def _nearest(name: str, names: list[str]) -> list[str]:
    found = [entry.name for entry in search(name)[:3]]
    return found or difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)


def _words(entry: PoseEntry) -> finding.Words:
    return finding.Words((entry.name, entry.label), entry.tags, entry.category)


@lru_cache(maxsize=4)
def _entries(folder: Path, names: tuple[str, ...]) -> tuple[PoseEntry, ...]:
    found = []
    for name in names:
        try:
            found.append(_library_file(folder / f"{name}.json"))
        except StudioError:
            continue  # asked for by its name, it says what is wrong with it
    order = {category: place for place, category in enumerate((*CATEGORIES, OTHER))}
    return tuple(sorted(found, key=lambda entry: (order[entry.category], entry.label.casefold())))


@cache
def _library_file(path: Path) -> PoseEntry:
    text = _text_of(path)
    pose = openpose.read(text)
    title, tags, category = described(text)
    return PoseEntry(
        name=path.stem,
        label=title or path.stem.replace("-", " ").replace("_", " ").capitalize(),
        tags=tags,
        category=category if category in CATEGORIES else OTHER,
        people=len(pose.people),
        pose=pose,
    )


def described(text: str) -> tuple[str, tuple[str, ...], str]:
    """Title, tags and category that a pose file gives beside its pose; empty where it gives none."""
    try:
        document: Any = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):  # a dialect that only the reader of poses understands
        document = None
    if not isinstance(document, dict):
        return "", (), ""
    title, tags, category = (document.get(key) for key in ("title", "tags", "category"))
    return (
        title.strip() if isinstance(title, str) else "",
        tuple(tag.strip() for tag in tags if isinstance(tag, str) and tag.strip()) if isinstance(tags, list) else (),
        category.strip() if isinstance(category, str) else "",
    )


def _text_of(path: Path) -> str:
    name = path.name[:60]
    try:
        if path.stat().st_size > openpose.MAX_TEXT:
            raise InvalidPose(f"The pose file {name!r} is too large.", "Export a single frame as OpenPose JSON.")
        return path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise UnknownName(
            f"There is no pose file {name!r}.", "Check the path, or name a pose of the library."
        ) from None
    except UnicodeDecodeError:
        raise InvalidPose(f"{name!r} is not a text file.", "Choose an OpenPose JSON file.") from None
    except (OSError, ValueError):  # ValueError: a null character in the path
        raise InvalidPose(f"{name!r} cannot be read.", "Check that it is a file and that you may open it.") from None
