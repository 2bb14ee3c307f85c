"""What the panel shows for tasks in every state, and what it submits. The worker's part is tested beside its craft."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from studio.errors import NobodyFound, Offline
from studio.jobs import State
from studio.jobs.bench import TaskSeat
from studio.jobs.claims import Seat
from studio.poses.library import library_pose
from studio.poses.values import Pose
from studio.ui.services import Services, services

DESK = "d" * 32


def script() -> None:
    import streamlit as st

    from studio.ui.pose import image_panel as pose_image_panel

    st.session_state.setdefault("desk.id", "d" * 32)

    def taken(pose, image) -> None:
        st.session_state["taken"] = (pose, image)

    pose_image_panel.show(taken)


@pytest.fixture
def parts(settings, monkeypatch) -> Services:
    monkeypatch.setenv("STUDIO_HOME", str(settings.home))
    monkeypatch.setenv("STUDIO_MODELS", str(settings.models))
    monkeypatch.setenv("STUDIO_OFFLINE", "1")
    return services()


@pytest.fixture
def image(parts) -> str:
    file = io.BytesIO()
    Image.new("RGB", (400, 600), "teal").save(file, "PNG")
    return parts.gallery.put_upload(file.getvalue()).sha256


def opened(parts: Services, image: str | None = None, **ended: object) -> tuple[AppTest, int]:
    """The panel on a desk whose last task looked at ``image`` and ended so."""
    id = 0
    if image:
        id = parts.tasks.submit("pose", {"image": image, "detector": "rtmw", "desk": DESK})
        Seat(parts.database, "me", "cpu").take()
        seat = TaskSeat(parts.database, "me")
        if ended:
            seat.claim()
        if "result" in ended:
            seat.finish(id, ended["result"])  # type: ignore[arg-type]
        if "error" in ended:
            seat.fail(id, ended["error"])  # type: ignore[arg-type]
    page = AppTest.from_function(script, default_timeout=30).run()
    assert not page.exception
    return page, id


def result(source: str, pose: Pose) -> dict:
    return {"pose": pose.model_dump(mode="json"), "note": "Found 1 person.", "source": source, "detector": "rtmw"}


def test_a_new_desk_is_asked_for_a_picture(parts):
    page, _ = opened(parts)
    assert page.get("file_uploader") and not page.button


def test_another_desks_picture_is_not_shown(parts, image):
    parts.tasks.submit("pose", {"image": image, "desk": "e" * 32})
    page, _ = opened(parts)
    assert page.get("file_uploader")


@pytest.mark.parametrize(("source", "behind"), [("detected", True), ("skeleton", False)])
def test_a_found_pose_is_shown_and_taken_by_a_click(parts, image, source, behind):
    pose = library_pose("jogging")
    page, _ = opened(parts, image, result=result(source, pose))
    assert len(page.get("image")) == 2 and "Found 1 person." in [text.value for text in page.caption]
    assert "taken" not in page.session_state
    page.button(key="pose_image.use").click().run()
    assert page.session_state["taken"] == (pose, image if behind else None)


@pytest.mark.parametrize("error", [NobodyFound("Nobody is here.", "Draw a box."), Offline("No file.", "Put it there.")])
def test_a_failure_is_said_and_the_pose_stays(parts, image, error):
    page, _ = opened(parts, image, error=error)
    (shown,) = page.error
    assert error.hint.rstrip(".") in shown.value
    assert any("as it was" in text.value for text in page.caption) and "taken" not in page.session_state


def test_a_running_task_can_be_cancelled(parts, image):
    page, id = opened(parts, image)
    assert page.button(key="pose_image.look").disabled
    page.button(key="pose_image.cancel").click().run()
    task = parts.tasks.get(id)
    assert task and task.state is State.CANCELLED
    assert any("Cancelled" in text.value for text in page.caption)


def test_looking_again_submits_detector_and_box(parts, image):
    page, _ = opened(parts, image, error=NobodyFound("Nobody is here.", "Draw a box."))
    page.toggle(key="pose_image.box").set_value(True).run()
    page.slider(key="pose_image.box.across").set_value((25, 75)).run()
    page.selectbox(key="pose_image.detector").set_value("dwpose").run()
    page.button(key="pose_image.look").click().run()
    newest = parts.tasks.recent("pose")[0]
    assert newest.payload == {
        "image": image, "detector": "dwpose", "desk": DESK, "person": [100.0, 60.0, 200.0, 480.0],
    }  # fmt: skip


@pytest.mark.usefixtures("without_starter")
def test_each_detector_says_what_it_would_download(parts, image):
    page, _ = opened(parts, image, error=NobodyFound("Nobody is here.", "Draw a box."))
    assert page.selectbox(key="pose_image.detector").options == [
        "RTMW large · 308 MB to download",
        "RTMW large, small input · 307 MB to download",
        "DWPose · 229 MB to download",
    ]


def test_another_picture_starts_afresh(parts, image):
    page, _ = opened(parts, image, result=result("detected", library_pose("jogging")))
    page.button(key="pose_image.remove").click().run()
    assert page.get("file_uploader") and not page.error
