import shutil
from pathlib import Path

import pytest


@pytest.fixture
def shelf(environment: Path, model_zoo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A models folder of this test's own, with one good checkpoint."""
    models = tmp_path / "own-models"
    shutil.copytree(model_zoo / "checkpoints" / "tiny-sd15", models / "checkpoints" / "good")
    monkeypatch.setenv("STUDIO_MODELS", str(models))
    return models


def test_list_without_any_models_says_how_to_get_one(run, settings):
    outcome = run("models", "list")
    assert outcome.status == 0
    assert "There are no models yet." in outcome.out
    assert str(settings.models / "checkpoints") in outcome.out
    document = run("models", "list", "--json").document
    assert document["checkpoints"] == []


def test_list_names_everything_by_kind(run, zoo):
    document = run("models", "list", "--json").document
    assert [model["name"] for model in document["checkpoints"]] == ["tiny-sd15", "tiny-sdxl"]
    assert [model["family"] for model in document["checkpoints"]] == ["sd15", "sdxl"]
    assert {model["name"] for model in document["loras"]} == {"line", "kohya", "line-sdxl"}
    assert document["vaes"][0]["name"] == "soft"
    assert "openpose-sdxl" in run("models", "list").out


def test_check_of_good_models(run, zoo):
    outcome = run("models", "check")
    assert outcome.status == 0
    assert outcome.out.endswith("none with a problem.\n")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("short.safetensors", b"\x10\0\0\0\0\0\0\0{"),
        ("empty.safetensors", b""),
        ("page.safetensors", b"<!DOCTYPE html><html></html>"),
        ("old.ckpt", b"\x80\x02}q\x00."),
    ],
)
def test_check_finds_what_cannot_be_used(run, shelf, name: str, content: bytes):
    (shelf / "checkpoints" / name).write_bytes(content)
    outcome = run("models", "check", "--json")
    assert outcome.status == 1
    (problem,) = outcome.document["problems"]
    assert problem["problem"]
    assert problem["hint"]
    assert problem["problem"] in outcome.err
    assert run("models", "check", "good").status == 0


def test_check_of_truncated_weights(run, shelf):
    weights = next((shelf / "checkpoints" / "good" / "unet").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-100])
    outcome = run("models", "check", "good", "--json")
    assert outcome.status == 1
    assert outcome.document["checked"] == 1


def test_check_of_an_unknown_name(run, shelf):
    outcome = run("models", "check", "better")
    assert outcome.status == 1
    assert "no model called 'better'" in outcome.err
