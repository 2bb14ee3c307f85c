"""Tasks of kind ``control_map``: every entry of the catalogue, with networks of the real shapes and random numbers."""

from __future__ import annotations

import io
import os
import pickle
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import (
    ConvNextConfig,
    DepthAnythingConfig,
    DepthAnythingForDepthEstimation,
    Dinov2Config,
    UperNetConfig,
    UperNetForSemanticSegmentation,
)
from transformers.models.dpt import DPTImageProcessor
from transformers.models.segformer import SegformerImageProcessor

from studio.catalog.control_maps import CONTROL_MAPS
from studio.catalog.controls import CONTROL_TYPES
from studio.engine.detection import annotators, map_craft
from studio.engine.detection.line_maps import LINE_MAPS
from studio.errors import Offline, UnknownName, UnusableWeights
from studio.request import ImageRef


@pytest.fixture
def drawing(bench) -> str:
    """A black outline and a dark disc on white, 96 × 128."""
    pixels = np.full((128, 96, 3), 255, np.uint8)
    pixels[20:100, 20:22] = pixels[20:100, 70:72] = pixels[20:22, 20:72] = pixels[98:100, 20:72] = 0
    y, x = np.mgrid[:128, :96]
    pixels[(x - 46) ** 2 + (y - 60) ** 2 < 15**2] = (120, 40, 160)
    return stored(bench, pixels)


def stored(bench, pixels: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return bench.gallery.put_upload(file.getvalue()).sha256


def made(bench, image: str, kind: str) -> tuple[np.ndarray, str]:
    result = map_craft.run({"image": image, "kind": kind}, bench)
    return np.asarray(bench.gallery.open_image(ImageRef(sha256=result["image"]))), result["note"]


def test_every_entry_has_a_maker_and_feeds_a_known_control():
    from studio.engine.detection.hub_maps import HUB_MAPS

    makers = {*LINE_MAPS, *annotators.ANNOTATORS, *HUB_MAPS}
    assert makers == set(CONTROL_MAPS)
    for name, spec in CONTROL_MAPS.items():
        assert spec.control in CONTROL_TYPES
        assert (name in LINE_MAPS) == (spec.download_bytes == 0)


@pytest.mark.parametrize("kind", ["canny", "scribble", "lineart_simple", "softedge_simple", "lineart_invert"])
def test_maps_of_lines_are_white_on_black_and_need_nothing(bench, drawing, kind):
    pixels, note = made(bench, drawing, kind)
    assert pixels.shape == (128, 96, 3) and (pixels == pixels[:, :, :1]).all()
    assert pixels[55:65, 18:25].max() > 100, "the outline shows"
    assert pixels[110:, 80:].max() < 60 and np.median(pixels) < 40, "paper is black"
    assert note == f"{CONTROL_MAPS[kind].label}, 96 × 128 pixels."


def test_the_tile_map_is_the_picture(bench, drawing):
    pixels, _ = made(bench, drawing, "tile")
    assert np.array_equal(pixels, np.asarray(bench.gallery.open_image(ImageRef(sha256=drawing))))


def test_a_map_with_nothing_in_it_is_said_aloud(bench):
    _, note = made(bench, stored(bench, np.full((64, 64, 3), 200, np.uint8)), "canny")
    assert "almost empty" in note


def test_large_pictures_are_made_smaller(bench):
    pixels, _ = made(bench, stored(bench, np.zeros((600, 2400, 3), np.uint8)), "canny")
    assert pixels.shape == (256, 1024, 3)


def weights(bench, kind: str) -> Path:
    remote = CONTROL_MAPS[kind].file
    assert remote
    path = bench.settings.models / "detectors" / remote.name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def save_network(path: Path, network: torch.nn.Module, monkeypatch, kind: str, prefix: str = "") -> None:
    """As published, but with random numbers; the catalogue is told the size they come to."""
    torch.save({f"{prefix}{key}": value for key, value in network.state_dict().items()}, path)
    claim_size(monkeypatch, kind, path.stat().st_size)


def claim_size(monkeypatch, kind: str, size: int) -> None:
    from dataclasses import replace

    spec = CONTROL_MAPS[kind]
    assert spec.file
    monkeypatch.setitem(CONTROL_MAPS, kind, replace(spec, file=replace(spec.file, size=size)))


@pytest.mark.parametrize("kind", ["softedge", "lineart", "lineart_anime"])
def test_networks_of_controlnets_authors_run(bench, drawing, monkeypatch, kind):
    norm = partial(torch.nn.InstanceNorm2d, affine=False, track_running_stats=False)
    networks = {
        "softedge": annotators.ControlNetHED_Apache2,
        "lineart": lambda: annotators.Generator(3, 1, 3),
        "lineart_anime": lambda: annotators.UnetGenerator(3, 1, 8, 64, norm_layer=norm),
    }
    torch.manual_seed(0)
    prefix = "module." if kind == "lineart_anime" else ""
    save_network(weights(bench, kind), networks[kind](), monkeypatch, kind, prefix)
    pixels, _ = made(bench, drawing, kind)
    assert pixels.shape == (128, 96, 3) and pixels.std() > 0
    assert "KMP_DUPLICATE_LIB_OK" not in os.environ


class Sly:
    def __reduce__(self):
        return os.system, ("touch harmed",)


@pytest.mark.parametrize("content", [pickle.dumps(Sly(), 2), b"no weights", b""], ids=["code", "text", "empty"])
def test_files_that_hold_more_or_less_than_weights_are_refused(bench, drawing, monkeypatch, tmp_path, content):
    monkeypatch.chdir(tmp_path)
    path = weights(bench, "lineart")
    path.write_bytes(content)
    claim_size(monkeypatch, "lineart", len(content))
    with pytest.raises(UnusableWeights, match=r"sk_model\.pth"):
        made(bench, drawing, "lineart")
    assert not (tmp_path / "harmed").exists()


def own_model(bench, kind: str) -> Path:
    return bench.settings.models / "detectors" / CONTROL_MAPS[kind].hub.rpartition("/")[2]


def test_depth_is_the_models_answer_over_the_whole_range(bench, drawing):
    torch.manual_seed(0)
    backbone = Dinov2Config(
        hidden_size=16, num_hidden_layers=4, num_attention_heads=2, image_size=28, patch_size=14,
        out_features=["stage1", "stage2", "stage3", "stage4"], reshape_hidden_states=False,
    )  # fmt: skip
    config = DepthAnythingConfig(
        backbone_config=backbone, reassemble_hidden_size=16, neck_hidden_sizes=[8, 8, 8, 8], fusion_hidden_size=8,
        head_hidden_size=4,
    )  # fmt: skip
    folder = own_model(bench, "depth")
    DepthAnythingForDepthEstimation(config).save_pretrained(folder)
    DPTImageProcessor(size={"height": 28, "width": 28}).save_pretrained(folder)
    pixels, _ = made(bench, drawing, "depth")
    assert pixels.shape == (128, 96, 3) and (pixels.min(), pixels.max()) == (0, 255)
    assert (pixels == pixels[:, :, :1]).all()


def test_segmentation_has_the_palettes_colours(bench, drawing):
    torch.manual_seed(0)
    backbone = ConvNextConfig(
        hidden_sizes=[8, 8, 8, 8], depths=[1, 1, 1, 1], out_features=["stage1", "stage2", "stage3", "stage4"]
    )
    config = UperNetConfig(
        backbone_config=backbone, hidden_size=8, num_labels=150, auxiliary_in_channels=8, auxiliary_channels=8,
        auxiliary_num_convs=1,
    )  # fmt: skip
    folder = own_model(bench, "seg")
    UperNetForSemanticSegmentation(config).save_pretrained(folder)
    SegformerImageProcessor(size={"height": 64, "width": 64}).save_pretrained(folder)
    pixels, _ = made(bench, drawing, "seg")
    from controlnet_aux.util import ade_palette

    palette = {tuple(colour) for colour in ade_palette()}
    assert len(palette) > 100 and {tuple(colour) for colour in pixels.reshape(-1, 3).tolist()} <= palette


@pytest.mark.parametrize("kind", [kind for kind, spec in CONTROL_MAPS.items() if spec.download_bytes])
def test_without_network_it_says_what_to_put_where(bench, drawing, kind, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    spec = CONTROL_MAPS[kind]
    with pytest.raises(Offline) as failed:
        made(bench, drawing, kind)
    said = failed.value.message + failed.value.hint
    assert (spec.file.name if spec.file else f"https://huggingface.co/{spec.hub}") in said
    assert str(bench.settings.models / "detectors") in said


def test_an_unknown_kind_is_refused(bench, drawing):
    with pytest.raises(UnknownName):
        made(bench, drawing, "x-ray")
