"""A pose from a picture: upload, found by the worker, shown beside the picture, taken over with a click.

Nothing here touches the current pose before "Use this pose" is pressed. The task carries this desk's id, so that a
reload finds it again.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from studio.catalog.detectors import DETECTORS, default_detector, list_detectors, missing_bytes
from studio.errors import StudioError
from studio.jobs import State, Task
from studio.poses.values import Pose
from studio.request import ImageRef
from studio.ui import desk, failures, media, tasks_view
from studio.ui.failures import plain
from studio.ui.pose import image_box
from studio.ui.services import services
from studio.ui.uploads import TYPES

OnFound = Callable[[Pose, str | None], None]
"""Takes the pose, and the sha256 of the picture it was found in (None: that was itself a drawn skeleton)."""

BEHIND = "#808080"
"""What shows through transparent pixels: pale and dark figures both stand out against it."""
POLL_SECONDS = 0.7
PREVIEW_SIDE = 768
_IMAGE, _TASK, _TURN, _PROBLEM = "pose_image.image", "pose_image.task", "pose_image.turn", "pose_image.problem"
_DETECTOR = "pose_image.detector"


def show(on_found: OnFound) -> None:
    """The panel. ``on_found`` is called in a callback, when the person takes the pose."""
    _remember()
    image = st.session_state[_IMAGE]
    if image is None:
        _uploader()
        return
    task = services().tasks.get(st.session_state[_TASK] or 0)
    source, result = st.columns(2, gap="medium")
    with source:
        image_box.show_picture(image)
    with result:
        _result(task, on_found)
    _settings(image, task)


def _remember() -> None:
    """After a reload: the last picture this desk looked at, and what came of it."""
    if _IMAGE in st.session_state:
        return
    mine = [task for task in services().tasks.recent("pose") if task.payload.get("desk") == desk.desk_id()]
    st.session_state[_IMAGE] = mine[0].payload.get("image") if mine else None
    st.session_state[_TASK] = mine[0].id if mine else None


def _uploader() -> None:
    turn = st.session_state.setdefault(_TURN, 0)
    st.file_uploader(
        "Picture with a figure", TYPES, key=f"pose_image.upload@{turn}", on_change=_take,
        help="A photo, a 3D render, an anime picture, or a skeleton map that was drawn elsewhere. Example: a photo of "
        "the movement you want, the whole body in view.",
    )  # fmt: skip
    problem = st.session_state.get(_PROBLEM)
    if problem:
        failures.show(*problem)
    else:
        st.caption("The pose is found on this machine and shown beside the picture before anything is changed.")


def _take() -> None:
    file = st.session_state[f"pose_image.upload@{st.session_state[_TURN]}"]
    if file is None:
        return
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_TURN] += 1  # A new key gives an empty uploader: the file is stored, or was refused.
    try:
        image = services().gallery.put_upload(file.getvalue(), BEHIND).sha256
    except StudioError as error:
        st.session_state[_PROBLEM] = (error.message, error.hint)
        return
    st.session_state[_IMAGE], st.session_state[_TASK] = image, None
    image_box.clear()
    settings = services().settings
    if not missing_bytes(settings, DETECTORS[_detector()]):
        _look()


def _look() -> None:
    """Start looking at the picture, with the detector and the box as they are set."""
    image = st.session_state[_IMAGE]
    payload = {"image": image, "detector": _detector(), "desk": desk.desk_id()}
    box = image_box.value(services().gallery.open_image(ImageRef(sha256=image)).size)
    if box:
        payload["person"] = box
    st.session_state[_TASK] = services().tasks.submit("pose", payload)


def _detector() -> str:
    settings = services().settings
    chosen = st.session_state.get(_DETECTOR)
    return chosen if chosen in list_detectors(settings) else default_detector(settings)


def _result(task: Task | None, on_found: OnFound) -> None:
    if task is None:
        st.caption("Press Find the pose. It appears here, beside the picture.")
    elif task.active:
        st.fragment(_progress, run_every=POLL_SECONDS)(task.id)
        st.button(
            "Cancel", icon=":material/stop_circle:", key="pose_image.cancel", on_click=services().tasks.cancel,
            args=([task.id],), disabled=task.cancelling, help="Stops looking. A download goes on where it stopped.",
        )  # fmt: skip
    elif task.state is State.DONE and task.result:
        _found(task.result, task, on_found)
    elif task.error:
        failures.show(task.error.message, task.error.hint)
        st.caption("The pose in the editor is as it was.")
    else:
        st.caption("Cancelled. The pose in the editor is as it was.")


# Its own reruns draw only the bar; when the work has ended the whole page is drawn again.
def _progress(id: int) -> None:
    task = services().tasks.get(id)
    if task is None or not task.active:
        st.rerun()
    st.progress(tasks_view.fraction(task), text=tasks_view.words(task))


def _found(result: dict, task: Task, on_found: OnFound) -> None:
    pose = Pose.model_validate(result["pose"])
    scale = min(1.0, PREVIEW_SIDE / max(pose.width, pose.height))
    size = (max(1, round(pose.width * scale)), max(1, round(pose.height * scale)))
    st.image(media.map_url(pose, *size), alt="The pose that was found", width="stretch", caption="Pose")
    st.caption(plain(str(result["note"])))
    background = task.payload["image"] if result["source"] == "detected" else None
    st.button(
        "Use this pose", type="primary", icon=":material/check:", key="pose_image.use", on_click=on_found,
        args=(pose, background), width="stretch",
        help="Puts it into the editor, the picture behind it. The pose of now is one undo away.",
    )  # fmt: skip


def _settings(image: str, task: Task | None) -> None:
    settings = services().settings
    busy = task is not None and task.active
    offered = list_detectors(settings)
    st.selectbox(
        "Detector", offered, offered.index(_detector()), _label, key=_DETECTOR, persist_state="session", disabled=busy,
        help="What looks for the figure. RTMW large is the most exact; its weights are downloaded once. Example: "
        "DWPose for the smallest download.",
    )  # fmt: skip
    st.caption(plain(DETECTORS[_detector()].help))
    image_box.show_controls(disabled=busy)
    with st.container(horizontal=True):
        st.button(
            "Look again" if task else "Find the pose", type="secondary" if task else "primary",
            icon=":material/person_search:", key="pose_image.look", on_click=_look, disabled=busy,
            help="Looks for the figure with the settings above. The pose in the editor stays as it is until then.",
        )  # fmt: skip
        st.button(
            "Another picture", icon=":material/close:", key="pose_image.remove", on_click=_remove, disabled=busy,
            help="Puts this picture aside. The pose in the editor stays.",
        )  # fmt: skip


def _label(name: str) -> str:
    missing = missing_bytes(services().settings, DETECTORS[name])
    return f"{DETECTORS[name].label} · {missing / 1e6:.0f} MB to download" if missing else DETECTORS[name].label


def _remove() -> None:
    st.session_state[_IMAGE] = st.session_state[_TASK] = None
    st.session_state.pop(_PROBLEM, None)
    image_box.clear()
