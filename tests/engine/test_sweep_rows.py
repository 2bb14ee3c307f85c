"""A sweep of 64 mixed cells through the slots: the networks see exactly the rows that the cells need."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import replace

import pytest

from studio.engine.engine import Engine
from studio.engine.events import Failed, Finished
from studio.poses.library import library_pose
from studio.request import GenerationRequest
from studio.sweeps.expansion import expand
from studio.sweeps.plan import plan
from studio.sweeps.spec import SweepSpec

NET = "openpose-sd15"


def sweep() -> list[GenerationRequest]:
    """64 cells: 2 step counts × 4 guidances (one of them without) × 4 control weights (one of them 0) × 2 windows."""
    request = GenerationRequest.build(
        prompt="1girl", checkpoint="tiny-sd15", seed=1, width=64, height=64, sampler="Euler",
        controls=[{"type": "openpose", "model": NET, "pose": library_pose("standing")}],
    )  # fmt: skip
    axes = {"steps": "2, 4", "guidance_scale": "1, 5, 7.5, 12", "control_weight": "0-1 [4]", "control_end": "0.5, 1"}
    spec = SweepSpec.build(request=request, axes=[{"axis": name, "values": text} for name, text in axes.items()])
    return list(plan(expand(spec), (), lambda request: None, lambda request: request.steps).to_run)


def needed(requests: list[GenerationRequest]) -> Counter[str]:
    """The least rows: one per step, two with guidance; the ControlNet's only inside its window and with a weight.

    Cells that differ only in when the control lets go have the steps up to there in common, and all of them without it.
    """
    rows: Counter[str] = Counter()
    alike: defaultdict[tuple, list[GenerationRequest]] = defaultdict(list)
    for request in requests:
        alike[request.steps, request.guidance_scale, request.controls[0].weight].append(request)
    for members in alike.values():
        longest, other = sorted(members, key=lambda request: -request.controls[0].end)
        each, weight = 1 + (longest.guidance_scale > 1), longest.controls[0].weight
        alone = longest.steps - int(longest.steps * other.controls[0].end) if weight else 0
        rows["unet"] += (longest.steps + alone) * each
        rows[NET] += longest.steps * each if weight else 0
    return rows


@pytest.mark.slow
def test_the_networks_evaluate_the_minimum_of_rows(zoo_settings):
    engine = Engine(replace(zoo_settings, slots=8), "cpu", open_image=lambda reference: pytest.fail("no images here"))
    requests = sweep()
    assert len(requests) == len({request.digest for request in requests}) == 64
    waiting, done, seen = deque(requests), 0, Counter()
    while waiting or engine.cells:
        for request in list(waiting):
            if engine.accepts(request):
                engine.admit(request.digest, request)
                waiting.remove(request)
        for event in engine.tick():
            assert not isinstance(event, Failed), event
            done += isinstance(event, Finished)
    seen.update(engine.rows)
    assert done == 64 and seen == needed(requests)
