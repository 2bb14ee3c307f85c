import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.poses.library import library_pose
from studio.request import GenerationRequest
from studio.sweeps.spec import SweepSpec, read_spec

YAML = """
title: Steps against guidance
request: {prompt: "1girl, park", checkpoint: tiny, seed: 7, pose: jogging}
axes:
  - {axis: steps, values: 20-50 (+10)}
  - {axis: guidance_scale, values: [5, 7.5]}
  - {axis: prompt, values: ["a, b"]}
skip: steps > 40
"""


def test_a_sweep_is_read():
    spec = read_spec(YAML)
    assert spec.request.controls[0].pose == library_pose("jogging")
    assert [axis.values for axis in spec.axes] == ["20-50 (+10)", "5 || 7.5 || ", "a, b || "]


def test_what_the_request_leaves_out_is_completed():
    spec = read_spec(
        "{axes: [{axis: steps, values: 20}]}", complete=lambda given: {"checkpoint": "x", "seed": 1, **given}
    )
    assert (spec.request.checkpoint, spec.axes[0].values) == ("x", "20")


def test_pose_files_are_asked_for_by_name():
    asked = []

    def find(name: str):
        asked.append(name)
        return library_pose("standing")

    spec = read_spec(
        "{request: {checkpoint: x, seed: 1, pose: a.json}, axes: [{axis: pose, values: 'b.json, jogging'}]}", find
    )
    assert asked == ["b.json", "a.json"] and list(spec.poses) == ["b.json"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no sweep"),
        ("[1, 2]", "no sweep"),
        ("title: [", "line"),
        ("a: b: c", "line 1"),
        ("{request: {checkpoint: x, seed: 1}}", "axes"),
        ("{request: {checkpoint: x, seed: 1}, axes: 3}", "list"),
        ("{request: {checkpoint: x, seed: 1}, axes: [3]}", "list"),
        ("{request: 3, axes: []}", "no sweep"),
        ("{request: {checkpoint: x, seed: -1}, axes: [{axis: steps, values: 1}]}", "Seed"),
        ("{request: {checkpoint: x, seed: 1}, axes: [{axis: steps, values: 1}], colour: red}", "colour"),
        ("a: &a [1]\nb: *a", "aliases"),
        ("!!python/object/apply:os.system [true]", "YAML"),
        ("{title: x", "line"),
        ("x" * 2_000_001, "too large"),
    ],
)
def test_bad_files_are_refused_with_a_reason(text: str, words: str):
    with pytest.raises(InvalidRequest, match=words):
        read_spec(text)


@given(
    st.text(max_size=50),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80),
    st.lists(st.tuples(st.sampled_from(["steps", "seed", "prompt"]), st.text(max_size=60)), min_size=1, max_size=4),
)
def test_yaml_round_trip(title: str, prompt: str, axes: list[tuple[str, str]]):
    request = GenerationRequest.build(checkpoint="x", seed=1, prompt=prompt)
    spec = SweepSpec.build(
        title=title, request=request, axes=[{"axis": axis, "values": f"v{values}"} for axis, values in axes],
        poses={"own": library_pose("standing")},
    )  # fmt: skip
    assert read_spec(spec.to_yaml()) == spec
