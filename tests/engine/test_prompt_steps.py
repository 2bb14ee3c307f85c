"""Prompts that change from step to step and prompts joined by AND, beside a loop by hand with diffusers' own parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from studio.engine import latents as latent
from studio.engine.engine import Engine
from studio.engine.events import Failed, Finished
from studio.engine.layout import Layout, Span
from studio.engine.steps import step_of
from studio.request import GenerationRequest
from tests.stock_steps import walk

RED, BLUE, SKY = "anime girl, red hair", "anime girl, blue hair", "blue sky"
SWITCH = "anime girl, [red:blue:{}] hair"
CONTROL = {"type": "openpose", "model": "openpose-sd15", "image": {"sha256": "a" * 64}}


def request(**fields) -> GenerationRequest:
    base = {
        "prompt": RED,
        "negative_prompt": "boy",
        "checkpoint": "tiny-sd15",
        "sampler": "Euler",
        "steps": 5,
        "seed": 11,
        "width": 64,
        "height": 64,
    }
    return GenerationRequest.build(**{**base, **fields})


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))


def make_engine(settings, slots: int = 1) -> Engine:
    return Engine(replace(settings, slots=slots), "cpu", lambda ref: noise())


def run(engine: Engine, **wanted: GenerationRequest) -> dict[str, np.ndarray]:
    """Admit and tick until no cell is left; pictures by cell."""
    for name, each in wanted.items():
        engine.admit(name, each)
    pictures = {}
    while engine.cells:
        for event in engine.tick():
            assert not isinstance(event, Failed), event
            if isinstance(event, Finished):
                pictures[event.cell] = np.asarray(event.image)
    return pictures


@pytest.fixture
def finals(monkeypatch) -> list[torch.Tensor]:
    """What is decoded: the latents after each pass."""
    seen: list[torch.Tensor] = []
    decode = latent.decode
    monkeypatch.setattr(latent, "decode", lambda vae, final: (seen.append(final), decode(vae, final))[1])
    return seen


@pytest.fixture
def starts(monkeypatch) -> list[torch.Tensor]:
    """The noised sources that img2img walks begin with."""
    seen: list[torch.Tensor] = []
    noised = latent.noised_source

    def noting(*arguments):
        start, timesteps = noised(*arguments)
        seen.append(start)
        return start, timesteps

    monkeypatch.setattr(latent, "noised_source", noting)
    return seen


def told(*texts: str, negative: str = "boy"):
    return [(negative, [(text, 1.0)]) for text in texts]


# Which step an evaluation belongs to stands here by hand: Heun and DPM2 evaluate twice in all steps but the last, PLMS
# evaluates its first step twice.
SCHEDULES = {
    "after step 2": ({"prompt": SWITCH.format(2)}, told(RED, RED, BLUE, BLUE, BLUE)),
    "fraction": ({"prompt": SWITCH.format(0.8)}, told(RED, RED, RED, RED, BLUE)),
    "turns": ({"prompt": "anime girl, [red|blue] hair"}, told(RED, BLUE, RED, BLUE, RED)),
    "second order": ({"prompt": SWITCH.format(2), "sampler": "Heun"}, told(*[RED] * 4, *[BLUE] * 5)),
    "second order, turns": (
        {"prompt": "anime girl, [red|blue] hair", "sampler": "DPM2", "steps": 3},
        told(RED, RED, BLUE, BLUE, RED),
    ),
    "plms": ({"prompt": SWITCH.format(2), "sampler": "PLMS"}, told(RED, RED, RED, BLUE, BLUE, BLUE)),
    "multistep": ({"prompt": SWITCH.format(3), "sampler": "DPM++ 2M"}, told(RED, RED, RED, BLUE, BLUE)),
    "sdxl": ({"prompt": SWITCH.format(2), "checkpoint": "tiny-sdxl"}, told(RED, RED, BLUE, BLUE, BLUE)),
    "negative": (
        {"negative_prompt": "[boy:sky:3]"},
        told(*[RED] * 3) + told(*[RED] * 2, negative="sky"),
    ),
    "both": (
        {"prompt": SWITCH.format(2), "negative_prompt": "[sky::3]"},
        [*told(RED, RED, BLUE, negative="sky"), *told(BLUE, BLUE, negative="")],
    ),
}
COMPOSED = {
    "and": ({"prompt": f"{RED} AND {SKY}"}, [("boy", [(RED, 1.0), (SKY, 1.0)])] * 5),
    "weights": ({"prompt": f"{RED} :0.8 AND {SKY} :-0.3"}, [("boy", [(RED, 0.8), (SKY, -0.3)])] * 5),
    "three": ({"prompt": f"{RED} AND {SKY}:0.5 AND {BLUE}:0.2"}, [("boy", [(RED, 1), (SKY, 0.5), (BLUE, 0.2)])] * 5),
    "no guidance": (
        {"prompt": f"{RED} :0.6 AND {SKY} :0.6", "guidance_scale": 1.0},
        [("boy", [(RED, 0.6), (SKY, 0.6)])] * 5,
    ),
    "with a schedule": (
        {"prompt": f"{SWITCH.format(2)} AND [|{SKY}] :0.5"},
        [("boy", [(RED if step <= 2 else BLUE, 1.0), ("" if step % 2 else SKY, 0.5)]) for step in range(1, 6)],
    ),
    "sdxl": (
        {"prompt": f"{RED} AND {SKY}:0.4", "checkpoint": "tiny-sdxl", "negative_prompt": ""},
        [("", [(RED, 1.0), (SKY, 0.4)])] * 5,
    ),
    "negative has none": ({"negative_prompt": "boy AND sky"}, [("boy AND sky", [(RED, 1.0)])] * 5),
}


@pytest.mark.parametrize("name", [*SCHEDULES, *(f"AND {name}" for name in COMPOSED)])
def test_every_evaluation_is_told_what_the_prompt_says(name, zoo_settings, model_zoo, finals):
    fields, expected = COMPOSED[name.removeprefix("AND ")] if name.startswith("AND ") else SCHEDULES[name]
    wanted = request(**fields)
    run(make_engine(zoo_settings), wanted=wanted)
    assert torch.allclose(finals[0], walk(model_zoo, wanted, expected), atol=1e-4, rtol=0)


def test_img2img_counts_the_steps_it_walks(zoo_settings, model_zoo, finals, starts):
    wanted = request(
        prompt=SWITCH.format(0.5), steps=8, source={"image": {"sha256": "a" * 64}, "strength": 0.5}, sampler="DDIM"
    )
    run(make_engine(zoo_settings), wanted=wanted)
    expected = walk(model_zoo, wanted, told(RED, RED, BLUE, BLUE), starts[0])
    assert torch.allclose(finals[0], expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    ("when", "first", "second"),
    [("1.5", [RED] * 4, [RED, BLUE]), ("5", [RED] * 4, [RED, BLUE]), ("0.5", [RED, RED, BLUE, BLUE], [BLUE, BLUE])],
)
def test_a_hires_pass_counts_on(when, first, second, zoo_settings, model_zoo, finals, starts):
    wanted = request(prompt=SWITCH.format(when), steps=4, sampler="DDIM", hires={"scale": 1.5, "strength": 0.5})
    run(make_engine(zoo_settings), wanted=wanted)
    assert torch.allclose(finals[0], walk(model_zoo, wanted, told(*first)), atol=1e-4, rtol=0)
    larger = wanted.with_(width=96, height=96, hires=None)
    assert torch.allclose(finals[1], walk(model_zoo, larger, told(*second), starts[0]), atol=1e-4, rtol=0)


STRANGERS = [
    request(seed=1, steps=3),
    request(seed=2, prompt=f"{SKY} AND {BLUE} :0.4 AND {RED}", steps=4),
    request(seed=3, sampler="Heun", controls=[{**CONTROL, "weight": 0.5}]),
]


@pytest.mark.parametrize(
    "wanted",
    [
        request(prompt=f"{RED} AND {SKY}"),
        request(prompt=f"{RED} AND {SKY} AND {BLUE}:0.3", controls=[CONTROL, {**CONTROL, "weight": 0.3, "end": 0.5}]),
        request(prompt=SWITCH.format(2)),
        request(),
    ],
    ids=["and", "and of three, controlled", "schedule", "plain"],
)
def test_neighbours_do_not_change_a_byte(wanted, zoo_settings):
    engine = make_engine(zoo_settings, 4)
    expected = run(engine, wanted=wanted)["wanted"]
    for place in range(4):
        cells = [(f"stranger {number}", stranger) for number, stranger in enumerate(STRANGERS)]
        cells.insert(place, ("wanted", wanted))
        assert np.array_equal(run(engine, **dict(cells))["wanted"], expected)


def test_a_cell_that_leaves_and_one_that_comes_do_not_change_a_byte(zoo_settings):
    engine, wanted = make_engine(zoo_settings, 4), request(prompt=f"{RED} AND {SKY} AND {BLUE}")
    expected = run(engine, wanted=wanted)["wanted"]
    engine.admit("neighbour", STRANGERS[1])
    engine.admit("wanted", wanted)
    engine.tick()
    engine.cancel("neighbour")
    engine.tick()
    assert engine.accepts(STRANGERS[0])
    assert np.array_equal(run(engine, late=STRANGERS[0])["wanted"], expected)


def test_the_networks_evaluate_no_row_too_many(zoo_settings):
    engine = make_engine(zoo_settings, 4)
    run(
        engine,
        plain=request(steps=2, controls=[CONTROL]),
        three=request(steps=3, prompt=f"{RED} AND {SKY} AND {BLUE}", controls=[CONTROL]),
        turning=request(steps=4, prompt="[red|blue] hair"),
    )
    assert engine.rows == {"unet": 2 * 2 + 3 * 4 + 4 * 2, "openpose-sd15": 2 * 2 + 3 * 4}


def test_a_control_steers_every_part(zoo_settings):
    engine, composed = make_engine(zoo_settings), request(prompt=f"{RED} AND {SKY} :0.5")
    plain, steered = (run(engine, a=each)["a"] for each in (composed, composed.with_(controls=[CONTROL])))
    assert not np.array_equal(plain, steered)


def test_one_part_of_weight_one_is_the_plain_prompt(zoo_settings):
    engine = make_engine(zoo_settings)
    composed = run(engine, a=request(prompt=f"{RED} AND {SKY} :0"))["a"]
    assert np.abs(composed.astype(int) - run(engine, a=request())["a"]).max() <= 1


def test_tags_and_comments_in_schedules_are_not_words(zoo_settings):
    engine = make_engine(zoo_settings)
    written = request(prompt=f"{SWITCH.format(2)} # [sky:boy:1] AND {SKY}")
    assert np.array_equal(
        run(engine, a=written)["a"],
        run(engine, a=request(prompt=f"{SWITCH.format(2)} \n"))["a"],
    )
    tagged = request(prompt="anime girl, [red<lora:line:0.7>:blue:2] hair")
    listed = request(prompt=SWITCH.format(2), loras=[{"name": "line", "weight": 0.7}])
    assert np.array_equal(run(engine, a=tagged)["a"], run(engine, a=listed)["a"])


def test_a_cell_keeps_its_chunks_through_all_stretches_and_passes(zoo_settings):
    longer = ", ".join(["sky"] * 60)
    engine = make_engine(zoo_settings, 4)
    pictures = run(
        engine,
        first=request(prompt=f"red [{longer}::2]"),
        second=request(prompt=f"red [{longer}:1.5]", hires={"scale": 1, "strength": 0.5}, seed=2),
        third=request(prompt=f"red {longer}", seed=3),
    )
    assert len(pictures) == 3  # they shared a batch


def test_strength_zero_takes_no_step_of_a_schedule(zoo_settings):
    wanted = request(prompt=SWITCH.format(2), source={"image": {"sha256": "a" * 64}, "strength": 0})
    assert run(make_engine(zoo_settings), a=wanted)["a"].shape == (64, 64, 3)


@pytest.mark.parametrize(
    ("evaluations", "steps", "order", "expected"),
    [
        (3, 3, 1, [1, 2, 3]),
        (5, 3, 2, [1, 1, 2, 2, 3]),
        (4, 3, 1, [1, 1, 2, 3]),
        (1, 1, 2, [1]),
    ],
)
def test_steps_of_evaluations(evaluations, steps, order, expected):
    assert [step_of(number, evaluations, steps, order) for number in range(evaluations)] == expected


@pytest.mark.parametrize("size", [1, 2, 3, 8, 20])
@pytest.mark.parametrize("counts", [[2], [2, 2, 2], [3, 2, 5], [1, 1], [7]])
def test_every_row_is_evaluated_once_and_forwards_are_full(counts, size):
    rows = [[torch.tensor([[100.0 * cell + row]]) for row in range(count)] for cell, count in enumerate(counts)]
    seen: Counter[float] = Counter()

    def forward(spans: list[Span]) -> list[torch.Tensor]:
        given = torch.cat([rows[span.cell][row] for span in spans for row in range(span.first, span.last)])
        assert len(given) == size
        seen.update(given.flatten().tolist())
        return [given, given + 0.5]

    for cell, (first, second) in enumerate(Layout(counts, size).run(forward)):
        assert torch.equal(first, torch.cat(rows[cell]))
        assert torch.equal(second, first + 0.5)
    last = 100.0 * (len(counts) - 1) + counts[-1] - 1
    assert all(count == 1 for row, count in seen.items() if row != last)
