"""Pictures to latents and back: control maps keep their aspect, sources start where their strength says."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from studio.engine.events import Finished
from studio.engine.latents import control_tensor
from tests.engine.test_engine import make_engine, request


def test_a_control_map_of_another_aspect_is_fitted_not_stretched():
    square = Image.new("RGB", (40, 40), "white")
    tensor = control_tensor(square, 128, 64)
    assert tensor.shape == (1, 3, 64, 128)
    assert tensor[0, 0, 32].tolist() == [0.0] * 32 + [1.0] * 64 + [0.0] * 32


def test_a_control_map_of_the_right_size_is_untouched():
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert np.array_equal(
        (control_tensor(Image.fromarray(noise), 64, 64)[0] * 255).round().byte().permute(1, 2, 0), noise
    )


@pytest.mark.parametrize(("strength", "steps"), [(0.0, 0), (0.5, 5), (1.0, 10)])
def test_strength_says_how_many_steps_are_walked(zoo_settings, strength, steps):
    engine = make_engine(zoo_settings, slots=1)
    source = {"image": {"sha256": "a" * 64}, "strength": strength}
    engine.admit("cell", request(sampler="Euler", steps=10, source=source))
    events = [event for _ in range(steps + 1) for event in engine.tick()]
    assert [(event.step, event.steps) for event in events[:-1]] == [(step + 1, steps) for step in range(steps)]
    assert isinstance(events[-1], Finished)
    assert engine.rows.get("unet", 0) == 2 * steps


def test_the_same_seed_starts_from_the_same_noise_at_any_sampler(zoo_settings):
    engine = make_engine(zoo_settings, slots=2)
    engine.admit("a", request(sampler="DDIM"))
    engine.admit("b", request(sampler="UniPC", steps=9))
    a, b = (engine._cells[cell] for cell in "ab")
    noises = [cell.latents / cell.scheduler.init_noise_sigma for cell in (a, b)]
    assert torch.allclose(*noises)
