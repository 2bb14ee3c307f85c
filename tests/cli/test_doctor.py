import torch

import studio


def test_it_tells_what_is_here_and_what_is_missing(run, settings):
    outcome = run("doctor", "--json")
    assert outcome.status == 0
    document = outcome.document
    assert document["studio"] == studio.__version__
    assert document["packages"]["torch"] == torch.__version__.partition("+")[0]
    (device,) = document["devices"]
    assert (device["device"], device["dtype"], device["slots"]) == ("cpu", "float32", 2)
    assert device["memory_bytes"] > 0
    assert document["data"]["folder"] == str(settings.home)
    assert document["data"]["pictures"] == 0
    (problem,) = document["problems"]
    assert problem["message"] == "There is no usable checkpoint."
    assert str(settings.models / "checkpoints") in problem["hint"]


def test_for_people(run, zoo):
    lines = run("doctor").out.splitlines()
    assert lines[-1] == "Everything is in place."
    assert any(line.startswith("device") and "cpu" in line and "2 slots" in line for line in lines)
    assert any(line.startswith("checkpoints") and line.endswith("tiny-sd15, tiny-sdxl") for line in lines)


def test_a_wrong_device_a_broken_model_and_a_bad_data_folder_are_listed_together(run, tmp_path, monkeypatch):
    (tmp_path / "models" / "checkpoints").mkdir(parents=True)
    (tmp_path / "models" / "checkpoints" / "half.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{")
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("STUDIO_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("STUDIO_DEVICE", "cuda:99")
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "file"))
    messages = " ".join(problem["message"] for problem in run("doctor", "--json").document["problems"])
    assert "'cuda:99'" in messages
    assert "half" in messages
    assert "cannot be written" in messages
    assert "- There is no device" in run("doctor").out
