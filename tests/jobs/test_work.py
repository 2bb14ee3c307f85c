"""What requests take, counted by hand."""

import pytest

from studio.jobs.work import CONTROL_SHARE, Work, planned_steps, works_of
from studio.poses.library import library_pose
from studio.request import ImageRef, SourceImage
from tests.jobs.scripted import request

MP = 64 * 64 / 1e6
UNIT = {"type": "openpose", "pose": library_pose("standing")}


def units(**fields) -> float:
    """In evaluations of the UNet at the size of the request."""
    return Work.of(request(steps=10, **fields)).units / MP


def test_an_image_to_start_from_saves_steps():
    source = SourceImage(image=ImageRef(sha256="0" * 64), strength=0.5)
    assert planned_steps(request(steps=21)) == 21
    assert planned_steps(request(steps=21, source=source)) == 10
    assert planned_steps(request(steps=1, source=source)) == 1
    assert units(source=source) == pytest.approx(5)


def test_without_guidance_half_the_rows_are_evaluated():
    assert (units(), units(guidance_scale=1)) == (pytest.approx(10), pytest.approx(5))


def test_every_part_of_a_composition_is_a_row():
    assert units(prompt="a castle AND a storm") == pytest.approx(15)
    assert units(prompt="a castle AND a storm", guidance_scale=1) == pytest.approx(15)
    assert units(prompt="a castle # AND a storm") == pytest.approx(10)


def test_some_samplers_look_twice():
    assert units(sampler="Heun") == pytest.approx(20)


def test_a_control_counts_where_it_takes_part():
    assert units(controls=[{**UNIT, "weight": 0}]) == pytest.approx(10)
    assert units(controls=[UNIT]) == pytest.approx(10 * (1 + CONTROL_SHARE))
    assert units(controls=[{**UNIT, "end": 0.4}]) == pytest.approx(10 + 4 * CONTROL_SHARE)
    assert units(controls=[{**UNIT, "start": 0.4}, UNIT]) == pytest.approx(10 + 16 * CONTROL_SHARE)
    ticks = Work.of(request(steps=2, controls=[{**UNIT, "end": 0.5}])).ticks
    assert ticks == pytest.approx((MP * (1 + CONTROL_SHARE), MP))


def test_a_hires_pass_counts_at_its_size():
    hired = request(steps=10, hires={"scale": 2, "strength": 0.45})
    assert planned_steps(hired) == 10 + 4
    assert planned_steps(request(steps=10, hires={"strength": 0.5, "steps": 30}, upscale={"scale": 2})) == 10 + 15
    assert Work.of(hired).units / MP == pytest.approx(10 + 4 * 4)
    assert Work.of(hired.with_(upscale={"scale": 2})).megapixels == pytest.approx(16 * MP)


def test_a_common_start_is_counted_once():
    def until(end: float):
        return request(steps=10, controls=[{**UNIT, "end": end}])

    wanted = [until(0.2), request(seed=2, steps=10), until(0.6), until(1)]
    with_control = 1 + CONTROL_SHARE
    each = [2 * with_control + 8, 10, 4 * with_control + 4, 4 * with_control]
    assert [work.units / MP for work in works_of(wanted)] == pytest.approx(each)
    assert sum(work.units for work in works_of([])) == 0


def test_a_second_pass_over_the_same_first_one_is_all_that_counts():
    plain = request(steps=10)
    works = works_of([plain, plain.with_(upscale={"scale": 2}), plain.with_(hires={"scale": 2, "strength": 0.4})])
    assert [work.units / MP for work in works] == pytest.approx([10, 0, 4 * 4])
    assert works[1].megapixels == pytest.approx(4 * MP)
