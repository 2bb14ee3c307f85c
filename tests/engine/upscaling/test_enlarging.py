"""Enlarging: tiled equals untiled, any target size, several rounds, alpha, running out of memory."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from studio.catalog.upscalers import Upscaler
from studio.engine.upscaling.enlarging import Enlarging, rounds
from studio.engine.upscaling.network import Network, load_network
from studio.errors import OutOfMemory
from tests import upscalers

PLENTY = 10**12


@pytest.fixture(scope="module", params=["srvgg", "rrdb"])
def network(request, tmp_path_factory) -> Network:
    path = tmp_path_factory.mktemp("nets") / f"{request.param}.safetensors"
    upscalers.save(getattr(upscalers, request.param)(), path)
    return load_network(Upscaler(request.param, "", path), path, "cpu", torch.float32)


def enlarge(image, size, network, side: int = 0, fast: bool = False, room: int = PLENTY) -> tuple[Image.Image, int]:
    """The result and how many steps it took; ``side``: of the largest square that fits into memory."""
    enlarging = Enlarging(image, size, network, side**2 * network.bytes_per_pixel if side else room, fast)
    steps = 1
    while not enlarging.step():
        steps += 1
    return enlarging.image, steps


def difference(one: Image.Image, other: Image.Image) -> int:
    return int(np.abs(np.asarray(one).astype(int) - np.asarray(other)).max())


@pytest.mark.parametrize(("width", "height"), [(131, 97), (97, 200), (151, 61)])
@pytest.mark.parametrize("side", [60, 90])
def test_tiled_equals_untiled_at_odd_sizes(network, width, height, side):
    image, size = upscalers.noise(width, height), (width * 4, height * 4)
    untiled, one = enlarge(image, size, network)
    tiled, many = enlarge(image, size, network, side)
    assert one == 1 and many > 1
    assert difference(tiled, untiled) <= 1


def test_tiles_that_see_too_little_do_show(network, monkeypatch):
    """The test above could not fail if the networks barely looked around."""
    image, size = upscalers.noise(131, 97), (524, 388)
    untiled, _ = enlarge(image, size, network)
    monkeypatch.setitem(network.__dict__, "radius", network.radius // 4)
    assert difference(enlarge(image, size, network, 60)[0], untiled) > 8


def test_fast_tiles_are_fewer_and_close(network):
    image, size = upscalers.noise(200, 200), (800, 800)
    untiled, _ = enlarge(image, size, network)
    fast, _ = enlarge(image, size, network, 130, fast=True)
    assert np.abs(np.asarray(fast).astype(int) - np.asarray(untiled)).mean() < 1


@pytest.mark.parametrize("size", [(400, 300), (200, 150), (333, 251), (100, 75), (37, 75), (430, 322)])
def test_any_target_is_met(network, size):
    image, _ = enlarge(upscalers.noise(100, 75), size, network)
    assert image.size == size and image.mode == "RGB"


def test_smaller_than_the_network_gives_is_averaged(network):
    source = upscalers.noise(40, 40)
    full = np.asarray(enlarge(source, (160, 160), network)[0]).astype(float)
    half = np.asarray(enlarge(source, (80, 80), network)[0])
    averaged = full.reshape(80, 2, 80, 2, 3).mean(axis=(1, 3))
    assert np.abs(half - averaged).max() <= 1


@pytest.mark.parametrize(
    ("size", "target", "scale", "inputs"),
    [
        ((512, 512), (1024, 1024), 4, [(512, 512)]),
        ((512, 512), (2048, 2048), 4, [(512, 512)]),
        ((512, 512), (2200, 2200), 4, [(512, 512)]),
        ((512, 512), (4096, 4096), 4, [(512, 512), (1024, 1024)]),
        ((512, 768), (4096, 6144), 2, [(512, 768), (1024, 1536), (2048, 3072)]),
        ((64, 64), (8192, 8192), 4, [(64, 64), (256, 256), (1024, 1024)]),
        ((512, 512), (2048, 2048), 1, [(512, 512)]),
    ],
)
def test_the_network_runs_as_often_as_the_target_needs(size, target, scale, inputs):
    assert rounds(size, target, scale) == inputs


def test_two_rounds_reach_the_target_and_count_as_work(network):
    enlarging = Enlarging(upscalers.noise(24, 24), (192, 192), network, PLENTY)
    assert enlarging.total == 24 * 24 + 48 * 48
    assert not enlarging.step()
    assert enlarging.done == 24 * 24
    assert enlarging.step()
    assert enlarging.done == enlarging.total
    assert enlarging.image.size == (192, 192)


def test_without_a_network_it_is_lanczos():
    image = upscalers.noise(50, 40)
    enlarging = Enlarging(image, (125, 100), None, 0)
    assert enlarging.step()
    assert difference(enlarging.image, image.resize((125, 100), Image.Resampling.LANCZOS)) == 0


@pytest.mark.parametrize("with_network", [True, False])
def test_alpha_is_kept(network, with_network):
    image = upscalers.noise(32, 32).convert("RGBA")
    alpha = np.zeros((32, 32), np.uint8)
    alpha[:, 16:] = 255
    image.putalpha(Image.fromarray(alpha))
    enlarged, _ = enlarge(image, (128, 128), network) if with_network else _lanczos(image)
    assert enlarged.mode == "RGBA" and enlarged.size == (128, 128)
    kept = np.asarray(enlarged.getchannel("A"))
    assert (kept[:, :48] == 0).all() and (kept[:, 80:] == 255).all()


def _lanczos(image: Image.Image) -> tuple[Image.Image, int]:
    enlarging = Enlarging(image, (128, 128), None, 0)
    enlarging.step()
    return enlarging.image, 1


def test_out_of_memory_makes_smaller_tiles_and_says_so(network, monkeypatch):
    image, size = upscalers.noise(180, 150), (720, 600)
    untiled, _ = enlarge(image, size, network)
    run, tried = network.enlarge, []

    def small_device(pixels):
        tried.append(pixels.shape[0] * pixels.shape[1])
        if tried[-1] > 100 * 100:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return run(pixels)

    monkeypatch.setattr(network, "enlarge", small_device)
    enlarging = Enlarging(image, size, network, PLENTY)
    while not enlarging.step():
        pass
    assert difference(enlarging.image, untiled) <= 1
    assert tried[0] == 180 * 150 and max(tried[2:]) <= 100 * 100
    assert "Memory ran out" in enlarging.notes[0]


def test_no_memory_at_all_is_said_with_the_need(network, monkeypatch):
    def no_memory(pixels):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(network, "enlarge", no_memory)
    enlarging = Enlarging(upscalers.noise(200, 200), (800, 800), network, PLENTY)
    with pytest.raises(OutOfMemory, match="GB"):
        while not enlarging.step():
            pass


def test_a_failure_of_the_network_is_not_swallowed(network, monkeypatch):
    def broken(pixels):
        raise RuntimeError("something else")

    monkeypatch.setattr(network, "enlarge", broken)
    with pytest.raises(RuntimeError, match="something else"):
        Enlarging(upscalers.noise(30, 30), (120, 120), network, PLENTY).step()


def test_networks_that_look_too_far_for_this_memory_are_blended_and_it_is_said(network, monkeypatch):
    monkeypatch.setitem(network.__dict__, "radius", None)
    enlarging = Enlarging(upscalers.noise(200, 120), (800, 480), network, 110**2 * network.bytes_per_pixel)
    while not enlarging.step():
        pass
    assert "blended" in enlarging.notes[0]
