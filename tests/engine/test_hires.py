"""The hires and the upscale pass in the engine: the stock pipelines' picture, honest steps, no neighbour's hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from studio.engine.engine import Engine
from studio.engine.events import Failed, Finished, Progress
from studio.errors import OutOfMemory, UnknownName, UnusableWeights
from studio.poses.library import load_pose, pose_names
from studio.request import GenerationRequest, SourceImage
from tests import upscalers
from tests.stock import stock

CONTROL = {"type": "openpose", "model": "openpose-sd15", "image": {"sha256": "a" * 64}}
HIRES = {"scale": 1.5, "strength": 0.5}


def request(**fields) -> GenerationRequest:
    base = {
        "prompt": "anime girl, red hair",
        "negative_prompt": "boy",
        "checkpoint": "tiny-sd15",
        "sampler": "Euler a",
        "steps": 6,
        "seed": 11,
        "width": 64,
        "height": 64,
    }
    return GenerationRequest.build(**{**base, **fields})


def control_map(size: tuple[int, int] = (64, 64)) -> Image.Image:
    return upscalers.noise(5, 5).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def settings(zoo_settings, tmp_path):
    """The tiny models, with one network of each architecture beside them."""
    models = tmp_path / "models"
    models.mkdir()
    for shelf in zoo_settings.models.iterdir():
        (models / shelf.name).symlink_to(shelf)
    upscalers.save(upscalers.srvgg(), models / "upscalers" / "srvgg.safetensors")
    return replace(zoo_settings, models=models)


def make_engine(settings, slots: int, said: list[str] | None = None) -> Engine:
    notes = [] if said is None else said
    return Engine(
        replace(settings, slots=slots), "cpu", lambda ref: control_map(), lambda cell, text: notes.append(text)
    )


@pytest.fixture
def engine(settings):
    return make_engine(settings, slots=4)


def run(engine: Engine) -> dict[str, Finished]:
    finished = {}
    while engine.cells:
        for event in engine.tick():
            assert not isinstance(event, Failed), event
            if isinstance(event, Finished):
                finished[event.cell] = event
    return finished


def alone(engine: Engine, wanted: GenerationRequest) -> np.ndarray:
    engine.admit("alone", wanted)
    return np.asarray(run(engine)["alone"].image)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"sampler": "DPM++ 2M", "hires": {**HIRES, "steps": 9}},
        {"controls": [{**CONTROL, "weight": 0.7, "end": 0.8}]},
        {"checkpoint": "tiny-sdxl", "sampler": "Euler"},
        {"hires": {"width": 96, "height": 80, "strength": 0.4}},
    ],
    ids=["plain", "own steps", "control", "sdxl", "exact size"],
)
def test_it_is_stock_then_lanczos_then_stock_img2img(fields, settings, model_zoo):
    wanted = request(**{"hires": HIRES, **fields})
    ours = alone(make_engine(settings, slots=1), wanted)
    first = wanted.with_(hires=None)
    maps = [control_map() for _ in wanted.controls]
    _, picture = stock(model_zoo, first, maps, None)
    width, height = wanted.drawn_size
    larger = Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS)
    second = first.with_(
        width=width,
        height=height,
        steps=wanted.hires.steps or wanted.steps,
        source=SourceImage(image={"sha256": "b" * 64}, strength=wanted.hires.strength),
    )
    fitted = [each.resize((width, height), Image.Resampling.LANCZOS) for each in maps]
    _, expected = stock(model_zoo, second, fitted, larger)
    assert ours.shape == (height, width, 3)
    assert np.abs(ours.astype(int) - expected.astype(int)).max() <= 1


def test_a_pose_is_drawn_anew_at_the_new_size(engine, monkeypatch):
    drawn = []
    from studio.engine import building

    draw = building.draw
    monkeypatch.setattr(building, "draw", lambda pose, w, h, thick: (drawn.append((w, h)), draw(pose, w, h, thick))[1])
    pose = {"type": "openpose", "model": "openpose-sd15", "pose": load_pose(pose_names()[0])}
    alone(engine, request(hires={"width": 96, "height": 128, "strength": 0.5}, controls=[pose]))
    assert drawn == [(64, 64), (96, 128)]


def test_all_steps_of_both_passes_are_counted(engine):
    engine.admit("cell", request(steps=6, hires={**HIRES, "steps": 10}))
    progress = []
    while engine.cells:
        progress += [(event.step, event.steps) for event in engine.tick() if isinstance(event, Progress)]
    assert progress == [(step, 11) for step in range(1, 12)]


def test_neighbours_do_not_change_a_byte_of_a_hires_picture(engine):
    wanted = request(
        hires={**HIRES, "upscaler": "srvgg"}, controls=[CONTROL], upscale={"scale": 2, "upscaler": "srvgg"}
    )
    expected = alone(engine, wanted)
    assert expected.shape == (192, 192, 3)
    engine.admit("plain", request(seed=1, steps=20))
    engine.admit("other", request(seed=2, steps=4, hires={"scale": 2, "strength": 0.9}))
    engine.tick()
    engine.admit("wanted", wanted)
    engine.admit("same size", request(seed=3, steps=5, hires=HIRES))
    finished = run(engine)
    assert np.array_equal(np.asarray(finished["wanted"].image), expected)
    assert {cell: event.image.size for cell, event in finished.items()} == {
        "plain": (64, 64),
        "other": (128, 128),
        "wanted": (192, 192),
        "same size": (96, 96),
    }


def test_hires_and_plain_cells_share_a_batch(engine):
    engine.admit("plain", request())
    assert engine.accepts(request(hires=HIRES, upscale={"scale": 3}))
    assert not engine.accepts(request(width=96, height=96))


def test_the_upscaled_picture_is_the_plain_one_through_spandrel(engine, settings):
    plain = Image.fromarray(alone(engine, request()))
    upscaled = alone(engine, request(upscale={"upscaler": "srvgg", "scale": 4}))
    by_hand = upscalers.plain(settings.models / "upscalers" / "srvgg.safetensors", plain)
    assert np.abs(upscaled.astype(int) - by_hand).max() <= 1
    side = alone(engine, request(upscale={"upscaler": "srvgg", "side": 100}))
    assert side.shape == (100, 100, 3)


def test_the_network_is_kept_in_the_engines_cache(engine):
    alone(engine, request(upscale={"upscaler": "srvgg", "scale": 2}))
    assert "srvgg" in engine.facts()["loaded"]
    alone(engine, request(upscale={"scale": 2}))
    assert "Lanczos" not in engine.facts()["loaded"]


def test_enlarging_goes_tile_by_tile_and_can_be_cancelled(settings, monkeypatch):
    monkeypatch.setattr("studio.engine.finishing.room_for_tiles", lambda total: 48**2 * 768)
    said: list[str] = []
    engine = make_engine(settings, slots=2, said=said)
    engine.admit("cell", request(steps=2, upscale={"upscaler": "srvgg", "scale": 4}))
    engine.admit("other", request(steps=12))
    while not any("tile 2 of 4" in text for text in said):
        engine.tick()
    engine.cancel("cell")
    assert list(run(engine)) == ["other"]
    assert not any("tile 4 of 4" in text for text in said)


def test_cancel_works_in_the_second_pass(engine):
    engine.admit("cell", request(steps=2, hires={"strength": 1.0, "steps": 20}))
    seen = []
    while not seen or seen[-1] < 4:
        seen += [event.step for event in engine.tick() if isinstance(event, Progress)]
    engine.cancel("cell")
    assert engine.cells == () and engine.tick() == []


def test_out_of_memory_in_the_second_pass_halves_it_and_says_so(settings, monkeypatch):
    expected = alone(make_engine(settings, slots=1), request(hires=HIRES))
    engine = make_engine(settings, slots=2)
    engine.admit("a", request(hires=HIRES))
    engine.admit("b", request(hires=HIRES, seed=12))
    unet = engine._models.current.unet
    forward = unet.forward

    def small_device(sample, *args, **kwargs):
        if sample.shape[-1] > 8 and len(sample) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(sample, *args, **kwargs)

    monkeypatch.setattr(unet, "forward", small_device)
    finished = run(engine)
    assert "cut to 1" in finished["a"].facts["notes"][0] and finished["a"].facts["slots"] == 1
    assert np.abs(np.asarray(finished["a"].image).astype(int) - expected).max() <= 1


def test_no_memory_for_enlarging_fails_the_cell_alone(engine, monkeypatch):
    engine.admit("cell", request(upscale={"upscaler": "srvgg", "scale": 4}))
    engine.admit("other", request(steps=8))

    def no_memory(pixels):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(engine._models.upscaler("srvgg"), "enlarge", no_memory)
    events = [event for _ in range(12) for event in engine.tick()]
    [failed] = [event for event in events if isinstance(event, Failed)]
    assert failed.cell == "cell" and isinstance(failed.error, OutOfMemory)
    assert [event.cell for event in events if isinstance(event, Finished)] == ["other"]


@pytest.mark.parametrize(("name", "kind"), [("nothing", UnknownName), ("broken", UnusableWeights)])
def test_an_upscaler_that_cannot_be_had_is_refused_at_once(engine, settings, name, kind):
    (settings.models / "upscalers" / "broken.pth").write_bytes(b"PK not really")
    with pytest.raises(kind):
        engine.admit("cell", request(upscale={"upscaler": name, "scale": 2}))
    assert engine.cells == ()


def test_strength_zero_only_enlarges(engine):
    event_picture = alone(engine, request(hires={"scale": 2, "strength": 0}))
    assert event_picture.shape == (128, 128, 3)
