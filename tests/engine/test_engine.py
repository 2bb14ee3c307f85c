"""The slots: who shares a batch, that neighbours do not matter, what is skipped, what happens when it goes wrong."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from studio.catalog.samplers import SAMPLERS
from studio.engine.engine import Engine
from studio.engine.events import Failed, Finished, Progress
from studio.errors import InvalidRequest, OutOfMemory, UnknownName
from studio.request import GenerationRequest
from tests.tiny import SD15_SCHEDULER

CONTROL = {"type": "openpose", "model": "openpose-sd15", "image": {"sha256": "a" * 64}}


def request(**fields) -> GenerationRequest:
    base = {
        "prompt": "anime girl, red hair",
        "negative_prompt": "boy",
        "checkpoint": "tiny-sd15",
        "sampler": "Euler a",
        "steps": 5,
        "seed": 11,
        "width": 64,
        "height": 64,
    }
    return GenerationRequest.build(**{**base, **fields})


STRANGERS = [
    request(sampler="Euler", steps=4, seed=1),
    request(sampler="DPM++ 2M", steps=7, seed=2, guidance_scale=12),
    request(sampler="DDIM", steps=9, prompt="blue dress", seed=3),
    request(sampler="Heun", steps=3, seed=4, controls=[{**CONTROL, "weight": 0.5}]),
    request(sampler="UniPC", steps=6, seed=5, controls=[{**CONTROL, "weight": 1.5, "end": 0.5}]),
    request(sampler="PLMS", steps=8, seed=6, negative_prompt=""),
    request(sampler="DPM++ 2M SDE", steps=5, seed=7, clip_skip=2),
]


@pytest.fixture
def engine(zoo_settings):
    return make_engine(zoo_settings, slots=8)


def make_engine(settings, slots: int) -> Engine:
    control_map = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    return Engine(replace(settings, slots=slots), "cpu", lambda ref: control_map)


def run(engine: Engine) -> dict[str, np.ndarray]:
    """Tick until no cell is left; pictures by cell."""
    pictures = {}
    while engine.cells:
        for event in engine.tick():
            assert not isinstance(event, Failed), event
            if isinstance(event, Finished):
                pictures[event.cell] = np.asarray(event.image)
    return pictures


def alone(engine: Engine, wanted: GenerationRequest) -> np.ndarray:
    engine.admit("alone", wanted)
    return run(engine)["alone"]


@pytest.mark.parametrize("wanted", [request(), request(controls=[CONTROL]), request(sampler="DPM++ 2M", steps=6)])
def test_neighbours_and_slot_do_not_change_a_byte(engine, wanted):
    expected = alone(engine, wanted)
    for place in (0, 7):
        for number, stranger in enumerate([*STRANGERS[:place], wanted, *STRANGERS[place:]]):
            engine.admit("wanted" if number == place else f"stranger {number}", stranger)
        assert np.array_equal(run(engine)["wanted"], expected)


def test_a_late_guest_and_a_cancelled_neighbour_do_not_change_a_byte(engine):
    wanted = request(controls=[CONTROL], steps=8)
    expected = alone(engine, wanted)
    engine.admit("neighbour", STRANGERS[1])
    engine.admit("wanted", wanted)
    engine.tick()
    engine.cancel("neighbour")
    engine.tick()
    engine.admit("late", STRANGERS[4])
    pictures = run(engine)
    assert np.array_equal(pictures["wanted"], expected)
    assert set(pictures) == {"wanted", "late"}


def test_a_finished_cell_leaves_its_slot_to_the_next(zoo_settings):
    engine = make_engine(zoo_settings, slots=2)
    engine.admit("short", request(sampler="Euler", steps=2))
    engine.admit("long", request(sampler="Euler", steps=6))
    assert not engine.accepts(request())
    finished = [event for _ in range(2) for event in engine.tick() if isinstance(event, Finished)]
    assert [event.cell for event in finished] == ["short"]
    assert engine.cells == ("long",)
    assert engine.accepts(request())


@pytest.mark.parametrize(
    "other",
    [
        {"width": 96},
        {"guidance_scale": 1},
        {"checkpoint": "tiny-sdxl"},
        {"loras": [{"name": "line", "weight": 1}]},
        {"prompt": "<lora:line:0.5> anime girl"},
        {"prompt": "red hair, " * 60},
    ],
)
def test_only_cells_of_one_shape_and_weights_share_a_batch(engine, other):
    engine.admit("first", request())
    assert engine.accepts(request(seed=99, steps=30, sampler="DDIM", prompt="blue sky"))
    assert not engine.accepts(request(**other))


def test_switching_checkpoints_lets_go_of_the_old_one_first(zoo_settings):
    engine = make_engine(replace(zoo_settings, memory_budget_gb=1e-6), slots=1)
    alone(engine, request(controls=[CONTROL]))
    old = weakref.ref(engine._models.current.unet)
    alone(engine, request(checkpoint="tiny-sdxl"))
    gc.collect()
    assert old() is None
    assert engine.facts()["loaded"] == ["tiny-sdxl"]


def test_a_malformed_tag_waits_for_its_refusal(engine):
    bad = request(prompt="<lora:line:strong>")
    engine.admit("good", request())
    assert not engine.accepts(bad)
    run(engine)
    assert engine.accepts(bad)
    with pytest.raises(InvalidRequest):
        engine.admit("bad", bad)


def test_progress_counts_steps_and_brings_previews(engine, monkeypatch):
    monkeypatch.setattr("studio.engine.engine.PREVIEW_SECONDS", 0)
    engine.admit("cell", request(sampler="Heun", steps=6, width=96))
    events = [event for _ in range(30) for event in engine.tick()]
    steps = [event.step for event in events if isinstance(event, Progress)]
    assert steps == sorted(steps)
    assert steps[-1] == 6
    previews = [event.preview for event in events if isinstance(event, Progress) and event.preview]
    assert len(previews) >= 3
    assert all(preview[:4] == b"RIFF" for preview in previews)


def test_previews_do_not_slow_down_fast_steps(engine, monkeypatch):
    monkeypatch.setattr("studio.engine.engine.PREVIEW_SECONDS", 3600)
    engine.admit("cell", request(steps=9))
    events = [event for _ in range(9) for event in engine.tick()]
    assert [event.step for event in events if isinstance(event, Progress) and event.preview] == [1]


def test_weight_zero_and_steps_outside_the_window_skip_the_controlnet(engine):
    engine.admit("off", request(sampler="Euler", steps=4, controls=[{**CONTROL, "weight": 0}]))
    run(engine)
    assert engine.rows == {"unet": 8}
    engine.admit("half", request(sampler="Euler", steps=8, controls=[{**CONTROL, "start": 0.25, "end": 0.75}]))
    run(engine)
    assert engine.rows == {"unet": 8 + 16, "openpose-sd15": 8}


def test_without_guidance_there_is_no_unconditional_row(engine):
    engine.admit("cell", request(sampler="Euler", steps=4, guidance_scale=1))
    run(engine)
    assert engine.rows == {"unet": 4}


def test_control_and_its_weight_change_the_picture(engine):
    pictures = [alone(engine, request(controls=[{**CONTROL, "weight": weight}])) for weight in (0, 0.5, 1)]
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])


def test_a_name_that_leads_nowhere_is_refused_and_the_others_go_on(engine):
    engine.admit("good", request())
    with pytest.raises(UnknownName) as refused:
        engine.admit("bad", request(sampler="Eulr"))
    assert "Euler" in refused.value.hint
    assert set(run(engine)) == {"good"}


def test_out_of_memory_halves_the_batch_and_says_so(zoo_settings, monkeypatch):
    engine = make_engine(zoo_settings, slots=2)
    engine.admit("a", request())
    engine.admit("b", request(seed=12))
    unet = engine._models.current.unet
    forward = unet.forward

    def small_device(sample, *args, **kwargs):
        if len(sample) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(sample, *args, **kwargs)

    monkeypatch.setattr(unet, "forward", small_device)
    finished = [event for _ in range(20) for event in engine.tick() if isinstance(event, Finished)]
    assert {event.cell for event in finished} == {"a", "b"}
    assert "Memory ran out" in finished[0].facts["notes"][0]
    assert finished[0].facts["slots"] == 1


def test_out_of_memory_for_good_fails_the_cell_with_advice(zoo_settings, monkeypatch):
    engine = make_engine(zoo_settings, slots=1)
    engine.admit("cell", request())

    def no_memory(*args, **kwargs):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(engine._models.current.unet, "forward", no_memory)
    [event] = engine.tick()
    assert isinstance(event, Failed)
    assert isinstance(event.error, OutOfMemory)
    assert "smaller size" in event.error.hint
    assert engine.cells == ()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_sampler_finishes_on_a_zero_snr_checkpoint(engine, sampler, monkeypatch):
    engine.admit("warm", request(steps=1))
    run(engine)
    config = {**SD15_SCHEDULER, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True}
    monkeypatch.setattr(engine._models.current, "scheduler_config", {**config, "timestep_spacing": "trailing"})
    assert alone(engine, request(sampler=sampler, steps=12)).shape == (64, 64, 3)


def test_one_cells_broken_scheduler_leaves_its_neighbour_alone(engine, monkeypatch):
    engine.admit("good", request())
    engine.admit("bad", request(seed=12))

    def broken(*args, **kwargs):
        raise IndexError("sigmas")

    monkeypatch.setattr(engine._cells["bad"].scheduler, "step", broken)
    events = [event for _ in range(8) for event in engine.tick()]
    assert [event.cell for event in events if isinstance(event, Failed)] == ["bad"]
    assert [event.cell for event in events if isinstance(event, Finished)] == ["good"]


def test_invalid_numbers_are_no_picture(engine):
    engine.admit("cell", request())
    engine._cells["cell"].latents[0, 0, 0, 0] = float("nan")
    failed = [event for _ in range(8) for event in engine.tick() if isinstance(event, Failed)]
    assert "invalid numbers" in failed[0].error.message
    assert failed[0].error.hint


def test_a_decode_that_does_not_fit_is_tiled(engine, monkeypatch):
    engine.admit("cell", request(width=128, height=128))
    vae = engine._models.vae(request())
    decode = vae._decode

    def small_device(z, *args, **kwargs):
        if not vae.use_tiling:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return decode(z, *args, **kwargs)

    monkeypatch.setattr(vae, "_decode", small_device)
    finished = [event for _ in range(10) for event in engine.tick() if isinstance(event, Finished)]
    assert "tiles" in finished[0].facts["notes"][0]
    assert not vae.use_tiling
