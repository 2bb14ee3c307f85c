"""Loading through spandrel, the receptive radius, half precision, and files that must not be loaded."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from spandrel.architectures.Compact import Compact
from spandrel.architectures.ESRGAN import ESRGAN

from studio.catalog.upscalers import Upscaler, list_upscalers
from studio.engine.upscaling.network import load_network
from studio.engine.upscaling.reach import receptive_radius
from studio.errors import UnusableWeights
from tests import upscalers


def load(path, dtype=torch.float32):
    return load_network(Upscaler(path.stem, "", path), path, "cpu", dtype)


@pytest.mark.parametrize(
    ("network", "radius"),
    [
        # By hand: each 3×3 convolution looks one pixel further; those after the upsampling by 2 and 4 look 1/2 and 1/4.
        (upscalers.srvgg(convolutions=4), 6),
        (upscalers.srvgg(convolutions=16, features=4), 18),
        (upscalers.rrdb(blocks=1, features=4), 19),
        (upscalers.rrdb(blocks=6, features=4), 94),
        (upscalers.rrdb(blocks=1, features=4, scale=2), 19),
    ],
)
def test_the_measured_radius_is_the_one_counted_by_hand(network, radius, tmp_path):
    assert load(upscalers.save(network, tmp_path / "net.safetensors")).radius == radius


def test_networks_that_fold_pixels_are_measured_from_every_phase():
    folding = ESRGAN(in_nc=12, out_nc=3, num_filters=4, num_blocks=1, scale=4, shuffle_factor=2).eval()
    radius = receptive_radius(folding, 2, thickness=2)
    assert radius is not None and 2 * 18 <= radius <= 2 * 18 + 3  # everything counts twice, and up to a fold more


def test_a_network_that_sees_the_whole_picture_has_no_radius():
    def centred(pixels):
        return pixels - pixels.mean(dim=(2, 3), keepdim=True)

    assert receptive_radius(centred, 1) is None


@pytest.mark.parametrize("ending", ["safetensors", "pth"])
def test_it_gives_what_spandrels_own_call_gives(ending, tmp_path):
    path = upscalers.save(upscalers.srvgg(), tmp_path / f"net.{ending}")
    image = upscalers.noise(37, 29)
    ours = load(path).enlarge(torch.from_numpy(np.array(image))).numpy()
    assert ours.dtype == np.uint8 and ours.shape == (29 * 4, 37 * 4, 3)
    assert np.abs(ours.astype(int) - upscalers.plain(path, image)).max() <= 1


def test_half_precision_that_overflows_is_given_up(tmp_path):
    network = upscalers.srvgg()
    with torch.no_grad():  # much larger in the first layer, as much smaller in the last: beyond float16 between them
        network.body[0].weight.mul_(1e5)
        network.body[-1].weight.div_(1e5)
    path = upscalers.save(network, tmp_path / "net.safetensors")
    loaded, image = load(path, torch.float16), upscalers.noise(32, 32)
    assert loaded.dtype == torch.float16
    ours = loaded.enlarge(torch.from_numpy(np.array(image))).numpy()
    assert loaded.dtype == torch.float32
    assert np.abs(ours.astype(int) - upscalers.plain(path, image)).max() <= 1


def test_the_bundled_network_loads_and_enlarges_by_four(settings):
    [bundled] = (each for each in list_upscalers(settings) if each.name.startswith("starter/"))
    assert bundled.path is not None and bundled.usable().installed
    network = load(bundled.path)
    assert (network.scale, network.radius) == (4, 10)
    image = upscalers.noise(24, 20)
    ours = network.enlarge(torch.from_numpy(np.array(image))).numpy()
    assert np.abs(ours.astype(int) - upscalers.plain(bundled.path, image)).max() <= 1


class _Evil:
    def __reduce__(self):
        return os.system, ("true",)


def _write(path, kind):
    if kind == "code":
        path.write_bytes(pickle.dumps(_Evil()))
    elif kind == "cut off":
        upscalers.save(upscalers.srvgg(), path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif kind == "a list":
        torch.save([1, 2], path)
    elif kind == "no upscaler":
        torch.save({"weight": torch.zeros(3)}, path)
    else:
        torch.save(Compact(num_in_ch=1, num_out_ch=1, num_feat=4, num_conv=2, upscale=2).state_dict(), path)


@pytest.mark.parametrize("kind", ["code", "cut off", "a list", "no upscaler", "grey only"])
def test_files_that_cannot_be_used_are_refused_calmly(kind, tmp_path, monkeypatch):
    path = tmp_path / "net.pth"
    _write(path, kind)
    ran = []
    monkeypatch.setattr(os, "system", ran.append)
    with pytest.raises(UnusableWeights) as refused:
        load(path)
    assert "net" in refused.value.message and refused.value.hint
    assert not ran


def test_safetensors_of_something_else_are_refused(tmp_path):
    save_file({"decoder.weight": torch.zeros(2)}, tmp_path / "net.safetensors")
    with pytest.raises(UnusableWeights, match="not an upscaling network"):
        load(tmp_path / "net.safetensors")
