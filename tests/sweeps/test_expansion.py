"""Axes, their values, and the cells they make."""

import pytest

from studio.errors import InvalidRequest, StudioError, UnknownName
from studio.poses.library import library_pose
from studio.request import GenerationRequest
from studio.sweeps.axes import AXES
from studio.sweeps.expansion import Expanded, expand
from studio.sweeps.spec import SweepSpec

UNIT = {"type": "openpose", "pose": library_pose("standing")}


def request(**fields) -> GenerationRequest:
    base = {"prompt": "1girl, red hair, smile", "checkpoint": "tiny", "seed": 7, "controls": [UNIT]}
    return GenerationRequest.build(**{**base, **fields})


def sweep(*axes: tuple[str, str] | tuple[str, str, str], skip: str = "", **fields) -> Expanded:
    listed = [dict(zip(("axis", "values", "zip"), axis, strict=False)) for axis in axes]
    return expand(SweepSpec.build(request=request(**fields), axes=listed, skip=skip))


LORAS = [{"name": "ink", "weight": 0.5}, {"name": "glow"}]
SOURCE = {"image": {"sha256": "0" * 64}}
EFFECTS = [
    ("checkpoint", "a, b", {}, lambda r: r.checkpoint, ["a", "b"]),
    ("vae", "none, soft", {}, lambda r: r.vae, [None, "soft"]),
    ("lora", "none, ink:0.8, a:b:1", {}, lambda r: [(x.name, x.weight) for x in r.loras],
     [[], [("ink", 0.8)], [("a:b", 1)]]),
    ("lora@2", "sun:2", {"loras": LORAS}, lambda r: r.loras[1].name, ["sun"]),
    ("lora_weight", "0-1 [3]", {"loras": LORAS}, lambda r: r.loras[0].weight, [0, 0.5, 1]),
    ("size", "512x768, 768 × 512", {}, lambda r: (r.width, r.height), [(512, 768), (768, 512)]),
    ("width", "256, 512", {}, lambda r: r.width, [256, 512]),
    ("height", "256", {}, lambda r: r.height, [256]),
    ("prompt", "a, b || c", {}, lambda r: r.prompt, ["a, b", "c"]),
    ("negative_prompt", "none || blurry, text", {}, lambda r: r.negative_prompt, ["", "blurry, text"]),
    ("negative_preset", "none, hands + text", {"negative_prompt": "bad hands"},
     lambda r: [r.negative_prompt.count(word) for word in ("bad hands", "extra digits", "watermark")],
     [[1, 0, 0], [1, 1, 1]]),
    ("template", "none, INK warrior", {}, lambda r: (r.prompt.count("1girl, red hair, smile"), len(r.prompt) > 40,
     bool(r.negative_prompt)), [(1, False, False), (1, True, True)]),
    ("style", "{prompt}, ink || oil", {}, lambda r: r.prompt,
     ["1girl, red hair, smile, ink", "1girl, red hair, smile, oil"]),
    ("replace", "red, blue", {}, lambda r: r.prompt, ["1girl, red hair, smile", "1girl, blue hair, smile"]),
    ("ablation", "all", {}, lambda r: r.prompt,
     ["1girl, red hair, smile", "red hair, smile", "1girl, smile", "1girl, red hair"]),
    ("ablation", "all", {"prompt": "(smile:1.3), [red hair, big], <lora:ink:1> smile"}, lambda r: r.prompt,
     ["(smile:1.3), [red hair, big], <lora:ink:1> smile", "[red hair, big], <lora:ink:1> ",
      "(smile:1.3), [big], <lora:ink:1> smile", "(smile:1.3), [red hair], <lora:ink:1> smile"]),
    ("ablation", "smile", {}, lambda r: r.prompt, ["1girl, red hair, smile", "1girl, red hair"]),
    ("seed", "1-3", {}, lambda r: r.seed, [1, 2, 3]),
    ("steps", "20-40 (+10)", {}, lambda r: r.steps, [20, 30, 40]),
    ("guidance_scale", "5, 7.5", {}, lambda r: r.guidance_scale, [5, 7.5]),
    ("sampler", "Euler a, DDIM", {}, lambda r: r.sampler, ["Euler a", "DDIM"]),
    ("schedule", "Karras", {}, lambda r: r.schedule, ["Karras"]),
    ("clip_skip", "1-2", {}, lambda r: r.clip_skip, [1, 2]),
    ("strength", "0.3-0.9 (+0.3)", {"source": SOURCE}, lambda r: r.source.strength, [0.3, 0.6, 0.9]),
    ("pose", "standing, jogging", {}, lambda r: r.controls[0].pose,
     [library_pose("standing"), library_pose("jogging")]),
    ("control_type", "openpose, canny", {}, lambda r: r.controls[0].type, ["openpose", "canny"]),
    ("control_weight", "0-1 (+0.5)", {}, lambda r: r.controls[0].weight, [0, 0.5, 1]),
    ("control_weight@2", "0.2", {"controls": [UNIT, UNIT]}, lambda r: [u.weight for u in r.controls], [[1, 0.2]]),
    ("control_start", "0, .2", {}, lambda r: r.controls[0].start, [0, 0.2]),
    ("control_end", "0.5-1 [2]", {}, lambda r: r.controls[0].end, [0.5, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("axis", "values", "fields", "read", "expected"), EFFECTS)
def test_every_axis_changes_what_it_names(axis, values, fields, read, expected):
    assert [read(cell.request) for cell in sweep((axis, values), **fields).cells] == expected


def test_every_axis_is_tested():
    assert {axis.partition("@")[0] for axis, *_ in EFFECTS} == set(AXES)


def test_a_grid_is_every_combination_with_the_last_axis_fastest():
    grid = sweep(("steps", "20, 30"), ("seed", "1-3"))
    assert [(cell.request.steps, cell.request.seed) for cell in grid.cells] == [
        (20, 1), (20, 2), (20, 3), (30, 1), (30, 2), (30, 3),
    ]  # fmt: skip
    assert [cell.place for cell in grid.cells][:4] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert [line.label for line in grid.lines] == ["Steps", "Seed"] and grid.lines[0].headers == ("20", "30")


def test_zipped_axes_advance_together():
    grid = sweep(("steps", "20, 30", "a"), ("seed", "1-2"), ("guidance_scale", "5, 9", "a"))
    assert [(c.request.steps, c.request.guidance_scale, c.request.seed) for c in grid.cells] == [
        (20, 5, 1), (20, 5, 2), (30, 9, 1), (30, 9, 2),
    ]  # fmt: skip
    assert grid.lines[0].label == "Steps + Guidance" and grid.lines[0].headers == ("20, 5", "30, 9")


def test_skipped_cells_keep_the_others_places():
    grid = sweep(("steps", "20, 30"), ("sampler", "DDIM, Euler a"), skip='steps > 20 and sampler == "DDIM"')
    assert [cell.place for cell in grid.cells] == [(0, 0), (0, 1), (1, 1)] and grid.skipped == 1


def test_axes_see_what_earlier_ones_put_in():
    grid = sweep(("lora_weight", "0.2, 0.4"), ("lora", "ink, glow"))
    assert [(c.request.loras[0].name, c.request.loras[0].weight) for c in grid.cells] == [
        ("ink", 0.2), ("glow", 0.2), ("ink", 0.4), ("glow", 0.4),
    ]  # fmt: skip
    styled = sweep(("replace", "red, blue"), ("style", "{prompt}, red sky"))
    assert styled.cells[1].request.prompt == "1girl, blue hair, smile, blue sky"


@pytest.mark.parametrize(
    ("axes", "fields", "words"),
    [
        ([("steps", "")], {}, "no values"),
        ([("steps", "20, x")], {}, "not a number"),
        ([("steps", "20.5")], {}, "whole number"),
        ([("steps", "0-10")], {}, "Steps"),
        ([("steps", "1-151")], {}, "Steps"),
        ([("guidance_scale", "99")], {}, "Guidance"),
        ([("size", "513x512")], {}, "Size"),
        ([("size", "large")], {}, "not a size"),
        ([("steps", "20"), ("steps", "30")], {}, "twice"),
        ([("nonsense", "20")], {}, "no axis called"),
        ([("steps@2", "20")], {}, "no axis called"),
        ([("pose", "jogging")], {"controls": []}, "no ControlNet"),
        ([("control_weight@2", "1")], {}, "only 1"),
        ([("pose", "no such pose")], {}, "no pose called"),
        ([("pose", "/etc/passwd.json")], {}, "no pose called"),
        ([("lora_weight", "1")], {}, "no such LoRA"),
        ([("strength", "0.5")], {}, "no source image"),
        ([("replace", "green, blue")], {}, "neither prompt"),
        ([("template", "no such look")], {}, "no style template"),
        ([("negative_preset", "no such thing")], {}, "no negative preset"),
        ([("negative_preset", "hands + ")], {}, "no negative preset"),
        ([("ablation", "hat")], {}, "no phrase"),
        ([("steps", "20, 30", "a"), ("seed", "1", "a")], {}, "equally many"),
        ([("seed", "1-1000"), ("steps", "1-100"), ("guidance_scale", "1-30 [300]")], {}, "30,000,000 cells"),
        ([("control_start", "0.5"), ("control_end", "0.5")], {}, "before its end"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_before_anything_runs(axes, fields, words):
    with pytest.raises(StudioError, match=words) as refused:
        sweep(*axes, **fields)
    assert refused.value.hint


def test_a_condition_that_leaves_nothing_is_refused():
    with pytest.raises(InvalidRequest, match="no cell"):
        sweep(("steps", "20"), skip="steps > 1")


def test_unknown_axes_list_the_known_ones():
    with pytest.raises(UnknownName) as refused:
        sweep(("nope", "1"))
    assert "guidance_scale" in refused.value.hint


def test_poses_of_the_sweep_itself():
    own = library_pose("jumping")
    spec = SweepSpec.build(request=request(), axes=[{"axis": "pose", "values": "mine, standing"}], poses={"mine": own})
    assert [cell.request.controls[0].pose for cell in expand(spec).cells] == [own, library_pose("standing")]


def test_templates_of_the_sweep_itself():
    own = {"mine": {"prompt": "oil painting, {prompt}", "negative_prompt": "photo"}}
    spec = SweepSpec.build(request=request(), axes=[{"axis": "template", "values": "mine, none"}], templates=own)
    assert [cell.request.prompt for cell in expand(spec).cells] == [
        "oil painting, 1girl, red hair, smile", "1girl, red hair, smile",
    ]  # fmt: skip
    assert [line.headers for line in expand(spec).lines] == [("mine", "none")]


def test_headers_say_what_an_empty_value_means():
    assert sweep(("negative_prompt", "none || blurry")).lines[0].headers == ("none", "blurry")
    assert sweep(("ablation", "smile")).lines[0].headers == ("whole prompt", "smile")
    assert sweep(("lora", "none, ink")).lines[0].headers == ("none", "ink")
