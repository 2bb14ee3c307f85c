"""The poses that come with the studio, by name, and poses from files."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

from studio.errors import InvalidPose, UnknownName
from studio.poses import openpose
from studio.poses.values import Pose
from studio.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "prompt_library" / "poses"


def pose_names() -> list[str]:
    """Names of the library's poses, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load_pose(name_or_path: str | Path) -> Pose:
    """A pose of the library by name, or from a file whose name ends in ``.json``.

    For names that come from a person at the keyboard of this machine; a name from a browser goes to
    :func:`library_pose`, which opens nothing outside the library.

    Raises:
        UnknownName: there is no such pose or file.
        InvalidPose: the file holds no pose.
    """
    if str(name_or_path).lower().endswith(".json"):
        return _read_file(Path(name_or_path))
    return library_pose(str(name_or_path))


def library_pose(name: str) -> Pose:
    """A pose of the library by name.

    Raises:
        UnknownName: there is none of that name; the hint has the nearest ones.
    """
    names = pose_names()
    if name not in names:
        near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}."
        raise UnknownName(f"There is no pose called {name[:60]!r} in the library.", hint)
    return _library_file(FOLDER / f"{name}.json")


@cache
def _library_file(path: Path) -> Pose:
    return _read_file(path)


def _read_file(path: Path) -> Pose:
    name = path.name[:60]
    try:
        if path.stat().st_size > openpose.MAX_TEXT:
            raise InvalidPose(f"The pose file {name!r} is too large.", "Export a single frame as OpenPose JSON.")
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise UnknownName(
            f"There is no pose file {name!r}.", "Check the path, or name a pose of the library."
        ) from None
    except UnicodeDecodeError:
        raise InvalidPose(f"{name!r} is not a text file.", "Choose an OpenPose JSON file.") from None
    except (OSError, ValueError):  # ValueError: a null character in the path
        raise InvalidPose(f"{name!r} cannot be read.", "Check that it is a file and that you may open it.") from None
    return openpose.read(text)
