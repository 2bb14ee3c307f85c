"""The craft of finding a pose in a picture: tasks of kind ``pose``.

Payload: ``image`` (sha256 of an upload or picture), and optionally ``person`` (left, top, width, height in pixels: look
here and nowhere else) and ``detector`` (a name of ``studio.catalog.detectors``). Result: ``pose``, ``note`` (what a
person should know about it), ``source`` (``detected`` or ``skeleton``) and ``detector``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from studio.catalog.detectors import DetectorSpec, Network, default_detector, find_detector
from studio.crafting import Bench
from studio.engine.detection.ladder import Box, Nets, Sighting, find_people
from studio.engine.detection.networks import person_network, pose_network, runtime_device
from studio.engine.detection.weights import ensure
from studio.errors import InvalidRequest, NobodyFound
from studio.poses import skeleton_map
from studio.poses.skeleton_map import SkeletonMap
from studio.poses.values import Pose
from studio.request import ImageRef

LEAST_SIDE = 16


def run(payload: dict, bench: Bench) -> dict:
    """Find the pose. Raises NobodyFound rather than return an empty one."""
    pixels = np.asarray(bench.gallery.open_image(ImageRef(sha256=payload["image"])).convert("RGB"))
    height, width = pixels.shape[:2]
    box = _box(payload.get("person"), width, height)
    bench.report(0, 0, "Looking at the picture")
    drawn = None if box else skeleton_map.read(pixels)
    if drawn is not None:
        return _result(drawn.pose, _words_of_map(drawn), "skeleton", "")
    name = payload.get("detector") or default_detector(bench.settings)
    spec = find_detector(bench.settings, name)
    seen = find_people(_nets(spec, bench), pixels, box, bench.report)
    if not seen.people:
        raise _nobody(box)
    pose = Pose(width=width, height=height, people=seen.people)
    return _result(pose, _words(seen, spec), "detected", name)


def _nets(spec: DetectorSpec, bench: Bench) -> Nets:
    person = spec.person and person_network(*_loaded(spec.person, bench))
    return Nets(pose_network(*_loaded(spec.pose, bench)), person, spec.full_score)


def _loaded(network: Network, bench: Bench) -> tuple:
    path = ensure(bench.settings, network, bench.report)
    bench.report(0, 0, "Loading the detector")
    return path, path.stat().st_mtime_ns, network, runtime_device(bench.device)


def _box(values: Any, width: int, height: int) -> Box | None:
    """The part of the box that lies in the picture.

    Raises:
        InvalidRequest: four numbers it is not, or too small to hold a figure.
    """
    if values is None:
        return None
    try:
        left, top, wide, high = (float(value) for value in values)
    except (TypeError, ValueError):
        raise InvalidRequest("The box around the person has to be four numbers.", "Left, top, width, height.") from None
    if not all(map(math.isfinite, (left, top, wide, high))):
        raise InvalidRequest("The box around the person is not finite.", "Draw it again.")
    right, bottom = min(left + wide, width), min(top + high, height)
    left, top = max(left, 0.0), max(top, 0.0)
    if min(right - left, bottom - top) < LEAST_SIDE:
        raise InvalidRequest("The box around the person is too small.", f"Give it at least {LEAST_SIDE} pixels a side.")
    return left, top, right - left, bottom - top


def _nobody(box: Box | None) -> NobodyFound:
    if box:
        return NobodyFound(
            "No figure could be found inside the box.",
            "Make the box a little larger than the figure, or set the joints by hand over the picture.",
        )
    return NobodyFound(
        "No figure could be found in this picture.",
        "Draw a box around the figure and look again, or set the joints by hand over the picture.",
    )


def _words_of_map(drawn: SkeletonMap) -> str:
    words = [f"This is a skeleton map: {_people(drawn.pose)} read from its colours, nothing had to be detected."]
    if drawn.lost_hands:
        words.append("Its hands are too small to be read back; give them a gesture.")
    if drawn.has_face:
        words.append("The dots of faces all look alike and were left out; give the face an expression.")
    return " ".join(words)


def _words(seen: Sighting, spec: DetectorSpec) -> str:
    pose = Pose(width=1, height=1, people=seen.people)
    words = [f"Found {_people(pose)}."]
    if seen.guessed and spec.person:
        words.append("No detector was sure of a person, so the whole picture was taken for one: check the joints.")
    elif seen.look:
        words.append("The figure is hard to see, so several versions of the picture were tried: check the joints.")
    hidden = sum(joint is not None and not joint.visible for person in seen.people for joint in person.body)
    if hidden:
        words.append(f"{hidden} uncertain {'joint is' if hidden == 1 else 'joints are'} kept but hidden.")
    if spec.person is None:
        words.append("This detector knows no hands and no face.")
    return " ".join(words)


def _people(pose: Pose) -> str:
    return "1 person" if len(pose.people) == 1 else f"{len(pose.people)} people"


def _result(pose: Pose, note: str, source: str, detector: str) -> dict:
    return {"pose": pose.model_dump(mode="json"), "note": note, "source": source, "detector": detector}
