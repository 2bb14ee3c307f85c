"""Own poses as files: one OpenPose JSON per pose with title and tags beside it, many together in a ZIP file."""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from studio.errors import InvalidPose, StudioError
from studio.poses import openpose
from studio.poses.library import described
from studio.poses.values import Pose

MAX_BYTES = 20_000_000
MAX_FILES = 2000
MAX_UNPACKED = 200_000_000
_ZIP = b"PK"
_DAY = (2000, 1, 1, 0, 0, 0)
"""Files in a ZIP bear a fixed day, so that the same poses give the same bytes."""


class Described(NamedTuple):
    """A pose with its name and tags."""

    title: str
    tags: tuple[str, ...]
    pose: Pose


def written(one: Described) -> bytes:
    """OpenPose JSON that every reader of it accepts, with ``title`` and ``tags`` as further keys."""
    document = {"title": one.title, "tags": list(one.tags), **openpose.write(one.pose)}
    return json.dumps(document, ensure_ascii=False).encode()


def file_name(title: str) -> str:
    """A name for the file of this pose that every system takes, without its ending."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "pose"


def zipped(poses: Sequence[Described]) -> bytes:
    """All of ``poses`` in one ZIP file."""
    file, used = io.BytesIO(), set[str]()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in poses:
            name, number = file_name(one.title), 1
            while name in used:
                number += 1
                name = f"{file_name(one.title)}-{number}"
            used.add(name)
            entry = zipfile.ZipInfo(f"{name}.json", _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, written(one))
    return file.getvalue()


def read(data: bytes, name: str) -> tuple[list[Described], list[tuple[str, StudioError]]]:
    """The poses in a JSON or ZIP file, and the files in a ZIP that hold none, each with its reason.

    Raises:
        InvalidPose: nothing in it can be read, or it is too large.
    """
    if len(data) > MAX_BYTES:
        raise InvalidPose(
            f"The file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES // 1_000_000} MB are taken.",
            "Import the poses in several files.",
        )
    if not data.startswith(_ZIP):
        return [_pose(data, name)], []
    found, problems = _unpacked(data)
    if not found:
        raise (
            problems[0][1]
            if problems
            else InvalidPose("There is no pose in this ZIP file.", "It has to hold OpenPose JSON files.")
        )
    return found, problems


def _unpacked(data: bytes) -> tuple[list[Described], list[tuple[str, StudioError]]]:
    found, problems, left = [], [], MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if _is_pose_file(entry.filename)]
            if len(entries) > MAX_FILES:
                raise InvalidPose(f"This ZIP file holds {len(entries)} files.", f"Import up to {MAX_FILES} at a time.")
            for entry in entries:
                text = _content(archive, entry, min(left, MAX_BYTES))
                left -= len(text)
                try:
                    found.append(_pose(text, entry.filename))
                except StudioError as error:
                    problems.append((PurePosixPath(entry.filename).name, error))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise InvalidPose("This ZIP file is damaged.", "Export or download it again.") from None
    except (RuntimeError, NotImplementedError):  # a password, or a way of packing that Python does not know
        raise InvalidPose(
            "This ZIP file cannot be opened.", "Pack it without a password, as an ordinary ZIP."
        ) from None
    return found, problems


def _is_pose_file(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return path.lower().endswith(".json") and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """What is packed there, measured while it unpacks: what the file says about its size proves nothing."""
    with archive.open(entry) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise InvalidPose("The poses in this ZIP file are too large to be poses.", "Import them in several files.")
    return data


def _pose(data: bytes, name: str) -> Described:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidPose("This is not a text file.", "Choose an OpenPose JSON file, or a ZIP file of them.") from None
    pose = openpose.read(text)
    if not any(joint and joint.visible for person in pose.people for joint in person.body):
        raise InvalidPose("There is no figure in this pose.", "Choose a file with at least one person.")
    title, tags, _ = described(text)
    return Described(title or _title_of(name), tags, pose)


def _title_of(file: str) -> str:
    stem = PurePosixPath(file.replace("\\", "/")).stem
    return re.sub(r"[-_]+", " ", stem).strip().capitalize() or "Pose"
