"""Cells that start alike: not a byte differs from walking alone, and the common steps are evaluated once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.catalog.samplers import SAMPLERS
from studio.engine import sharing
from studio.engine.engine import Engine
from studio.engine.events import Failed, Progress
from studio.request import GenerationRequest
from tests.engine.test_engine import CONTROL, alone, make_engine, request, run

STEPS = 6


def until(end: float, **fields) -> GenerationRequest:
    """A request whose control lets go at ``end``."""
    return request(**{"controls": [{**CONTROL, "end": end}], "steps": STEPS, "sampler": "Euler", **fields})


def together(engine: Engine, *wanted: GenerationRequest) -> list[np.ndarray]:
    for number, one in enumerate(wanted):
        assert engine.accepts(one)
        engine.admit(str(number), one)
    pictures = run(engine)
    return [pictures[str(number)] for number in range(len(wanted))]


@pytest.fixture
def engine(zoo_settings):
    return make_engine(zoo_settings, slots=2)


@pytest.mark.parametrize("sampler", sorted(SAMPLERS))
def test_branches_do_not_differ_by_a_byte_with_any_sampler(engine, sampler):
    wanted = [until(1, sampler=sampler), until(0.34, sampler=sampler), until(0.67, sampler=sampler)]
    expected = [alone(engine, one) for one in wanted]
    before = engine.rows["unet"]
    found = together(engine, *wanted)
    assert all(map(np.array_equal, found, expected))
    assert engine.rows["unet"] - before < 0.8 * before


def test_rows_are_those_of_a_trunk_and_its_branches(engine):
    together(engine, until(1), until(0.34), until(0.67))
    unet, control = STEPS + (STEPS - 2) + (STEPS - 4), STEPS + 0 + 0
    assert engine.rows == {"unet": 2 * unet, "openpose-sd15": 2 * control}


def test_enlarging_and_hires_passes_share_the_whole_first_pass(engine):
    plain = request(steps=4)
    wanted = [plain, plain.with_(upscale={"scale": 2}), plain.with_(hires={"scale": 1.5, "strength": 0.5})]
    expected = [alone(engine, one) for one in wanted]
    before = engine.rows["unet"]
    assert all(map(np.array_equal, together(engine, *wanted), expected))
    assert engine.rows["unet"] - before == 2 * (4 + 2)


def test_one_that_comes_late_joins_while_it_can(engine):
    wanted = until(0.67)
    expected = alone(engine, wanted)
    for late, rows in ((3, STEPS + 2), (5, STEPS + STEPS)):
        engine.admit("first", until(1))
        for _ in range(late):
            engine.tick()
        before = engine.rows["unet"]
        engine.admit("late", wanted)
        assert np.array_equal(run(engine)["late"], expected)
        assert engine.rows["unet"] - before == 2 * (rows - late)


def test_others_go_on_when_the_one_that_walks_for_them_is_cancelled(engine):
    wanted = [until(0.34), until(0.67)]
    expected = [alone(engine, one) for one in wanted]
    engine.admit("leader", until(1))
    for number, one in enumerate(wanted):
        engine.admit(str(number), one)
    engine.tick()
    before = engine.rows["unet"]
    engine.cancel("leader")
    pictures = run(engine)
    assert all(np.array_equal(pictures[str(number)], one) for number, one in enumerate(expected))
    assert engine.rows["unet"] - before == 2 * ((STEPS - 1) + (STEPS - 2))  # the first for both, up to where they part


def test_others_start_anew_when_the_one_that_walks_for_them_fails(engine, monkeypatch):
    wanted = until(0.67)
    expected = alone(engine, wanted)
    engine.admit("leader", until(1))
    engine.admit("wanted", wanted)
    engine.tick()
    monkeypatch.setattr(engine._cells["leader"].scheduler, "step", lambda *_, **__: 1 / 0)
    assert [event.cell for event in engine.tick() if isinstance(event, Failed)] == ["leader"]
    assert np.array_equal(run(engine)["wanted"], expected)


def test_waiting_cells_take_no_slot_but_are_not_without_number(zoo_settings):
    engine = make_engine(zoo_settings, slots=1)
    engine.admit("0", until(1))
    assert not engine.accepts(until(1, seed=12))
    ends = (0.2, 0.34, 0.5, 0.67)
    admitted = 0
    for number, end in enumerate(ends, 1):
        if engine.accepts(until(end)):
            engine.admit(str(number), until(end))
            admitted += 1
    assert admitted == sharing.WAITING_PER_SLOT
    events = {event.cell: event for event in engine.tick()}
    assert [(events[cell].step, events[cell].shared) for cell in "0123"] == [(1, False), *[(1, True)] * 3]


@pytest.mark.parametrize(
    "other", [{"seed": 12}, {"steps": 7}, {"prompt": "a boy"}, {"guidance_scale": 5}, {"sampler": "DDIM"}]
)
def test_what_starts_differently_shares_nothing(engine, other):
    engine.admit("one", until(1))
    engine.admit("other", until(0.5, **other))
    assert not any(event.shared for event in engine.tick() if isinstance(event, Progress))
    assert engine.rows["unet"] == 4


def test_many_branches_at_once_draw_what_each_draws_alone(zoo_settings):
    engine = Engine(replace(zoo_settings, slots=2), "cpu", make_engine(zoo_settings, 2)._builder._open_image)
    wanted = [until(end, seed=seed) for seed in (1, 2) for end in (1, 0.2, 0.5, 0.84)]
    expected = [alone(engine, one) for one in wanted]
    assert all(map(np.array_equal, together(engine, *wanted), expected))
