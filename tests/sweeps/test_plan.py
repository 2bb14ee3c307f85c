from studio.poses.library import library_pose
from studio.request import GenerationRequest
from studio.sweeps.expansion import expand
from studio.sweeps.plan import BYTES_PER_PIXEL, Limits, Plan, batch_of, in_order, plan
from studio.sweeps.spec import SweepSpec

REQUEST = GenerationRequest.build(checkpoint="a", seed=1, prompt="x", width=64, height=64)


def planned(*axes: tuple[str, str], done=(), seconds=lambda requests: 2.0 * len(requests), limits=None) -> Plan:
    spec = SweepSpec.build(request=REQUEST, axes=[{"axis": axis, "values": values} for axis, values in axes])
    return plan(expand(spec), done, seconds, lambda request: request.steps, limits)


def test_what_is_drawn_already_costs_nothing():
    done = {REQUEST.with_(steps=20).digest}
    found = planned(("steps", "10-30 (+10)"), done=done)
    assert (found.cells, found.unique, found.done, found.steps, found.seconds) == (3, 3, 1, 40, 4.0)
    assert found.bytes == 2 * 64 * 64 * BYTES_PER_PIXEL


def test_equal_cells_are_drawn_once():
    found = planned(("size", "64x64, 128x128"), ("width", "64"))
    assert found.cells == 2 and found.unique == 2
    assert planned(("style", "{prompt} || {prompt}")).unique == 1


def test_each_checkpoint_and_size_is_loaded_once():
    found = planned(("seed", "1-3"), ("size", "64x64, 128x128"), ("checkpoint", "a, b"))
    assert [batch_of(request)[0] for request in found.to_run] == ["a"] * 6 + ["b"] * 6
    assert found.loads == 4 and [count for _, count in found.groups] == [3, 3, 3, 3]
    assert [request.seed for request in found.to_run[:3]] == [1, 2, 3]


def test_the_order_keeps_groups_as_they_first_appear():
    requests = [REQUEST.with_(checkpoint=name, seed=seed) for seed in (1, 2) for name in "ba"]
    assert [(r.checkpoint, r.seed) for r in in_order(requests)] == [("b", 1), ("b", 2), ("a", 1), ("a", 2)]


def test_cells_that_start_alike_follow_each_other():
    controls = [{"type": "openpose", "pose": library_pose("standing")}]
    one = REQUEST.with_(controls=controls)
    short = one.with_(controls=[{**controls[0], "end": 0.5}])
    requests = [one, one.with_(seed=2), short, short.with_(seed=2)]
    assert in_order(requests) == [requests[0], requests[2], requests[1], requests[3]]


def test_time_may_be_unknown_but_nothing_takes_none():
    assert planned(("checkpoint", "a, b"), seconds=lambda requests: None).seconds is None
    assert planned(("seed", "1"), seconds=lambda requests: None, done={REQUEST.digest}).seconds == 0


def test_warnings_above_the_limits():
    assert not planned(("seed", "1-3")).warnings
    warned = planned(("seed", "1-3"), limits=Limits(cells=2, seconds=5, bytes=10)).warnings
    assert len(warned) == 3 and "3" in warned[0] and "hours" in warned[1]
