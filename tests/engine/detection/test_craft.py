"""Tasks of kind ``pose``: from an upload to a pose with a note, or a reason in plain words."""

from __future__ import annotations

import io
import json
import threading

import numpy as np
import pytest
from PIL import Image

from studio.crafting import TaskCancelled
from studio.engine.detection import craft
from studio.engine.detection.networks import runtime_device
from studio.errors import InvalidRequest, NobodyFound, Offline, UnknownName, UnusableWeights
from studio.jobs import State, Tasks
from studio.jobs import bench as task_bench
from studio.jobs.claims import Seat
from studio.poses import library
from studio.poses.drawing import draw
from studio.poses.values import Pose

FIGURE = (120, 80, 280, 520)


def upload(bench, image: Image.Image, background: str = "#808080") -> str:
    file = io.BytesIO()
    image.save(file, "PNG")
    return bench.gallery.put_upload(file.getvalue(), background).sha256


def test_a_pose_is_found_in_an_upload(detectors, bench, picture):
    result = craft.run({"image": upload(bench, picture(FIGURE))}, bench)
    result = json.loads(json.dumps(result))
    pose = Pose.model_validate(result["pose"])
    assert (pose.width, pose.height, len(pose.people)) == (400, 600, 1)
    assert (result["source"], result["detector"]) == ("detected", "rtmw")
    assert result["note"].startswith("Found 1 person.")


def test_transparent_pictures_are_flattened(detectors, bench, picture):
    cut_out = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    cut_out.paste(picture(FIGURE).crop(FIGURE), FIGURE[:2])
    pose = Pose.model_validate(craft.run({"image": upload(bench, cut_out)}, bench)["pose"])
    nose = pose.people[0].body[0]
    assert nose and nose.x == pytest.approx(200, abs=3) and nose.y == pytest.approx(80 + 44, abs=4)


@pytest.mark.parametrize("background", ["black", "#808080"])
def test_a_skeleton_map_is_read_instead_of_detected(settings, bench, background):
    pose = library.library_pose("jogging")
    drawn = draw(pose, 512, 768)
    seen = drawn.any(axis=2).astype(np.uint8) * 255  # as an editor exports it, with nothing behind it
    image = Image.fromarray(np.dstack([drawn, seen]))
    result = craft.run({"image": upload(bench, image, background)}, bench)
    assert result["source"] == "skeleton" and result["detector"] == ""
    for wanted, found in zip(pose.people[0].body, Pose.model_validate(result["pose"]).people[0].body, strict=True):
        assert (wanted is None) == (found is None)
        assert wanted is None or found is None or np.hypot(wanted.x - found.x, wanted.y - found.y) < 3
    assert "1 person" in result["note"]


def test_nobody_is_said_aloud(detectors, bench, picture):
    image = upload(bench, picture())
    with pytest.raises(NobodyFound) as failed:
        craft.run({"image": image}, bench)
    assert "box" in failed.value.hint
    with pytest.raises(NobodyFound, match="inside the box"):
        craft.run({"image": image, "person": [10, 10, 200, 300]}, bench)


def test_a_box_names_the_person(detectors, bench, picture):
    image = upload(bench, picture((20, 100, 100, 500), (440, 100, 560, 500), size=(600, 600)))
    pose = Pose.model_validate(craft.run({"image": image, "person": [430, 90, 900, 420]}, bench)["pose"])
    assert len(pose.people) == 1 and pose.people[0].body[0] and pose.people[0].body[0].x > 400


@pytest.mark.parametrize("box", [[1, 2, 3], "here", [0, 0, 5, 5], [0, 0, float("nan"), 50], [900, 900, 50, 50]])
def test_boxes_that_are_none_are_refused(detectors, bench, picture, box):
    with pytest.raises(InvalidRequest):
        craft.run({"image": upload(bench, picture(FIGURE)), "person": box}, bench)


@pytest.mark.usefixtures("without_starter")
def test_without_network_it_says_which_file_goes_where(settings, bench, picture):
    with pytest.raises(Offline) as failed:
        craft.run({"image": upload(bench, picture(FIGURE))}, bench)
    assert "yolox_m_8xb8-300e_humanart-c2c7a14a.zip" in failed.value.message
    assert "https://download.openmmlab.com/" in failed.value.hint
    assert str(settings.models / "detectors") in failed.value.hint


def test_a_damaged_network_is_named(detectors, bench, picture):
    (detectors.models / "detectors" / "rtmw_l_384x288.onnx").write_bytes(b"\x08\x06 cut off")
    with pytest.raises(UnusableWeights, match="rtmw_l_384x288"):
        craft.run({"image": upload(bench, picture(FIGURE))}, bench)


def test_an_unknown_detector_is_refused(detectors, bench, picture):
    with pytest.raises(UnknownName, match="openpose"):
        craft.run({"image": upload(bench, picture(FIGURE)), "detector": "openpose"}, bench)


def test_the_bundled_detector_takes_the_picture_for_one_figure(
    settings, bench, picture, tiny_networks, tmp_path, monkeypatch
):
    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path)
    place = settings.starter / "pose" / "starter-pose.onnx"
    place.parent.mkdir(parents=True)
    place.write_bytes((tiny_networks / "body.onnx").read_bytes())
    result = craft.run({"image": upload(bench, picture(FIGURE))}, bench)
    (person,) = Pose.model_validate(result["pose"]).people
    assert result["detector"] == "starter" and "no hands" in result["note"]
    assert person.left_hand is None and person.face is None
    assert person.body[0] and person.body[0].x == pytest.approx(200, abs=4)
    with pytest.raises(NobodyFound):
        craft.run({"image": upload(bench, picture())}, bench)


def test_cancelling_ends_it_between_two_looks(detectors, bench, picture):
    def stop(done: int, total: int, status: str = "") -> None:
        if status == "Looking again with more contrast":
            raise TaskCancelled

    bench.report = stop
    with pytest.raises(TaskCancelled):
        craft.run({"image": upload(bench, picture())}, bench)


def test_as_a_task_of_a_worker(detectors, bench, picture):
    from studio.database import Database

    database = Database(detectors.database)
    tasks = Tasks(database)
    Seat(database, "me", "cpu").take()
    found = tasks.submit("pose", {"image": upload(bench, picture(FIGURE))})
    nobody = tasks.submit("pose", {"image": upload(bench, picture())})
    stop = threading.Event()
    worker = threading.Thread(target=task_bench.work, args=(detectors, database, bench.gallery, "me", "cpu", stop))
    worker.start()
    try:
        while tasks.active():
            stop.wait(0.02)
    finally:
        stop.set()
        worker.join()
    task, failed = tasks.get(found), tasks.get(nobody)
    assert task and task.result and Pose.model_validate(task.result["pose"]).people
    assert failed and failed.state is State.FAILED and isinstance(failed.error, NobodyFound)


@pytest.mark.parametrize("device", ["cpu", "mps", "cuda", "cuda:1"])
def test_the_runtime_gets_a_device_it_was_built_for(device, monkeypatch):
    providers = ["CPUExecutionProvider"]
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: providers)
    assert runtime_device(device) == "cpu"
    providers.insert(0, "CUDAExecutionProvider")
    assert runtime_device(device) == (device if device.startswith("cuda") else "cpu")
