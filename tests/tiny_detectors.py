"""Small ONNX networks with the inputs and outputs of YOLOX and RTMPose, that see blue figures, and only blue ones.

What is blue is decided by the channel at the place where the real networks have it: the first for YOLOX, which wants
BGR, the last for RTMPose, which wants RGB. A picture handed over in the wrong order shows nobody.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MEAN, STD = np.float32([123.675, 116.28, 103.53]), np.float32([58.395, 57.12, 57.375])
FULL_BLUE = 150.0
"""How much more blue than red makes a network quite certain."""


class _Graph:
    """Nodes one after the other, each named by what it makes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: object, dtype: type = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def add(self, kind: str, *inputs: str, name: str = "", **attributes: object) -> str:
        name = name or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def save(self, path: Path, size: tuple[int, int], outputs: dict[str, tuple[list, int]]) -> Path:
        width, height = size
        given = [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, height, width])]
        made = [helper.make_tensor_value_info(name, kind, shape) for name, (shape, kind) in outputs.items()]
        graph = helper.make_graph(self.nodes, "tiny", given, made, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        path.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, path)
        return path


def _blueness(graph: _Graph, image: str, blue: int) -> str:
    """(1, 1, H, W): blue minus red, at least 0."""
    channels = [
        graph.add(
            "Slice", image, graph.constant([index], np.int64), graph.constant([index + 1], np.int64),
            graph.constant([1], np.int64),
        )
        for index in (blue, 2 - blue)
    ]  # fmt: skip
    return graph.add("Relu", graph.add("Sub", *channels))


def _extent(graph: _Graph, blueness: str) -> tuple[str, list[str]]:
    """(peak (1,), [left, top, right, bottom] each (1,)) of what has at least half of the peak's blueness."""
    peak = graph.add("Reshape", graph.add("ReduceMax", blueness, keepdims=0), graph.constant([1], np.int64))
    limit = graph.add("Add", graph.add("Mul", peak, graph.constant([0.5])), graph.constant([1e-3]))
    mask = graph.add("Cast", graph.add("Greater", blueness, limit), to=TensorProto.FLOAT)
    sides = []
    for axis in (2, 3):  # over rows: what stands in each column, then the other way round
        line = graph.add("ReduceMax", mask, axes=[0, 1, axis], keepdims=0)
        first = graph.add("ArgMax", line, axis=0, keepdims=1)
        last = graph.add("ArgMax", line, axis=0, keepdims=1, select_last_index=1)
        sides.append([graph.add("Cast", place, to=TensorProto.FLOAT) for place in (first, last)])
    (left, right), (top, bottom) = sides
    return peak, [left, top, right, bottom]


def save_person_network(path: Path, side: int = 640) -> Path:
    """As the published YOLOX: ``dets`` (1, 2, 5) with overlaps resolved inside, ``labels`` (1, 2).

    It finds one blue figure in the left half of its input and one in the right half.
    """
    graph = _Graph()
    blueness = _blueness(graph, "input", blue=0)
    rows = []
    for start, end in ((0, side // 2), (side // 2, side)):
        half = graph.add(
            "Slice", blueness, graph.constant([start], np.int64), graph.constant([end], np.int64),
            graph.constant([3], np.int64),
        )  # fmt: skip
        peak, (left, top, right, bottom) = _extent(graph, half)
        score = graph.add("Div", peak, graph.constant([FULL_BLUE]))
        score = graph.add("Min", score, graph.constant([0.95]))
        shift = graph.constant([float(start)])
        row = [graph.add("Add", left, shift), top, graph.add("Add", right, shift), bottom, score]
        rows.append(graph.add("Concat", *row, axis=0))
    both = graph.add("Concat", *rows, axis=0)
    graph.add("Reshape", both, graph.constant([1, 2, 5], np.int64), name="dets")
    graph.add("Identity", graph.constant([[0, 0]], np.int64), name="labels")
    return graph.save(
        path, (side, side), {"dets": ([1, 2, 5], TensorProto.FLOAT), "labels": ([1, 2], TensorProto.INT64)}
    )


def save_raw_person_network(path: Path, anchor: int, others: int, side: int = 640) -> Path:
    """As YOLOX without its last steps: (1, anchors, 4 + 1 + 2 kinds). A person at ``anchor``, a dog at ``others``."""
    count = sum((side // stride) ** 2 for stride in (8, 16, 32))
    values = np.zeros((1, count, 7), np.float32)
    values[0, anchor] = [0.5, 0.5, 2.5, 3.0, 0.9, 0.9, 0.0]
    values[0, others] = [0.5, 0.5, 2.5, 3.0, 0.9, 0.0, 0.9]
    graph = _Graph()
    nothing = graph.add("Mul", graph.add("ReduceMax", "input", keepdims=0), graph.constant(0.0))
    graph.add("Add", graph.constant(values), nothing, name="output")
    return graph.save(path, (side, side), {"output": ([1, count, 7], TensorProto.FLOAT)})


def save_pose_network(path: Path, size: tuple[int, int], shape: np.ndarray, full_score: float = 1.0) -> Path:
    """As RTMPose: ``simcc_x`` (1, K, 2 W) and ``simcc_y`` (1, K, 2 H), peaks where the joints are.

    Args:
        shape: (K, 2), where in the blue figure's box each joint is: 0-1 from left to right and from top to bottom.
        full_score: the peak of joints in a quite blue figure.
    """
    width, height = size
    graph = _Graph()
    colours = graph.add("Mul", "input", graph.constant(STD.reshape(1, 3, 1, 1)))
    colours = graph.add("Add", colours, graph.constant(MEAN.reshape(1, 3, 1, 1)))
    peak, (left, top, right, bottom) = _extent(graph, _blueness(graph, colours, blue=2))
    sure = graph.add("Min", graph.add("Div", peak, graph.constant([FULL_BLUE])), graph.constant([1.0]))
    score = graph.add("Mul", sure, graph.constant([full_score]))
    for name, first, last, index, bins in (
        ("simcc_x", left, right, 0, 2 * width), ("simcc_y", top, bottom, 1, 2 * height),
    ):  # fmt: skip
        wide = graph.add("Sub", last, first)
        places = graph.add("Add", graph.add("Mul", graph.constant(shape[None, :, index : index + 1]), wide), first)
        bin = graph.add("Round", graph.add("Mul", places, graph.constant([2.0])))
        apart = graph.add("Abs", graph.add("Sub", graph.constant(np.arange(bins)[None, None]), bin))
        graph.add("Sub", score, graph.add("Mul", apart, graph.constant([0.01])), name=name)
    count = len(shape)
    outputs = {
        "simcc_x": ([1, count, 2 * width], TensorProto.FLOAT),
        "simcc_y": ([1, count, 2 * height], TensorProto.FLOAT),
    }
    return graph.save(path, size, outputs)


def body_shape(joints: int = 17) -> np.ndarray:
    """A standing figure in its box, arms out: (17, 2), or (133, 2) with feet, face and hands, all symmetric."""
    half = {0: (0.5, 0.1), 1: (0.53, 0.08), 3: (0.58, 0.09), 5: (0.65, 0.22), 7: (0.82, 0.24), 9: (0.98, 0.26),
            11: (0.6, 0.52), 13: (0.6, 0.74), 15: (0.6, 0.97)}  # fmt: skip
    shape = np.zeros((17, 2), np.float32)
    for index, (x, y) in half.items():
        shape[index] = x, y
        if index:
            shape[index + 1] = 1 - x, y
    if joints == 17:
        return shape
    feet = np.float32([(0.62, 0.99), (0.64, 0.99), (0.59, 0.99), (0.38, 0.99), (0.36, 0.99), (0.41, 0.99)])
    angles = np.linspace(0, np.pi, 68, dtype=np.float32)
    face = np.stack([0.5 - 0.07 * np.cos(angles), 0.1 + 0.04 * np.sin(angles)], axis=1)
    fingers = np.float32([(0.96 + 0.01 * (index % 4), 0.24 + 0.01 * (index // 4)) for index in range(21)])
    left, right = fingers, fingers * [-1, 1] + [1, 0]
    return np.concatenate([shape, feet, face, left, right]).astype(np.float32)
