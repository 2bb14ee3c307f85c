"""``sweep run`` and ``sweep status`` with the tiny models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from studio.database import Database
from studio.gallery.prompt_shelf import PromptShelf
from studio.settings import Settings

YAML = """
title: Small
request: {prompt: "1girl, red hair", checkpoint: tiny-sd15, seed: 7, steps: 2, width: 64, height: 64, pose: jogging}
axes:
  - {axis: steps, values: "2, 3"}
  - {axis: pose, values: "standing, own.json"}
skip: steps == 3 and pose == "standing"
"""


@pytest.fixture
def sweep_file(tmp_path: Path) -> Path:
    pose = {"canvas_width": 64, "canvas_height": 64, "people": [{"pose_keypoints_2d": [32, 20, 1] * 18}]}
    (tmp_path / "own.json").write_text(json.dumps(pose))
    path = tmp_path / "sweep.yaml"
    path.write_text(YAML)
    return path


def test_a_plan_draws_nothing(run, zoo, sweep_file):
    plan = run("sweep", "run", str(sweep_file), "--plan", "--json").document
    assert (plan["cells"], plan["skipped"], plan["to_run"], plan["steps"], plan["loads"]) == (3, 1, 3, 7, 1)
    assert plan["order"] == [{"checkpoint": "tiny-sd15", "size": "64x64", "cells": 3}] and plan["weights_bytes"] > 0
    assert plan["axes"] == [{"name": "steps", "values": [2, 3]}, {"name": "pose", "values": ["standing", "own.json"]}]
    assert run("sweep", "status", "--json").document == {"sweeps": []}
    assert "wanted to be warned" in run("sweep", "run", str(sweep_file), "--plan", "--warn-cells", "2").out
    warned = run("sweep", "run", str(sweep_file), "--plan", "--warn-gb", "0.00001").out
    assert "GB of disk" in warned
    assert "3 to draw" in run("sweep", "run", str(sweep_file), "--plan").out


def test_templates_and_negative_presets_go_by_name(run, zoo, tmp_path: Path):
    database = Database(Settings.from_env().database)
    PromptShelf(database).save_template("Mine", "oil painting, {prompt}")
    path = tmp_path / "looks.yaml"
    path.write_text("""
request: {prompt: "1girl", checkpoint: tiny-sd15}
axes:
  - {axis: template, values: [none, Mine, Watercolour portrait]}
  - {axis: negative_preset, values: "none, hands + text"}
""")
    plan = run("sweep", "run", str(path), "--plan", "--json").document
    assert (plan["cells"], plan["unique"]) == (6, 6)
    assert plan["axes"][0] == {"name": "template", "values": [None, "Mine", "Watercolour portrait"]}


@pytest.mark.slow
def test_a_sweep_is_drawn_once(run, zoo, sweep_file):
    outcome = run("sweep", "run", str(sweep_file), "--json")
    assert outcome.status == 0, outcome.err
    images = outcome.document["images"]
    assert [cell["values"] for cell in images] == [
        {"steps": 2, "pose": "standing"}, {"steps": 2, "pose": "own.json"}, {"steps": 3, "pose": "own.json"},
    ]  # fmt: skip
    assert all(Path(cell["path"]).exists() for cell in images)
    again = run("sweep", "run", str(sweep_file), "--score", "--json").document
    assert all(cell["scores"]["sharpness"] > 0 for cell in again["images"])
    assert [cell["picture"] for cell in again["images"]] == [cell["picture"] for cell in images]
    for name in ("report.html", "grid.png", "table.csv", "cells.json", "again.yaml"):
        out = run("sweep", "report", "1", "--out", str(sweep_file.parent / name), "--json")
        assert out.document == {"sweep": 1, "files": [str(sweep_file.parent / name)], "done": 3}
    rerun = run("sweep", "run", str(sweep_file.parent / "again.yaml"), "--plan", "--json").document
    assert (rerun["cells"], rerun["done"]) == (3, 3)
    with Image.open(sweep_file.parent / "grid.png") as grid:
        assert grid.width > 2 * 512
    status = run("sweep", "status", "--json").document["sweeps"]
    assert [(entry["title"], entry["states"]["done"]) for entry in status] == [("Small", 3)]


def test_bad_sweeps_are_refused_in_words(run, zoo, tmp_path: Path):
    path = tmp_path / "bad.yaml"
    for text, words in (
        ("axes: 3", "list"),
        ("axes: [{axis: steps, values: x}]", "not a number"),
        ("{request: {checkpoint: nowhere}, axes: [{axis: steps, values: 20}]}", "nowhere"),
        ("axes: [{axis: sampler, values: Nonsense}]", "Nonsense"),
        ("axes: [{axis: pose, values: jogging}]", "no ControlNet"),
    ):
        path.write_text(text)
        outcome = run("sweep", "run", str(path), "--json")
        assert (outcome.status, outcome.out) == (1, "") and words in outcome.err
    assert run("sweep", "run", str(tmp_path / "none.yaml")).status == 1
    assert run("sweep", "status", "9").status == 1
    assert run("sweep", "report", "9", "--out", str(tmp_path / "x.html")).status == 1
    assert run("sweep", "report", "9", "--out", "x.exe").status == 2
