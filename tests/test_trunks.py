"""Which requests start alike, and for how long."""

from __future__ import annotations

import pytest

from studio.poses.library import library_pose
from studio.request import GenerationRequest
from studio.trunks import shared_evaluations, trunk_of

UNIT = {"type": "openpose", "pose": library_pose("standing")}


def request(*units: dict, **fields) -> GenerationRequest:
    controls = [{**UNIT, **unit} for unit in units]
    return GenerationRequest.build(
        **{"prompt": "1girl", "checkpoint": "any", "seed": 1, "controls": controls, **fields}
    )


def shared(one: GenerationRequest, other: GenerationRequest) -> int:
    assert trunk_of(one) == trunk_of(other)
    assert shared_evaluations(other, one, 10) == shared_evaluations(one, other, 10)
    return shared_evaluations(one, other, 10)


@pytest.mark.parametrize(
    ("one", "other", "evaluations"),
    [
        ({"end": 1}, {"end": 0.5}, 5),
        ({"end": 0.55}, {"end": 0.5}, 10),  # the sixth step lies in neither window
        ({"start": 0.3}, {"start": 0.6}, 3),
        ({"start": 0.3}, {"start": 0}, 0),
        ({"weight": 0, "end": 1}, {"weight": 0, "end": 0.2}, 10),
    ],
)
def test_controls_that_come_and_go_at_other_times_part_where_they_do(one, other, evaluations):
    assert shared(request(one), request(other)) == evaluations


def test_the_first_difference_of_several_units_counts():
    assert shared(request({"end": 0.8}, {"start": 0.2}), request({"end": 0.5}, {"start": 0.4})) == 2


def test_what_follows_the_first_pass_does_not_matter():
    plain = request({})
    assert shared(plain, plain.with_(hires={"scale": 2})) == shared(plain, plain.with_(upscale={"scale": 4})) == 10


@pytest.mark.parametrize(
    "change", [{"seed": 3}, {"prompt": "1boy"}, {"steps": 11}, {"clip_skip": 2}, {"vae": "other"}, {"width": 640}]
)
def test_all_else_does(change):
    assert trunk_of(request({})) != trunk_of(request({}, **change))


def test_so_do_a_units_picture_and_weight():
    assert len({trunk_of(request(unit)) for unit in ({}, {"weight": 0.5}, {"pose": library_pose("jogging")})}) == 3
