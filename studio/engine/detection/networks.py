"""The two networks of top-down pose detection, as rtmlib runs them on onnxruntime: people first, then their joints."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from rtmlib import YOLOX, RTMPose

from studio.catalog.detectors import Network
from studio.errors import UnusableWeights

SURE_BOX = 0.3
"""Boxes with this score count. Where none has it, ..."""
FAINT_BOX = 0.15
"""... those with this one do; the joints found inside then have to prove them."""
SMALLEST_BOX = 12.0
"""In pixels; what is smaller holds no figure that could be told from noise."""


class PersonNetwork:
    """Finds the boxes of people."""

    def __init__(self, path: Path, network: Network, device: str) -> None:
        with _loading(path):
            self._net = YOLOX(
                str(path), (network.height, network.width), det_mode="multiclass", score_thr=FAINT_BOX, device=device
            )

    def __call__(self, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Boxes (n, 4) as left, top, right, bottom in pixels of ``pixels`` (H, W, 3; RGB), and their scores (n,)."""
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])  # YOLOX was trained on what OpenCV reads: blue first.
        padded, ratio = self._net.preprocess(bgr)
        found: np.ndarray = np.asarray(self._net.inference(padded)[0])
        if found.shape[-1] == 5:  # overlaps are already resolved; rtmlib would cut at 0.3 and hide the scores
            boxes, scores = found[0, :, :4] / ratio, found[0, :, 4]
        else:
            boxes, kinds = self._net.postprocess(found, ratio)  # type: ignore[arg-type]
            boxes = np.asarray(boxes, np.float32).reshape(-1, 4)[np.asarray(kinds) == 0]
            scores = np.full(len(boxes), SURE_BOX, np.float32)
        return _useful(boxes, scores, pixels.shape[1], pixels.shape[0])


class PoseNetwork:
    """Finds the joints of one person per box."""

    def __init__(self, path: Path, network: Network, device: str) -> None:
        with _loading(path):
            self._net = RTMPose(str(path), (network.width, network.height), device=device)

    def __call__(self, pixels: np.ndarray, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Joints (n, k, 2) in pixels of ``pixels`` (H, W, 3; RGB, as this network was trained), and scores (n, k)."""
        if not len(boxes):
            return np.zeros((0, 17, 2)), np.zeros((0, 17))
        places, scores = self._net(pixels, boxes.tolist())
        return places, scores


def _useful(boxes: np.ndarray, scores: np.ndarray, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Boxes inside the picture, of a sensible size, the surest first."""
    boxes = np.clip(boxes, 0, [width, height, width, height])
    big = (np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) >= SMALLEST_BOX) & np.isfinite(scores)
    keep = big & (scores >= SURE_BOX)
    if not keep.any():
        keep = big & (scores >= FAINT_BOX)
    order = np.argsort(-scores[keep], kind="stable")
    return boxes[keep][order], scores[keep][order]


class _loading:
    """Whatever onnxruntime raises while a file is read leaves the block as UnusableWeights."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, error, trace) -> None:
        if isinstance(error, Exception):
            raise UnusableWeights(
                f"{self._path.name} is not a whole ONNX network.",
                f"Delete it from {self._path.parent} and try again; it will be downloaded anew.",
            ) from None


def runtime_device(device: str) -> str:
    """What onnxruntime calls the worker's ``device``, or ``cpu`` where it was built without it."""
    if device.startswith("cuda") and "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        return device if ":" in device else "cuda"
    return "cpu"


# Kept for the next picture; the file's time is part of the key, so a replaced file is read again.
@lru_cache(maxsize=1)
def person_network(path: Path, changed: int, network: Network, device: str) -> PersonNetwork:
    return PersonNetwork(path, network, device)


@lru_cache(maxsize=1)
def pose_network(path: Path, changed: int, network: Network, device: str) -> PoseNetwork:
    return PoseNetwork(path, network, device)
