"""The craft of measuring pictures: tasks of kind ``score``.

Payload: ``pictures`` (gallery ids). Kept picture by picture, so that nothing is lost on the way:

- ``sharpness``: variance of the Laplacian of the grey picture (Pech-Pacheco et al. 2000), 0 for a flat one. It grows
  with detail and with noise, so it compares pictures of one sweep and says nothing alone.
- ``pose_oks``, ``pose_pck``: how well the pose found in the picture obeys the one it was drawn from
  (``studio.poses.score``); only for pictures that were drawn from a pose.
"""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from studio.catalog.checkpoints import find_checkpoint
from studio.catalog.detectors import suited_detector
from studio.crafting import Bench
from studio.engine.detection import craft as detection
from studio.errors import NobodyFound, StudioError
from studio.poses.score import compare
from studio.poses.values import Pose
from studio.request import GenerationRequest, ImageRef

NO_POSE = "The picture was not drawn from a pose."


def run(payload: dict, bench: Bench) -> dict:
    """Measure all pictures; one that cannot be measured keeps nobody from the others."""
    pictures = list(payload["pictures"])
    for done, id in enumerate(pictures):
        bench.report(done, len(pictures), "Measuring pictures")
        picture = bench.gallery.get(id)
        try:
            image = bench.gallery.open_image(ImageRef(sha256=picture.sha256))
        except StudioError as error:
            bench.keep(id, {"sharpness": (None, error.message)})
            continue
        bench.keep(id, {"sharpness": (sharpness(image), ""), **_pose_scores(picture, bench, done, len(pictures))})
    return {"pictures": len(pictures)}


def sharpness(image: Image.Image) -> float:
    """Variance of the Laplacian of the grey picture, in grey levels squared."""
    grey = cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def intended_pose(request: GenerationRequest) -> Pose | None:
    """The pose a picture was drawn from; None where no control had one that acted."""
    return next((unit.pose for unit in request.controls if unit.pose is not None), None)


def _pose_scores(picture, bench: Bench, done: int, total: int) -> dict[str, tuple[float | None, str]]:
    intended = picture.request and intended_pose(picture.request)
    if intended is None:
        return dict.fromkeys(("pose_oks", "pose_pck"), (None, NO_POSE))
    asked = {"image": picture.sha256, "detector": suited_detector(bench.settings, _family(picture.request, bench))}
    try:
        found = Pose.model_validate(detection.run(asked, _Inner(bench, done, total))["pose"])
    except NobodyFound:
        found = Pose(width=picture.width, height=picture.height)
    except StudioError as error:
        return dict.fromkeys(("pose_oks", "pose_pck"), (None, f"{error.message} {error.hint}".strip()))
    score = compare(intended, found)
    return {"pose_oks": (score.oks, ""), "pose_pck": (score.pck, "")}


def _family(request: GenerationRequest, bench: Bench) -> str | None:
    try:
        return find_checkpoint(bench.settings, request.checkpoint).family
    except StudioError:  # deleted since, or a picture from elsewhere
        return None


class _Inner:
    """The bench as the detection sees it: its own progress does not move the bar of the whole."""

    def __init__(self, bench: Bench, done: int, total: int) -> None:
        self.settings, self.gallery, self.device, self.keep = bench.settings, bench.gallery, bench.device, bench.keep
        self._bench, self._done, self._total = bench, done, total

    def report(self, done: int, total: int, status: str = "") -> None:
        self._bench.report(self._done, self._total, status or "Measuring pictures")
